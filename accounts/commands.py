"""The commands about people, spaces and tokens: what an operator does from the machine itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from accounts import people, sign_ins, spaces, tokens
from accounts.models import LANGUAGES, VISIBILITIES
from core.errors import Problem
from core.web import site

people_group = AppGroup("people", help="People and their ways in.")
spaces_group = AppGroup("spaces", help="Spaces and who is let into them.")
tokens_group = AppGroup("tokens", help="Keys to the JSON API.")


def commands() -> list[click.Command]:
    """Return the commands of this package."""
    return [people_group, spaces_group, tokens_group]


@contextmanager
def acting() -> Iterator[Session]:
    """Give a transaction to a command; a problem becomes its sentence and the exit code 1."""
    try:
        with site().database.transaction() as session:
            yield session
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem


@people_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The full name, shown and signed with.")
@click.option("--administrator", is_flag=True, help="Manages people, spaces and roles.")
@click.option("--guest", is_flag=True, help="Somebody from outside: sees only the spaces they are let into.")
@click.option("--password-stdin", is_flag=True, help="Read a password from the standard input.")
def add_person(email: str, name: str, administrator: bool, guest: bool, password_stdin: bool) -> None:
    """Add a person; print a link that signs them in once if no password is given."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with acting() as session:
        person = people.add(session, None, email=email, name=name, administrator=administrator, guest=guest, password=password)
        secret = sign_ins.add_link(session, None, person) if password is None else None
        added = f"{person.name} <{person.email}> was added."
    click.echo(added, err=True)
    if secret:
        click.echo(link_address(secret))


@people_group.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print another link that signs a person in once, for somebody who lost theirs or their password."""
    with acting() as session:
        secret = sign_ins.add_link(session, None, people.by_email(session, email))
    click.echo(link_address(secret))


@people_group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Disable a person: every way in ends at once, what they wrote stays."""
    with acting() as session:
        person = people.by_email(session, email)
        people.disable(session, None, person)
        name = person.name
    click.echo(f"{name} was disabled.")


@spaces_group.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--description", default="")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="internal", show_default=True)
@click.option("--approvals", type=int, default=1, show_default=True, help="0 publishes at once: a plain wiki.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--prefix", help="Of its codes, two to six capital letters; otherwise from the slug.")
def add_space(slug: str, **given) -> None:
    """Add a space."""
    with acting() as session:
        space = spaces.add(session, None, slug=slug, **given)
        added = f"Space {space.slug} was added; its codes begin with {space.prefix}."
    click.echo(added)


@spaces_group.command("grant")
@click.argument("slug")
@click.argument("email")
@click.argument("role")
def grant(slug: str, email: str, role: str) -> None:
    """Give somebody a role in a space: member, author, approver, animator or auditor."""
    with acting() as session:
        space, person = spaces.named(session, slug), people.by_email(session, email)
        is_new = spaces.grant(session, None, space, person, role)
        told = f"{person.name} is {'now' if is_new else 'already'} {role} of {space.slug}."
    click.echo(told)


@spaces_group.command("revoke")
@click.argument("slug")
@click.argument("email")
@click.argument("role")
def revoke(slug: str, email: str, role: str) -> None:
    """Take a role in a space from somebody."""
    with acting() as session:
        space, person = spaces.named(session, slug), people.by_email(session, email)
        had = spaces.revoke(session, None, space, person, role)
        told = f"{person.name} is no longer {role} of {space.slug}." if had else f"{person.name} was not {role} of {space.slug}."
    click.echo(told)


@tokens_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What it is for.")
def add_token(email: str, name: str) -> None:
    """Print a token that acts as its owner; it cannot be shown again."""
    with acting() as session:
        secret = tokens.add(session, None, people.by_email(session, email), name=name)
    click.echo(secret)


def link_address(secret: str) -> str:
    """Return the address of a one-time link: the configured one, never what a request claims."""
    return f"{site().settings.address}/link/{secret}"
