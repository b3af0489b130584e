"""What administrators do to people: everything ends at once when it ends, and the last administrator is never lost."""

import threading

import pytest
from sqlalchemy import select

from accounts import actors, administering, administrators, grants, people, sign_ins, spaces, tokens
from accounts.actors import NOBODY
from accounts.models import Person
from core.database import Database
from core.errors import Conflict, Denied, Invalid, Problem, Unauthenticated
from core.journal import Act
from tests.site import PASSWORD

pytestmark = pytest.mark.both


@pytest.fixture
def site(database):
    return People(database)


class People:
    """People by their first names, and what administrators do to them."""

    def __init__(self, database):
        self.database = database

    def add(self, name, **more):
        with self.database.transaction() as session:
            return people.add(session, None, email=f"{name}@bank.example", name=f"{name.title()} Martin", **more)

    def do(self, verb, by, person, **more):
        with self.database.transaction() as session:
            actor = actors.by_id(session, by.id) if by else None
            return verb(session, actor, session.get(Person, person.id), **more)

    def row(self, person):
        with self.database.reading() as session:
            return session.get(Person, person.id)

    def acts(self):
        with self.database.reading() as session:
            return list(session.scalars(select(Act.act).order_by(Act.id)))


LOSING = {
    "disabled": people.disable, "dismissed": administrators.dismiss,
}


@pytest.mark.parametrize("verb", LOSING.values(), ids=list(LOSING))
def test_the_last_administrator_cannot_be_lost(site, verb):
    boss = site.add("boss", administrator=True)

    with pytest.raises(Conflict, match="last administrator"):
        site.do(verb, None, boss)
    other = site.add("other", administrator=True)
    site.do(verb, other, boss)
    with pytest.raises(Conflict, match="last administrator"):
        site.do(verb, None, other)


def test_a_disabled_administrator_keeps_nobody_from_being_the_last(site):
    boss, other = site.add("boss", administrator=True), site.add("other", administrator=True)
    site.do(people.disable, boss, other)

    with pytest.raises(Conflict):
        site.do(administrators.dismiss, None, boss)


def test_of_two_who_dismiss_each_other_at_once_one_stays(site):
    pair, told = [site.add(name, administrator=True) for name in ("anne", "boris")], []

    def dismiss(by, person):
        mine = Database(site.database.engine.url.render_as_string(hide_password=False))
        try:
            People(mine).do(administrators.dismiss, by, person)
        except Problem as problem:
            told.append(problem)
        mine.engine.dispose()

    both = [threading.Thread(target=dismiss, args=(one, other)) for one, other in (pair, pair[::-1])]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert [site.row(one).administrator_since is None for one in pair].count(True) == 1
    assert len(told) == 1 and isinstance(told[0], (Conflict, Denied))


def test_an_administrator_is_appointed_and_a_guest_or_somebody_disabled_is_not(site):
    boss, anne, guest = site.add("boss", administrator=True), site.add("anne"), site.add("guest", guest=True)

    assert [site.do(administrators.appoint, boss, anne) for _ in range(2)] == [True, False]
    with pytest.raises(Invalid):
        site.do(administrators.appoint, boss, guest)
    site.do(people.disable, boss, guest)
    with pytest.raises(Invalid):
        site.do(administrators.appoint, boss, guest)
    assert site.acts().count("appoint_administrator") == 1


@pytest.mark.parametrize("verb", [
    administrators.appoint, administrators.dismiss, administering.enable, administering.make_guest, administering.make_employee,
    administering.reset_password, people.disable, sign_ins.add_link,
])
def test_only_administrators_do_any_of_it(site, verb):
    boss, anne, boris = site.add("boss", administrator=True), site.add("anne"), site.add("boris")

    with pytest.raises(Denied):
        site.do(verb, anne, boris)
    with pytest.raises(Unauthenticated), site.database.transaction() as session:
        verb(session, NOBODY, session.get(Person, boris.id))
    site.do(verb, boss, boris)


