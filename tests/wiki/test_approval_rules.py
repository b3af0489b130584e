"""Who must approve: the seats of the space and of the procedure, as they stood when the change was opened.

ISO-3, P11-6, P11-7: nothing takes force without the approvals that were asked for, and the right is asked again each time.
"""

import pytest
from sqlalchemy import select

from accounts import seating
from accounts.models import Person, Space
from accounts.seats import Seat
from core import clock, journal
from core.errors import Denied, Invalid
from wiki import approval_rules, changes, procedures, sending
from wiki.approving import approve, missing
from wiki.drafts import Draft, DraftText
from wiki.models import Change, Version
from wiki.proposals import fallen, texts_of
from wiki.reconciling import reconcile
from wiki.verifying import findings

pytestmark = pytest.mark.both
ANY, OWNER = Seat("any"), Seat("owner")
COMPLIANCE, BRANCHES = Seat("team", ("Compliance",)), Seat("team", ("Branches",))
TEXT = "---\ntitle: Opening\nowner: Back office\n---\n\nWords.\n"


@pytest.fixture
def office(world, people):
    """Let Boris be of Compliance, Chloé of the back office, and ask for one of each."""
    join(world, people.approver, "Compliance")
    join(world, people.second, "Back office")
    third = world.person("Tom Third", team="Compliance")
    world.grant("kyc", third, "approver")
    people.third = third
    ask(world, COMPLIANCE, OWNER)
    return people


def join(world, person, team):
    with world.database.transaction() as session:
        session.get(Person, person).team = team


def ask(world, *wanted, slug="kyc"):
    with world.database.transaction() as session:
        seating.set_seats(session, None, session.scalar(select(Space).where(Space.slug == slug)), wanted)


def in_review(world, people, text=TEXT, **more):
    return world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=text, **more)))


def refusal(problem, act):
    with pytest.raises(problem) as raised:
        act()
    return str(raised.value)


def test_one_of_compliance_and_one_of_the_owners_side(world, office):
    change = in_review(world, office)

    assert world.approve(office.approver, change).state == "in_review"
    assert "somebody else" in refusal(Denied, lambda: world.approve(office.third, change))
    assert world.approve(office.second, change).state == "published"
    assert [a["name"] for a in world.standing("KYC-001").in_force.approvals] == ["Boris Approver", "Chloé Second"]


def test_somebody_who_wrote_part_of_it_fills_no_seat_whatever_their_team(world, office):
    change = in_review(world, office)
    change = world.act(office.second, changes.save, change.id, change.digest, draft(TEXT + "More.\n"))

    assert "You wrote part" in refusal(Denied, lambda: world.approve(office.second, change))
    assert world.approve(office.third, change).state == "in_review"


def draft(markdown, **more):
    return Draft("Because", "material", (DraftText(markdown=markdown),), **more)


def test_a_draft_does_not_choose_who_approves_it_by_naming_another_owner(world, office):
    published(world, office, TEXT)
    change = in_review(world, office, TEXT.replace("Back office", "Compliance"), code="KYC-001")
    world.approve(office.approver, change)

    assert "somebody else" in refusal(Denied, lambda: world.approve(office.third, change))
    assert world.approve(office.second, change).state == "published"


def published(world, people, text, **more):
    change = in_review(world, people, text, **more)
    world.approve(people.approver, change)
    return world.approve(people.second, change)


def test_open_changes_keep_what_was_asked_when_they_were_opened(world, office):
    change = in_review(world, office)
    ask(world, ANY)

    assert world.approve(office.third, change).state == "in_review"
    later = in_review(world, office, TEXT + "Another.\n")
    assert world.approve(office.third, later).state == "published"


def test_a_procedure_asks_for_more_than_its_space_and_one_person_can_fill_a_seat_of_each(world, office):
    ask(world, ANY)
    assert world.approve(office.third, in_review(world, office)).state == "published"
    set_own(world, office.approver, Seat("people", (office.second,)), ANY)

    change = in_review(world, office, TEXT + "More.\n", code="KYC-001")
    assert world.approve(office.third, change).state == "in_review"
    assert world.approve(office.second, change).state == "published"


def set_own(world, person, *wanted):
    with world.database.transaction() as session:
        found = procedures.readable(session, world.actor(session, person), "KYC-001")
        return approval_rules.set_own_seats(session, world.actor(session, person), found, wanted)


