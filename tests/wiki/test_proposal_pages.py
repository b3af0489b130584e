"""Proposals over HTTP: the page that asks for other words, what authors do with them, and the same by the API."""

import re

import pytest
from sqlalchemy import event, func, select

from tests.site import caller, grant, make_person, make_space, post, sign_in, site_of
from tests.world import World
from wiki.drafts import DraftText
from wiki.models import Change, ChangeText

TEXT = """---
title: Opening an account
---

## Who does what

| Who | Does what |
|---|---|
| Adviser | Obtains one proof of address |

The back office screens the name **the same day**.

## What we keep

The back office keeps the file.
"""
SENTENCE = "The back office screens the name **the same day**."
OTHER = "The back office screens the name **within the hour**."
ROLES = {"author": ("author",), "approver": ("approver",), "member": (), "auditor": ("auditor",), "second": ("author",)}


@pytest.fixture
def people(app):
    made = {who: make_person(app, f"{who.title()} Martin", password=False) for who in ROLES}
    made["guest"] = make_person(app, "Guest Martin", password=False, guest=True)
    make_space(app, "kyc")
    for who, roles in ROLES.items():
        grant(app, "kyc", made[who], *roles)
    return made


@pytest.fixture
def world(app):
    return World(site_of(app).database, site_of(app).library)


@pytest.fixture
def site(app, people, world):
    world.publish(people["author"].id, people["approver"].id, "kyc", DraftText(markdown=TEXT))
    return lambda who: sign_in(app.test_client(), people[who])


def fields(page) -> dict[str, str]:
    """Return what the form of a page would send."""
    form = re.search(r'<form method="post" class="proposal".*?</form>', page.text, re.S).group()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return sent | {name: box.removeprefix("\n") for name, box in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S)}


def proposed(client, **changed) -> str:
    """Propose other words as the page would and return the change's id."""
    form = fields(client.get("/procedures/KYC-001/propose?quote=the+same+day"))
    answer = post(client, "/procedures/KYC-001/propose", form | {"words": OTHER, "reason": "It is safer"} | changed)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removeprefix("/changes/")


def markdown_of(app, id: str) -> str:
    with site_of(app).database.reading() as session:
        return session.scalar(select(ChangeText.markdown).where(ChangeText.change_id == id))


def test_the_page_offers_a_proposal_to_members_and_a_change_to_authors(site, client):
    member, author, auditor = (site(who).get("/procedures/KYC-001").text for who in ("member", "author", "auditor"))

    assert "Propose a change" in member and 'data-propose="/procedures/KYC-001/propose"' in member
    assert "Propose a change" not in author and "Write a change" in author and "data-propose" not in author
    assert "Propose a change" not in auditor
    assert client.get("/procedures/KYC-001/propose").status_code == 401


def test_marked_words_bring_the_passage_and_saving_changes_it_alone(app, site):
    form = fields(site("member").get("/procedures/KYC-001/propose?quote=screens+the+name+the+same+day"))
    assert form["words"] == SENTENCE

    id = proposed(site("member"))

    assert markdown_of(app, id) == TEXT.replace(SENTENCE, OTHER)
    page = site("member").get(f"/changes/{id}").text
    assert "no author has taken it over yet" in page and "Take it over" not in page and "Withdraw this change" in page


def test_words_that_cannot_be_told_apart_bring_the_whole_text(site):
    page = site("member").get("/procedures/KYC-001/propose?quote=back+office")

    assert "cannot be told apart with certainty" in page.text
    assert "## What we keep" in fields(page)["words"] and "span" not in fields(page)


def test_without_javascript_each_passage_is_a_link(app, site):
    page = site("member").get("/procedures/KYC-001/propose?thread=abc").text
    address = re.search(r'href="([^"]+)">Adviser · Obtains', page)[1].replace("&amp;", "&")

    form = fields(site("member").get(address))

    assert form["words"] == "| Adviser | Obtains one proof of address |"
    assert form["thread"] == "abc" and form["base"] == "1"


