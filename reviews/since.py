"""What happened around a procedure since its last review: what its reviewer reads in a minute."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces
from discussions import lists
from discussions.lists import Listed
from discussions.models import Thread
from discussions.placing import placements
from discussions.shown import shown
from wiki.models import Procedure, Version
from wiki.procedures import Found
from wiki.repository import Library

MOST = 20               # of each kind; the practice's own page has them all
_LOOKED_AT = 200        # threads whose words are looked for in the rule
_MOST_REFERENCES = 200
_CODE = re.compile(r"(?<![\w-])[A-Z]{2,6}-\d{3,18}(?![\w-])")
_FILE = re.compile(r'href="/spaces/([^/"]+)/file/([^"#]+)')


@dataclass(frozen=True)
class Moved:
    """A version of another procedure that this one refers to, published since."""

    code: str
    title: str
    version: int
    action: str
    in_force_from: date
    reason: str


@dataclass(frozen=True)
class Happened:
    """What a reviewer should know of."""

    gaps: Sequence[Listed]
    threads: Sequence[Listed]
    checks: Sequence[Listed]
    moved: Sequence[Moved]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing at all waits for a look."""
        return not (self.gaps or self.threads or self.checks or self.moved)


def happened(session: Session, library: Library, actor: Actor, found: Found, html: str, since: datetime) -> Happened:
    """Return what happened around a procedure that the actor may read; `html` is its text as the page shows it.

    Open gaps and tips that wait for a check are told however old they are.
    """
    threads = _threads(session, found.procedure)
    gaps = [thread for thread in threads if thread.kind == "gap" and thread.state == "open"]
    placed = placements(session, library, [thread for thread in threads if thread.quote])
    checks = [thread for thread in threads if thread.id in placed and placed[thread.id].needs_check]
    told = {thread.id for thread in (*gaps, *checks)}
    new = [thread for thread in threads if thread.opened_at > since and thread.id not in told]
    listed = {one.id: one for one in lists.listed(session, [*gaps[:MOST], *checks[:MOST], *new[:MOST]])}

    def shown(wanted: Sequence[Thread]) -> list[Listed]:
        return [listed[thread.id] for thread in wanted[:MOST]]

    return Happened(shown(gaps), shown(new), shown(checks), _moved(session, actor, found, html, since))


def _threads(session: Session, procedure: Procedure) -> list[Thread]:
    rows = select(Thread).where(Thread.procedure_id == procedure.id, shown()).order_by(Thread.touched_at.desc(), Thread.id)
    return list(session.scalars(rows.limit(_LOOKED_AT)))


def _moved(session: Session, actor: Actor, found: Found, html: str, since: datetime) -> list[Moved]:
    codes = list(dict.fromkeys(_CODE.findall(html)))[:_MOST_REFERENCES]
    paths = [unquote(path) for slug, path in dict.fromkeys(_FILE.findall(html)) if slug == found.space.slug][:_MOST_REFERENCES]
    named = or_(Procedure.code.in_(codes), (Procedure.space_id == found.space.id) & Procedure.path.in_(paths))
    rows = session.execute(
        select(Procedure.code, Version.title, Version.number, Version.action, Version.in_force_from, Version.reason)
        .join(Version, Version.procedure_id == Procedure.id)
        .join(Space, Space.id == Procedure.space_id)
        .where(
            named, Procedure.id != found.procedure.id, readable_spaces(actor), Version.published_at > since,
            Version.cancelled_by.is_(None),
        )
        .order_by(Version.published_at.desc(), Version.id.desc())
        .limit(MOST)
    )
    return [Moved(*row) for row in rows]
