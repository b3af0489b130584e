"""How people want their notices by mail, and how they say so."""

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import coalesce

from accounts.actors import Actor
from accounts.models import Person
from core import clock
from core.errors import Invalid, N_, Unauthenticated
from notices.models import DIRECT, FOLLOWED, MODES, MailChoice, Notice, RefusedAddress
from notices.times import mail_time


@dataclass(frozen=True)
class Choice:
    """At once, daily, weekly or none: for what is said to somebody, and for what they follow."""

    direct: str = "at_once"
    followed: str = "daily"
    timezone: str | None = None     # in which their mornings are; None: the site's

    def zone(self, of_site: ZoneInfo) -> ZoneInfo:
        """Return the zone in which their mornings are."""
        return ZoneInfo(self.timezone) if self.timezone else of_site


def choices_of(session: Session, people: Collection[str]) -> dict[str, Choice]:
    """Return what each of some people chose, in one statement; who never chose has what everybody begins with."""
    begins = Choice()
    rows = session.execute(
        select(Person.id, coalesce(MailChoice.direct, begins.direct), coalesce(MailChoice.followed, begins.followed), Person.timezone)
        .outerjoin(MailChoice, MailChoice.person_id == Person.id)
        .where(Person.id.in_(list(people)))
    )
    return dict.fromkeys(people, begins) | {person: Choice(*said) for person, *said in rows}


def choice_of(session: Session, actor: Actor) -> Choice:
    """Return what the actor chose. Raises: Unauthenticated for nobody."""
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    return choices_of(session, [actor.id])[actor.id]


def choose(session: Session, actor: Actor, zone: ZoneInfo, choice: Choice) -> Choice:
    """Say how one wants one's notices by mail; what waits already goes by the new choice. Raises: Invalid, Unauthenticated."""
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    for field in ("direct", "followed"):
        if getattr(choice, field) not in MODES:
            raise Invalid(N_("This must be one of %(expected)s."), field=field, expected=", ".join(MODES))
    _keep(session, actor.id, zone, choice)
    return choice_of(session, actor)


def end_mail(session: Session, person_id: str, zone: ZoneInfo) -> bool:
    """Let nothing more go to somebody by mail, as the link in each letter offers; say whether there is such a person."""
    if session.get(Person, person_id) is None:
        return False
    _keep(session, person_id, zone, Choice("none", "none"))
    return True


def _keep(session: Session, person_id: str, zone: ZoneInfo, choice: Choice) -> None:
    now, timezone = clock.now(), session.scalar(select(Person.timezone).where(Person.id == person_id))
    own = Choice(timezone=timezone).zone(zone)
    session.merge(MailChoice(person_id=person_id, direct=choice.direct, followed=choice.followed, at=now))
    for mode, kinds in ((choice.direct, DIRECT), (choice.followed, FOLLOWED)):
        waiting = update(Notice).where(
            Notice.person_id == person_id, Notice.letter_id.is_(None), Notice.mail_at.is_not(None), Notice.kind.in_(kinds)
        )
        session.execute(waiting.values(mail_at=mail_time(mode, now, own)).execution_options(synchronize_session=False))
    session.flush()


def refused(session: Session, actor: Actor) -> RefusedAddress | None:
    """Return the mark on one's own address, if a mail server said that nobody is there."""
    rows = select(RefusedAddress).join(Person, Person.id == RefusedAddress.person_id)
    return session.scalar(rows.where(Person.id == actor.id, RefusedAddress.email == Person.email))
