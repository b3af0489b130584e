"""The rule's commands: import, verify, reconcile."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from core.web import site
from wiki import reconciling, verifying


@click.command("verify")
@with_appcontext
def verify() -> None:
    """Check every chain, signature, commit and row; print one line per bad item and end with 1 if there is any."""
    late: list[str] = []
    bad = 0
    with site().database.reading() as session:
        for line in verifying.findings(session, site().library, late):
            click.echo(line)
            bad += 1
    for line in late:
        click.echo(line, err=True)
    click.echo(f"{bad} bad." if bad else "Nothing is wrong.", err=True)
    sys.exit(1 if bad else 0)


@click.command("reconcile")
@with_appcontext
def reconcile() -> None:
    """Bring into SQL what git already published; name the spaces that need a person and end with 1 if there is any."""
    brought, findings = reconciling.reconcile(site().database, site().library)
    for slug in brought:
        click.echo(f"space {slug}: a late publication was recorded")
    for line in findings:
        click.echo(line)
    sys.exit(1 if findings else 0)


@click.command("import")
@click.argument("slug")
@click.argument("source")
@with_appcontext
def import_(slug: str, source: str) -> None:
    """Import a folder of Markdown, or a git repository or bundle with its history, into a space."""
    from wiki.importing import run

    sys.exit(run(current_app.extensions["procedures"], slug, source))


def commands() -> list[click.Command]:
    """Return the commands of this package."""
    return [verify, reconcile, import_]