@pytest.mark.parametrize("at", ["at=99", "at=x", "at=2-1", "base=9&whole=1"])
def test_a_passage_that_is_not_there_is_said_so(site, at):
    assert site("member").get(f"/procedures/KYC-001/propose?{at}").status_code == 422


def test_authors_are_led_to_their_own_editor(site):
    answer = site("author").get("/procedures/KYC-001/propose?quote=day")

    assert answer.headers["Location"] == "/procedures/KYC-001/edit"


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"words": SENTENCE}, "as they stand"), ({"reason": " "}, "Say why"), ({"span": "90-91"}, "does not stand"), ({"base": "8"}, "no such version")],
)
def test_what_was_typed_is_kept_on_refusal(app, site, changed, told):
    client = site("member")
    form = fields(client.get("/procedures/KYC-001/propose?quote=the+same+day"))
    sent = form | {"words": OTHER, "reason": "It is safer"} | changed

    answer = post(client, "/procedures/KYC-001/propose", sent)

    assert answer.status_code == 422 and told in answer.text
    kept = fields(answer)
    assert kept["words"] == sent["words"] and kept["reason"] == sent["reason"]


def test_nothing_is_lost_when_a_version_is_published_meanwhile(app, site, people, world):
    client = site("member")
    form = fields(client.get("/procedures/KYC-001/propose?quote=the+same+day"))
    world.publish(
        people["author"].id, people["approver"].id, "kyc", DraftText(code="KYC-001", markdown=TEXT.replace("keeps the file", "keeps it"))
    )

    answer = post(client, "/procedures/KYC-001/propose", form | {"words": OTHER, "reason": "It is safer"})

    id = answer.headers["Location"].removeprefix("/changes/")
    assert markdown_of(app, id) == TEXT.replace(SENTENCE, OTHER)
    assert post(site("author"), f"/changes/{id}/submit").status_code == 303
    assert markdown_of(app, id) == TEXT.replace(SENTENCE, OTHER).replace("keeps the file", "keeps it")


def test_a_procedure_that_is_retired_meanwhile_keeps_what_was_typed_on_the_page(site, people, world):
    client = site("member")
    form = fields(client.get("/procedures/KYC-001/propose?quote=the+same+day"))
    world.publish(people["author"].id, people["approver"].id, "kyc", DraftText(action="retire", code="KYC-001"))

    answer = post(client, "/procedures/KYC-001/propose", form | {"words": OTHER, "reason": "It is safer"})

    assert answer.status_code == 409 and fields(answer)["words"] == OTHER
    assert client.get("/procedures/KYC-001/propose").status_code == 409


def test_words_for_a_text_that_waits_wait_for_the_same_day(app, site, people, world):
    later = TEXT.replace("keeps the file", "keeps it")
    world.publish(
        people["author"].id, people["approver"].id, "kyc", DraftText(code="KYC-001", markdown=later), in_force_from=world.day(30)
    )
    id = proposed(site("member"))

    with site_of(app).database.reading() as session:
        change = session.get(Change, id)
    assert (change.in_force_from, change.replaces_scheduled) == (world.day(30), True)
    assert markdown_of(app, id) == later.replace(SENTENCE, OTHER)


def test_an_author_who_writes_from_a_text_that_waits_is_told_and_offered_its_day(site, people, world):
    author, day = site("author"), world.day(30)
    before = author.get("/procedures/KYC-001/edit").text
    assert "waits for" not in before and 'name="in_force_from" type="date"' in before and f'value="{day}"' not in before

    later = TEXT.replace("keeps the file", "keeps it")
    world.publish(people["author"].id, people["approver"].id, "kyc", DraftText(code="KYC-001", markdown=later), in_force_from=day)
    shown = author.get("/procedures/KYC-001/edit").text
    assert "Version 2 waits for" in shown and f'value="{day}"' in shown and 'name="replaces_scheduled" value="1" checked' in shown


