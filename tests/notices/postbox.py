"""The far end of a mail server, and a site whose letters go there: down when it is told to be, and read back as mail."""

import email
import socket
from contextlib import suppress
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller


class Postbox:
    """Keeps what it takes; answers each address as it was told to, and drops the line once after taking if asked."""

    def __init__(self):
        self.answers: dict[str, str] = {}
        self.at_the_end: dict[str, str] = {}
        self.taken: list[EmailMessage] = []
        self.tried = 0
        self.hang_up_after_taking = False

    async def handle_RCPT(self, server, session, envelope, address, options):    # noqa: N802
        self.tried += 1
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):                      # noqa: N802
        self.taken.append(email.message_from_bytes(envelope.content, policy=policy.default))
        if self.hang_up_after_taking:
            self.hang_up_after_taking = False
            server.transport.abort()
        return self.at_the_end.get(envelope.rcpt_tos[0], "250 OK")

    def to(self, address: str) -> list[EmailMessage]:
        """Return the letters to somebody."""
        return [one for one in self.taken if one["To"] == address]


class Post:
    """A mail server that can be stopped and started again at one port."""

    def __init__(self):
        self.box = Postbox()
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"smtp://127.0.0.1:{self.port}?tls=off"

    def start(self) -> None:
        """Take letters from now on."""
        self._controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Take nothing."""
        if self._controller:
            with suppress(AssertionError):
                self._controller.stop()
            self._controller = None


def text_of(message: EmailMessage) -> str:
    """Return the text that a mail program shows."""
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    """Return the HTML that a mail program shows."""
    return message.get_body(("html",)).get_content()
