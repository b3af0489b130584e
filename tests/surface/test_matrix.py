"""Every act on a change × its state × who × by page or by API, as one table that a reader can check. P11-4, P11-6, P11-7.

`opener` wrote it (author), `other` is an author and approver who wrote nothing of it, `writer` the same who saved it once;
`employee` has no role, nobody is not signed in. 404 says no more than that there is nothing to see.
"""

import pytest
from sqlalchemy import update

from accounts.models import Person
from tests.site import PASSWORD, grant, make_person, post, site_of
from tests.surface.bank import RULE

TABLE = """
act       state       opener  other  writer  approver  animator  auditor  employee  administrator  guest  nobody
see       draft       200     200    200     200       404       200      404       404            404    404
see       in_review   200     200    200     200       404       200      404       404            404    404
see       published   200     200    200     200       404       200      404       404            404    404
see       declined    200     200    200     200       404       200      404       404            404    404
see       withdrawn   200     200    200     200       404       200      404       404            404    404
edit      draft       200     200    200     403       404       403      404       404            404    401
edit      in_review   200     200    200     403       404       403      404       404            404    401
edit      published   409     409    409     403       404       403      404       404            404    401
edit      declined    409     409    409     403       404       403      404       404            404    401
edit      withdrawn   409     409    409     403       404       403      404       404            404    401
submit    draft       200     200    200     403       404       403      404       404            404    401
submit    in_review   200     200    200     403       404       403      404       404            404    401
submit    published   200     200    200     403       404       403      404       404            404    401
submit    declined    409     409    409     403       404       403      404       404            404    401
submit    withdrawn   409     409    409     403       404       403      404       404            404    401
approve   draft       403     403    403     403       404       403      404       404            404    401
approve   in_review   403     200    403     200       404       403      404       404            404    401
approve   published   403     409    403     409       404       403      404       404            404    401
approve   declined    403     409    403     409       404       403      404       404            404    401
approve   withdrawn   403     409    403     409       404       403      404       404            404    401
decline   draft       403     403    403     403       404       403      404       404            404    401
decline   in_review   403     200    403     200       404       403      404       404            404    401
decline   published   403     409    403     409       404       403      404       404            404    401
decline   declined    403     409    403     409       404       403      404       404            404    401
decline   withdrawn   403     409    403     409       404       403      404       404            404    401
withdraw  draft       200     403    403     403       404       403      404       404            404    401
withdraw  in_review   200     403    403     403       404       403      404       404            404    401
withdraw  published   409     403    403     403       404       403      404       404            404    401
withdraw  declined    409     403    403     403       404       403      404       404            404    401
withdraw  withdrawn   200     403    403     403       404       403      404       404            404    401
"""
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
ROWS = [(row[0], row[1], dict(zip(_HEAD[2:], map(int, row[2:]), strict=True))) for row in _ROWS]
PERSON = {"opener": "author", "other": "second", "writer": "writer", "employee": "member", "nobody": None}


@pytest.fixture(scope="module")
def office(standing_bank):
    """Add a second author and approver, one who decides what has ended, and a password for everybody."""
    bank = standing_bank
    for who in ("writer", "decider"):
        bank.people[who] = make_person(bank.app, f"{who.title()} Martin")
        grant(bank.app, "kyc", bank.people[who], *(("author", "approver") if who == "writer" else ("approver",)))
    kept = bank.people["writer"].password_hash
    with site_of(bank.app).database.transaction() as session:
        session.execute(update(Person).values(password_hash=kept))
    return bank


def change_in(bank, state):
    """Return a change in a state, written by its opener and by `writer`."""
    change = bank.draft({"markdown": RULE})
    change = bank.write(f"/changes/{change['id']}", {"digest": change["digest"], "reason": "Another"}, "writer", method="PUT")
    if state != "draft":
        change = bank.submit(change)
    if state == "published":
        change = bank.approve(change, "decider")
    if state == "declined":
        change = bank.write(f"/changes/{change['id']}/decline", {"reason": "No"}, "decider")
    if state == "withdrawn":
        change = bank.write(f"/changes/{change['id']}/withdraw")
    assert change["state"] == state
    return change


def by_api(bank, act, change, who):
    calls, path = bank(who), f"/changes/{change['id']}"
    match act:
        case "see":
            return calls.get(path).status_code
        case "edit":
            return calls.put(path, {"digest": change["digest"], "reason": f"Edited by {who}"}).status_code
        case "approve":
            return calls.post(f"{path}/approve", {"digest": change["digest"], "password": PASSWORD}).status_code
        case "decline":
            return calls.post(f"{path}/decline", {"reason": "No"}).status_code
    return calls.post(f"{path}/{act}").status_code


def by_page(bank, act, change, who):
    client, path = bank.browser(who), f"/changes/{change['id']}"
    if act == "see":
        return client.get(path).status_code
    fields = {"digest": change["digest"], "password": PASSWORD, "reason": "No", "comment": ""}
    if act == "edit":
        text = change["texts"][0]
        fields |= {"code": text["code"], "action": "create", "base": "", "markdown": RULE + "\nMore.\n", "kind": "material", "then": "keep"}
    return post(client, f"{path}/{act}", fields).status_code


def expected_on_a_page(act, answer, who):
    """Return how the page answers what the API answers so: it leads on, and nobody is asked to sign in whatever there is."""
    if who is None:
        return 401
    return 303 if answer == 200 and act != "see" else answer


@pytest.mark.parametrize("by", ["api", "page"])
@pytest.mark.parametrize(("act", "state", "answers"), ROWS, ids=[f"{act}-{state}" for act, state, _ in ROWS])
def test_an_act_is_for_whom_the_table_says_and_a_refused_one_changes_nothing(office, act, state, answers, by):  # P11-4, P11-6
    do = by_api if by == "api" else by_page
    change = change_in(office, state)
    for role, answer in answers.items():
        who = PERSON.get(role, role)
        subject = change_in(office, state) if answer == 200 and act != "see" else change
        expected = answer if by == "api" else expected_on_a_page(act, answer, who)
        assert do(office, act, subject, who) == expected, role
    after = office.read(f"/changes/{change['id']}")
    assert (after["state"], after["digest"], after["approvals"]) == (change["state"], change["digest"], change["approvals"])
