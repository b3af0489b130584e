"""Search's commands."""

import click
from flask.cli import with_appcontext

from core.followers import advance, heads
from core.web import site
from search.index import NAME, Index


def commands(index: Index) -> list[click.Command]:
    """Return the commands of this package."""

    @click.group("search")
    def search() -> None:
        """Look after the search index."""

    @search.command("rebuild")
    @with_appcontext
    def rebuild() -> None:
        """Make the search index again from git and SQL."""
        with site().database.reading() as session:
            reached = heads(session)
            index.rebuild(session)
        with site().database.transaction() as session:
            advance(session, NAME, reached)
        site().loop.catch_up()
        click.echo("The search index was made again.")

    return [search]
