"""What the pages of the rule say and offer holds in the rarer cases too, and keeps what was written."""

from io import BytesIO

import pytest

from accounts import space_settings, spaces
from tests.site import caller, grant, make_person, make_space, post, sign_in, site_of
from tests.world import World
from wiki import proposing
from wiki.drafts import Draft, DraftText

FIRST = "# First\n\nWords.\n"


@pytest.fixture
def people(app):
    make_space(app, "kyc")
    found = {name: make_person(app, f"{name.title()} Martin") for name in ("author", "approver", "member")}
    found["boss"] = make_person(app, "Ada Boss", administrator=True)
    for name in ("author", "approver", "member"):
        grant(app, "kyc", found[name], name)
    return found


@pytest.fixture
def world(app):
    return World(site_of(app).database, site_of(app).library)


@pytest.fixture
def publish(world, people):
    return lambda text, **more: world.publish(people["author"].id, people["approver"].id, "kyc", text, **more)


@pytest.fixture
def at(app, people):
    return lambda who: sign_in(app.test_client(), people[who])


def ask(app, people, *seats):
    assert caller(app, people["boss"]).put("/administration/spaces/kyc/approvals", {"seats": [{"who": seat} for seat in seats]}).status_code == 200


def archive(app, people):
    with site_of(app).database.transaction() as session:
        actor = World(site_of(app).database, site_of(app).library).actor(session, people["boss"].id)
        space_settings.archive(session, actor, spaces.named(session, "kyc"))


def amended(markdown, **more) -> dict:
    return {"code": "KYC-001", "action": "amend", "base": "1", "markdown": markdown} | more


def test_what_waits_can_be_cancelled_from_its_page_whatever_stands_before_it(at, publish, world):
    cancel = 'href="/procedures/KYC-001/cancel"'
    publish(DraftText(markdown=FIRST), in_force_from=world.day(9))
    assert cancel in at("author").get("/procedures/KYC-001").text and cancel not in at("member").get("/procedures/KYC-001").text
    form = at("author").get("/procedures/KYC-001/cancel").text
    assert "will not take force." in form and "the present one goes on" not in form and 'name="in_force_from"' not in form

    publish(DraftText(action="cancel", code="KYC-001"))
    publish(DraftText(action="restore", code="KYC-001"), in_force_from=world.day(20))
    shown = at("author").get("/procedures/KYC-001").text
    assert cancel in shown and 'href="/procedures/KYC-001/restore"' not in shown


def test_of_what_is_retired_and_comes_back_the_page_says_when(at, publish, world):
    publish(DraftText(markdown=FIRST))
    publish(DraftText(action="retire", code="KYC-001"))
    assert "Below is the last text, for memory." in at("member").get("/procedures/KYC-001").text
    publish(DraftText(action="restore", code="KYC-001"), in_force_from=world.day(20))

    shown = at("member").get("/procedures/KYC-001").text

    assert "Version 3 takes over on" in shown and "Nothing is in force under this code." in shown and "for memory" not in shown


def test_in_an_archived_space_nothing_is_offered_on_a_change_and_nobody_is_asked(app, at, people, publish, world):
    publish(DraftText(markdown=FIRST))
    author, member = people["author"], people["member"]
    draft = world.open(author.id, "kyc", DraftText(code="KYC-001", markdown=FIRST + "Author."))
    with site_of(app).database.transaction() as session:
        actor = world.actor(session, member.id)
        proposal = proposing.propose(session, world.library, actor, spaces.by_slug(session, actor, "kyc"), _draft(FIRST + "Member."))
    front = [at(who).get("/").text for who in ("author", "member")]
    assert f"/changes/{draft.id}" in front[0] and f"/changes/{proposal.id}" in front[0]
    assert "Withdraw this change" in at("author").get(f"/changes/{draft.id}").text
    assert "Change the words" in at("member").get(f"/changes/{proposal.id}").text

    archive(app, people)

    front = at("author").get("/").text
    assert f"/changes/{draft.id}" not in front and f"/changes/{proposal.id}" not in front
    for who, change in (("author", draft), ("member", proposal)):
        page = at(who).get(f"/changes/{change.id}").text
        assert "Withdraw this change" not in page and "Change the words" not in page and "yours to change" not in page
    assert "This space is archived" in at("member").get(f"/changes/{proposal.id}").text


