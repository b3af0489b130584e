"""Section 6: what a search answers, ids that count nothing, and the same sign-in page for what is there and what is not."""

import re

import pytest

from tests.site import site_of
from tests.surface.bank import RULE
from tests.surface.test_statements import Counter

ITEM = {"kind", "title", "snippet", "url", "space", "code", "thread", "state", "score"}


@pytest.fixture(scope="module")
def talked(standing_bank):
    """A bank whose rule and practice can be searched."""
    bank = standing_bank
    bank.publish({"markdown": RULE})
    bank.publish({"markdown": RULE}, space="wiki")
    bank.thread = bank.ask(body="Does the principle hold for cheques?")
    bank.answer = bank.write(f"/threads/{bank.thread['id']}/posts", {"body": "The principle does."}, "approver", 201)
    bank.ask("/spaces/kyc/threads", "animator", kind="announcement", title="A principle", body="It changes.")
    site_of(bank.app).loop.catch_up()
    return bank


def test_a_search_is_a_list_of_both_halves_with_its_shapes(talked):
    found = talked.read("/search?q=principle")

    assert set(found) == {"items", "total", "page", "page_size", "suggestion"} and found["total"] == len(found["items"]) == 5
    assert all(set(one) == ITEM for one in found["items"])
    by_kind = {one["kind"]: one for one in found["items"] if one["space"] == "kyc"}
    assert set(by_kind) == {"procedure", "question", "answer", "announcement"}
    rule, question, answer = by_kind["procedure"], by_kind["question"], by_kind["answer"]
    assert (rule["code"], rule["thread"], rule["state"], rule["url"]) == ("KYC-001", None, "in_force", "/procedures/KYC-001")
    assert "<mark>" in rule["snippet"] and isinstance(rule["score"], float)
    assert (question["code"], question["thread"], question["state"]) == ("KYC-001", talked.thread["id"], "open")
    assert answer["url"] == f"/threads/{talked.thread['id']}#p{talked.answer['id']}"
    assert by_kind["announcement"]["code"] is None


@pytest.mark.parametrize(("query", "count"), [("", 5), ("&kind=question", 1), ("&kind=gap", 0), ("&space=wiki", 1), ("&space=vault", 0), ("&language=en", 5), ("&language=fr", 0), ("&after=2001-01-01", 5), ("&before=2001-01-01", 0)])
def test_choices_narrow_a_search(talked, query, count):
    assert talked.read(f"/search?q=principle{query}")["total"] == count


def test_an_author_narrows_a_search_and_nobody_finds_what_is_public(talked):
    assert talked.read(f"/search?q=principle&author={talked.people['member'].id}")["total"] == 1
    assert [one["space"] for one in talked.read("/search?q=principle", None)["items"]] == ["wiki"]
    assert talked.read("/search?q=principel")["suggestion"] == "principle"


@pytest.mark.both
def test_a_hit_shows_the_name_that_its_author_has_now_and_nothing_is_indexed_again(bank):
    bank.publish({"markdown": RULE})
    bank.ask(body="Does the principle hold for cheques?")
    site_of(bank.app).loop.catch_up()       # and nobody follows from here on
    assert _authors(bank) == ["Member Martin"]

    bank.write("/me", {"name": "Ingrid Newname"}, "member", method="PUT")

    assert _authors(bank) == ["Ingrid Newname"]


def test_the_names_of_many_authors_cost_no_more_statements_than_one(bank):
    bank.publish({"markdown": RULE})
    counted = []
    for asking in (["member"] * 2, ["approver", "animator", "second", "author"]):
        for number, who in enumerate(asking):
            bank.ask(body=f"Question {number} about cheques?", who=who)
        site_of(bank.app).loop.catch_up()
        _authors(bank)
        with Counter(bank.app) as counter:
            authors = _authors(bank)
        counted.append((len(set(authors)), counter.made))

    assert [authors for authors, _ in counted] == [1, 5] and counted[0][1] == counted[1][1]


def _authors(bank):
    """Who wrote what a search for cheques finds, as its page says it."""
    return re.findall(r"</span>, by ([^<,]+)", bank.browser_of_reader.get("/search?q=cheques").text)


def test_ids_are_random_and_count_nothing(talked):
    ids = [talked.thread["id"], talked.answer["id"], talked.ask(body="Another?")["id"], talked.people["author"].id, talked.draft({"markdown": "# x\n"})["id"]]

    assert all(re.fullmatch(r"[a-z0-9]{16}", one) for one in ids) and len({one[:4] for one in ids}) == len(ids)


@pytest.mark.parametrize("path", ["/spaces/{}", "/procedures/{}-001", "/procedures/{}-001/versions", "/procedures/{}-001/on/2026-01-01", "/procedures/{}-001/threads", "/spaces/{}/threads", "/spaces/{}/new"])
def test_nobody_sees_the_same_sign_in_page_whether_a_thing_exists_or_not(talked, path):
    client = talked.app.test_client()
    there, missing = (client.get(path.format(name)) for name in ("kyc" if "spaces" in path else "KYC", "zzz" if "spaces" in path else "ZZZ"))

    assert there.status_code == missing.status_code == 401 and 'name="email"' in there.text and 'name="password"' in there.text
    bare = [re.sub(r'csrf_token" value="[^"]*"|zzz|kyc', "", page.text, flags=re.I) for page in (there, missing)]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("arguments", [["search", "rebuild"], ["reconcile"], ["verify"]])
def test_the_commands_of_the_surface_end_well_on_a_sound_site(talked, arguments):
    done = talked.app.test_cli_runner().invoke(args=arguments)

    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("arguments", [["import", "none", "/tmp"], ["import", "kyc", "/no/such/place"], ["spaces", "grant", "kyc", "nobody@bank.example", "member"]])
def test_a_command_that_cannot_says_why_and_ends_with_1(talked, arguments):
    done = talked.app.test_cli_runner().invoke(args=arguments)

    assert done.exit_code == 1 and done.output.strip().endswith(".")
