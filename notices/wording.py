"""What each notice says, in one sentence, in the language of whoever reads it."""

from datetime import date

from flask_babel import gettext, ngettext

from core.catalogue import day
from core.errors import N_
from notices.mondays import waiting
from notices.reading import Shown

_SENTENCES = {
    "mention": N_("%(who)s named you: %(what)s"),
    "answer": N_("%(who)s answered you: %(what)s"),
    "post": N_("%(who)s answered: %(what)s"),
    "accepted": N_("%(who)s accepted your answer: %(what)s"),
    "settled": N_("%(who)s accepted an answer: %(what)s"),
    "own_check": N_("The rule changed, and what you wrote waits for a check: %(what)s"),
    "check": N_("The rule changed, and this waits for a check: %(what)s"),
    "scheduled": N_("%(rule)s: version %(version)s takes force on %(day)s"),
    "cancelled": N_("%(rule)s: version %(version)s was cancelled before its day"),
    "in_force": N_("%(rule)s: version %(version)s is in force"),
    "to_decide": N_("%(who)s asks for your approval: %(rule)s"),
    "proposed": N_("%(who)s proposes other words: %(rule)s"),
    "taken_over": N_("%(who)s took your proposal over: %(rule)s"),
    "published": N_("What you wrote was approved and published: %(rule)s, version %(version)s"),
    "declined": N_("%(who)s declined what you wrote: %(rule)s"),
    "receipt": N_("%(rule)s asks you to read version %(version)s"),
    "reminder": N_("%(who)s asks you again to read %(rule)s, version %(version)s"),
    "to_read": N_("%(asked)s in %(space)s"),
    "review_due": N_("The review of %(rule)s is due on %(day)s"),
    "approver": N_("%(subject)s became an approver of %(space)s"),
    "approvals": N_("%(who)s changed who approves in %(space)s"),
    "desk": N_("On the desk of %(space)s: %(desk)s"),
}
_OPENED = {
    "question": N_("%(who)s asks: %(what)s"),
    "tip": N_("%(who)s left a tip: %(what)s"),
    "gap": N_("%(who)s does it differently: %(what)s"),
    "announcement": N_("%(who)s announces: %(what)s"),
}
_LET_IN = {
    "member": N_("You were let into %(space)s"),
    "author": N_("You are now an author of %(space)s"),
    "approver": N_("You are now an approver of %(space)s"),
    "animator": N_("You are now an animator of %(space)s"),
    "auditor": N_("You are now an auditor of %(space)s"),
}
_FELL = N_("Your approval no longer counts, because the change was changed: %(rule)s")
_OTHERS_FELL = N_("The approval of %(subject)s no longer counts, because the change was changed: %(rule)s")
_RETIRED = N_("%(rule)s is retired")
_RETIRES = N_("%(rule)s is retired from %(day)s")
# What a subject line says of a restricted space: letters pass through many hands.
_BARE = {
    "mention": N_("You were named in a message"),
    "answer": N_("An answer to you"),
    "accepted": N_("Your answer was accepted"),
    "to_decide": N_("A change waits for your approval"),
    "receipt": N_("A procedure asks you to read it"),
    "reminder": N_("A procedure asks you again to read it"),
    "to_read": N_("Procedures ask you to read them"),
    "review_due": N_("A review is due"),
    "desk": N_("Your desk"),
}
_NEWS = N_("Something new in what you follow")


def said(one: Shown) -> str:
    """Return what a notice says."""
    return gettext(_sentence(one)) % _values(one)


def said_bare(one: Shown) -> str:
    """Return what may stand in the open about a notice: nothing of what a restricted space holds."""
    return gettext(_BARE.get(one.notice.kind, _NEWS)) if one.space.visibility == "restricted" else said(one)


def _sentence(one: Shown) -> str:
    match one.notice.kind:
        case "thread":
            return _OPENED[one.thread_kind]
        case "let_in":
            return _LET_IN[one.notice.word]
        case "fell":
            return _FELL if one.subject_is_me else _OTHERS_FELL
        case "in_force" if one.notice.word == "retired":
            return _RETIRED
        case "scheduled" if one.notice.word.startswith("retired "):
            return _RETIRES
    return _SENTENCES[one.notice.kind]


def _values(one: Shown) -> dict[str, object]:
    rule = " ".join(filter(None, (one.code, one.title)))
    dated = one.notice.kind in ("scheduled", "cancelled", "review_due")
    return {
        "who": one.actor or gettext(N_("An administrator")), "what": one.heading, "rule": rule, "version": one.notice.version,
        "desk": _on_the_desk(one.notice.word) if one.notice.kind == "desk" else "",
        "asked": _asked(one.notice.word) if one.notice.kind == "to_read" else "",
        "day": day(date.fromisoformat(one.notice.word.removeprefix("retired "))) if dated else "", "subject": one.subject, "space": one.space.name,
    }


def _asked(word: str) -> str:
    """Return how many procedures ask to be read."""
    return ngettext("%(num)s procedure asks you to say that you have read it", "%(num)s procedures ask you to say that you have read them", int(word))


def _on_the_desk(word: str) -> str:
    """Return what waits on a desk, in words, what does not wait left out."""
    questions, newcomers, disagreements, reports, inbox, checks, gaps = waiting(word)
    parts = (
        (questions, ngettext("%(num)s question without an answer", "%(num)s questions without an answer", questions)),
        (newcomers, ngettext("%(num)s newcomer without a reply", "%(num)s newcomers without a reply", newcomers)),
        (disagreements, ngettext("%(num)s disagreement", "%(num)s disagreements", disagreements)),
        (reports, ngettext("%(num)s reported message", "%(num)s reported messages", reports)),
        (inbox, ngettext("%(num)s thread to sort", "%(num)s threads to sort", inbox)),
        (checks, ngettext("%(num)s thread to check", "%(num)s threads to check", checks)),
        (gaps, ngettext("%(num)s gap that needs somebody", "%(num)s gaps that need somebody", gaps)),
    )
    return ", ".join(words for many, words in parts if many)
