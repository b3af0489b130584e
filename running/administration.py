"""The pages for administrators, in one list, and who may open them."""

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.policy import may_administer
from core.errors import N_, NotFound


@dataclass(frozen=True)
class Link:
    """One page, what it is called and what it is for."""

    path: str
    title: str
    about: str


# In the order of the page; a package that brings a page for administrators adds a line.
LINKS = (
    Link("/administration/people", N_("People"), N_("Who may sign in: add, disable, let in again; who administers the site.")),
    Link("/administration/spaces", N_("Spaces"), N_("What each space is, who is let into it, who approves; archive one.")),
    Link("/administration/mail", N_("Outgoing mail"), N_("Whether letters wait to be sent, and whom they cannot reach.")),
    Link("/administration/backups", N_("Backups"), N_("When the last good backup was made, when the next ones are, and one now.")),
    Link("/administration/export", N_("Leave with everything"), N_("All that you may read, as plain files that need nothing of ours.")),
    Link("/administration/health", N_("Health"), N_("Whether everything works: disk, search, mail, the record, failed sign-ins.")),
)


def require(actor: Actor) -> None:
    """Go on only for an administrator: for anybody else these pages are not there. Raises: NotFound."""
    if not may_administer(actor):
        raise NotFound()
