import pytest
from sqlalchemy import select

from accounts import actors, grants, people, spaces
from accounts.actors import NOBODY
from accounts.models import Person
from core import journal
from core.errors import Conflict, Denied, Invalid, NotFound

pytestmark = pytest.mark.both


class Made:
    """A site's people and spaces by short names."""

    def __init__(self, database):
        self.database = database

    def person(self, name, **more):
        with self.database.transaction() as session:
            return people.add(session, None, email=f"{name}@bank.example", name=name.title(), **more)

    def space(self, slug="kyc", by=None, **more):
        with self.database.transaction() as session:
            return spaces.add(session, by, slug=slug, name=slug.title(), **more)

    def grant(self, space, person, role, by=None):
        with self.database.transaction() as session:
            return grants.grant(session, by, space, session.get(Person, person.id), role)

    def revoke(self, space, person, role, by=None):
        with self.database.transaction() as session:
            return grants.revoke(session, by, space, session.get(Person, person.id), role)

    def actor(self, person):
        with self.database.reading() as session:
            return actors.by_id(session, person.id) if person else NOBODY

    def acts(self, space):
        with self.database.reading() as session:
            rows = session.execute(select(journal.Act.act, journal.Act.object).where(journal.Act.chain == space.id).order_by(journal.Act.sequence))
            return [tuple(row) for row in rows]


@pytest.fixture
def made(database) -> Made:
    return Made(database)


def test_a_space_begins_its_own_chain(made):
    space = made.space()

    assert (space.visibility, space.approvals_required, space.language, space.prefix) == ("internal", 1, "en", "KYC")
    assert made.acts(space) == [("add_space", f"space:{space.id}")]


def test_a_budget_of_words_is_set_changed_and_taken_back_as_acts(made):
    space = made.space(words_budget=400)
    assert space.words_budget == 400

    def budget(words, by=None):
        with made.database.transaction() as session:
            return spaces.set_budget(session, by, session.get(type(space), space.id), words)

    assert [budget(400), budget(300), budget(None), budget(None)] == [False, True, True, False]
    assert made.acts(space) == [("add_space", f"space:{space.id}")] + [("set_budget", f"space:{space.id}")] * 2
    for words in (0, -1, 100_001):
        with pytest.raises(Invalid):
            budget(words)
    with pytest.raises(Denied):
        budget(200, made.actor(made.person("anne")))
    assert budget(200, made.actor(made.person("ada", administrator=True)))


@pytest.mark.parametrize("slug", ["", "KYC", "a b", "../x", "a--b", "-a", "a-", "é", "x" * 41, "a/b", ".git"])
def test_a_slug_that_is_no_address_is_refused(made, slug):
    with pytest.raises(Invalid) as refused:
        made.space(slug, prefix="AB")

    assert refused.value.field == "slug"


def test_prefixes_come_from_the_slug_and_never_meet(made):
    prefixes = [made.space(slug).prefix for slug in ("customer-care", "customer-complaints", "custom", "ab", "ab-1")]

    assert prefixes[:2] == ["CUSTOM", "CUSTO"]
    assert len(set(prefixes)) == 5 and all(2 <= len(prefix) <= 6 for prefix in prefixes)
    with pytest.raises(Invalid, match="prefix"):
        made.space("2026")
    assert made.space("2026", prefix="YEAR").prefix == "YEAR"


@pytest.mark.parametrize(("more", "field"), [({"prefix": "kyc"}, "prefix"), ({"prefix": "A"}, "prefix"), ({"visibility": "secret"}, "visibility"), ({"approvals": -1}, "approvals"), ({"approvals": 6}, "approvals"), ({"language": "de"}, "language")])
def test_settings_out_of_range_are_refused(made, more, field):
    with pytest.raises(Invalid) as refused:
        made.space("kyc", **more)

    assert refused.value.field == field


def test_a_slug_and_a_prefix_are_taken_once(made):
    made.space("kyc", prefix="KYC")

    with pytest.raises(Conflict):
        made.space("kyc", prefix="OTHER")
    with pytest.raises(Conflict):
        made.space("other", prefix="KYC")


