"""Every form that a page holds, filled in badly: refused with a sentence in the reader's language, and nothing typed is lost."""

import re

import pytest
from sqlalchemy import select

from accounts.models import Space
from core.unsaved import LABELS
from search import missed
from tests.site import post, site_of
from tests.surface.bank import RULE
from tests.surface.fields import WRITTEN, every_form, lost, says_what_is_wrong, send
from tests.surface.test_versions import day

TYPED = "des mots que personne ne veut perdre 4711"
BAD = {
    "missing": [], "doubled": ["first 1", "second 2"], "empty": [""], "blank": [" \t\r\n"], "nul": ["a\x00b"], "controls": ["\x1b[31m\x07\r\n\u202e"],
    "half a character": [b"\xed\xa0\x80"], "not utf-8": [b"\xff\xfe"], "number": ["9" * 40], "minus": ["-1"], "option": ["--output=../x"],
    "long": ["x" * 10_000], "huge": ["x" * (1024 * 1024 + 1)],
}
TYPED_INTO = (*WRITTEN, "date", "number")
WHO = ("author", "approver", "animator", "member", None)
# Taken from a script, from a link, or on pages of things that this bank does not hold; their own tests fill these in badly.
ELSEWHERE = {
    "/preview", "/link/<token>", "/administration/spaces/<slug>/approvals", "/changes/<id>/take-over", "/clauses/<id>", "/procedures/<code>/propose",
    "/procedures/<code>/receipt", "/procedures/<code>/reminders", "/regulations/<id>/checked", "/regulations/<id>/edit",
    "/spaces/<slug>/regulations/<id>", "/notices/<id>/read", "/notices/read", "/unsubscribe/<token>", "/administration/mail/<id>",
    "/seen-as/end", "/forgotten", "/invitation/<token>", "/administration/people/<id>",
    "/administration/people/<id>/act", "/administration/people/list", "/administration/people/new", "/administration/spaces/<slug>/archive",
    "/administration/spaces/<slug>/invitations", "/administration/spaces/<slug>/roles", "/administration/spaces/<slug>/settings",
    "/administration/spaces/new", "/invitations/<id>", "/administration/health/verify", "/administration/health/mail",
    "/administration/backups", "/administration/backups/now", "/administration/export",
    "/posts/<id>/pictures/<path:name>/remove",
}
ENDING = ("/signout", "/account/elsewhere", "/language", "/seen-as")     # a browser that sent these is somebody else's afterwards


@pytest.fixture(scope="module")
def talking(standing_bank):
    """A bank in which every form of the site stands on some page."""
    bank = standing_bank
    bank.publish({"markdown": RULE})
    for who in ("member", "author", "animator"):
        thread = bank.ask(who=who, body=f"Does a phone bill count, asks {who}?")
        bank.write(f"/threads/{thread['id']}/posts", {"body": f"Yes, says {who}."}, "approver", 201)
    bank.write(f"/threads/{thread['id']}/close", None, "animator")
    bank.ask(kind="tip", body="A tip on words that change.", quote="Second words.")
    _moderated(bank)
    bank.publish({"code": "KYC-001", "markdown": RULE.replace("Second words.", "Other ones, and more.")})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nLater.\n"}, in_force_from=day(9))
    bank.publish({"markdown": "# Gone\n"})
    bank.publish({"action": "retire", "code": "KYC-002"})
    bank.publish({"markdown": RULE}, space="wiki")
    bank.draft({"code": "KYC-001", "markdown": RULE + "\nA draft.\n"})
    bank.submit(bank.draft({"markdown": "# In review\n"}))
    return bank


def _moderated(bank):
    """Let there be a gap, a thread to sort, and one thread each that is locked, pinned and hidden; a hidden message, a report."""
    bank.ask(kind="gap", body="We do it otherwise.")
    bank.ask("/spaces/kyc/threads", body="Where does this belong?")
    locked, pinned, hidden = (bank.ask(body=f"Will this be {word}?")["id"] for word in ("locked", "pinned", "hidden"))
    bank.write(f"/threads/{locked}/lock", None, "animator")
    bank.write(f"/threads/{pinned}/pin", {"until": day(9)}, "animator")
    bank.write(f"/threads/{hidden}/hide", {"reason": "Because"}, "animator")
    silent, rude = (bank.write(f"/threads/{pinned}/posts", {"body": body}, "approver", 201)["id"] for body in ("Silent.", "Rude."))
    bank.write(f"/posts/{silent}/hide", {"reason": "Because"}, "animator")
    bank.write(f"/posts/{rude}/report", {"word": "Rude"}, "member")
    with site_of(bank.app).database.transaction() as session:
        missed.miss(session, session.scalar(select(Space).where(Space.slug == "kyc")), "lost badge")


