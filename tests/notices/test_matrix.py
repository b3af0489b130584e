"""Who hears what, by which channel, after which right was taken away: each kind of notice is met by the people it is for, and
after each loss of a right it is on no page, in no count, in no answer and in no letter."""

import pytest
from sqlalchemy import select

from accounts import grants
from accounts.models import Grant, Person, Space
from core import clock
from discussions import posts
from notices.models import Notice, Outgoing
from notices.outbox import _to_say, gather
from receipts.audiences import Chosen, choose
from tests.notices.conftest import QUOTE, RULE
from wiki import changes
from wiki.drafts import DraftText


def spoken(told, who):
    """Somebody of the restricted space is answered, called by name, and told of a thread they follow."""
    thread = told.ask(who, code="VAULT-001", slug="vault")
    told.reply("animator", thread, f"@{who.title()} Martin, it does.")
    return told.reply("author", thread, "Indeed.")


def decided(told, who):
    """An approver of the restricted space is asked to decide."""
    told.world.submit(told.people["author"], told.world.open(told.people["author"], "vault", DraftText(code="VAULT-001", markdown=RULE + "\nMore.\n")))


def declined(told, who):
    """A second author's change of the restricted space is declined."""
    change = told.world.submit(told.people[who], told.world.open(told.people[who], "vault", DraftText(code="VAULT-001", markdown=RULE + "\nMine.\n")))
    told.act("approver", changes.decline, change.id, "No.")


def asked_to_read(told, who):
    """Somebody is asked to read the rule of the restricted space."""
    told.world.act(told.people["author"], choose, "VAULT-001", Chosen(people=(told.people[who],)))


def told_of_approvers(told, who):
    """Somebody becomes an approver of the restricted space."""
    with told.world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "vault"))
        grants.grant(session, None, space, session.get(Person, told.people["stranger"]), "approver")


def let_in(told, who):
    """Somebody is given a role in the restricted space."""
    with told.world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "vault"))
        grants.grant(session, None, space, session.get(Person, told.people[who]), "member")


def let_in_to_read(told, who):
    """Somebody is given a role in the restricted space, where the rule asks its members to read it."""
    told.world.act(told.people["author"], choose, "VAULT-001", Chosen(roles=("member",)))
    let_in(told, who)


def a_version(told, who):
    """A new version of the restricted rule takes force, a tip of somebody's waits for a check."""
    told.follow(who, "procedure", "VAULT-001")
    told.ask(who, "A phone bill does.", code="VAULT-001", slug="vault", kind="tip", quote=QUOTE)
    changed = RULE.replace(QUOTE, "two letters that a bank or the tax office sent lately")
    told.world.publish(told.people["author"], told.people["approver"], "vault", DraftText(code="VAULT-001", markdown=changed))


CASES = {
    "answers and names": (spoken, "reader", {"mention", "answer"}), "to decide": (decided, "approver", {"to_decide"}),
    "declined": (declined, "second", {"declined"}), "to read": (asked_to_read, "reader", {"receipt"}),
    "a new approver, to approvers": (told_of_approvers, "approver", {"approver"}),
    "a new approver, to auditors": (told_of_approvers, "auditor", {"approver"}), "let in": (let_in, "helper", {"let_in"}),
    "let in to what asks to be read": (let_in_to_read, "helper", {"let_in", "to_read"}),
    "a version and a check": (a_version, "reader", {"in_force", "own_check"}),
}


def lose_every_role(told, who):
    told.revoke(who, "vault")


def be_disabled(told, who):
    with told.world.database.transaction() as session:
        session.get(Person, told.people[who]).disabled_at = clock.now()


def become_a_stranger(told, who):
    with told.world.database.transaction() as session:
        session.get(Person, told.people[who]).guest_since = clock.now()
    told.revoke(who, "vault")


def have_a_role_that_ended(told, who):
    with told.world.database.transaction() as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == told.people[who])):
            grant.ends_at = clock.now()


LOSSES = {"every role": lose_every_role, "roles that end": have_a_role_that_ended, "being here": be_disabled, "being an employee": become_a_stranger}


def letter_to(told, who):
    """Return the kinds that a letter to somebody would carry now."""
    with told.world.database.transaction() as session:
        for notice in session.scalars(select(Notice).where(Notice.person_id == told.people[who], Notice.letter_id.is_(None))):
            notice.mail_at = clock.now()
        session.flush()
        gather(session, 200)
        letters = session.scalars(select(Outgoing).where(Outgoing.person_id == told.people[who], Outgoing.due_at.is_not(None)))
        return {one.notice.kind for letter in letters for one in _to_say(session, letter)[1]}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("case", CASES)
def test_after_a_right_was_taken_nothing_is_said_by_any_channel(told, case, loss):
    happens, who, kinds = CASES[case]
    if who == "second":
        told.person("second", "author", slug="vault")
    happens(told, who)
    told.days()
    assert set(told.told(who)) >= kinds and told.unread(who) >= len(kinds) and letter_to(told, who) >= kinds

    LOSSES[loss](told, who)
    assert told.told(who) == [] and told.unread(who) == 0 and letter_to(told, who) == set()
    assert len(told.rows(who)) >= len(kinds)        # kept, for a right that is given back


@pytest.mark.parametrize(("role", "case", "kept"), [
    ("approver", "to decide", set()), ("approver", "a new approver, to approvers", set()), ("auditor", "a new approver, to auditors", set()),
])
def test_a_role_taken_in_a_space_that_one_still_reads_takes_what_the_role_was_told(told, role, case, kept):
    happens, who, kinds = CASES[case]
    happens(told, who)
    told.tell()
    with told.world.database.transaction() as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == told.people[who], Grant.role == role)):
            grant.role = "member"

    assert set(told.told(who)) & kinds == kept and letter_to(told, who) & kinds == kept


def test_what_happens_after_the_loss_is_told_to_nobody_outside(told):
    post = spoken(told, "reader")
    told.tell()
    before = len(told.rows("reader"))
    told.revoke("reader", "vault")
    with told.world.database.reading() as session:
        thread = session.get(posts.Thread, post.thread_id)
    told.reply("animator", thread, "@Reader Martin, are you still here?")
    told.tell()

    assert len(told.rows("reader")) == before


def test_a_right_given_back_brings_back_what_was_said(told):
    spoken(told, "reader")
    told.tell()
    said = told.told("reader")
    told.revoke("reader", "vault")
    assert told.told("reader") == []

    told.world.grant("vault", told.people["reader"], "member")
    assert told.told("reader") == said


def test_an_auditor_follows_nothing_any_more(told):
    told.follow("reader", "procedure", "KYC-001")
    told.world.grant("kyc", told.people["reader"], "auditor")
    told.ask("asker")
    told.tell()

    assert told.told("reader") == []


def test_a_guest_is_told_of_public_spaces_only_what_they_follow_there(told):
    told.world.space("open", visibility="public", prefix="OPEN")
    told.follow("guest", "space", "open")
    told.ask("asker", code=None, slug="open")
    told.ask("asker", code=None, slug="kyc")
    told.tell()

    assert told.told("guest") == ["thread"]
