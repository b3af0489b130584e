"""The outbox: what waits becomes letters, one to each person at a time, and letters go out, or wait, or are given up.

A letter that the server may already have is tried again as it is, under the same id. Everything else that comes up for
somebody while a letter of theirs waits goes into that letter, so that a day without mail ends with one letter and not fifty.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from accounts.actors import Actor, by_id
from accounts.models import Person
from core import clock
from core.database import Database, new_id
from core.mail import Letter, MailDown, Mailer, MailRefused
from notices import addresses
from notices.choices import choices_of
from notices.models import DIRECT, Notice, Outgoing, RefusedAddress
from notices.reach import reachable
from notices.reading import Shown, shown

log = logging.getLogger(__name__)

QUIET = timedelta(minutes=5)            # between two letters to one person
GIVEN_UP_AFTER = timedelta(days=5)      # as mail servers do among themselves. Source: RFC 5321, 4.5.4.1
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
_AT_ONCE = 200                          # people, or letters, in one step: nobody who writes waits for all of them
_MOST_FAILURES = 5                      # one after the other: then the server is ailing, and everybody waits
_MOST_SAID = 200                        # notices in one letter; the page has them all

Compose = Callable[[Person, str, Sequence[Shown], int], Letter]


@dataclass(frozen=True)
class Outbox:
    """Who sends. `compose(person, id, notices, more)` writes a letter; `more` counts what is left out of it."""

    database: Database
    mailer: Mailer
    compose: Compose

    def send(self, is_over: Callable[[], bool]) -> int:
        """Send what is due, and return how many letters a server took. A server that cannot be reached changes nothing."""
        self._gather()
        sent, goes_on = 0, True
        while goes_on and (waiting := self._due()):
            try:
                with self.mailer.connected() as post:
                    taken, goes_on = self._round(waiting, post, is_over)
            except MailDown:
                break
            sent += taken
        return sent

    def _gather(self) -> None:
        people = _AT_ONCE
        while people == _AT_ONCE:
            with self.database.transaction() as session:
                people = gather(session, _AT_ONCE)

    def _due(self) -> list[str]:
        with self.database.reading() as session:
            due = select(Outgoing.id).where(Outgoing.due_at <= clock.now()).order_by(Outgoing.due_at, Outgoing.id)
            return list(session.scalars(due.limit(_AT_ONCE)))

    def _round(
        self, waiting: Sequence[str], post: Callable[[Letter], MailRefused | None], is_over: Callable[[], bool]
    ) -> tuple[int, bool]:
        """Send these letters over one connection; return how many were taken, and whether there is a point in going on."""
        sent = failures = 0
        for id in waiting:
            if is_over() or failures >= _MOST_FAILURES:
                return sent, False
            try:
                letter, may_be_there = self._handed(id)
            except Exception:   # one letter that cannot be written must not hold up all the others
                log.exception("letter=%s cannot be written, again later", id)
                self._put_off(id)
                continue
            if letter is None:
                continue
            try:
                refusal = post(letter)
            except MailDown as down:
                failures += 1
                self._wait(id, down, may_be_there=may_be_there or down.is_broken)
                if down.is_broken:
                    return sent, False
                continue
            failures = 0
            self._ended(id, refusal)
            sent += refusal is None
        return sent, True

    def _handed(self, id: str) -> tuple[Letter | None, bool]:
        """Return a letter as it stands now, and whether a server may have it already; write down that one is given it now.

        Where nothing is left to say there is no letter.
        """
        with self.database.transaction() as session:
            row = session.get(Outgoing, id)
            if row.due_at is None:
                return None, False
            person, found = _to_say(session, row)
            if not found:
                row.dropped_at, row.due_at = clock.now(), None
                return None, False
            may_be_there, row.handed_at = row.handed_at is not None, clock.now()
            return self.compose(person, row.id, found[:_MOST_SAID], len(found[_MOST_SAID:])), may_be_there

    def _put_off(self, id: str) -> None:
        with self.database.transaction() as session:
            session.get(Outgoing, id).due_at = clock.now() + _LONGEST_PAUSE

    def _ended(self, id: str, refusal: MailRefused | None) -> None:
        # The shortest of transactions: dying before it ends is the one way in which somebody may be sent a letter twice.
        with self.database.transaction() as session:
            row = session.get(Outgoing, id)
            row.due_at, row.said = None, str(refusal or "")
            if refusal is None:
                row.sent_at = clock.now()
                return
            row.refused_at = clock.now()
            if refusal.is_address:
                addresses.mark(session, session.get(Person, row.person_id), str(refusal))

    def _wait(self, id: str, down: MailDown, *, may_be_there: bool) -> None:
        with self.database.transaction() as session:
            row, now = session.get(Outgoing, id), clock.now()
            row.tries, row.said = row.tries + 1, str(down)
            if not may_be_there:
                row.handed_at = None
            if now - row.made_at >= GIVEN_UP_AFTER:
                row.due_at, row.refused_at = None, now
                addresses.mark(session, session.get(Person, row.person_id), str(down))
                return
            row.due_at = now + min(_FIRST_PAUSE * 2 ** min(row.tries - 1, 10), _LONGEST_PAUSE)


def gather(session: Session, most: int) -> int:
    """Put what has come due, of at most so many people, into letters, and return how many people that were.

    It goes into the letter of its person that waits and was never handed over, else into a new one; not yet, where they
    were sent one a moment ago.
    """
    now = clock.now()
    lately = select(Outgoing.person_id).where(Outgoing.sent_at > now - QUIET)
    due = select(Notice.person_id).where(Notice.letter_id.is_(None), Notice.mail_at <= now, Notice.person_id.not_in(lately))
    people = set(session.scalars(due.distinct().limit(most)))
    reached = people - _unreachable(session, people)
    open_letters = select(Outgoing.person_id, Outgoing.id).where(
        Outgoing.due_at.is_not(None), Outgoing.handed_at.is_(None), Outgoing.person_id.in_(reached)
    )
    waiting = {person: id for person, id in session.execute(open_letters)}
    new = {person: new_id() for person in sorted(reached) if person not in waiting}
    session.add_all(Outgoing(id=id, person_id=person, made_at=now, due_at=now, tries=0) for person, id in new.items())
    session.flush()
    for person, id in (waiting | new).items():
        mine = update(Notice).where(Notice.person_id == person, Notice.letter_id.is_(None), Notice.mail_at <= now)
        session.execute(mine.values(letter_id=id).execution_options(synchronize_session=False))
    return len(people)


def _unreachable(session: Session, people: set[str]) -> set[str]:
    """Return who cannot be written to, being gone or refused by a mail server for good; nothing waits for them any more."""
    refused = exists().where(RefusedAddress.person_id == Person.id, RefusedAddress.email == Person.email)
    gone = set(session.scalars(select(Person.id).where(Person.id.in_(people), or_(Person.disabled_at.is_not(None), refused))))
    nothing = update(Notice).where(Notice.person_id.in_(gone), Notice.letter_id.is_(None)).values(mail_at=None)
    session.execute(nothing.execution_options(synchronize_session=False))
    return gone


def _to_say(session: Session, row: Outgoing) -> tuple[Person | None, list[Shown]]:
    """Return to whom a letter goes and what it says: what they have not read, may still see, and still want by mail."""
    actor: Actor = by_id(session, row.person_id)
    if not actor.is_somebody:
        return None, []
    choice = choices_of(session, [actor.id])[actor.id]
    chosen = reachable(actor, Notice).where(Notice.letter_id == row.id, Notice.read_at.is_(None)).order_by(Notice.at.desc(), Notice.id)
    wanted = [one for one in shown(session, actor, chosen) if (choice.direct if one.notice.kind in DIRECT else choice.followed) != "none"]
    return session.get(Person, row.person_id), wanted