def test_disabling_ends_every_way_in_and_enabling_gives_back_none_of_them(site):
    boss, anne = site.add("boss", administrator=True), site.add("anne", password=PASSWORD)
    with site.database.transaction() as session:
        row = session.get(Person, anne.id)
        session_secret, link, token = sign_ins.start(session, anne.id), sign_ins.add_link(session, None, row), tokens.add(session, None, row, name="x")

    site.do(people.disable, boss, anne)
    site.do(administering.enable, boss, anne)

    with site.database.reading() as session:
        assert actors.by_sign_in(session, session_secret) is NOBODY and actors.by_token(session, token) is NOBODY
        assert not sign_ins.is_usable(session, link)
        assert actors.by_id(session, anne.id).name == "Anne Martin"


def test_resetting_a_password_forgets_it_and_ends_every_sign_in(site):
    boss, anne = site.add("boss", administrator=True), site.add("anne", password=PASSWORD)
    with site.database.transaction() as session:
        secret = sign_ins.start(session, anne.id)

    link = site.do(administering.reset_password, boss, anne)

    with site.database.transaction() as session:
        assert actors.by_sign_in(session, secret) is NOBODY and session.get(Person, anne.id).password_hash is None
        entered = sign_ins.use_link(session, link)
        people.set_password(session, actors.by_sign_in(session, entered), "another quiet horse")
    with pytest.raises(Denied):
        site.do(administering.reset_password, boss, boss)


def test_somebody_who_holds_a_role_that_no_guest_can_have_becomes_none(site):
    boss, anne = site.add("boss", administrator=True), site.add("anne")
    with site.database.transaction() as session:
        space = spaces.add(session, None, slug="kyc", name="Kyc", visibility="restricted")
        grants.grant(session, None, space, session.get(Person, anne.id), "author")

    with pytest.raises(Conflict, match="roles"):
        site.do(administering.make_guest, boss, anne)
    with site.database.transaction() as session:
        grants.revoke(session, None, spaces.named(session, "kyc"), session.get(Person, anne.id), "author")
    assert site.do(administering.make_guest, boss, anne) and site.do(administering.make_employee, boss, anne)
    with pytest.raises(Conflict):
        site.do(administering.make_guest, boss, boss)


def test_a_name_an_address_and_a_team_are_corrected_each_as_an_act(site):
    boss, anne, _ = site.add("boss", administrator=True), site.add("anne"), site.add("taken")

    assert site.do(administering.edit, boss, anne, name="Anne Weber", email="ANNE.weber@bank.example", team="Desk")
    assert not site.do(administering.edit, boss, anne, name="Anne Weber", email="anne.weber@bank.example", team="Desk")
    with pytest.raises(Conflict):
        site.do(administering.edit, boss, anne, name="Anne Weber", email="taken@bank.example", team="")

    row = site.row(anne)
    assert (row.name, row.email, row.team) == ("Anne Weber", "anne.weber@bank.example", "Desk")
    assert site.acts()[-3:] == ["choose_email", "rename", "choose_team"]


def test_nobody_takes_the_name_of_a_colleague(site):
    anne, _boris = site.add("anne"), site.add("boris")

    def rename(name):
        with site.database.transaction() as session:
            return people.rename(session, actors.by_id(session, anne.id), name)

    for name in ("Boris Martin", "BORIS  martin", "Bóris Martin"):
        with pytest.raises(Conflict, match="Somebody else"):
            rename(name)
    assert [rename("Anne Weber"), rename("Anne Weber")] == [True, False]


def test_a_time_zone_is_one_of_the_list_or_the_sites(site):
    anne = site.add("anne")

    def choose(zone):
        with site.database.transaction() as session:
            people.choose_timezone(session, actors.by_id(session, anne.id), zone)
        return site.row(anne).timezone

    assert [choose("Pacific/Auckland"), choose("UTC"), choose("")] == ["Pacific/Auckland", "UTC", None]
    for zone in ("Mars/Base", "../../etc/passwd", "x" * 64, "Etc/GMT+1"):
        with pytest.raises(Invalid):
            choose(zone)