def test_only_approvers_say_who_approves_a_procedure_and_it_is_an_act(world, office):
    published(world, office, TEXT)

    refusal(Denied, lambda: set_own(world, office.author, ANY))
    refusal(Denied, lambda: set_own(world, office.auditor, ANY))
    assert set_own(world, office.approver, ANY) and not set_own(world, office.approver, ANY)
    assert set_own(world, office.approver) and not set_own(world, office.approver)
    with world.database.reading() as session:
        acts = session.scalars(select(journal.Act.act).where(journal.Act.object == "procedure:KYC-001")).all()
    assert acts == ["set_own_approvals", "set_own_approvals"]


def test_a_text_that_comes_into_a_change_brings_its_own_rule(world, office):
    published(world, office, TEXT)
    ask(world, ANY)
    set_own(world, office.approver, Seat("people", (office.second,)))
    change = in_review(world, office, "Another.\n")
    assert change.approvals_required == 1

    both = (DraftText(markdown="Another.\n", code=change_code(world, change)), DraftText(code="KYC-001", markdown=TEXT + "More.\n"))
    change = world.act(office.author, changes.save, change.id, change.digest, Draft("Because", "material", both))
    assert world.approve(office.third, change).state == "in_review"
    assert world.approve(office.second, change).state == "published"


def change_code(world, change):
    with world.database.reading() as session:
        return texts_of(session, change)[0].code


def test_the_seats_that_wait_are_said(world, office):
    change = in_review(world, office)
    world.approve(office.approver, change)

    with world.database.reading() as session:
        assert missing(session, session.get(Space, change.space_id), session.get(Change, change.id)) == [OWNER]


def test_reviewing_fills_a_seat_and_somebody_must_approve(world, office):
    ask(world, ANY, ANY)
    change = in_review(world, office)
    sign(world, office.approver, change, "review")

    assert "must approve it for use" in refusal(Invalid, lambda: sign(world, office.second, change, "review"))
    refusal(Invalid, lambda: sign(world, office.second, change, "bless"))
    assert sign(world, office.second, change, "approve").state == "published"
    meanings = [a["meaning"] for a in world.standing("KYC-001").in_force.approvals]
    assert meanings == ["review", "approve"]


def sign(world, person, change, meaning):
    return world.act(person, approve, change.id, change.digest, meaning=meaning)


def test_a_change_from_before_seats_were_known_asks_any_approver(world, office):
    change = in_review(world, office)
    with world.database.transaction() as session:
        row = session.get(Change, change.id)
        row.rules, row.approvals_required = [], 1

    assert world.approve(office.third, change).state == "published"


@pytest.mark.parametrize("wanted", [
    [Seat("people", ("Nobody Known",))], [Seat("people", ())], [Seat("team", ("  ",))], [Seat("role", ("auditor",))],
    [Seat("king")], [ANY] * 6,
])
def test_a_seat_that_nobody_could_take_is_refused(world, office, wanted):
    before = present(world)
    refusal(Invalid, lambda: ask(world, *wanted))
    assert present(world) == before
    ask(world, Seat("people", ("boris approver", office.third)), Seat("role", ("author",)))
    assert present(world) == (Seat("people", (office.approver, office.third)), Seat("role", ("author",)))


@pytest.mark.parametrize(("wanted", "sentence"), [
    ([Seat("team", ("Branches",))], "in the team Branches"), ([ANY, Seat("role", ("animator",))], "holds the role animator"),
    ([Seat("role", ("author",))] * 2, "Too few people"), ([Seat("team", ("Back office",)), Seat("role", ("author",))], "Too few people"),
])
def test_seats_that_no_approver_of_the_space_could_take_are_refused(world, office, wanted, sentence):
    before = present(world)

    assert sentence in refusal(Invalid, lambda: ask(world, *wanted))
    assert present(world) == before
    published(world, office, TEXT)
    assert sentence in refusal(Invalid, lambda: set_own(world, office.approver, *wanted))
    ask(world, COMPLIANCE, COMPLIANCE, Seat("role", ("author", "animator")), OWNER, ANY)


def test_where_nobody_approves_yet_a_team_or_a_role_can_be_asked_for(world, people):
    world.space("empty")

    ask(world, COMPLIANCE, Seat("role", ("animator",)), slug="empty")
    assert present(world, "empty") == (COMPLIANCE, Seat("role", ("animator",)))