@pytest.fixture(scope="module")
def forms(talking):
    """Each form once, under the first of the people who meets it."""
    seen = set()
    return {who: list(every_form(talking.browser(who), seen)) for who in WHO}


def test_the_pages_hold_the_forms_that_the_site_takes(talking, forms):
    taken = {rule.rule for rule in talking.app.url_map.iter_rules() if "POST" in rule.methods and not rule.rule.startswith("/api/")}
    adapter = talking.app.url_map.bind("localhost")
    met = {adapter.match(form.path, method="POST", return_rule=True)[0].rule for one in forms.values() for form in one if form.method == "POST"}

    assert sorted(taken - met) == sorted(ELSEWHERE)


def test_every_field_that_is_typed_has_a_label_under_which_it_is_seen_when_nothing_can_be_saved(forms):
    typed = {name for one in forms.values() for form in one if form.method == "POST" for name, kind in form.kinds.items() if kind in TYPED_INTO}

    assert {"title", "reason", "body", "markdown", "in_force_from"} <= typed
    assert sorted(name for name in typed if name not in LABELS) == []


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("who", WHO)
def test_a_field_filled_in_badly_is_refused_in_words_and_nothing_typed_is_lost(talking, forms, who, kind):
    client, faults = talking.browser(who), []
    for form in forms[who]:
        for bad in form.kinds if not form.path.endswith(ENDING) else ():
            typed = {name: TYPED if name in form.written() else value for name, value in form.filled.items() if name != bad}
            answer = send(client, form, [*typed.items(), *((bad, value) for value in BAD[kind])])
            if answer.status_code >= 500:
                faults.append((form.method, form.path, bad, answer.status_code))
            if 400 <= answer.status_code < 500 and not says_what_is_wrong(answer.text):
                faults.append((form.method, form.path, bad, answer.status_code, "in no French sentence"))
            if answer.status_code in (409, 422, 429):
                faults += [(form.method, form.path, bad, answer.status_code, "lost", name) for name in lost(form, typed, answer.text)]
    assert not faults


def test_a_text_sent_to_a_change_that_has_ended_is_shown_again(bank):
    bank.publish({"markdown": RULE})
    change = bank.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"})
    fields = {"digest": change["digest"], "code": "KYC-001", "action": "amend", "base": "1", "markdown": TYPED, "reason": "Parce que", "kind": "material"}
    bank.write(f"/changes/{change['id']}/withdraw")

    answer = post(bank.browser("author"), f"/changes/{change['id']}/edit", fields)

    assert answer.status_code == 409 and TYPED in answer.text and "Parce que" in answer.text


def test_a_text_sent_to_a_procedure_that_was_retired_meanwhile_is_shown_again(bank):
    bank.publish({"markdown": RULE})
    bank.publish({"action": "retire", "code": "KYC-001"})
    fields = {"code": "KYC-001", "action": "amend", "base": "1", "markdown": TYPED, "reason": "Parce que", "kind": "material"}

    answer = post(bank.browser("author"), "/procedures/KYC-001/edit", fields)

    assert answer.status_code == 422 and TYPED in answer.text and re.search("KYC-001 is retired", answer.text)
    assert bank.browser("author").get("/procedures/KYC-001/edit").status_code == 409


def test_a_comment_sent_after_too_many_wrong_passwords_is_shown_again(bank):
    bank.publish({"markdown": RULE})
    change = bank.submit(bank.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))
    client, fields = bank.browser("approver"), {"digest": change["digest"], "password": "wrong", "comment": TYPED}

    answers = [post(client, f"/changes/{change['id']}/approve", fields) for _ in range(11)]

    assert [one.status_code for one in answers] == [422] * 10 + [429] and all(TYPED in one.text for one in answers)
