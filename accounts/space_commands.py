"""The commands about spaces: making them, their settings, who is let into them, closing them and opening them again."""

import click
from flask.cli import AppGroup

from accounts import grants, people, seating, space_settings, spaces
from accounts.acting import acting
from accounts.models import LANGUAGES, VISIBILITIES
from accounts.seat_forms import seat_of_word
from accounts.space_settings import Facts

spaces_group = AppGroup("spaces", help="Spaces and who is let into them.")


@spaces_group.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--description", default="")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="internal", show_default=True)
@click.option("--approvals", type=int, default=1, show_default=True, help="0 publishes at once: a plain wiki.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--prefix", help="Of its codes, two to six capital letters; otherwise from the slug.")
@click.option("--words-budget", type=int, help="How many words a procedure has at most; the check mentions what is longer.")
def add_space(slug: str, **given) -> None:
    """Add a space."""
    with acting() as session:
        space = spaces.add(session, None, slug=slug, **given)
        added = f"Space {space.slug} was added; its codes begin with {space.prefix}."
    click.echo(added)


@spaces_group.command("edit")
@click.argument("slug")
@click.option("--name")
@click.option("--description")
@click.option("--visibility", type=click.Choice(VISIBILITIES))
@click.option("--language", type=click.Choice(LANGUAGES), help="Of a text that says none.")
@click.option("--prefix", help="Of its codes, as long as none was given.")
@click.option("--words-budget", type=int, help="How many words a procedure has at most; 0 for no budget.")
@click.option("--guests-meet/--guests-apart", default=None, help="Whether its guests see each other.")
@click.option("--recommendations", type=int, help="How many people each member may recommend.")
def edit_space(slug: str, **given) -> None:
    """Change the settings of a space, those that are named; `spaces approvals` says who approves."""
    if all(value is None for value in given.values()):
        raise click.UsageError("Say what to change, such as --name \"Customer care\".")
    with acting() as session:
        space = spaces.named(session, slug)
        is_new = space_settings.edit(session, None, space, Facts(**given))
        told = f"The settings of {space.slug} are saved." if is_new else f"Nothing was new in {space.slug}."
    click.echo(told)


@spaces_group.command("approvals")
@click.argument("slug")
@click.argument("seats", nargs=-1)
def set_approvals(slug: str, seats: tuple[str, ...]) -> None:
    """Say who approves in a space, a word per approval: any, owner, team:NAME, role:author, or addresses apart by commas.

    Without a word, what authors write is published at once.
    """
    with acting() as session:
        space = spaces.named(session, slug)
        seating.set_seats(session, None, space, [seat_of_word(word) for word in seats])
        told = f"{space.slug} asks for {space.approvals_required} approvals from now on."
    click.echo(told)


@spaces_group.command("budget")
@click.argument("slug")
@click.argument("words", type=click.IntRange(min=0))
def set_budget(slug: str, words: int) -> None:
    """Say how many words a procedure of a space has at most; 0 for no budget."""
    with acting() as session:
        space = spaces.named(session, slug)
        spaces.set_budget(session, None, space, words or None)
        told = f"A procedure of {space.slug} has at most {words} words." if words else f"{space.slug} has no budget of words."
    click.echo(told)


@spaces_group.command("grant")
@click.argument("slug")
@click.argument("email")
@click.argument("role")
def grant(slug: str, email: str, role: str) -> None:
    """Give somebody a role in a space: member, author, approver, animator or auditor."""
    with acting() as session:
        space, person = spaces.named(session, slug), people.by_email(session, email)
        is_new = grants.grant(session, None, space, person, role)
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
        had = grants.revoke(session, None, space, person, role)
        told = f"{person.name} is no longer {role} of {space.slug}." if had else f"{person.name} was not {role} of {space.slug}."
    click.echo(told)


@spaces_group.command("archive")
@click.argument("slug")
def archive(slug: str) -> None:
    """Archive a space: it is read, and nothing is written in it any more."""
    with acting() as session:
        space = spaces.named(session, slug)
        is_new = space_settings.archive(session, None, space)
        told = f"{space.slug} {'is archived' if is_new else 'was archived already'}: it is read, and nothing is written in it."
    click.echo(told)


@spaces_group.command("reopen")
@click.argument("slug")
def reopen(slug: str) -> None:
    """Open an archived space again."""
    with acting() as session:
        space = spaces.named(session, slug)
        was_archived = space_settings.reopen(session, None, space)
        told = f"{space.slug} is written in again." if was_archived else f"{space.slug} was not archived."
    click.echo(told)
