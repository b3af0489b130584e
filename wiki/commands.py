"""The rule's commands: import, verify, reconcile, check."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from accounts import spaces
from accounts.models import LANGUAGES
from core.catalogue import sentence
from core.errors import Problem
from core.web import site
from wiki import reconciling, verifying
from wiki.advising import remarks_in


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


@click.command("check")
@click.argument("slug")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the remarks; otherwise that of the space.")
@with_appcontext
def check(slug: str, language: str | None) -> None:
    """Print what could be remarked about each text in force in a space. Remarks are no errors: it ends with 0."""
    with site().database.reading() as session:
        try:
            space = spaces.named(session, slug)
        except Problem as problem:
            raise click.ClickException(str(problem)) from problem
        with force_locale(language or space.language):
            count = 0
            for count, (code, remark) in enumerate(remarks_in(session, site().library, space), 1):
                quote = f"line {remark.line}, “{remark.quote}”: " if not remark.is_of_whole else ""
                click.echo(f"{code}: {quote}{sentence(remark)}")
    click.echo("1 remark." if count == 1 else f"{count} remarks.", err=True)       # so that silence is no answer


def commands() -> list[click.Command]:
    """Return the commands of this package."""
    return [verify, reconcile, check, import_]
