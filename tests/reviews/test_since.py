"""What a reviewer is told: what happened since, whatever its age where it still waits, and nothing behind a wall."""

from datetime import timedelta

import pytest

from discussions import threads
from tests.reviews.conftest import rule
from wiki.drafts import DraftText
from wiki.markdown import MOST_LINKS

pytestmark = pytest.mark.both


@pytest.fixture
def ruled(desk):
    desk.publish(rule(words="The adviser sees an identity document of the customer. Then KYC-002, [the form](kyc-003.md), VAULT-001 and ABC-999."))
    for title in ("Screening", "The form", "Nobody names this"):
        desk.publish(rule(None, title=title))
    desk.clock.at += timedelta(days=1)
    return desk


def headings(listed) -> list[str]:
    return [one.heading for one in listed]


def test_nothing_happened_is_said(ruled):
    assert ruled.look(ruled.author).happened.is_quiet


def test_open_gaps_new_threads_and_tips_that_wait_are_told(ruled):
    ruled.talk(ruled.member, "gap", "We ask for two papers.")
    ruled.talk(ruled.member, "tip", "Any passport will do.", quote="an identity document of the customer")
    ruled.talk(ruled.member, "question", "Before a review.")
    ruled.review(ruled.second)
    ruled.clock.at += timedelta(days=1)
    ruled.talk(ruled.member, "question", "After a review.")
    ruled.publish(rule(words="The adviser sees two identity documents of the customer. See KYC-002."), code="KYC-001", kind="editorial")

    told = ruled.look(ruled.approver).happened

    assert headings(told.gaps) == ["We ask for two papers."]
    assert headings(told.checks) == ["Any passport will do."]
    assert headings(told.threads) == ["After a review."]


def test_a_gap_that_was_closed_or_answered_waits_no_more(ruled):
    gap = ruled.talk(ruled.member, "gap", "We ask for two papers.")
    ruled.review(ruled.second)
    assert headings(ruled.look(ruled.author).happened.gaps) == ["We ask for two papers."]

    ruled.world.act(ruled.member, lambda session, library, actor: threads.close(session, actor, threads.readable(session, actor, gap.id).thread))
    assert headings(ruled.look(ruled.author).happened.gaps) == []


def test_new_versions_of_what_it_refers_to_are_told_by_code_and_by_link(ruled):
    ruled.review(ruled.second)
    ruled.clock.at += timedelta(days=1)
    for code, title in (("KYC-002", "Screening"), ("KYC-003", "The form"), ("KYC-004", "Nobody names this")):
        ruled.publish(rule(None, "Other words.", title=title), code=code, reason=f"Why {title}")

    moved = ruled.look(ruled.author).happened.moved

    assert {(one.code, one.version, one.reason) for one in moved} == {("KYC-002", 2, "Why Screening"), ("KYC-003", 2, "Why The form")}


def test_a_procedure_behind_a_wall_is_told_only_to_those_who_may_read_it(ruled):
    ruled.world.space("vault", visibility="restricted", approvals=0, prefix="VAULT")
    ruled.world.grant("vault", ruled.author, "author")
    ruled.world.submit(ruled.author, ruled.world.open(ruled.author, "vault", DraftText(markdown=rule(None, title="Locked"))))

    assert [one.code for one in ruled.look(ruled.author).happened.moved] == ["VAULT-001"]
    assert ruled.look(ruled.approver).happened.is_quiet


def test_a_page_of_twenty_thousand_references_is_looked_at_in_a_bounded_way(desk):
    links = " ".join(f"[x](f{n}.md)" for n in range(MOST_LINKS))
    desk.publish(rule(words=links + " ".join(f" ABC-{n:05d}" for n in range(20_000 - MOST_LINKS))))

    assert desk.look(desk.author).happened.is_quiet