def present(world, slug="kyc"):
    with world.database.reading() as session:
        return seating.seats_of(session.scalar(select(Space).where(Space.slug == slug)))


def test_only_administrators_say_who_approves_in_a_space(world, office):
    boss = world.person("Ada Boss", administrator_since=clock.now())
    for person, allowed in ((office.approver, False), (office.author, False), (boss, True)):
        with world.database.transaction() as session:
            space = session.scalar(select(Space).where(Space.slug == "kyc"))
            if allowed:
                assert seating.set_seats(session, world.actor(session, person), space, [ANY])
            else:
                with pytest.raises(Denied):
                    seating.set_seats(session, world.actor(session, person), space, [ANY])


def test_an_approval_falls_by_name_and_the_seat_is_empty_again(world, office):
    change = in_review(world, office)
    world.approve(office.approver, change)
    world.act(office.author, changes.save, change.id, change.digest, draft(TEXT + "More.\n"))

    with world.database.reading() as session:
        (approval, person), = fallen(session, session.get(Change, change.id))
        assert (person.name, approval.fell_by) == ("Boris Approver", "Anne Author")
        assert missing(session, session.get(Space, change.space_id), session.get(Change, change.id)) == [COMPLIANCE, OWNER]


def test_writers_are_named_with_the_time_of_their_last_save(world, office):
    published(world, office, TEXT)

    (writer,) = world.standing("KYC-001").in_force.written_by
    assert writer["name"] == "Anne Author" and writer["at"].endswith("Z")


def test_what_changes_for_people_is_approved_published_and_kept_in_git(world, office):
    ask(world, ANY)
    change = world.open(office.author, "kyc", DraftText(markdown=TEXT), for_you=("  Ask for two papers. ", "", "Keep a copy."))
    assert change.for_you == ["Ask for two papers.", "Keep a copy."]
    silent = world.act(office.author, changes.save, change.id, change.digest, draft(TEXT))
    assert silent.digest != change.digest
    said = world.act(office.author, changes.save, change.id, silent.digest, draft(TEXT, for_you=("Ask for two papers.",)))
    world.approve(office.third, world.submit(office.author, said))

    assert world.standing("KYC-001").in_force.for_you == ["Ask for two papers."]
    with world.database.reading() as session:
        assert list(findings(session, world.library, [])) == []


@pytest.mark.parametrize(("lines", "kind"), [(("a",) * 4, "material"), (("x" * 201,), "material"), (("a",), "editorial")])
def test_lines_are_three_short_and_for_material_changes(world, office, lines, kind):
    with pytest.raises(Invalid) as raised:
        world.open(office.author, "kyc", DraftText(markdown=TEXT), for_you=lines, kind=kind)
    assert raised.value.field == "for_you"
    assert world.open(office.author, "kyc", DraftText(markdown=TEXT), for_you=("a",) * 3).for_you == ["a"] * 3


def test_a_text_with_lines_that_only_git_remembers_is_rebuilt_as_it_was_approved(world, office):
    ask(world)
    with pytest.raises(RuntimeError), world.database.transaction() as session:
        actor = world.actor(session, office.author)
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        given = draft(TEXT, for_you=("Ask for two papers.",), in_force_from=world.day(3))
        change = changes.open_change(session, world.library, actor, space, given)
        sending.submit(session, world.library, actor, change.id)
        raise RuntimeError
    reconcile(world.database, world.library)

    with world.database.reading() as session:
        assert list(findings(session, world.library, [])) == []
        assert session.scalar(select(Version.for_you)) == ["Ask for two papers."]


def test_a_change_that_nothing_asks_to_approve_any_more_is_a_draft_again(world, people):
    """In a space of no approvals, one procedure asks for some: without it nobody could approve the rest, so it can be sent."""
    ask(world)
    for text in (TEXT, TEXT.replace("Opening", "Closing")):
        world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=text)))
    with world.database.transaction() as session:
        actor = world.actor(session, people.approver)
        approval_rules.set_own_seats(session, actor, procedures.readable(session, actor, "KYC-001"), (ANY,))
    both = [DraftText(code=code, markdown=TEXT + code) for code in ("KYC-001", "KYC-002")]
    change = world.submit(people.author, world.open(people.author, "kyc", *both))
    assert (change.state, change.approvals_required) == ("in_review", 1)

    rest = world.act(people.author, changes.save, change.id, change.digest, Draft("Because", "material", tuple(both[1:])))

    assert (rest.state, rest.approvals_required, rest.submitted_at) == ("draft", 0, None)
    assert world.submit(people.author, rest).state == "published"
    assert world.text("kyc", "KYC-002") == TEXT + "KYC-002" and world.text("kyc", "KYC-001") == TEXT


