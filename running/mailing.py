"""A letter to the administrator who asks, and at which step it failed if it did."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import N_
from core.mail import Letter, MailDown, Mailer, MailRefused
from core.settings import Settings

# What is wrong at each step, and what to look at.
FAULTS = {
    "address": N_("The name of the mail server leads nowhere. Look at the host in PROCEDURES_MAIL_URL."),
    "connection": N_("The mail server cannot be reached. Look at its host and port in PROCEDURES_MAIL_URL, and at firewalls between here and there."),
    "tls": N_("No secure connection to the mail server could be made. Look at its certificate, and at smtp or smtps in PROCEDURES_MAIL_URL."),
    "password": N_("The mail server does not take the user name or the password. Look at both in PROCEDURES_MAIL_URL."),
    "sender": N_("The mail server does not take our sender’s address. Set one it knows, as from=address, in PROCEDURES_MAIL_URL."),
    "recipient": N_("The mail server does not take your address. Look at it on your account page, and at whom the server lets us write to."),
    "message": N_("The mail server took the addresses and then refused the message."),
}


@dataclass(frozen=True)
class Trial:
    """What became of a letter: nothing is wrong, or the step that failed and what the server said."""

    step: str | None = None
    said: str = ""

    @property
    def works(self) -> bool:
        """Whether the server took the letter."""
        return self.step is None

    @property
    def fault(self) -> str:
        """What is wrong, as a sentence; empty where nothing is."""
        return FAULTS[self.step] if self.step else ""


def send(mailer: Mailer, to: str, subject: str, text: str) -> Trial:
    """Send one letter and return what became of it."""
    try:
        [(_, refused)] = mailer.send(Letter(to, subject, text))
    except MailDown as down:
        return Trial(down.step, _kept(str(down)))
    except ValueError:          # a port that is no number, an address that is none
        return Trial("address")
    return _of(refused)


def server_of(settings: Settings) -> str:
    """Return the mail server's host and port, and nothing else that the setting holds; empty without one."""
    parts = urlsplit(settings.mail_url)
    return f"{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 25)}" if parts.hostname else ""


def _of(refused: MailRefused | None) -> Trial:
    return Trial() if refused is None else Trial(refused.step, _kept(str(refused)))


def _kept(said: str) -> str:
    return " ".join(said.split())[:300]
