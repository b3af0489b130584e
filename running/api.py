"""The running of the site in the JSON API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from accounts.web import reading
from core.api import Endpoint
from core.web import site
from running import administration, edge
from running.health import Health, Verified, health, verified

State = Literal["never", "waiting", "at_work", "interrupted", "ended"]
Step = Literal["address", "connection", "tls", "password", "sender", "recipient", "message"]


class CheckAnswer(BaseModel):
    """One question about the site and what is wrong; null where nothing is."""

    name: str
    problem: str | None


class PartAnswer(BaseModel):
    """What one part of the data takes; `whole` is false where counting stopped."""

    name: str
    bytes: int
    whole: bool


class FollowerAnswer(BaseModel):
    """How far one follower of the journal is."""

    name: str
    waiting: int
    since: datetime | None
    stuck: bool


class VerifyAnswer(BaseModel):
    """Where the check of the record is, and the result of the last one that ended."""

    state: State
    ended_at: datetime | None
    findings: int | None
    told: list[str]


class MailAnswer(BaseModel):
    """Whether a letter went out; if not, the step that failed and what the server said."""

    works: bool
    step: Step | None
    said: str


class MailState(BaseModel):
    """The mail server, and what became of the last letter that was tried."""

    server: str | None
    tried_at: datetime | None
    last: MailAnswer | None


class ProgramAnswer(BaseModel):
    """What runs."""

    version: str
    schema_revision: str
    workers: int
    database: str
    python: str


class HealthAnswer(BaseModel):
    """How the site is."""

    ready: bool
    checks: list[CheckAnswer]
    disk_free_bytes: int
    disk_total_bytes: int
    sizes: list[PartAnswer]
    followers: list[FollowerAnswer]
    verify: VerifyAnswer
    mail: MailState
    failed_sign_ins: int
    program: ProgramAnswer


def get_health() -> dict:
    """Say how the site is: disk, followers, the last check of the record, mail, failed sign-ins."""
    session, actor = reading()
    administration.require(actor)
    return _shape(health(session, site()))


def start_verify() -> dict:
    """Start the check of the whole record; its result stands in the health of the site."""
    edge.verify()
    with site().database.reading() as session:
        return _verify(verified(session, site()))


def send_test_mail() -> dict:
    """Send a letter to the owner of the token, and say whether it went out or which step failed."""
    return _trial(edge.try_mail())


def _shape(found: Health) -> dict:
    return {
        "ready": found.is_well,
        "checks": [{"name": one.name, "problem": one.problem or None} for one in found.checks],
        "disk_free_bytes": found.disk_free,
        "disk_total_bytes": found.disk_total,
        "sizes": [{"name": one.name, "bytes": one.bytes, "whole": one.is_whole} for one in found.parts],
        "followers": [_follower(one) for one in found.followers],
        "verify": _verify(found.verified),
        "mail": {"server": found.mail_server or None, "tried_at": found.mail_at, "last": _trial(found.mail) if found.mail else None},
        "failed_sign_ins": found.failed_sign_ins,
        "program": {
            "version": found.program.version, "schema_revision": found.program.schema, "workers": found.program.workers,
            "database": found.program.database, "python": found.program.python,
        },
    }


def _follower(one) -> dict:
    return {"name": one.backlog.follower, "waiting": one.backlog.acts, "since": one.backlog.since, "stuck": one.is_stuck}


def _verify(found: Verified) -> dict:
    ended = found.ended
    return {
        "state": found.state, "ended_at": ended.ended_at if ended else None, "findings": ended.findings if ended else None,
        "told": ended.told if ended else [],
    }


def _trial(trial) -> dict:
    return {"works": trial.works, "step": trial.step, "said": trial.said}


ENDPOINTS = [
    Endpoint("GET", "/administration/health", get_health, answer=HealthAnswer),
    Endpoint("POST", "/administration/verify", start_verify, answer=VerifyAnswer, status=202),
    Endpoint("POST", "/administration/mail-test", send_test_mail, answer=MailAnswer),
]