def test_the_proposer_edits_the_passage_and_then_is_told_that_an_author_took_it_over(app, site):
    member = site("member")
    id = proposed(member)
    form = fields(member.get(f"/changes/{id}/edit"))
    assert form["words"] == OTHER

    assert post(member, f"/changes/{id}/edit", form | {"words": SENTENCE.replace("the same", "every")}).status_code == 303
    assert markdown_of(app, id) == TEXT.replace("**the same day**", "**every day**")

    form = fields(member.get(f"/changes/{id}/edit"))
    post(site("author"), f"/changes/{id}/take-over")
    answer = post(member, f"/changes/{id}/edit", form | {"words": "Words that must not be lost"})
    assert answer.status_code == 409 and fields(answer)["words"] == "Words that must not be lost"
    assert member.get(f"/changes/{id}/edit").status_code == 409


def test_two_tabs_do_not_overwrite_each_other(site):
    member = site("member")
    id = proposed(member)
    form = fields(member.get(f"/changes/{id}/edit"))
    post(member, f"/changes/{id}/edit", form | {"words": "One."})

    answer = post(member, f"/changes/{id}/edit", form | {"words": "Two."})

    assert answer.status_code == 409 and fields(answer)["words"] == "Two."


def test_an_author_takes_it_over_from_the_front_page(site):
    id = proposed(site("member"))
    author = site("author")
    assert f"/changes/{id}" in author.get("/").text and "Proposed to you" in author.get("/").text
    assert "Other words, proposed by Member Martin." in author.get("/procedures/KYC-001").text

    assert "Take it over" in author.get(f"/changes/{id}").text
    assert post(author, f"/changes/{id}/take-over").status_code == 303
    page = author.get(f"/changes/{id}").text
    assert "Taken over by Author Martin." in page and "Go on writing" in page
    assert "Proposed to you" not in author.get("/").text

    refused = post(site("second"), f"/changes/{id}/take-over")
    assert refused.status_code == 409 and "Author Martin has taken it over already." in refused.text


def test_the_reason_of_a_no_is_shown_to_the_proposer(site):
    id = proposed(site("member"))
    empty = post(site("approver"), f"/changes/{id}/decline", {"reason": ""})
    assert empty.status_code == 422

    assert post(site("approver"), f"/changes/{id}/decline", {"reason": "The law says a day"}).status_code == 303

    for page in ("/", f"/changes/{id}"):
        assert "The law says a day" in site("member").get(page).text


def test_the_front_page_of_the_proposer_says_which_version_it_became(site, people, world, app):
    id = proposed(site("member"))
    assert "no author has taken it over yet" in site("member").get("/").text
    post(site("author"), f"/changes/{id}/submit")
    with site_of(app).database.reading() as session:
        change = session.get(Change, id)
    world.approve(people["approver"].id, change)

    assert "Became version 2" in site("member").get("/").text
    assert "It became version 2 of KYC-001." in site("member").get(f"/changes/{id}").text
    assert "Member Martin, Author Martin" in site("auditor").get("/procedures/KYC-001/versions").text


def test_who_became_an_author_meanwhile_loses_nothing(app, site, people):
    member = site("member")
    form = fields(member.get("/procedures/KYC-001/propose?quote=the+same+day"))
    grant(app, "kyc", people["member"], "author")

    answer = post(member, "/procedures/KYC-001/propose", form | {"words": OTHER, "reason": "It is safer"})

    assert answer.status_code == 303
    assert "Take it over" in member.get(answer.headers["Location"]).text


