"""The commands about guests: inviting somebody from outside in the name of whoever answers for them, and ending it."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from accounts import actors, invitations, inviting, people, policy, spaces
from accounts.acting import acting
from accounts.permissions import Permission
from accounts.web import invitation_address
from core import clock, text
from core.errors import Denied, NotFound, Unauthenticated
from core.web import site

_YEAR = timedelta(days=365)

invitations_group = AppGroup("invitations", help="People from outside, invited into a space until a day.")


@invitations_group.command("add")
@click.argument("slug")
@click.argument("email")
@click.option("--inviter", required=True, metavar="EMAIL", help="Who answers for the guest, and could invite them from the page.")
@click.option("--until", metavar="DATE", help="The last day of the access; in a year unless told.")
@click.option("--note", default="", help="A word that the guest reads.")
def add_invitation(slug: str, email: str, inviter: str, until: str | None, note: str) -> None:
    """Invite somebody from outside into a space; print the link that lets them in once."""
    zone = site().settings.timezone
    with acting() as session:
        space, host = spaces.named(session, slug), actors.by_id(session, people.by_email(session, inviter).id)
        ends_on = text.day(until, field="until") if until else clock.today(zone) + _YEAR
        try:
            made, secret = invitations.make(session, None, space, email=email, ends_on=ends_on, zone=zone, note=note, inviter=host)
        except (NotFound, Unauthenticated) as problem:      # whoever runs commands may be told of the space
            raise Denied(policy.reason(Permission.INVITE, space)) from problem
        told = f"{made.email} is invited into {space.slug} until {made.ends_on}; {host.name} answers for it."
    click.echo(told, err=True)
    click.echo(invitation_address(secret))


@invitations_group.command("end")
@click.argument("slug")
@click.argument("email")
def end_invitation(slug: str, email: str) -> None:
    """Take back an invitation that waits, or end at once the access that one gave."""
    with acting() as session:
        found = inviting.alive(session, spaces.named(session, slug), email)
        for one in found:
            inviting.end(session, None, one.invitation.id)
        told = [
            f"What the invitation gave {one.guest.name} in {slug} has ended." if one.guest else f"The invitation of {one.invitation.email} into {slug} was taken back."
            for one in found
        ]
    click.echo("\n".join(told))
