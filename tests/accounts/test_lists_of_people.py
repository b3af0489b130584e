"""A pasted list: read however people write it, looked at before anything happens, every line judged by itself."""

import pytest

from accounts import actors, administering, bringing, naming, pasted, people, roster
from accounts.models import Person
from core.errors import Denied, Invalid

pytestmark = pytest.mark.both


@pytest.fixture
def boss(database):
    with database.transaction() as session:
        people.add(session, None, email="here@bank.example", name="Already Here", team="Desk")
        return people.add(session, None, email="boss@bank.example", name="The Boss", administrator=True)


def each(database, boss, words, verb=bringing.look):
    with database.transaction() as session:
        return verb(session, actors.by_id(session, boss.id), pasted.read(words))


@pytest.mark.parametrize(("line", "name", "email", "team"), [
    ("Anne Martin, anne@bank.example", "Anne Martin", "anne@bank.example", ""),
    ("anne@bank.example; Anne Martin; Desk", "Anne Martin", "anne@bank.example", "Desk"),
    ("Anne Martin\tanne@bank.example\tDesk", "Anne Martin", "anne@bank.example", "Desk"),
    ("Anne Martin <anne@bank.example>", "Anne Martin", "anne@bank.example", ""),
    ('"Martin, Anne" <anne@bank.example>,', "Martin, Anne", "anne@bank.example", ""),
    ('"Martin, Anne",anne@bank.example', "Martin, Anne", "anne@bank.example", ""),
    ("Anne Martin anne@bank.example", "Anne Martin", "anne@bank.example", ""),
    ("anne@bank.example", "", "anne@bank.example", ""),
    ("Anne Martin", "Anne Martin", "", ""),
    ("<script>alert(1)</script>, x", "<script>alert(1)</script>, x", "", ""),
])
def test_a_line_is_read_however_it_is_written(line, name, email, team):
    (asked,) = pasted.read(line)

    assert (asked.name, asked.email, asked.team) == (name, email, team)


def test_a_table_names_its_columns_in_either_language():
    english = pasted.read("Email,Name,Guest\nanne@bank.example,Anne Martin,yes\n")
    french = pasted.read("\ufeffNom;Courriel;Équipe;Administrateur\r\nAnne Martin;anne@bank.example;Guichet;oui\r\n")

    assert [(one.number, one.name, one.email, one.guest) for one in english] == [(2, "Anne Martin", "anne@bank.example", True)]
    assert [(one.name, one.team, one.administrator) for one in french] == [("Anne Martin", "Guichet", True)]


@pytest.mark.parametrize("words", ["", "  \n ", "name,email\n", "x" * 200_001, "a\x00b", "a@b.example\n" * 501])
def test_a_list_that_says_nothing_or_too_much_is_refused(words):
    with pytest.raises(Invalid) as refused:
        pasted.read(words)

    assert refused.value.field == "list"


def test_looking_does_nothing_and_every_line_says_what_it_would_do(database, boss):
    words = "Anne Martin, anne@bank.example\nno address\nAnne Again, ANNE@bank.example\nAlready Here, here@bank.example, Office\nBoss, boss@bank.example\n12, x@bank.example\n"

    lines = each(database, boss, words)

    assert [line.does for line in lines] == ["add", "problem", "problem", "change", "same", "problem"]
    assert [line.problem.field if line.problem else None for line in lines] == [None, "email", "list", None, None, "name"]
    with database.reading() as session:
        assert roster.found(session, "anne") == []


def test_good_lines_are_done_with_a_link_each_and_the_others_left_out(database, boss):
    words = "Anne Martin, anne@bank.example, Desk\nno address\nAlready Here, here@bank.example, Office\nGuest, guest@partner.example"

    lines = each(database, boss, words, bringing.bring)

    assert [bool(line.secret) for line in lines] == [True, False, False, True]
    again = each(database, boss, words, bringing.bring)
    assert [line.does for line in again] == ["same", "problem", "same", "same"]


def test_what_is_taken_away_comes_back_and_changes_nothing(database, boss):
    with database.transaction() as session:
        people.add(session, None, email="=cmd@bank.example".lstrip("="), name="+1 Formula", team="-Desk")
        actor = actors.by_id(session, boss.id)
        table = roster.table(session, actor)
        lines = bringing.look(session, actor, pasted.read("\ufeff" + table))

    assert {line.does for line in lines} == {"same"} and len(lines) == 3
    assert "password" not in table and "'+1 Formula" in table


def test_people_are_found_by_parts_of_their_names_without_accents_or_case(database, boss):
    with database.transaction() as session:
        people.add(session, None, email="eleonore@bank.example", name="Éléonore Dupré", team="Conformité")

    with database.reading() as session:
        assert [len(roster.found(session, q)) for q in ("eleonore", "DUPRÉ éléo", "conformite", "nobody", "")] == [1, 1, 1, 0, 3]


def test_everybody_means_the_disabled_too_and_who_is_given_a_role_is_somebody_who_is_here(database, boss):
    with database.transaction() as session:
        left = people.add(session, None, email="left@bank.example", name="Léa Left")
        people.disable(session, None, left)

    with database.reading() as session:
        actor = actors.by_id(session, boss.id)

        def names(**asked):
            return [one.person.name for one in roster.listed(session, actor, page=1, page_size=9, **asked)[0]]

        assert names() == ["Already Here", "Léa Left", "The Boss"]
        assert names(q="lea") == names(kind="disabled") == ["Léa Left"]
        assert names(kind="waiting") == ["Already Here", "The Boss"] and names(kind="guests") == []
        assert naming.candidates(session, actor, "lea") == []


def test_only_administrators_see_the_list(database, boss):
    with database.transaction() as session:
        anne = people.add(session, None, email="anne@bank.example", name="Anne Martin")

    with database.reading() as session:
        actor = actors.by_id(session, anne.id)
        for look in (lambda: roster.listed(session, actor, page=1, page_size=9), lambda: roster.table(session, actor), lambda: administering.person(session, actor, boss.id)):
            with pytest.raises(Denied):
                look()
        listed, total = roster.listed(session, actors.by_id(session, boss.id), kind="administrators", page=1, page_size=9)
    assert total == 1 and listed[0].person.id == boss.id and isinstance(listed[0].person, Person)
