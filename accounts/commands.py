"""The commands of this package: what an operator does from the machine itself."""

import click

from accounts.guest_commands import invitations_group
from accounts.people_commands import people_group, tokens_group
from accounts.space_commands import spaces_group


def commands() -> list[click.Command]:
    """Return the commands of this package."""
    return [people_group, tokens_group, spaces_group, invitations_group]