def test_grants_add_up_and_repeating_one_succeeds(made):  # A11-9
    space, anne = made.space(), made.person("anne")

    assert made.grant(space, anne, "author") and made.grant(space, anne, "approver")
    assert not made.grant(space, anne, "author")

    assert made.actor(anne).roles[space.id] == {"author", "approver"}
    assert [act for act, _ in made.acts(space)] == ["add_space", "grant", "grant"]


def test_revoking_takes_one_role_and_repeating_it_succeeds(made):
    space, anne = made.space(), made.person("anne")
    made.grant(space, anne, "author")
    made.grant(space, anne, "approver")

    assert made.revoke(space, anne, "approver") and not made.revoke(space, anne, "approver")

    assert made.actor(anne).roles[space.id] == {"author"}
    assert made.acts(space)[-1] == ("revoke", f"person:{anne.id}")


def test_an_auditor_has_no_other_role_in_the_space(made):
    space, other, anne, ruth = made.space(), made.space("other"), made.person("anne"), made.person("ruth")
    made.grant(space, anne, "author")
    made.grant(space, ruth, "auditor")

    with pytest.raises(Conflict):
        made.grant(space, anne, "auditor")
    with pytest.raises(Conflict):
        made.grant(space, ruth, "author")
    assert made.grant(other, ruth, "author")


@pytest.mark.parametrize("role", ["author", "approver", "animator"])
def test_a_guest_is_only_a_member_or_an_auditor(made, role):
    space, guest = made.space(visibility="restricted"), made.person("greta", guest=True)

    with pytest.raises(Invalid) as refused:
        made.grant(space, guest, role)
    assert refused.value.field == "role"
    assert made.grant(space, guest, "member")


def test_a_guest_is_never_let_into_an_internal_space(made):
    guest = made.person("greta", guest=True)

    with pytest.raises(Invalid):
        made.grant(made.space(), guest, "member")
    assert made.grant(made.space("open", visibility="public"), guest, "member")


def test_administrators_do_not_change_their_own_roles(made):
    space = made.space()
    boss, other = made.person("boss", administrator=True), made.person("other", administrator=True)

    with pytest.raises(Denied):
        made.grant(space, boss, "approver", by=made.actor(boss))
    assert made.grant(space, boss, "auditor", by=made.actor(other))
    with pytest.raises(Denied):
        made.revoke(space, boss, "auditor", by=made.actor(boss))
    assert made.revoke(space, boss, "auditor", by=made.actor(other))


def test_only_administrators_add_spaces_and_grant(made):
    space, anne = made.space(), made.person("anne")
    made.grant(space, anne, "author")

    with pytest.raises(Denied):
        made.space("new", by=made.actor(anne))
    with pytest.raises(Denied):
        made.grant(space, made.person("boris"), "member", by=made.actor(anne))


def test_a_word_that_is_no_role_is_refused(made):
    space, anne = made.space(), made.person("anne")

    for act in (made.grant, made.revoke):
        with pytest.raises(Invalid):
            act(space, anne, "owner")


def test_a_disabled_person_is_granted_nothing(made):
    space, anne = made.space(), made.person("anne")
    with made.database.transaction() as session:
        people.disable(session, None, session.get(Person, anne.id))

    with pytest.raises(Invalid):
        made.grant(space, anne, "member")


def test_a_space_is_found_by_those_who_may_read_it_and_by_nobody_else(made):
    walled, inner, open_ = made.space("walled", visibility="restricted"), made.space("inner"), made.space("open", visibility="public")
    anne, boss = made.person("anne"), made.person("boss", administrator=True)
    guest = made.person("greta", guest=True)
    made.grant(walled, guest, "member")

    def seen(person):
        with made.database.reading() as session:
            found, total = spaces.listed(session, made.actor(person))
            for space in (walled, inner, open_):
                if space.slug in {one.slug for one in found}:
                    assert spaces.by_slug(session, made.actor(person), space.slug).id == space.id
                else:
                    with pytest.raises(NotFound):
                        spaces.by_slug(session, made.actor(person), space.slug)
            assert total == len(found)
            return {space.slug for space in found}

    assert seen(anne) == seen(boss) == {"inner", "open"}
    assert seen(guest) == {"walled", "open"}
    assert seen(None) == {"open"}
