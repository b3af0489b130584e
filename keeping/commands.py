"""The commands of this package: backup, restore, export."""

import sqlite3
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from accounts.models import LANGUAGES
from core.errors import Problem
from core.settings import Settings
from core.web import site
from keeping import archives, leaving, outlets, restoring
from keeping.captions import captions
from keeping.keeper import Keeper
from keeping.leaving import Leaving, site_entries


def commands(settings: Settings, keeper: Keeper) -> list[click.Command]:
    """Return the commands of this package."""
    return [_backup(keeper), _restore(settings), export]


def is_restoring() -> bool:
    """Whether this process is `flask restore`: then nothing may be made in the folder that is to be filled."""
    context = click.get_current_context(silent=True)
    group = context.find_root().command if context else None
    if not isinstance(group, FlaskGroup):
        return False
    given = group.make_parser(context.find_root()).parse_args(sys.argv[1:])[1]
    return given[:1] == ["restore"]


def bare(settings: Settings) -> Flask:
    """Return an app that can restore and nothing else, and that touches no folder."""
    app = Flask(__name__)
    app.cli.add_command(_restore(settings))
    return app


def _backup(keeper: Keeper) -> click.Command:
    @click.command("backup")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    @with_appcontext
    def backup(file: Path) -> None:
        """Write the whole site, as it is at this moment, into one FILE, also while people write."""
        target = file.absolute()
        if target.exists() and not archives.is_ours(target):
            raise click.ClickException(f"{file} is there already and is no backup, so it was left alone. Name another file.")
        try:
            made = keeper.make(target)
        except (Problem, OSError, sqlite3.Error, SQLAlchemyError) as error:
            raise click.ClickException(str(error)) from error
        if not made.is_good:
            raise click.ClickException(f"No backup was made: {made.failed_because}")
        click.echo(f"{file}: {made.size} bytes, {(made.ended_at - made.begun_at).total_seconds():.1f} s, SHA-256 {made.sha256}")

    return backup


def _restore(settings: Settings) -> click.Command:
    @click.command("restore")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--with-findings", is_flag=True, help="Restore although something was wrong in the site already.")
    def restore(file: Path, with_findings: bool) -> None:
        """Bring back the site that a backup FILE holds, into an empty data folder, and check it."""
        try:
            restored = restoring.restore(settings, file, with_findings=with_findings)
        except restoring.Findings as refused:
            for line in refused.lines:
                click.echo(line)
            raise click.ClickException(f"{refused} Nothing was restored. To restore it as it was, add --with-findings.") from refused
        except (restoring.Refused, Problem) as refused:
            raise click.ClickException(str(refused)) from refused
        except (OSError, SQLAlchemyError, ValueError, KeyError) as error:       # what somebody put into it, met while it was checked
            raise click.ClickException(f"Nothing was restored: {error}") from error
        for line in (*restored.findings, *restored.late):
            click.echo(line, err=True)
        spaces, wrong = len(restored.about["spaces"]), len(restored.findings)
        click.echo(f"Restored into {settings.data} as it was at {restored.about['made_at']}: {spaces} space{'' if spaces == 1 else 's'}.")
        click.echo(f"Wrong in it, as listed above: {wrong}." if wrong else "Everything in it was checked, and nothing is wrong.")

    return restore


@click.command("export")
@click.argument("folder_or_zip", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Of the words of ours in it.")
@with_appcontext
def export(folder_or_zip: Path, language: str) -> None:
    """Write everything as plain files that need nothing of ours: into a folder, or a file that ends with .zip."""
    target, parts = folder_or_zip.absolute(), site()
    write = outlets.into_zip if target.suffix.lower() == ".zip" else outlets.into_folder
    with current_app.test_request_context(), force_locale(language):
        said = captions()
    with parts.database.reading() as session:
        try:
            count = write(site_entries(Leaving(session, parts.library, None, said, language, parts.settings.site_name)), target)
        except outlets.Taken as refused:
            raise click.ClickException(f"{refused} is there already. Name another place.") from refused
        except (Problem, OSError) as error:
            raise click.ClickException(f"Nothing was written: {error}") from error
    with parts.database.transaction() as session:
        leaving.note(session, None, leaving.spaces(session, None)[0])
    click.echo(f"{folder_or_zip}: {count} files")
