"""The one module that knows every package: it wires them together, and nothing else."""

import os
from dataclasses import dataclass

from flask import Flask

import accounts.api
import accounts.commands
import accounts.frames
import accounts.languages
import accounts.views
import accounts.web
import discussions.api
import discussions.views
import search.api
import search.commands
import search.views
import wiki.api
import wiki.commands
import wiki.views
from core import api, keys, server, settings, upgrading, web
from core.database import Database
from core.loop import Loop
from core.settings import Settings
from core.web import Site
from discussions.practice import Discussions
from discussions.search_source import ThreadSource
from procedures import starter
from search.index import Index
from search.whoosh_engine import WhooshEngine
from wiki.reconciling import reconcile
from wiki.repository import Library
from wiki.search_source import ProcedureSource


@dataclass(frozen=True)
class Wired:
    """The parts of a site and the index over them."""

    site: Site
    index: Index


def create_app(given: Settings | None = None) -> Flask:
    """Return the site as a WSGI application; without settings, those of the environment."""
    known = given or _settings()
    app = web.Application(__name__, static_folder="static", template_folder="templates")
    app.secret_key = keys.secret_key(known.data)
    wired = _wire(known)
    app.extensions["procedures"] = wired.site
    web.install(app)
    forms = accounts.web.install(app)
    accounts.languages.install(app)
    accounts.frames.install(app)
    practice = Discussions()
    _mount_pages(app, wired, practice)
    calls = _calls(wired, practice)
    forms.exempt(calls)
    app.register_blueprint(calls)
    _add_commands(app, wired)
    return app


def _wire(known: Settings) -> Wired:
    database = Database(known.database)
    try:
        upgrading.upgrade(database)
    except upgrading.NewerData as refused:
        raise SystemExit(str(refused)) from refused
    library = Library(known.data, known.timezone)
    index = Index(WhooshEngine(known.data / "search"), [ProcedureSource(library), ThreadSource(library)])

    def heal() -> None:
        with database.reading() as session:
            index.heal(session)

    loop = Loop(database, known.data, [index.follower()], [lambda: reconcile(database, library), heal, index.engine.rest])
    return Wired(Site(settings=known, database=database, library=library, engine=index.engine, loop=loop), index)


def _mount_pages(app: Flask, wired: Wired, practice: Discussions) -> None:
    for pages in (
        accounts.views.blueprint(),
        search.views.blueprint(wired.index),
        wiki.views.blueprint(practice=practice),
        discussions.views.blueprint(),
    ):
        app.register_blueprint(pages)


def _calls(wired: Wired, practice: Discussions):
    endpoints = [
        *accounts.api.ENDPOINTS,
        *search.api.endpoints(wired.index),
        *wiki.api.endpoints(practice),
        *discussions.api.ENDPOINTS,
    ]
    return api.blueprint(endpoints, admit=accounts.web.admit, title=wired.site.settings.site_name)


def _add_commands(app: Flask, wired: Wired) -> None:
    for command in (*accounts.commands.commands(), *search.commands.commands(wired.index), *wiki.commands.commands()):
        app.cli.add_command(command)


def main() -> None:
    """Serve the site with the settings of the environment; put the starter site first into an empty data folder."""
    known = _settings()
    server.serve(known, prepare=lambda: _prepare(known), make=lambda: served(known))


def _prepare(known: Settings) -> None:
    site: Site = create_app(known).extensions["procedures"]
    if known.starter:
        starter.load(site.database, site.library)
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