def test_the_owner_of_a_new_procedure_is_who_its_text_names_when_it_is_sent(world, people):
    """It begins without one, as every new text does; of a procedure that is published, a draft chooses nobody."""
    with world.database.transaction() as session:
        for id, team in ((people.approver, "Treasury"), (people.second, "Branches")):
            session.get(Person, id).team = team
    ask(world, Seat("owner"))
    change = world.open(people.author, "kyc", DraftText(markdown=TEXT), DraftText(markdown=TEXT.replace("Opening", "Closing")))
    named = tuple(DraftText(code=f"KYC-00{n}", markdown=f"---\ntitle: T{n}\nowner: {owner}\n---\n\nWords.\n") for n, owner in ((1, "Treasury"), (2, "Treasury")))

    saved = world.act(people.author, changes.save, change.id, change.digest, Draft("Because", "material", named))

    assert {(rule.owner, code) for rule in approval_rules.rules_of(saved) for code in rule.codes} == {("Treasury", "KYC-001"), ("Treasury", "KYC-002")}
    sent = world.submit(people.author, saved)
    refusal(Denied, lambda: world.approve(people.second, sent))
    assert world.approve(people.approver, sent).state == "published"
    taken = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=TEXT.replace("owner:", "owner: Branches #")))
    assert {rule.owner for rule in approval_rules.rules_of(taken)} == {"Treasury"}


def test_what_a_change_will_take_is_known_before_it_is_kept(world, people):
    """Of its space, of each procedure's own rule, and of what it was asked already."""
    ask(world)
    for text in (TEXT, TEXT.replace("Opening", "Closing")):
        world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=text)))
    draft, sent = (world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=TEXT + more)) for more in "ab")
    set_own(world, people.approver, ANY, ANY)
    asked = world.submit(people.author, sent)

    def required(*codes, change=None):
        with world.database.reading() as session:
            space = session.scalar(select(Space).where(Space.slug == "kyc"))
            return approval_rules.required(session, space, codes, change and session.get(Change, change.id))

    assert [required("KYC-001"), required("KYC-002"), required(""), required("KYC-002", "KYC-001")] == [2, 0, 0, 2]
    assert [required("KYC-001", change=draft), required("KYC-002", change=draft)] == [2, 0]
    set_own(world, people.approver)
    assert [required("KYC-001"), required("KYC-001", change=draft)] == [0, 0]
    assert [required("KYC-001", change=asked), required("KYC-001", "KYC-002", change=asked), required("KYC-002", change=asked)] == [2, 2, 0]


def test_a_change_of_a_procedure_that_asks_for_approvals_says_what_kind_it_is_wherever_it_is(world, people):
    ask(world)
    world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=TEXT)))
    assert world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=TEXT + "1"), kind=None).kind == "editorial"
    set_own(world, people.approver, ANY)

    assert "material or editorial" in refusal(Invalid, lambda: world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=TEXT + "2"), kind=None))
    assert world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=TEXT + "2"), kind="material").approvals_required == 1
    assert world.open(people.author, "kyc", DraftText(markdown=TEXT + "3"), kind=None).approvals_required == 0


def test_a_draft_put_aside_while_nothing_was_asked_is_no_way_around_the_rule(world, people):
    ask(world)
    draft = world.open(people.author, "kyc", DraftText(markdown=TEXT))
    bare = world.open(people.author, "kyc", DraftText(markdown=TEXT), reason="", kind=None)
    ask(world, ANY)

    sent = world.submit(people.author, draft)
    assert (sent.state, sent.approvals_required) == ("in_review", 1)
    assert world.approve(people.approver, sent).state == "published"
    assert "Say why" in refusal(Invalid, lambda: world.submit(people.author, bare))


def test_a_draft_from_stricter_days_keeps_what_was_asked_then(world, people):
    ask(world, ANY, ANY)
    draft = world.open(people.author, "kyc", DraftText(markdown=TEXT))
    ask(world)

    assert (world.submit(people.author, draft).state, draft.approvals_required) == ("in_review", 2)
