"""The commands about people: letting them in, in again and out, and their keys to the JSON API."""

import sys

import click
from flask.cli import AppGroup

from accounts import administering, administrators, people, sign_ins, tokens
from accounts.acting import acting
from accounts.web import link_address

people_group = AppGroup("people", help="People and their ways in.")
tokens_group = AppGroup("tokens", help="Keys to the JSON API.")


@people_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The full name, shown and signed with.")
@click.option("--team", default="", help="Where they work, in the words that procedures use.")
@click.option("--administrator", is_flag=True, help="Manages people, spaces and roles.")
@click.option("--guest", is_flag=True, help="Somebody from outside: sees only the spaces they are let into.")
@click.option("--password-stdin", is_flag=True, help="Read a password from the standard input.")
def add_person(email: str, password_stdin: bool, **given) -> None:
    """Add a person; print a link that signs them in once if no password is given."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with acting() as session:
        person = people.add(session, None, email=email, password=password, **given)
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


@people_group.command("team")
@click.argument("email")
@click.argument("team")
def choose_team(email: str, team: str) -> None:
    """Say which team somebody works in; '' for none."""
    with acting() as session:
        person = people.by_email(session, email)
        people.choose_team(session, None, person, team)
        told = f"{person.name} works in {person.team}." if person.team else f"{person.name} is in no team."
    click.echo(told)


@people_group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Disable a person: every way in ends at once, what they wrote stays."""
    with acting() as session:
        person = people.by_email(session, email)
        people.disable(session, None, person)
        name = person.name
    click.echo(f"{name} was disabled.")


@people_group.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled person in again: their roles are as they were, their tokens stay ended."""
    with acting() as session:
        person = people.by_email(session, email)
        was_disabled = administering.enable(session, None, person)
        told = f"{person.name} can come in again." if was_disabled else f"{person.name} was not disabled."
    click.echo(told)


@people_group.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Forget a person's password and end every sign-in; print a link with which they choose another, once. Tokens stay."""
    with acting() as session:
        secret = administering.reset_password(session, None, people.by_email(session, email))
    click.echo(link_address(secret))


@people_group.command("appoint")
@click.argument("email")
def appoint(email: str) -> None:
    """Make a person an administrator: they manage people, spaces and roles."""
    with acting() as session:
        person = people.by_email(session, email)
        is_new = administrators.appoint(session, None, person)
        told = f"{person.name} {'administers the site from now on' if is_new else 'administers the site already'}."
    click.echo(told)


@people_group.command("dismiss")
@click.argument("email")
def dismiss(email: str) -> None:
    """Take the office of administrator from a person; the last one keeps it."""
    with acting() as session:
        person = people.by_email(session, email)
        had = administrators.dismiss(session, None, person)
        told = f"{person.name} {'no longer administers' if had else 'did not administer'} the site."
    click.echo(told)


@tokens_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What it is for.")
def add_token(email: str, name: str) -> None:
    """Print a token that acts as its owner; it cannot be shown again."""
    with acting() as session:
        secret = tokens.add(session, None, people.by_email(session, email), name=name)
    click.echo(secret)
