"""Settings of a space: who may change them, what never changes any more, and an archive that nothing is written in."""

import pytest
from sqlalchemy import select

from accounts import directory, space_settings, spaces
from accounts.actors import seen_as
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, may_preview
from accounts.space_settings import Facts
from core.errors import Conflict, Denied, Invalid
from tests.accounts.test_spaces import Made

pytestmark = pytest.mark.both


@pytest.fixture
def made(database):
    return Made(database)


@pytest.fixture
def boss(made):
    return made.person("boss", administrator=True)


def edit(made, by, space, **facts):
    with made.database.transaction() as session:
        return space_settings.edit(session, made.actor(by) if by else None, session.get(Space, space.id), Facts(**facts))


def do(made, verb, by, space):
    with made.database.transaction() as session:
        return verb(session, made.actor(by) if by else None, session.get(Space, space.id))


def row(made, space):
    with made.database.reading() as session:
        return session.get(Space, space.id)


def test_settings_change_in_one_act_and_a_second_time_in_none(made, boss):  # A11-7
    space = made.space()

    facts = {"name": "Customers", "description": "Who they are.", "language": "fr", "prefix": "CUS", "words_budget": 400, "guests_meet": True, "recommendations": 2}
    assert [edit(made, boss, space, **facts), edit(made, boss, space, **facts)] == [True, False]

    now = row(made, space)
    assert (now.name, now.description, now.language, now.prefix, now.words_budget, now.recommendations) == ("Customers", "Who they are.", "fr", "CUS", 400, 2)
    assert now.guests_meet_since is not None and made.acts(space)[1:] == [("set_space", f"space:{space.id}")]
    assert edit(made, boss, space, words_budget=0, guests_meet=False)
    assert row(made, space).words_budget is None and row(made, space).guests_meet_since is None


@pytest.mark.parametrize("facts", [
    {"name": ""}, {"name": "x" * 121}, {"description": "x" * 2001}, {"visibility": "secret"}, {"language": "de"}, {"prefix": "K"},
    {"words_budget": 100_001}, {"recommendations": -1}, {"recommendations": 101},
])
def test_a_setting_that_cannot_be_is_refused_by_its_field(made, boss, facts):
    with pytest.raises(Invalid) as refused:
        edit(made, boss, made.space(), **facts)

    assert refused.value.field == next(iter(facts))


def test_a_prefix_stays_once_a_code_carries_it(made, boss):
    space, other = made.space(), made.space("other", prefix="OTH")
    with pytest.raises(Conflict):
        edit(made, boss, space, prefix="OTH")
    assert edit(made, boss, space, prefix="NEW")

    with made.database.transaction() as session:
        session.get(Space, space.id).last_number = 1
    with pytest.raises(Conflict, match="stays"):
        edit(made, boss, space, prefix="KYC")
    assert not edit(made, boss, space, prefix="NEW") and edit(made, boss, other, prefix="KYC")


def test_nobody_opens_the_wall_of_a_space_that_they_may_not_read(made, boss):
    space = made.space("vault", visibility="restricted")
    for wider in ("internal", "public"):
        with pytest.raises(Denied, match="let into"):
            edit(made, boss, space, visibility=wider)

    made.grant(space, boss, "member")
    assert edit(made, boss, space, visibility="internal") and made.acts(space)[-1][0] == "set_visibility"
    other = made.person("other", administrator=True)
    assert edit(made, other, space, visibility="restricted")     # closing it is for every administrator
    with pytest.raises(Denied):
        edit(made, other, space, visibility="internal")


def test_an_administrator_who_audits_a_space_changes_nothing_in_it(made, boss):
    space, anne = made.space(), made.person("anne")
    made.grant(space, boss, "auditor")

    for act in (lambda: edit(made, boss, space, name="Mine"), lambda: do(made, space_settings.archive, boss, space), lambda: made.grant(space, anne, "author", by=made.actor(boss))):
        with pytest.raises(Denied, match="audit"):
            act()
    assert made.grant(space, anne, "author", by=made.actor(made.person("other", administrator=True)))


