"""The register: who keeps it, which procedures answer each clause, and what an amended clause does to them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Space
from core import journal
from core.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from core.journal import Act
from regulations import clauses, texts
from regulations.models import Amendment, Clause, Regulation
from regulations.texts import TextFacts
from tests.regulations.conftest import CMF
from tests.reviews.conftest import rule
from wiki.drafts import DraftText

pytestmark = pytest.mark.both


def answering(*articles: str, **more) -> str:
    return rule(regulations=f"[\"{CMF}, articles {', '.join(articles)}\"]", **more)


@pytest.fixture
def covered(shelf):
    text = shelf.text()
    shelf.two, shelf.one = shelf.clause(text, "L. 561-5-2"), shelf.clause(text, "L. 561-5")
    shelf.regulation = text
    shelf.desk.publish(answering("L. 561-5"))
    return shelf


def test_iso_10_a_text_from_outside_is_registered_with_its_source_its_date_and_its_next_check(shelf):
    """ISO-10: documents of external origin are identified and controlled: source, date, next check, who looked and when."""
    text = shelf.text(source="https://law.example/cmf", dated=date(2026, 1, 1), next_check=date(2026, 9, 1))
    shelf.desk.clock.set(2026, 9, 1, 8)
    looked = shelf.desk.world.act(shelf.desk.author, texts.look_again, text.id, date(2027, 3, 1))

    assert (looked.source, looked.dated, looked.next_check) == ("https://law.example/cmf", date(2026, 1, 1), date(2027, 3, 1))
    assert (looked.checked_by, looked.checked_at) == (shelf.desk.author, shelf.desk.clock.at)
    with pytest.raises(Invalid) as refused:
        shelf.desk.world.act(shelf.desk.author, texts.look_again, text.id, date(2026, 9, 1))
    assert refused.value.field == "next_check"


def test_a_clause_is_answered_by_the_version_that_speaks_for_a_procedure(covered):
    desk = covered.desk
    assert covered.answers() == {"L. 561-5-2": [], "L. 561-5": [("KYC-001", 1, "in_force")]}

    desk.publish(answering("L. 561-5", "L. 561-5-2"), code="KYC-001", in_force_from=date(2026, 4, 1))
    desk.publish(answering("L. 561-5-2"), in_force_from=date(2026, 4, 2))
    assert covered.answers() == {"L. 561-5-2": [("KYC-002", 1, "scheduled")], "L. 561-5": [("KYC-001", 1, "in_force")]}
    desk.clock.set(2026, 4, 2)
    assert covered.answers() == {
        "L. 561-5-2": [("KYC-001", 2, "in_force"), ("KYC-002", 1, "in_force")], "L. 561-5": [("KYC-001", 2, "in_force")],
    }
    desk.world.publish(desk.author, desk.approver, "kyc", DraftText(action="retire", code="KYC-001"))
    assert covered.answers() == {"L. 561-5-2": [("KYC-002", 1, "in_force")], "L. 561-5": []}


def test_only_the_register_of_the_own_space_counts(covered):
    covered.desk.world.space("other", approvals=0, prefix="OTH")
    covered.desk.world.grant("other", covered.desk.second, "author")
    covered.desk.world.submit(covered.desk.second, covered.desk.world.open(covered.desk.second, "other", DraftText(markdown=answering("L. 561-5"))))

    assert covered.answers()["L. 561-5"] == [("KYC-001", 1, "in_force")]
    covered.amend(covered.one)
    assert covered.desk.kept("OTH-001").due.amended is None


def test_what_procedures_name_and_the_register_does_not_hold_is_told(covered):
    covered.desk.publish(rule(regulations="[\"Règlement 2015/847\", \"Code monétaire et financier, article L. 999\"]"))

    told = [(one.speaking.code, one.words) for one in covered.coverage().unknown]
    assert told == [("KYC-002", "Règlement 2015/847"), ("KYC-002", f"{CMF}, article L. 999")]


def test_fr_1_an_amended_clause_makes_the_procedures_that_answer_it_due_on_that_day(covered):
    """FR-1: manuals kept up to date: what the law changed is looked at again, and readers know that it waits."""
    desk = covered.desk
    desk.publish(rule())
    desk.clock.set(2026, 5, 4, 9)
    covered.amend(covered.two)
    assert desk.day() == date(2027, 3, 1)

    covered.amend(covered.one)
    assert desk.day() == date(2026, 5, 4) and desk.kept().due.amended.label == "L. 561-5"
    assert not desk.kept().due.is_overdue and desk.day("KYC-002") == date(2027, 3, 1)
    desk.clock.set(2026, 5, 5, 9)
    assert desk.overdue("KYC-001", "KYC-002") == ["KYC-001"]
    assert [one.note for one in desk.look(desk.approver).kept.amended] == ["The delay is shorter."]
    desk.review(desk.approver)
    assert desk.day() == date(2027, 5, 5) and desk.kept().amended == []


def test_a_procedure_without_a_period_becomes_due_when_its_clause_is_amended(covered):
    covered.desk.publish(answering("L. 561-5", every=None))
    assert covered.desk.day("KYC-002") is None

    covered.amend(covered.one)
    assert covered.desk.day("KYC-002") == date(2026, 3, 1)


def test_what_was_due_before_stays_due_before(covered):
    covered.desk.clock.set(2027, 6, 1)
    covered.amend(covered.one)

    assert covered.desk.day() == date(2027, 3, 1) and covered.desk.kept().due.amended is None
    assert len(covered.desk.kept().amended) == 1


def test_a_material_version_published_after_the_amendment_answers_it_once_in_force_and_one_before_does_not(covered):
    desk = covered.desk
    desk.review(desk.second)
    desk.publish(answering("L. 561-5", words="Written before."), code="KYC-001", in_force_from=date(2026, 3, 5))
    desk.clock.set(2026, 3, 3, 9)
    covered.amend(covered.one)
    desk.clock.set(2026, 3, 5, 9)
    assert desk.day() == date(2026, 3, 3)

    desk.publish(answering("L. 561-5", words="Written after."), code="KYC-001", in_force_from=date(2026, 3, 9))
    assert desk.day() == date(2026, 3, 3)
    desk.clock.set(2026, 3, 9, 0)
    assert desk.day() == date(2027, 3, 9)


def test_an_amendment_and_a_review_are_ordered_by_sequence_whatever_their_clocks_say(covered):
    desk = covered.desk
    desk.clock.set(2026, 5, 4, 9, 5)
    covered.amend(covered.one)
    desk.clock.set(2026, 5, 4, 9, 0)        # a machine whose clock is five minutes late
    desk.review(desk.second)

    assert desk.kept().amended == [] and desk.day() == date(2027, 5, 4)


def test_the_same_amendment_said_twice_on_a_day_is_one(covered):
    first = covered.amend(covered.one)
    assert covered.amend(covered.one).id == first.id
    covered.amend(covered.one, "And the list is longer.")
    covered.desk.clock.at += timedelta(days=1)
    covered.amend(covered.one, "And the list is longer.")

    with covered.desk.world.database.reading() as session:
        assert len(session.scalars(select(Amendment)).all()) == 3
        act = session.scalar(select(Act).where(Act.act == "amend_clause"))
        assert act.object == f"clause:{covered.one.id}" and act.reason_digest == journal.digest(act.reason_salt, "The delay is shorter.")
        assert list(journal.findings(session)) == []


def test_a_note_is_asked_for(covered):
    for note in ("", "  \n", "x" * 2001):
        with pytest.raises(Invalid) as refused:
            covered.amend(covered.one, note)
        assert refused.value.field == "note"


def test_authors_keep_the_register_and_nobody_else(covered):
    desk = covered.desk
    acts = [
        lambda who: covered.text("Another", who),
        lambda who: covered.clause(covered.regulation, "L. 1", who=who),
        lambda who: covered.amend(covered.one, who=who),
        lambda who: desk.world.act(who, texts.look_again, covered.regulation.id, None),
        lambda who: covered.bring("text,clause\nX,1\n", who),
        lambda who: desk.world.act(who, lambda s, library, actor: texts.edit(s, actor, covered.regulation.id, TextFacts("Y"), revision=1)),
        lambda who: desk.world.act(who, lambda s, library, actor: clauses.edit(s, actor, covered.one.id, label="2", wording="", revision=1)),
        lambda who: desk.world.act(who, lambda s, library, actor: clauses.drop(s, actor, covered.one.id)),
        lambda who: desk.world.act(who, lambda s, library, actor: texts.drop(s, actor, covered.regulation.id)),
    ]
    for act in acts:
        for who, problem in ((desk.approver, Denied), (desk.member, Denied), (desk.auditor, Denied), (desk.guest, NotFound)):
            with pytest.raises(problem):
                act(who)
    for act in acts:
        act(desk.second)


def test_in_a_public_space_who_is_not_signed_in_is_asked_to(desk):
    desk.world.space("open", visibility="public", approvals=0, prefix="OPE")

    def verb(session, library, actor):
        return texts.add(session, actor, session.scalar(select(Space).where(Space.slug == "open")), TextFacts("X"))

    with pytest.raises(Unauthenticated):
        desk.world.act(None, verb)


def test_an_edit_of_words_that_moved_is_a_conflict(covered):
    def edit(title, revision):
        return covered.desk.world.act(covered.desk.author, lambda s, library, actor: texts.edit(s, actor, covered.regulation.id, TextFacts(title), revision=revision))

    def reword(wording, revision):
        return covered.desk.world.act(covered.desk.author, lambda s, library, actor: clauses.edit(s, actor, covered.one.id, label="L. 561-5", wording=wording, revision=revision))

    assert edit("The Code", 1).revision == 2 and reword("Identify.", 1).revision == 2
    for again in (lambda: edit("Another", 1), lambda: reword("Verify.", 1)):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.present == {"revision": 2}
    assert edit("The Code", 2).revision == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"title": ""}, "title"), ({"title": "§ — !"}, "title"), ({"title": "x" * 301}, "title"), ({"short": "x" * 81}, "short"),
     ({"source": "x" * 501}, "source"), ({"dated": date(9999, 1, 1)}, "dated"), ({"next_check": date(2201, 1, 1)}, "next_check")],
)
def test_what_cannot_be_said_of_a_text_is_refused_with_its_field(shelf, facts, field):
    with pytest.raises(Invalid) as refused:
        shelf.text(**({"title": "Law"} | facts))
    assert refused.value.field == field


@pytest.mark.parametrize(("label", "wording", "field"), [("", "", "label"), ("§", "", "label"), ("x" * 81, "", "label"), ("1", "x" * 4001, "wording"), ("1\x00", "", "label")])
def test_what_cannot_be_a_clause_is_refused_with_its_field(covered, label, wording, field):
    with pytest.raises(Invalid) as refused:
        covered.clause(covered.regulation, label, wording)
    assert refused.value.field == field


def test_a_text_or_a_clause_stands_once_however_it_is_written(covered):
    with pytest.raises(Conflict):
        covered.text("CODE MONETAIRE ET FINANCIER")
    with pytest.raises(Conflict):
        covered.clause(covered.regulation, "Article L 561.5")


def test_what_is_taken_out_is_not_found_answers_nothing_and_can_come_back(covered):
    desk = covered.desk
    covered.amend(covered.one)
    desk.world.act(desk.author, lambda s, library, actor: clauses.drop(s, actor, covered.one.id))
    assert "L. 561-5" not in covered.answers() and desk.day() == date(2027, 3, 1)
    assert covered.clause(covered.regulation, "L. 561-5", "Again.").id == covered.one.id
    assert covered.answers()["L. 561-5"] == [("KYC-001", 1, "in_force")]

    desk.world.act(desk.author, lambda s, library, actor: texts.drop(s, actor, covered.regulation.id))
    assert covered.answers() == {} and desk.day() == date(2027, 3, 1)
    for verb in (lambda s, library, actor: texts.readable(s, actor, covered.regulation.id), lambda s, library, actor: clauses.readable(s, actor, covered.one.id)):
        with pytest.raises(NotFound):
            desk.world.act(desk.author, verb)
    assert covered.text().id == covered.regulation.id and set(covered.answers()) == {"L. 561-5", "L. 561-5-2"}
    with desk.world.database.reading() as session:
        assert session.scalar(select(Clause.revision).where(Clause.id == covered.one.id)) == 2
        assert session.scalar(select(Regulation.revision)) == 2
