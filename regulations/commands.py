"""The register's command: bringing a list of clauses."""

from pathlib import Path

import click
from flask.cli import AppGroup

from accounts import spaces
from accounts.acting import acting
from core.errors import Problem
from regulations import lists, tables

regulations_group = AppGroup("regulations", help="The registers of texts and clauses.")


def commands() -> list[click.Command]:
    """Return the commands of this package."""
    return [regulations_group]


@regulations_group.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(slug: str, file: Path) -> None:
    """Bring a list of clauses (CSV) into a space's register, all of it or nothing."""
    try:
        with file.open("rb") as raw:
            written = tables.decoded(raw.read(tables.MOST_BYTES + 1))
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    with acting() as session:
        brought = lists.bring(session, None, spaces.named(session, slug), written)
    click.echo(
        f"{brought.lines} lines: {brought.new_texts} texts and {brought.new_clauses} clauses are new, "
        f"{brought.changed_texts} texts and {brought.changed_clauses} clauses have other words."
    )
