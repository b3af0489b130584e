"""Guests come by an invitation that names its space, its inviter and its end; used once, asked about, and over by itself."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from accounts import acquaintances, actors, grants, invitations, inviting, space_settings
from accounts.actors import NOBODY
from accounts.models import Invitation, Person, Space
from accounts.permissions import Permission
from accounts.policy import may
from accounts.space_settings import Facts
from core import clock
from core.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from tests.accounts.test_spaces import Made

pytestmark = pytest.mark.both
ZONE = ZoneInfo("Europe/Paris")
GUEST = "guest@partner.example"


class House(Made):
    """A restricted space with an author, and what becomes of invitations into it."""

    def __init__(self, database):
        super().__init__(database)
        self.vault = self.space("vault", visibility="restricted")
        self.author = self.person("author")
        self.grant(self.vault, self.author, "author")

    def today(self, days=0):
        return clock.today(ZONE) + timedelta(days=days)

    def invite(self, by=None, email=GUEST, days=30, space=None):
        with self.database.transaction() as session:
            row = session.get(Space, (space or self.vault).id)
            return invitations.make(session, self.actor(by or self.author), row, email=email, ends_on=self.today(days), zone=ZONE)

    def accept(self, secret, name="Anouk Verhoeven", actor=NOBODY):
        with self.database.transaction() as session:
            return invitations.accept(session, actor, secret, name=name, zone=ZONE)

    def reads(self, person):
        with self.database.reading() as session:
            return may(actors.by_id(session, person.id), Permission.READ, session.get(Space, self.vault.id))

    def call(self, verb, by, *given, **more):
        with self.database.transaction() as session:
            return verb(session, self.actor(by), *given, **more)

    def set(self, **facts):
        with self.database.transaction() as session:
            space_settings.edit(session, None, session.get(Space, self.vault.id), Facts(**facts))


@pytest.fixture
def house(database):
    return House(database)


@pytest.fixture
def later(monkeypatch):
    """Let days pass."""
    begun, real = {"days": 0}, clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=begun["days"]))
    return lambda days: begun.__setitem__("days", days)


def test_an_invitation_lets_one_person_in_once(house):
    _made, secret = house.invite()

    guest = house.accept(secret)

    assert house.reads(guest) and guest.guest_since and guest.email == GUEST
    with pytest.raises(Invalid, match="already"):
        house.accept(secret, name="Somebody Else")
    assert [act for act, _ in house.acts(house.vault)][-3:] == ["invite", "grant", "accept_invitation"]


def test_access_ends_by_itself_after_its_last_day(house, later):
    guest = house.accept(house.invite(days=30)[1])

    later(30)
    assert house.reads(guest)
    later(32)
    assert not house.reads(guest)


def test_an_invitation_that_nobody_used_is_too_old_after_two_weeks(house, later):
    _made, secret = house.invite()
    later(13)
    with house.database.reading() as session:
        assert invitations.waiting(session, secret).inviter.id == house.author.id
    later(15)
    with pytest.raises(Invalid):
        house.accept(secret)


@pytest.mark.parametrize("role", ["member", "approver", "auditor"])
def test_only_authors_animators_and_administrators_invite(house, role):
    person, animator = house.person(role), house.person("animator")
    house.grant(house.vault, person, role)
    house.grant(house.vault, animator, "animator")

    with pytest.raises(Denied):
        house.invite(by=person)
    with pytest.raises(NotFound):
        house.invite(by=house.person("outsider"))
    with pytest.raises(NotFound), house.database.transaction() as session:
        invitations.make(session, NOBODY, session.get(Space, house.vault.id), email=GUEST, ends_on=house.today(1), zone=ZONE)
    for by in (animator, house.person("boss", administrator=True)):
        assert house.invite(by=by)


def test_nobody_is_invited_into_an_internal_space_or_an_archived_one(house):
    inner = house.space("inner")
    house.grant(inner, house.author, "author")
    with pytest.raises(Denied, match="public or restricted"):
        house.invite(space=inner)

    _made, secret = house.invite()
    with house.database.transaction() as session:
        space_settings.archive(session, None, session.get(Space, house.vault.id))
    with pytest.raises(Denied, match="archived"):
        house.invite()
    with pytest.raises(Invalid):
        house.accept(secret)


@pytest.mark.parametrize("days", [-1, 3 * 366 + 1])
def test_a_last_day_is_from_today_on_and_not_for_ever(house, days):
    with pytest.raises(Invalid) as refused:
        house.invite(days=days)

    assert refused.value.field == "ends_on"
    assert house.invite(days=0)


def test_a_colleague_is_not_invited_but_let_in_by_an_administrator(house):
    colleague = house.person("colleague")

    with pytest.raises(Conflict, match="administrator"):
        house.invite(email=colleague.email)
    assert house.invite(email="colleague@elsewhere.example")


def test_an_invitation_signs_nobody_in_whose_address_is_known(house):
    known = house.person("known", guest=True)
    _made, secret = house.invite(email=known.email)

    for actor in (NOBODY, house.actor(house.author)):
        with pytest.raises(Denied, match="another address"):
            house.accept(secret, actor=actor)
    assert not house.reads(known)
    assert house.accept(secret, actor=house.actor(known)).id == known.id and house.reads(known)


def test_somebody_signed_in_does_not_use_up_what_is_for_a_newcomer(house):
    _made, secret = house.invite()
    with pytest.raises(Denied):
        house.accept(secret, actor=house.actor(house.author))

    assert house.accept(secret)


def test_another_invitation_of_the_same_address_ends_the_first(house):
    first, second = house.invite()[1], house.invite()[1]

    with pytest.raises(Invalid):
        house.accept(first)
    assert house.accept(second)


def test_an_invitation_is_dead_once_its_inviter_could_not_make_it(house):
    _made, secret = house.invite()
    house.revoke(house.vault, house.author, "author")
    with pytest.raises(Invalid):
        house.accept(secret)

    house.grant(house.vault, house.author, "author")
    assert house.accept(secret)


def test_its_inviter_is_asked_after_six_months_and_an_answer_holds_for_six_more(house, later):
    made, secret = house.invite(days=900)
    house.accept(secret)

    def asked():
        return [one.invitation.id for one in house.call(inviting.asked, house.author)]

    later(170)
    assert asked() == []
    later(190)
    assert asked() == [made.id]
    house.call(inviting.keep, house.author, made.id, zone=ZONE)
    assert asked() == []
    later(380)
    assert asked() == [made.id]
    boss = house.person("boss", administrator=True)
    assert [one.invitation.id for one in house.call(inviting.unanswered, boss)] == [made.id]
    with pytest.raises(Denied):
        house.call(inviting.unanswered, house.author)
    with pytest.raises(Unauthenticated), house.database.reading() as session:
        inviting.unanswered(session, NOBODY)


def test_ending_takes_the_access_at_once_and_the_unused_invitation_back(house):
    made, secret = house.invite()
    guest = house.accept(secret)
    other, unused = house.invite(email="other@partner.example")

    for id in (made.id, other.id, made.id):
        house.call(inviting.end, house.author, id)

    assert not house.reads(guest)
    with pytest.raises(Invalid):
        house.accept(unused)
    with pytest.raises(Conflict):
        house.call(inviting.keep, house.author, made.id, zone=ZONE)


def test_an_answer_may_give_another_last_day(house, later):
    made, secret = house.invite(days=10)
    guest = house.accept(secret)
    house.call(inviting.keep, house.author, made.id, zone=ZONE, ends_on=house.today(40))

    later(20)
    assert house.reads(guest)
    later(42)
    assert not house.reads(guest)


def test_others_of_the_space_do_not_answer_for_an_invitation_that_is_not_theirs(house):
    made, _secret = house.invite()
    member, auditor = house.person("member"), house.person("auditor")
    house.grant(house.vault, member, "member")
    house.grant(house.vault, auditor, "auditor")

    for person, problem in ((member, NotFound), (house.person("outsider"), NotFound), (auditor, Denied)):
        with pytest.raises(problem):
            house.call(inviting.end, person, made.id)
    assert house.call(inviting.end, house.author, made.id).ended_at


def test_members_recommend_within_a_quota_that_the_space_gives(house):
    member = house.person("member")
    house.grant(house.vault, member, "member")
    with pytest.raises(Denied):
        house.invite(by=member)

    house.set(recommendations=2)
    first, _ = house.invite(by=member, email="one@partner.example")
    house.invite(by=member, email="two@partner.example")
    assert first.kind == "recommendation"
    with pytest.raises(Conflict, match="every recommendation"):
        house.invite(by=member, email="three@partner.example")
    house.call(inviting.end, member, first.id)
    _made, secret = house.invite(by=member, email="three@partner.example")      # one taken back gives its place back
    assert house.accept(secret).guest_since
    with house.database.reading() as session:
        seen = inviting.of_space(session, house.actor(member), session.get(Space, house.vault.id))
    assert {one.inviter.id for one in seen} == {member.id}


def test_a_colleague_who_is_recommended_comes_without_an_end(house):
    house.set(recommendations=1)
    member, colleague = house.person("member"), house.person("colleague")
    house.grant(house.vault, member, "member")

    house.accept(house.invite(by=member, email=colleague.email)[1], actor=house.actor(colleague))

    assert house.reads(colleague)
    with house.database.reading() as session:
        grant = grants._held(session, house.vault, colleague)["member"]
        assert grant.ends_at is None and grant.granted_by == member.id
        row = session.scalar(select(Invitation).where(Invitation.person_id == colleague.id))
        assert row.used_at and session.get(Person, row.inviter).id == member.id


def test_nobody_whom_a_guest_recommends_stays_longer_than_the_guest(house):
    house.set(recommendations=5)
    guest = house.accept(house.invite(days=10)[1])

    with pytest.raises(Invalid, match="longer"):
        house.invite(by=guest, email="friend@partner.example", days=11)
    assert house.invite(by=guest, email="friend@partner.example", days=10)


def test_a_guest_sees_another_guests_page_only_where_their_space_says_so(house):
    anouk = house.accept(house.invite()[1])
    bram = house.accept(house.invite(email="bram@partner.example")[1], name="Bram Peeters")

    def seen():
        with house.database.reading() as session:
            return acquaintances.readable(session, house.actor(anouk), bram.id).person.name

    with pytest.raises(NotFound):
        seen()
    house.set(guests_meet=True)
    assert seen() == "Bram Peeters"


def test_a_role_that_ended_is_given_again(house, later):
    guest = house.accept(house.invite(days=5)[1])
    later(10)
    assert not house.reads(guest)

    house.accept(house.invite(days=30)[1], actor=house.actor(guest))
    assert house.reads(guest)
    assert house.grant(house.vault, guest, "member") and not house.grant(house.vault, guest, "member")      # for good
    later(100)
    assert house.reads(guest)