def test_only_administrators_change_settings_and_archive(made, boss):
    space, anne = made.space(), made.person("anne")
    made.grant(space, anne, "author")

    for act in (lambda by: edit(made, by, space, name="Mine"), lambda by: do(made, space_settings.archive, by, space), lambda by: do(made, space_settings.reopen, by, space)):
        with pytest.raises(Denied):
            act(anne)
        assert act(boss)


def test_an_archived_space_allows_looking_and_nothing_else(made, boss):
    space = made.space()
    people = {role: made.person(role) for role in ("author", "approver", "animator", "auditor", "member")}
    for role, person in people.items():
        made.grant(space, person, role)
    before = {(role, right): may(made.actor(person), right, row(made, space)) for role, person in people.items() for right in Permission}

    assert [do(made, space_settings.archive, boss, space) for _ in range(2)] == [True, False]
    looking = {Permission.READ, Permission.SEE_CHANGES, Permission.SEE_JOURNAL, Permission.SEE_RECEIPTS, Permission.SEE_INSIGHTS, Permission.SEE_HIDDEN}
    after = {(role, right): may(made.actor(people[role]), right, row(made, space)) for role, right in before}
    assert after == {(role, right): could and right in looking for (role, right), could in before.items()}
    assert any(before.values()) and any(after.values())

    do(made, space_settings.reopen, boss, space)
    assert {(role, right): may(made.actor(people[role]), right, row(made, space)) for role, right in before} == before


@pytest.mark.parametrize("visibility", ["public", "internal", "restricted"])
@pytest.mark.parametrize("viewer", ["administrator", "member", "author", "approver", "animator", "auditor", "both"])
def test_a_preview_never_shows_more_than_its_viewer_reads(made, boss, visibility, viewer):
    space, person = made.space(visibility=visibility), boss if viewer in ("administrator", "both") else made.person("viewer")
    if viewer != "administrator":
        made.grant(space, person, "author" if viewer == "both" else viewer)
    actor, now = made.actor(person), row(made, space)

    allowed = {role for role in ("guest", "member", "author", "approver", "animator", "auditor") if may_preview(actor, role, now).allowed}

    for role in allowed:
        for right in (Permission.READ, Permission.SEE_CHANGES, Permission.SEE_JOURNAL, Permission.SEE_RECEIPTS, Permission.SEE_INSIGHTS, Permission.SEE_HIDDEN):
            assert may(actor, right, now) or not may(seen_as(role, now), right, now)
    guest = set() if visibility == "internal" else {"guest"}
    whole = guest | {"member", "author", "approver"}        # and no animator, who reads what was hidden
    expected = {
        "administrator": set() if visibility == "restricted" else guest | {"member"}, "member": set(), "auditor": set(),
        "author": whole, "approver": whole, "both": whole, "animator": guest | {"member", "animator"},
    }
    assert allowed == expected[viewer]


def test_who_is_in_a_space_is_seen_by_its_own_people_and_guests_meet_only_where_it_says_so(made, boss):
    space = made.space(visibility="restricted")
    guests = [made.person(name, guest=True) for name in ("anouk", "bram")]
    author, outsider = made.person("author"), made.person("outsider")
    for guest in guests:
        made.grant(space, guest, "member")
    made.grant(space, author, "author")

    def seen(person):
        with made.database.reading() as session:
            return [one.person.name for one in directory.seen(session, made.actor(person), session.get(Space, space.id))]

    assert seen(author) == ["Anouk", "Author", "Bram"] and seen(guests[0]) == ["Anouk", "Author"]
    with pytest.raises(Denied):
        seen(outsider)
    edit(made, boss, space, guests_meet=True)
    assert seen(guests[0]) == ["Anouk", "Author", "Bram"]


def test_every_space_is_listed_for_administrators_alone(made, boss):
    made.space(visibility="restricted")
    with made.database.reading() as session:
        assert [space.slug for space in spaces.every(session, made.actor(boss))[0]] == ["kyc"]
        with pytest.raises(Denied):
            spaces.every(session, made.actor(made.person("anne")))
        assert session.scalar(select(Space.archived_at)) is None
