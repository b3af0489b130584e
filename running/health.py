"""How the site is, as an administrator sees it."""

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from core import clock, journal, upgrading
from core.errors import N_
from core.followers import Backlog, backlog
from core.journal import Act, Chain
from core.version import version
from core.web import Site
from keeping import backups
from running import inspecting, inspector, mailing
from running.disk import Part, sizes
from running.mailing import Trial
from running.models import Inspection
from running.readiness import Check, checks

FOLLOWERS = {"search": N_("Search index"), "duties": N_("Who does what"), "notices": N_("Notices"), "mail": N_("Mail")}
DAY = timedelta(days=1)
_LOOKED_AT = 50_000         # acts of the site, which are sign-ins nearly all: more than a day of them


@dataclass(frozen=True)
class Followed:
    """How far one follower is."""

    backlog: Backlog
    is_stuck: bool

    @property
    def title(self) -> str:
        """What it keeps up to date."""
        return FOLLOWERS.get(self.backlog.follower, self.backlog.follower)


@dataclass(frozen=True)
class Verified:
    """Where the check of the record is: `never`, `waiting`, `at_work`, `interrupted` or `ended`; and the last result."""

    state: str
    last: Inspection | None
    ended: Inspection | None
    asked_by: str


@dataclass(frozen=True)
class Program:
    """What runs here."""

    version: str
    schema: str
    workers: int
    database: str
    python: str


@dataclass(frozen=True)
class Health:
    """Everything at one moment."""

    checks: Sequence[Check]
    disk_free: int
    disk_total: int
    parts: Sequence[Part]
    followers: Sequence[Followed]
    verified: Verified
    mail_server: str
    mail_at: datetime | None
    mail: Trial | None
    failed_sign_ins: int
    backed_up_at: datetime | None
    is_backup_stale: bool
    program: Program

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong that stops the site's work."""
        return all(check.is_well for check in self.checks)


def health(session: Session, site: Site) -> Health:
    """Return how the site is."""
    backup = backups.last_good(session)
    disk, mail, now = shutil.disk_usage(site.settings.data), inspecting.last_ended(session, "mail"), clock.now()
    backlogs = [backlog(session, name) for name in site.loop.names]
    return Health(
        checks=checks(site), disk_free=disk.free, disk_total=disk.total, parts=sizes(site.settings.data),
        followers=[Followed(one, one.is_stuck(now)) for one in backlogs], verified=verified(session, site),
        mail_server=mailing.server_of(site.settings), mail_at=mail.ended_at if mail else None, mail=trial_of(mail),
        failed_sign_ins=failed_sign_ins(session),
        backed_up_at=backup.begun_at if backup else None, is_backup_stale=backups.is_stale(session), program=_program(site),
    )


def verified(session: Session, site: Site) -> Verified:
    """Return where the check of the record is."""
    last = inspecting.last(session, "verify")
    asked_by = session.scalar(select(Person.name).where(Person.id == last.asked_by)) if last and last.asked_by else ""
    return Verified(_state(last, inspector.is_at_work(site.settings.data)), last, inspecting.last_ended(session, "verify"), asked_by or "")


def failed_sign_ins(session: Session) -> int:
    """Return how many tries at signing in failed within a day."""
    head = session.scalar(select(Chain.sequence).where(Chain.name == journal.SITE)) or 0
    return session.scalar(
        select(func.count()).select_from(Act).where(
            Act.chain == journal.SITE, Act.sequence > head - _LOOKED_AT, Act.act == "refuse_sign_in", Act.at > clock.now() - DAY
        )
    )


def trial_of(mail: Inspection | None) -> Trial | None:
    """Return what became of the letter of an inspection."""
    return Trial(*mail.told) if mail and mail.findings else Trial() if mail else None


def _state(last: Inspection | None, at_work: bool) -> str:
    if last is None:
        return "never"
    if last.ended_at is not None:
        return "ended"
    if last.begun_at is None:
        return "waiting"
    return "at_work" if at_work else "interrupted"


def _program(site: Site) -> Program:
    return Program(
        version(), upgrading.newest(), site.settings.workers, "SQLite" if site.database.is_sqlite else "PostgreSQL", platform.python_version()
    )