def _draft(markdown):
    return Draft("It is safer", "material", (DraftText(code="KYC-001", markdown=markdown),))


def test_where_nobody_approves_a_reason_that_was_given_is_kept_with_its_kind(app, at, people, publish, world):
    publish(DraftText(markdown=FIRST))
    draft = world.open(people["author"].id, "kyc", DraftText(code="KYC-001", markdown=FIRST + "More."), reason="Because", kind="material", for_you=("Look.",))
    ask(app, people)
    draft = caller(app, people["author"]).post("/changes", {
        "space": "kyc", "reason": "Because", "kind": "material", "for_you": ["Look twice."], "texts": [{"code": "KYC-001", "markdown": FIRST + "Now."}],
    }).json

    page = at("author").get(f"/changes/{draft['id']}/edit").text
    assert "Because" in page and "Look twice." in page and 'value="material" checked' in page

    bare = at("author").get("/procedures/KYC-001/edit").text
    assert 'name="reason"' not in bare and 'name="in_force_from"' not in bare


def test_what_is_written_from_a_text_that_waits_waits_as_well_where_nobody_approves(app, at, people, publish, world):
    publish(DraftText(markdown=FIRST))
    publish(DraftText(code="KYC-001", markdown=FIRST + "Later.\n"), in_force_from=world.day(20))
    ask(app, people)

    page = at("author").get("/procedures/KYC-001/edit").text
    day = world.day(20).isoformat()
    assert f'value="{day}"' in page and "published without approval, under your name" in page
    sent = amended(FIRST + "Later and more.\n", base="2", in_force_from=day, replaces_scheduled="1", then="submit")
    assert post(at("author"), "/procedures/KYC-001/edit", sent).status_code == 303

    assert world.text("kyc", "KYC-001") == FIRST and [v.number for v in world.standing("KYC-001").scheduled] == [3]


@pytest.mark.parametrize("pressed", ["add", "check"])
def test_whoever_chose_a_file_hears_that_a_button_which_saves_nothing_did_not_keep_it(at, publish, pressed):
    publish(DraftText(markdown=FIRST))
    sent = amended(FIRST + "More.", then=pressed, add_code="")

    assert "Choose the file again" not in post(at("author"), "/procedures/KYC-001/edit", sent).text
    page = post(at("author"), "/procedures/KYC-001/edit", sent | {"file-0": (BytesIO(b"a"), "a.txt")}, content_type="multipart/form-data")
    assert page.status_code == 200 and "Choose the file again: it was not kept." in page.text


def test_a_file_that_was_kept_is_not_asked_for_again(at, publish):
    sent = {"code": "", "action": "create", "base": "", "markdown": FIRST, "kind": "material", "reason": "", "then": "submit", "file-0": (BytesIO(b"a"), "a.txt")}

    page = post(at("author"), "/spaces/kyc/new", sent, content_type="multipart/form-data")

    assert page.status_code == 422 and "a.txt" in page.text and "Choose the file again" not in page.text


def test_a_draft_says_whether_it_will_be_sent_or_published(app, at, people, publish, world):
    ask(app, people)
    bare, said = (
        caller(app, people["author"]).post("/changes", {"space": "kyc", "reason": reason, "texts": [{"markdown": FIRST}]}).json["id"]
        for reason in ("", "Because")
    )
    assert ">Publish</button>" in at("author").get(f"/changes/{said}").text
    ask(app, people, "any")

    page = at("author").get(f"/changes/{said}").text
    assert ">Send for review</button>" in page and ">Publish</button>" not in page
    page = at("author").get(f"/changes/{bare}").text
    assert "Before it can be sent, say why" in page and "/submit" not in page


def test_what_nobody_had_to_approve_was_not_sent_for_review(app, at, people, publish):
    asked = publish(DraftText(markdown=FIRST))
    ask(app, people)
    change = caller(app, people["author"]).post("/changes", {"space": "kyc", "texts": [{"code": "KYC-001", "markdown": FIRST + "More."}]}).json["id"]
    caller(app, people["author"]).post(f"/changes/{change}/submit")

    page, history = at("author").get(f"/changes/{change}").text, at("author").get(f"/changes/{change}/history").text

    assert "In force from the day it is published." in page and "last approval" not in page
    assert "It was sent." in history and "sent for review" not in history
    assert "It was sent for review." in at("author").get(f"/changes/{asked.id}/history").text
