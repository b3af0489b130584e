"""Whoever gets a role is told, in one line, how many procedures of the space then ask them to be read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import administering, grants, invitations, people
from accounts.models import Person, Space
from core import clock
from core.followers import Cursor
from notices import reading
from notices.follower import NAME
from notices.models import Notice
from notices.wording import said
from receipts.attesting import attest
from receipts.audiences import Chosen, choose
from receipts.to_read import to_read_in
from tests.notices.conftest import RULE
from wiki.drafts import DraftText


def asks(told, code, *, roles=("member",)):
    told.world.act(told.people["author"], choose, code, Chosen(roles=tuple(roles)))


def more(told, count, slug="vault"):
    for number in range(count):
        told.world.publish(told.people["author"], told.people["approver"], slug, DraftText(markdown=f"# Rule {number}\n\nWords.\n"))


def grant(told, who, role="member", slug="vault"):
    with told.world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        grants.grant(session, None, space, session.get(Person, told.people[who]), role)


def first_readings(told, who):
    """Return how many procedures each such notice speaks of, as somebody sees them."""
    with told.world.database.reading() as session:
        found, _ = reading.listed(session, told.actor(session, who), page=1, page_size=100)
        return [int(one.notice.word) for one in found if one.notice.kind == "to_read"]


def waiting(told, who, slug="vault"):
    with told.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        return [one.code for one in to_read_in(session, told.world.library, told.actor(session, who), space)]


def test_one_notice_says_how_many_whatever_their_number(told):
    more(told, 4)
    for code in ("VAULT-001", "VAULT-002", "VAULT-003"):
        asks(told, code)
    asks(told, "VAULT-004", roles=("approver",))
    grant(told, "helper")
    told.days()

    assert sorted(told.told("helper")) == ["let_in", "to_read"] and first_readings(told, "helper") == [3]
    assert sorted(waiting(told, "helper")) == ["VAULT-001", "VAULT-002", "VAULT-003"]


def test_a_guest_who_uses_an_invitation_is_told(told):
    asks(told, "VAULT-001")
    told.tell()
    with told.world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "vault"))
        day = clock.today(told.world.library.zone)
        made = invitations.make(
            session, told.actor(session, "author"), space, email="new@partner.example", note="", ends_on=day, zone=told.world.library.zone
        )
    with told.world.database.transaction() as session:
        nobody = told.world.actor(session, None)
        told.people["new"] = invitations.accept(session, nobody, made[1], name="Nina New", zone=told.world.library.zone).id
    told.tell()

    assert sorted(told.told("new")) == ["let_in", "to_read"] and first_readings(told, "new") == [1]


def test_it_leads_to_the_list_and_is_said_in_words(told, app):
    asks(told, "VAULT-001")
    grant(told, "helper")
    told.tell()
    with told.world.database.reading() as session:
        found, _ = reading.listed(session, told.actor(session, "helper"), page=1, page_size=10)
        (one,) = [one for one in found if one.notice.kind == "to_read"]
        with app.test_request_context():
            assert one.url == "/spaces/vault/to-read"
            assert said(one) == f"1 procedure asks you to say that you have read it in {one.space.name}"


def test_it_is_no_longer_said_once_nothing_there_waits(told):
    more(told, 1)
    for code in ("VAULT-001", "VAULT-002"):
        asks(told, code)
    grant(told, "helper")
    told.tell()

    told.world.act(told.people["helper"], attest, "VAULT-001", 1)
    assert first_readings(told, "helper") == [2]
    told.world.act(told.people["helper"], attest, "VAULT-002", 1)
    assert first_readings(told, "helper") == [] and told.told("helper") == ["let_in"]


def test_it_is_no_longer_said_once_what_asked_was_retired_or_asks_nobody(told):
    more(told, 1)
    asks(told, "VAULT-001")
    asks(told, "VAULT-002")
    grant(told, "helper")
    told.tell()
    asks(told, "VAULT-001", roles=())
    assert first_readings(told, "helper") == [2]

    told.world.publish(told.people["author"], told.people["approver"], "vault", DraftText(action="retire", code="VAULT-002"))
    assert first_readings(told, "helper") == [] and waiting(told, "helper") == []


def test_another_role_tells_only_what_it_makes_ask(told):
    more(told, 1)
    asks(told, "VAULT-001")
    grant(told, "helper")
    told.tell()
    grant(told, "helper", "author")
    told.tell()
    assert first_readings(told, "helper") == [1]

    asks(told, "VAULT-002", roles=("approver",))
    grant(told, "helper", "approver")
    told.tell()
    assert sorted(first_readings(told, "helper")) == [1, 1]


def test_an_employee_who_could_read_all_along_is_told_nothing_new(told):
    asks(told, "KYC-001")
    told.tell()
    before = told.told("helper")
    grant(told, "helper", slug="kyc")
    told.tell()

    assert before == ["receipt"] and sorted(told.told("helper")) == ["let_in", "receipt"]


def test_an_employee_who_comes_is_told_in_one_line_for_each_space(told):
    told.world.space("hr", prefix="HR")
    told.world.grant("hr", told.people["author"], "author")
    told.world.grant("hr", told.people["approver"], "approver")
    more(told, 2, "kyc")
    more(told, 1, "hr")
    for code in ("KYC-001", "KYC-002", "HR-001"):
        asks(told, code)
    asks(told, "VAULT-001")
    told.days()
    with told.world.database.transaction() as session:
        told.people["newcomer"] = people.add(session, None, email="new@bank.example", name="Nia Newcomer").id
        told.people["another guest"] = people.add(session, None, email="guest@partner.example", name="Gilda Guest", guest=True).id
    told.days()

    assert told.told("newcomer") == ["to_read", "to_read"] and sorted(first_readings(told, "newcomer")) == [1, 2]
    told.world.act(told.people["newcomer"], attest, "HR-001", 1)
    assert first_readings(told, "newcomer") == [2]
    assert told.rows("another guest") == []


def test_a_guest_who_becomes_an_employee_is_told_at_once_of_what_asks_all_employees(told):
    more(told, 1, "kyc")
    with told.world.database.transaction() as session:
        session.get(Person, told.people["guest"]).created_at -= timedelta(days=40)
    asks(told, "KYC-001")
    told.days()
    assert told.rows("guest") == []

    with told.world.database.transaction() as session:
        administering.make_employee(session, None, session.get(Person, told.people["guest"]))
    told.tell()
    assert told.told("guest") == ["to_read"] and first_readings(told, "guest") == [1]

    asks(told, "KYC-002")
    told.days()
    assert sorted(told.told("guest")) == ["receipt", "to_read"] and first_readings(told, "guest") == [1]


def test_what_begins_to_ask_before_a_guest_becomes_an_employee_is_told_once_however_late(told):
    asks(told, "KYC-001")
    with told.world.database.transaction() as session:
        administering.make_employee(session, None, session.get(Person, told.people["guest"]))
    told.days()

    assert told.told("guest") == ["to_read"] and told.told("helper") == ["receipt"]


def test_a_guest_who_becomes_an_employee_is_told_of_what_asks_their_team_and_not_of_what_asked_them_before(told):
    with told.world.database.transaction() as session:
        session.get(Person, told.people["guest"]).team = "Back office"
    told.world.publish(
        told.people["author"], told.people["approver"], "vault", DraftText(markdown="---\ntitle: For some\napplies_to: Back office\n---\n\n" + RULE)
    )
    grant(told, "guest")
    asks(told, "VAULT-001")
    told.world.act(told.people["author"], choose, "VAULT-002", Chosen(applies_to=True))
    told.tell()
    assert sorted(told.told("guest")) == ["let_in", "receipt"]

    with told.world.database.transaction() as session:
        administering.make_employee(session, None, session.get(Person, told.people["guest"]))
    told.tell()
    assert sorted(told.told("guest")) == ["let_in", "receipt", "to_read"] and first_readings(told, "guest") == [1]


@pytest.mark.parametrize("role", ["auditor", "member"])
def test_nothing_is_told_where_nothing_asks(told, role):
    if role == "auditor":
        asks(told, "VAULT-001")
    grant(told, "helper", role)
    told.tell()

    assert "to_read" not in told.told("helper")


def test_what_begins_to_ask_later_is_told_by_itself_and_not_twice(told):
    asks(told, "VAULT-001")
    grant(told, "helper")
    told.tell()
    more(told, 1)
    asks(told, "VAULT-002")
    told.days()

    assert sorted(told.told("helper")) == ["let_in", "receipt", "to_read"] and first_readings(told, "helper") == [1]


def test_handled_again_after_a_crash_it_is_told_once(told):
    asks(told, "VAULT-001")
    grant(told, "helper")
    told.tell()
    with told.world.database.transaction() as session:
        for cursor in session.query(Cursor).filter_by(follower=NAME):
            session.delete(cursor)
    told.tell()

    assert len([one for one in told.rows("helper") if one.kind == "to_read"]) == 1


def test_a_role_taken_back_before_anybody_was_told_tells_nothing(told):
    asks(told, "VAULT-001")
    grant(told, "helper")
    told.revoke("helper", "vault")
    told.tell()

    assert [one.kind for one in told.rows("helper")] == []


def test_the_condition_that_hides_it_never_hides_what_still_asks(told):
    with told.world.database.transaction() as session:
        session.get(Person, told.people["helper"]).team = "Back office"
    told.world.publish(
        told.people["author"], told.people["approver"], "vault", DraftText(markdown="---\ntitle: For some\napplies_to: Back office\n---\n\n" + RULE)
    )
    told.world.act(told.people["author"], choose, "VAULT-002", Chosen(applies_to=True))
    grant(told, "helper")
    told.tell()
    assert waiting(told, "helper") == ["VAULT-002"] and first_readings(told, "helper") == [1]
    told.world.act(told.people["helper"], attest, "VAULT-002", 1)
    assert first_readings(told, "helper") == []
    with told.world.database.reading() as session:
        assert session.scalar(select(Notice.word).where(Notice.kind == "to_read")) == "1"
