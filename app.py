"""The one module that knows every package: it wires them together, and nothing else."""

import os
from dataclasses import dataclass

from flask import Flask

import accounts.answered
import accounts.api
import accounts.commands
import accounts.frames
import accounts.languages
import accounts.views
import accounts.web
import audit.views
import desk.api
import desk.views
import discussions.api
import discussions.views
import keeping.api
import keeping.commands
import keeping.views
import notices.api
import notices.mail_views
import notices.views
import insights.api
import insights.views
import receipts.api
import receipts.views
import paper.api
import paper.views
import regulations.api
import regulations.commands
import regulations.views
import reviews.api
import reviews.views
import running.api
import running.views
import running.web
import search.api
import search.commands
import search.views
import wiki.api
import wiki.commands
import wiki.views
from core import api, folder, keys, problems, server, settings, upgrading, web
from core.database import Database
from core.errors import Unavailable
from core.loop import Loop
from core.mail import mailer_of
from core.settings import Settings
from core.web import Site
from discussions import pictures
from discussions.helping import helped, helped_in
from discussions.kept_places import Places
from discussions.practice import Discussions
from discussions.search_source import ThreadSource
from keeping.keeper import Keeper
from notices.days import Days
from notices.follower import Notices
from notices.letters import Writer
from notices.outbox import Outbox
from notices.starting import settle
from procedures import starter
from receipts.attestation import Receipts
from reviews.upkeep import Reviews
from running import inspector
from running.measures import Measures
from running.tally import Tally
from running.timed import Timed
from search.index import Index
from search.whoosh_engine import WhooshEngine
from wiki.duties import Duties
from wiki.reconciling import reconcile
from wiki.repository import Library
from wiki.search_source import ProcedureSource
from wiki.sweeping import sweep


@dataclass(frozen=True)
class Wired:
    """The parts of a site, the index over them, who keeps them safe, and what counts its work, where somebody may ask for that."""

    site: Site
    index: Index
    keeper: Keeper
    tally: Tally | None


def create_app(given: Settings | None = None) -> Flask:
    """Return the site as a WSGI application; without settings, those of the environment."""
    known = given or _settings()
    if given is None and keeping.commands.is_restoring():
        return keeping.commands.bare(known)
    folder.require_writable(known.data)
    app = web.Application(__name__, static_folder="static", template_folder="templates")
    app.secret_key = keys.secret_key(known.data)
    wired = _wire(app, known)
    app.extensions["procedures"] = wired.site
    running.web.install(app, wired.tally)
    web.install(app)
    forms = accounts.web.install(app)
    accounts.languages.install(app)
    accounts.frames.install(app)
    accounts.answered.install(app)
    practice = Discussions(wired.site.library)
    _mount_pages(app, wired, practice)
    calls = _calls(wired, practice)
    forms.exempt(calls)
    app.register_blueprint(calls)
    forms.exempt(notices.mail_views.unsubscribe)     # mail programs send it by themselves
    _add_commands(app, wired)
    problems.ready(app)
    return app


def _wire(app: Flask, known: Settings) -> Wired:
    database = Database(known.database)
    library = Library(known.data, known.timezone)
    keeper = Keeper(known, database, library)
    try:
        upgrading.upgrade(database, before=keeper.before_upgrade)
    except (upgrading.NewerData, Unavailable) as refused:
        raise SystemExit(str(refused)) from refused
    tally = Tally(known.data) if known.metrics_token else None
    engine = WhooshEngine(known.data / "search")
    index = Index(Timed(engine, tally) if tally else engine, [ProcedureSource(library), ThreadSource(library)])

    def heal() -> None:
        with database.reading() as session:
            index.heal(session)

    mailer = mailer_of(known)
    tell = Notices(database, library, mails=mailer is not None)
    days = Days(database, library, mails=mailer is not None)
    followers = [index.follower(), Duties(database, library).follower(), tell.follower()]
    minutely = [
        lambda: reconcile(database, library), heal, index.engine.rest, lambda: sweep(database, library, pictures.used),
        lambda: inspector.start_due(database, known), keeper.look,
    ]
    aside = [lambda is_over: days.look(), Places(database, library).look]
    if mailer is not None:
        aside.append(Outbox(database, mailer, Writer(app, known).compose).send)
    loop = Loop(database, known.data, followers, minutely, aside)
    return Wired(Site(settings=known, database=database, library=library, engine=index.engine, loop=loop), index, keeper, tally)


def _mount_pages(app: Flask, wired: Wired, practice: Discussions) -> None:
    for pages in (
        accounts.views.blueprint(
            helped=lambda session, actor, id: helped(session, wired.site.library, actor, id),
            helped_in=lambda session, space: helped_in(session, wired.site.library, space),
        ),
        search.views.blueprint(wired.index),
        wiki.views.blueprint(
            practice=practice, attestation=Receipts(wired.site.library), upkeep=Reviews(wired.site.library)
        ),
        discussions.views.blueprint(),
        desk.views.blueprint(wired.index),
        receipts.views.blueprint(),
        paper.views.blueprint(),
        reviews.views.blueprint(),
        regulations.views.blueprint(),
        keeping.views.blueprint(wired.keeper),
        notices.views.blueprint(),
        insights.views.blueprint(),
        audit.views.blueprint(),
        running.views.blueprint(Measures(wired.site, wired.tally) if wired.tally else None),
    ):
        app.register_blueprint(pages)


def _calls(wired: Wired, practice: Discussions):
    endpoints = [
        *accounts.api.ENDPOINTS,
        *search.api.endpoints(wired.index),
        *wiki.api.endpoints(practice),
        *discussions.api.ENDPOINTS,
        *desk.api.endpoints(wired.index),
        *receipts.api.ENDPOINTS,
        *paper.api.ENDPOINTS,
        *reviews.api.ENDPOINTS,
        *regulations.api.ENDPOINTS,
        *keeping.api.endpoints(wired.keeper),
        *notices.api.ENDPOINTS,
        *insights.api.ENDPOINTS,
        *running.api.ENDPOINTS,
    ]
    return api.blueprint(endpoints, admit=accounts.web.admit, title=wired.site.settings.site_name)


def _add_commands(app: Flask, wired: Wired) -> None:
    groups = (
        accounts.commands.commands(), search.commands.commands(wired.index), wiki.commands.commands(), regulations.commands.commands(),
        keeping.commands.commands(wired.site.settings, wired.keeper),
    )
    for command in (command for group in groups for command in group):
        app.cli.add_command(command)


def main() -> None:
    """Serve the site with the settings of the environment; put the starter site first into an empty data folder."""
    known = _settings()
    server.serve(known, prepare=lambda: _prepare(known), make=lambda: served(known))


def _prepare(known: Settings) -> None:
    site: Site = create_app(known).extensions["procedures"]
    Tally(known.data).empty()
    if known.starter and starter.load(site.database, site.library):
        settle(site.database, site.library)
    for line in starter.sign_in_lines(site.database, lambda secret: f"{known.address}/link/{secret}"):
        print(line, flush=True)


def served(given: Settings | None = None) -> Flask:
    """Return the site for one process of the server, its followers at work or standing by."""
    app = create_app(given)
    app.extensions["procedures"].loop.start()
    return app


def _settings() -> Settings:
    try:
        return settings.read(os.environ)
    except settings.BadSettings as wrong:
        raise SystemExit(f"These settings cannot be used:\n{wrong}") from wrong


if __name__ == "__main__":
    main()
