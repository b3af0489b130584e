"""What is known of backups: when they are made by themselves, which were made, and whether that is still enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Invalid, N_
from core.upgrading import Upgrade
from keeping.models import Backup, BackupPlan

NIGHT, KEEP = 2, 7
MOST_KEPT = 365
STALE = timedelta(days=2)
AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """When backups are made by themselves: at this hour of the site's zone (None: never), so many kept, since when."""

    hour: int | None
    keep: int
    since: datetime | None


@dataclass(frozen=True)
class Listed:
    """A backup and the name of whoever asked for it, empty where nobody did."""

    backup: Backup
    asked_by: str


def plan(session: Session) -> Plan:
    """Return when backups are made: as it was last set, else every night."""
    row = session.scalar(select(BackupPlan).order_by(BackupPlan.id.desc()).limit(1))
    if row is not None:
        return Plan(row.hour, row.keep, row.set_at)
    return Plan(NIGHT, KEEP, session.scalar(select(Upgrade.at).order_by(Upgrade.id).limit(1)))


def set_plan(session: Session, actor: Actor, *, hour: int | None, keep: int) -> BackupPlan:
    """Set when backups are made by themselves and how many are kept.

    Raises: Denied for anybody but an administrator; Invalid for an hour or a number that cannot be.
    """
    require_administrator(actor)
    if hour is not None and not 0 <= hour <= 23:
        raise Invalid(N_("Choose an hour from 0 to 23, or never."), field="hour")
    if not 1 <= keep <= MOST_KEPT:
        raise Invalid(N_("Keep between 1 and %(most)s backups."), field="keep", most=MOST_KEPT)
    chain = journal.lock(session, journal.SITE)
    row = BackupPlan(hour=hour, keep=keep, set_by=actor.id, set_at=clock.now())
    session.add(row)
    session.flush()
    journal.add(session, chain, actor=actor.id, act="plan_backups", object=f"plan:{row.id}", content=f"{hour} {keep}", at=row.set_at)
    return row


def record(session: Session, made: Backup) -> Backup:
    """Keep a backup that was made, or why it could not be; the journal carries the digest of its file."""
    session.add(made)
    session.flush()
    if made.is_good:
        chain = journal.lock(session, journal.SITE)
        journal.add(session, chain, actor=made.asked_by, act="back_up", object=f"backup:{made.id}", content=made.sha256)
    return made


def last_good(session: Session) -> Backup | None:
    """Return the newest backup that is whole."""
    return session.scalar(select(Backup).where(Backup.failed_because == "").order_by(Backup.begun_at.desc()).limit(1))


def listed(session: Session, limit: int = 30) -> list[Listed]:
    """Return the newest backups that were tried and whose files are not gone to make room."""
    rows = session.execute(
        select(Backup, Person.name)
        .outerjoin(Person, Person.id == Backup.asked_by)
        .where(Backup.pruned_at.is_(None))
        .order_by(Backup.begun_at.desc())
        .limit(limit)
    )
    return [Listed(backup, name or "") for backup, name in rows]


def is_stale(session: Session) -> bool:
    """Say whether the last good backup is more than two days old; a younger site needs none yet."""
    last = last_good(session)
    since = last.begun_at if last else session.scalar(select(Upgrade.at).order_by(Upgrade.id).limit(1))
    return since is None or clock.now() - since > STALE


def is_due(session: Session, zone: ZoneInfo) -> bool:
    """Say whether a backup should be made by itself now: its hour has come, and it was not made, nor tried in the last hour."""
    known = plan(session)
    if known.hour is None or known.since is None:
        return False
    planned, now = _planned(known.hour, zone), clock.now()
    last = last_good(session)
    tried = session.scalar(select(Backup.begun_at).order_by(Backup.begun_at.desc()).limit(1))
    is_open = planned > known.since and (last is None or last.begun_at < planned)
    return is_open and (tried is None or now - tried > AGAIN)


def prune(session: Session, folder: Path) -> Sequence[Backup]:
    """Remove the files of the oldest good backups in a folder beyond as many as are kept, and return their rows."""
    rows = session.scalars(
        select(Backup).where(Backup.failed_because == "", Backup.pruned_at.is_(None)).order_by(Backup.begun_at.desc())
    )
    here = [row for row in rows if Path(row.path).parent == folder]
    gone = here[plan(session).keep :]
    kept = {row.path for row in here if row not in gone}
    for row in gone:
        if row.path not in kept:
            Path(row.path).unlink(missing_ok=True)
        row.pruned_at = clock.now()
    session.flush()
    return gone


def _planned(hour: int, zone: ZoneInfo) -> datetime:
    local = clock.now().astimezone(zone)
    planned = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return planned if planned <= local else planned - timedelta(days=1)