def test_a_thread_is_a_bridge_to_a_proposal_that_cites_it(app, site, people):
    asker = caller(app, people["second"])
    thread = asker.post("/procedures/KYC-001/threads", {"kind": "tip", "body": "We do it within the hour.", "quote": "the same day"}).json["id"]
    member = site("member")
    for page in ("/procedures/KYC-001", f"/threads/{thread}", "/procedures/KYC-001/threads"):
        link = re.search(r'href="(/procedures/KYC-001/propose[^"]+)">This should be the rule', member.get(page).text)
        assert link, page
    assert "/procedures/KYC-001/edit?thread=" in site("author").get("/procedures/KYC-001").text
    assert f'href="/threads/{thread}">Read the thread' in site("author").get(f"/procedures/KYC-001/edit?thread={thread}").text
    assert "Read the thread" not in site("author").get("/procedures/KYC-001/edit?thread=../account").text
    assert "This should be the rule" not in site("auditor").get(f"/threads/{thread}").text
    form = fields(member.get(link[1].replace("&amp;", "&")))
    assert form["words"] == SENTENCE

    answer = post(member, "/procedures/KYC-001/propose", form | {"words": OTHER, "reason": "As it is done"})

    id = answer.headers["Location"].removeprefix("/changes/")
    assert caller(app, people["member"]).get(f"/changes/{id}").json["threads"] == [thread]
    assert asker.get(f"/threads/{thread}").json["changes"] == [id]
    assert caller(app, people["guest"]).get(f"/threads/{thread}").status_code == 404


def test_the_api_makes_a_proposal_of_a_member_s_change_and_a_draft_of_an_author_s(app, site, people):
    body = {"space": "kyc", "reason": "It is safer", "texts": [{"code": "KYC-001", "markdown": TEXT.replace(SENTENCE, OTHER)}]}
    member, author = caller(app, people["member"]), caller(app, people["author"])

    made = member.post("/changes", body)
    assert made.status_code == 201
    assert (made.json["state"], made.json["proposed"], made.json["proposed_by"], made.json["taken_over_by"]) == ("draft", True, "Member Martin", None)
    assert member.post("/changes", body).json["id"] == made.json["id"]
    own = author.post("/changes", body | {"kind": "material"}).json
    assert (own["proposed"], own["proposed_by"]) == (False, None)
    assert caller(app, people["auditor"]).post("/changes", body).status_code == 403
    assert caller(app, people["guest"]).post("/changes", body).status_code == 404
    assert member.post("/changes", body | {"texts": [{"markdown": TEXT}]}).status_code == 403
    assert member.post("/changes", body | {"texts": [{"code": "KYC-001", "markdown": TEXT}]}).status_code == 422


def test_the_api_takes_over_declines_and_withdraws(app, site, people):
    member, author, second = (caller(app, people[who]) for who in ("member", "author", "second"))
    make = lambda words: member.post("/changes", {"space": "kyc", "reason": "Why", "texts": [{"code": "KYC-001", "markdown": words}]}).json["id"]  # noqa: E731
    first, other, third = make("# One\n"), make("# Two\n"), make("# Three\n")

    assert member.post(f"/changes/{first}/submit").status_code == 403
    taken = author.post(f"/changes/{first}/take-over")
    assert (taken.status_code, taken.json["taken_over_by"], taken.json["state"]) == (200, "Author Martin", "draft")
    conflict = second.post(f"/changes/{first}/take-over")
    assert conflict.status_code == 409 and conflict.json["present"]["taken_over_by"] == "Author Martin"
    assert member.post(f"/changes/{first}/withdraw").status_code == 409
    assert author.post(f"/changes/{other}/decline", {"reason": "No"}).json["state"] == "declined"
    assert member.get(f"/changes/{other}").json["end_reason"] == "No"
    assert member.post(f"/changes/{third}/withdraw").json["state"] == "withdrawn"
    assert author.post(f"/changes/{third}/take-over").status_code == 409


def statements(app, client, path: str) -> int:
    made = []
    count = lambda *given: made.append(given[2])     # noqa: E731
    engine = site_of(app).database.engine
    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(made)


def test_the_number_of_statements_does_not_grow_with_the_proposals(app, site):
    places = [(site("author"), "/"), (site("member"), "/"), (site("author"), "/spaces/kyc/changes"), (site("member"), "/procedures/KYC-001/propose"), (site("author"), "/procedures/KYC-001")]
    proposed(site("member"))
    site("author").get("/procedures/KYC-001")
    proposed(site("member"), reason="Number 0")
    few = [statements(app, *place) for place in places]

    for number in range(1, 5):
        proposed(site("member"), reason=f"Number {number}")

    assert [statements(app, *place) for place in places] == few
    with site_of(app).database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Change)) == 7
