"""Whom a procedure asks, and for which version. ISO-6, SOX-6."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from accounts import administering, people
from accounts.models import Grant, Person, Space
from core import clock
from core.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from receipts.models import AudienceEntry
from tests.receipts.conftest import RULE
from wiki.drafts import DraftText

pytestmark = pytest.mark.both


def test_a_procedure_without_an_audience_asks_nobody(desk):
    assert desk.waits_for(desk.ines) == []
    assert desk.roll() == {"missing": [], "attested": [], "past": []}
    with pytest.raises(Denied):
        desk.attest(desk.ines, 1)


def test_the_teams_that_the_text_names_are_asked_whatever_their_case_and_accents_iso_6(desk):
    """ISO-6: a procedure has an audience, and it is known who is in it."""
    desk.ask(applies_to=True)

    assert set(desk.roll()["missing"]) == {desk.ines, desk.jonas}
    assert desk.waits_for(desk.jonas) == [("KYC-001", 1, None)] and desk.waits_for(desk.sofia) == []


def test_another_text_may_name_other_teams(desk):
    desk.ask(applies_to=True)

    desk.amend(RULE.replace("[Branches, Online desk]", "BACK   Öffice".replace("Ö", "O")))

    assert desk.roll()["missing"] == [desk.sofia]


def test_members_of_an_internal_space_are_all_employees_but_its_auditor(desk):
    desk.ask(roles=("member",))

    assert set(desk.roll()["missing"]) == {desk.author, desk.approver, desk.ines, desk.jonas, desk.sofia}
    assert desk.waits_for(desk.auditor) == [] and desk.waits_for(desk.guest) == []


def test_who_was_a_guest_waits_since_they_became_an_employee(desk, later):
    desk.ask(roles=("member",))
    later(3)
    with desk.world.database.transaction() as session:
        administering.make_employee(session, None, session.get(Person, desk.guest))
        became = clock.now()

    assert became - timedelta(minutes=1) < desk.since(desk.guest) <= became
    assert desk.since(desk.ines) < became - timedelta(days=2) and desk.roll()["missing"][-1] == desk.guest


def test_a_role_asks_those_who_hold_it(desk):
    desk.ask(roles=("approver",))

    assert desk.roll()["missing"] == [desk.approver]


def test_named_people_are_asked(desk):
    desk.ask(desk.sofia, desk.ines)

    assert set(desk.roll()["missing"]) == {desk.sofia, desk.ines}


def test_a_guest_is_asked_only_by_name_or_as_a_member(desk):
    world = desk.world
    world.space("doors", visibility="restricted", prefix="DOO")
    world.grant("doors", desk.author, "author")
    world.grant("doors", desk.approver, "approver")
    world.grant("doors", desk.guest, "member")
    with world.database.transaction() as session:
        session.get(Person, desk.guest).team = "Branches"
    world.publish(desk.author, desk.approver, "doors", DraftText(markdown=RULE))

    def ask(*named, **more):
        from receipts.audiences import Chosen, choose

        world.act(desk.author, choose, "DOO-001", Chosen(people=named, **more))
        return desk.waits_for(desk.guest)

    assert ask(applies_to=True) == []
    assert ask(roles=("author",)) == []
    assert ask(roles=("member",)) == [("DOO-001", 1, None)]
    assert ask(desk.guest) == [("DOO-001", 1, None)]


def test_who_is_disabled_is_neither_asked_nor_missing_and_their_receipt_stays(desk):
    desk.ask(desk.ines, desk.sofia)
    desk.attest(desk.ines, 1)
    with desk.world.database.transaction() as session:
        for id in (desk.ines, desk.sofia):
            people.disable(session, None, session.get(Person, id))

    assert desk.roll() == {"missing": [], "attested": [], "past": [desk.ines]}


def test_who_can_no_longer_read_the_space_is_neither_asked_nor_missing(desk):
    desk.ask(desk.ines, roles=("member",))
    with desk.world.database.transaction() as session:
        session.execute(update(Space).where(Space.slug == "kyc").values(visibility="restricted"))
    assert desk.waits_for(desk.ines) == [] and desk.ines not in desk.roll()["missing"]

    desk.world.grant("kyc", desk.ines, "member")
    assert desk.waits_for(desk.ines) == [("KYC-001", 1, None)] and desk.ines in desk.roll()["missing"]
    with desk.world.database.transaction() as session:
        session.execute(delete(Grant).where(Grant.person_id == desk.ines))
    assert desk.waits_for(desk.ines) == [] and desk.ines not in desk.roll()["missing"]


def test_only_material_versions_ask_again(desk):
    desk.ask(desk.ines)
    desk.attest(desk.ines, 1)
    assert desk.waits_for(desk.ines) == []

    desk.amend(RULE + "\nOnly the words.\n", kind="editorial")
    assert desk.waits_for(desk.ines) == [] and desk.roll()["attested"] == [desk.ines]
    desk.amend(RULE + "\nA new duty.\n")
    assert desk.waits_for(desk.ines) == [("KYC-001", 3, 1)]


def test_several_material_versions_ask_for_one_receipt_of_the_newest(desk):
    desk.ask(desk.ines)
    desk.attest(desk.ines, 1)
    for duty in ("One.", "Two."):
        desk.amend(f"{RULE}\n{duty}\n")
    desk.amend(f"{RULE}\nThree, in other words.\n", kind="editorial")

    assert desk.waits_for(desk.ines) == [("KYC-001", 4, 1)]
    desk.attest(desk.ines, 4)
    assert desk.waits_for(desk.ines) == []


def test_a_version_asks_from_its_day_on(desk, later):
    desk.ask(desk.ines)
    desk.attest(desk.ines, 1)
    desk.amend(RULE + "\nFrom next week.\n", in_force_from=desk.world.day(7))

    assert desk.waits_for(desk.ines) == []
    later(7)
    assert desk.waits_for(desk.ines) == [("KYC-001", 2, 1)]


def test_what_is_retired_asks_nobody(desk):
    desk.ask(desk.ines)
    desk.world.publish(desk.author, desk.approver, "kyc", DraftText(action="retire", code="KYC-001"))

    assert desk.waits_for(desk.ines) == [] and desk.roll()["missing"] == []
    with pytest.raises(Conflict):
        desk.attest(desk.ines, 1)


def test_somebody_is_asked_since_the_audience_means_them_and_not_before_the_version(desk, later):
    later(3)
    desk.ask(desk.ines)
    chosen = clock.now()
    assert abs((chosen - desk.since(desk.ines)).total_seconds()) < 60

    later(2)
    desk.attest(desk.ines, 1)
    desk.amend(RULE + "\nA new duty.\n")
    assert desk.since(desk.ines).date() == clock.today(desk.world.library.zone)


def test_somebody_who_changes_teams_is_asked_since_then(desk, later):
    desk.ask(applies_to=True)
    later(10)
    with desk.world.database.transaction() as session:
        people.choose_team(session, None, session.get(Person, desk.sofia), "Branches")

    assert (clock.now() - desk.since(desk.sofia)).total_seconds() < 60
    assert desk.roll()["missing"][-1] == desk.sofia


def test_choosing_again_keeps_since_when_those_who_stay_are_asked_and_what_ended(desk, later):
    desk.ask(desk.ines)
    before = desk.since(desk.ines)
    later(5)
    desk.ask(desk.ines, desk.sofia)
    desk.ask(desk.ines)

    assert desk.since(desk.ines) == before and desk.roll()["missing"] == [desk.ines]
    with desk.world.database.reading() as session:
        ended = session.scalar(select(AudienceEntry).where(AudienceEntry.person_id == desk.sofia))
    assert ended.ended_by == desk.author and ended.ended_at


def test_only_authors_choose_and_each_choice_is_an_act(desk):
    for person, problem in ((desk.approver, Denied), (desk.auditor, Denied), (desk.ines, Denied), (desk.guest, NotFound)):
        with pytest.raises(problem):
            desk.ask(desk.ines, by=person)
    assert "set_audience" not in desk.acts()

    desk.ask(desk.ines)
    desk.ask(desk.ines)
    desk.ask()
    assert desk.acts().count("set_audience") == 2


def test_nobody_signed_in_reads_no_internal_space(desk):
    desk.ask(desk.ines)

    with pytest.raises(NotFound):
        desk.attest(None, 1)
    with desk.world.database.transaction() as session:
        session.execute(update(Space).values(visibility="public"))
    with pytest.raises(Unauthenticated):
        desk.attest(None, 1)


def test_only_people_who_can_be_asked_there_can_be_named_in_the_same_words(desk):
    said = set()
    for stranger in (desk.guest, desk.auditor, "nobodynobodynobo"):
        with pytest.raises(Invalid) as refused:
            desk.ask(desk.ines, stranger)
        said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(Invalid):
        desk.ask(roles=("auditor",))


def test_two_authors_do_not_overwrite_each_other(desk):
    seen = desk.ask(desk.ines)
    desk.ask(desk.ines, desk.sofia, digest=seen.digest)

    with pytest.raises(Conflict):
        desk.ask(desk.jonas, digest=seen.digest)
    assert set(desk.roll()["missing"]) == {desk.ines, desk.sofia}
