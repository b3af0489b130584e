"""Everything that `/metrics` tells: numbers about the running of the site, and no word that anybody wrote."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import clock, upgrading
from core.followers import backlog
from core.locks import is_held
from core.loop import LOCK
from core.version import version
from core.web import Site
from keeping import backups
from notices.models import Outgoing
from running import inspecting
from running.journaled import COUNTED, Acts
from running.tally import Tally


@dataclass(frozen=True)
class Measures:
    """What is told of one site."""

    site: Site
    tally: Tally
    acts: Acts = field(default_factory=Acts)

    def text(self) -> bytes:
        """Return the numbers as they stand, in Prometheus' text format."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Yield each number. Where the database does not answer, the others are told all the same."""
        yield from self.tally.metrics()
        yield _gauge("procedures_info", "1, with the version of the program and of its tables.", version=version(), schema=upgrading.newest())
        yield _gauge("procedures_workers", "Server processes on this machine, as set.", self.site.settings.workers)
        disk = shutil.disk_usage(self.site.settings.data)
        yield _gauge("procedures_disk_free_bytes", "Space left where the data folder is.", disk.free)
        yield _gauge("procedures_disk_size_bytes", "Space in all where the data folder is.", disk.total)
        yield _gauge("procedures_followed", "1 if some process keeps search and notices up to date.", is_held(self.site.settings.data / LOCK))
        try:
            with self.site.database.reading() as session:
                told = [*self._acts(session), *self._backlogs(session), _letters(session), *_inspected(session), *_backed_up(session)]
        except SQLAlchemyError:
            told = []
        yield _gauge("procedures_database_up", "1 if the database answers.", bool(told))
        yield from told

    def _acts(self, session: Session) -> Iterator[Metric]:
        for act, many in self.acts.counts(session).items():
            name, about = COUNTED[act]
            family = CounterMetricFamily(name, about)
            family.add_metric([], many)
            yield family

    def _backlogs(self, session: Session) -> Iterator[Metric]:
        acts = GaugeMetricFamily("procedures_follower_backlog", "Acts that a follower has not handled yet.", labels=["follower"])
        since = GaugeMetricFamily(
            "procedures_follower_waiting_seconds", "For how long the oldest act has waited for a follower.", labels=["follower"]
        )
        for name in self.site.loop.names:
            found = backlog(session, name)
            acts.add_metric([name], found.acts)
            since.add_metric([name], max(0.0, (clock.now() - found.since).total_seconds()) if found.since else 0.0)
        yield from (acts, since)


def _letters(session: Session) -> Metric:
    many = session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.due_at.is_not(None)))
    return _gauge("procedures_mail_queue", "Letters that wait to be sent.", many)


def _inspected(session: Session) -> Iterator[Metric]:
    last = inspecting.last_ended(session, "verify")
    if last is not None:
        yield _gauge("procedures_verified_timestamp_seconds", "When the last check of the record ended.", last.ended_at.timestamp())
        yield _gauge("procedures_verify_findings", "How much that check found wrong.", last.findings)


def _backed_up(session: Session) -> Iterator[Metric]:
    last = backups.last_good(session)
    if last is not None:
        yield _gauge("procedures_backup_timestamp_seconds", "When the last good backup was begun.", last.begun_at.timestamp())


def _gauge(name: str, about: str, value: float = 1, **labels: str) -> Metric:
    family = GaugeMetricFamily(name, about, labels=list(labels))
    family.add_metric(list(labels.values()), float(value))
    return family
