"""The one module that knows every package: it wires them together, and nothing else."""

import os
from collections.abc import Callable

from flask import Flask

import accounts.api
import accounts.commands
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
from procedures import starter
from wiki.repository import Library
from wiki.search_source import ProcedureSource


def create_app(given: Settings | None = None) -> Flask:
    """Return the site as a WSGI application; without settings, those of the environment."""
    known = given or _settings()
    app = web.Application(__name__, static_folder="static", template_folder="templates")
    app.secret_key = keys.secret_key(known.data)
    site, index = _site(known)
    app.extensions["procedures"] = site
    web.install(app)
    forms = accounts.web.install(app)
    _mount(app, site, index, forms)
    return app


def main() -> None:
    """Serve the site with the settings of the environment; load the starter site first if the data folder is empty."""
    known = _settings()
    server.serve(known, prepare=lambda: _prepare(known), make=lambda: _serving(known))


def _prepare(known: Settings) -> None:
    app = create_app(known)
    site: Site = app.extensions["procedures"]
    if known.starter:
        starter.load(site.database, site.library)
    for line in starter.sign_in_lines(site.database, lambda secret: f"{known.address}/link/{secret}"):
        print(line, flush=True)


def _serving(known: Settings) -> Flask:
    app = create_app(known)
    app.extensions["procedures"].loop.start()
    return app


def _settings() -> Settings:
    try:
        return settings.read(os.environ)
    except settings.BadSettings as wrong:
        raise SystemExit(f"These settings cannot be used:\n{wrong}") from wrong


def _site(known: Settings) -> tuple[Site, Index]:
    database = Database(known.database)
    upgrading.upgrade(database)
    library = Library(known.data, known.timezone)
    index = Index(WhooshEngine(known.data / "search"), (ProcedureSource(library), ThreadSource(library)))
    minutely = (lambda: reconcile(database, library), lambda: _heal(database, index), index.engine.rest)
    loop = Loop(database, known.data, (index.follower(),), minutely)
    return Site(settings=known, database=database, library=library, engine=index.engine, loop=loop), index


def _heal(database: Database, index: Index) -> None:
    with database.reading() as session:
        index.heal(session)


def _mount(app: Flask, site: Site, index: Index, forms) -> None:
    practice = Discussions()
    for pages in (
        accounts.views.blueprint(), search.views.blueprint(index), wiki.views.blueprint(practice), discussions.views.blueprint()
    ):
        app.register_blueprint(pages)
    endpoints = [
        *accounts.api.ENDPOINTS, *search.api.endpoints(index), *wiki.api.endpoints(practice), *discussions.api.ENDPOINTS
    ]
    calls = api.blueprint(endpoints, admit=accounts.web.admit, title=site.settings.site_name)
    forms.exempt(calls)
    app.register_blueprint(calls)
    for command in (*accounts.commands.commands(), *search.commands.commands(index), *wiki.commands.commands()):
        app.cli.add_command(command)


def served(given: Settings | None = None) -> Flask:
    """Return the site for one server process, its followers at work or standing by."""
    app = create_app(given)
    app.extensions["procedures"].loop.start()
    return app


def _prepare(known: Settings) -> None:
    """Do once what must be done before anything is answered: record what git knows, load and announce the starter."""
    site = create_app(known).extensions["procedures"]
    for line in reconcile(site.database, site.library)[1]:
        print(line, flush=True)
    if known.starter:
        starter.load(site.database, site.library)
        for line in starter.sign_in_lines(site.database, lambda secret: f"{known.address}/link/{secret}"):
            print(line, flush=True)
    site.loop.catch_up()


def main() -> None:
    """Serve the site with the settings of the environment, until told to stop."""
    known = _settings()
    server.serve(known, prepare=lambda: _prepare(known), make=lambda: served(known))


if __name__ == "__main__":
    main()


if __name__ == "__main__":
    main()
