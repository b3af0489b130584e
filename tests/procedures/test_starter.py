"""The starter site: everything it tells is true of an empty site once it is loaded, and nothing is told twice."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from accounts import actors, passwords, sign_ins
from accounts.models import Person, Space
from accounts.policy import readable_spaces
from core import clock, journal
from discussions.models import KINDS, Thread
from procedures import starter
from receipts.to_read import to_read
from regulations.coverage import coverage
from reviews.models import Review
from wiki import procedures, translating
from wiki.models import Change, Procedure, Version
from wiki.repository import Library

ROLES = ["author", "approver", "member", "animator", "auditor", "guest", "administrator"]


@pytest.fixture
def library(tmp_path) -> Library:
    return Library(tmp_path / "data", ZoneInfo("UTC"))


@pytest.fixture
def loaded(database, library):
    assert starter.load(database, library)
    return database


def test_the_site_holds_what_a_newcomer_should_see(loaded, library):
    with loaded.reading() as session:
        languages = dict(session.execute(
            select(Version.language, func.count(Version.procedure_id.distinct())).group_by(Version.language)
        ).all())
        waiting = session.scalars(select(Change.state).where(Change.state != "published")).all()
        proposed = session.scalars(select(Change).where(Change.proposed_at.is_not(None), Change.taken_over_at.is_(None))).all()
        jonas = session.scalar(select(Person.id).where(Person.name == "Jonas Weber"))
        kinds = set(session.scalars(select(Thread.kind)))
        later = session.scalars(select(Version).where(Version.in_force_from > clock.today(library.zone))).all()

    assert languages["en"] >= 6 and languages["fr"] >= 4
    assert sorted(waiting) == ["draft", "in_review"]
    assert [change.opened_by for change in proposed] == [jonas]
    assert kinds == set(KINDS)
    assert any(version.number > 1 for version in later)


def test_one_translation_is_behind_its_source_by_one_version(loaded, library):
    with loaded.reading() as session:
        space = session.scalar(select(Space.id).where(Space.slug == "kyc"))
        late = translating.late(session, [space], clock.today(library.zone), 8)

    assert [(one.source, one.version, one.current) for one in late] == [("KYC-007", 1, 2)]


def test_one_procedure_was_reviewed(loaded):
    with loaded.reading() as session:
        reviews = session.scalars(select(Review)).all()

    assert [(review.verdict, review.version) for review in reviews] == [("still_right", 1)]


def test_the_register_has_one_clause_that_nothing_answers_and_every_other_is_answered(loaded, library):
    with loaded.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        found = coverage(session, library, space)

    assert [one.clause.label for covered in found.texts.values() for one in covered if not one.answers] == ["L. 561-34"]
    assert sorted(one.words for one in found.unknown) == [f"Code monétaire et financier, R. 561-{number}" for number in ("18", "20-2")]


def test_every_quoted_passage_stood_in_the_text_it_was_read_in(loaded):
    with loaded.reading() as session:
        lost = session.scalars(select(Thread.heading).where(Thread.quote != "", Thread.position.is_(None))).all()

    assert lost == []


def test_nothing_is_back_dated(loaded, library):
    with loaded.reading() as session:
        earliest = session.scalar(select(func.min(Version.in_force_from)))

    assert earliest == clock.today(library.zone)


def test_loading_again_does_nothing(loaded, library):
    with loaded.reading() as session:
        before = session.scalar(select(func.count()).select_from(journal.Act))

    assert not starter.load(loaded, library)
    with loaded.reading() as session:
        assert session.scalar(select(func.count()).select_from(journal.Act)) == before


def test_a_site_with_a_person_is_left_alone(database, library):
    with database.transaction() as session:
        session.add(Person(email="anne@bank.example", name="Anne Author", created_at=clock.now()))

    assert not starter.load(database, library)


def test_one_link_per_role_is_printed_and_works(loaded):
    secrets = []

    lines = starter.sign_in_lines(loaded, lambda secret: secrets.append(secret) or f"http://here/{len(secrets)}")

    assert lines[0] == "Sign in as Hélène Marchetti (author): http://here/1"
    assert [line.split("(")[1].split(")")[0] for line in lines] == ROLES
    with loaded.transaction() as session:
        assert all(sign_ins.use_link(session, secret) for secret in secrets)


def test_who_has_a_password_gets_no_link(loaded):
    with loaded.transaction() as session:
        helene = session.scalar(select(Person).where(Person.name == "Hélène Marchetti"))
        helene.password_hash = passwords.kept("four quiet green doors")

    assert not any("Hélène" in line for line in starter.sign_in_lines(loaded, str))


def test_the_guest_sees_the_brokers_and_what_everybody_sees(loaded):
    with loaded.reading() as session:
        guest = session.scalar(select(Person).where(Person.guest_since.is_not(None)))
        seen = session.scalars(select(Space.slug).where(readable_spaces(actors.by_id(session, guest.id)))).all()

    assert set(seen) == {"brokers", "promises"}


def test_the_journal_holds(loaded):
    with loaded.reading() as session:
        assert list(journal.findings(session)) == []


def test_a_newcomer_sees_what_is_asked_of_her(loaded, library):
    with loaded.reading() as session:
        ines = session.scalar(select(Person.id).where(Person.name == "Inès Carpentier"))
        (one,) = to_read(session, library, actors.by_id(session, ines))

    assert (one.code, one.version, one.attested) == ("KYC-001", 3, 2)
    assert [again.name for again in one.reminders] == ["Hélène Marchetti"]


def test_a_retired_procedure_is_among_them(loaded, library):
    with loaded.reading() as session:
        procedure = session.scalar(select(Procedure).join(Version).where(Version.action == "retire"))

        assert procedures.standing_of(session, procedure, library).state == "retired"
