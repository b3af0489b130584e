"""Mail out of the site: one message over SMTP, or a refusal that says whether trying again can help."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from core import clock
from core.settings import Settings

_TIMEOUT_S = 10
_LINE_END = re.compile(r"[ \t]*[\r\n]+[ \t]*")


STEPS = ("address", "connection", "tls", "password", "sender", "recipient", "message")


class MailDown(Exception):
    """The server cannot be reached or takes nothing now; a later try may be taken. `step` says how far it came.

    `is_broken` says that the connection was lost while a letter was on its way: the server may have it all the same.
    """

    def __init__(self, said: str, step: str = "message", *, is_broken: bool = False):
        super().__init__(said)
        self.step = step
        self.is_broken = is_broken


class MailRefused(Exception):
    """The server said no for good: to this message, or, with `is_address`, to anything for this address."""

    def __init__(self, said: str, step: str = "message", *, is_address: bool = False):
        super().__init__(said)
        self.step = step
        self.is_address = is_address


@dataclass(frozen=True)
class Letter:
    """What one person is told: the same words as text and as HTML, and headers besides."""

    to: str
    subject: str
    text: str
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    id: str = ""            # of the message: the same for every try, so that a second delivery can be told


@dataclass(frozen=True)
class Mailer:
    """The way to one mail server.

    `url` is smtp://[user:password@]host[:port][?from=address][&tls=off], or smtps:// for TLS from the first byte.
    With smtp:// the connection turns to TLS as soon as the server offers it; a password never goes without.
    """

    url: str
    name: str
    host: str

    @property
    def sender(self) -> str:
        """The address that messages come from."""
        return self._asked("from") or f"procedures@{self.host}"

    def message(self, letter: Letter) -> EmailMessage:
        """Return a letter as a message a mail program reads."""
        message = EmailMessage()
        message["From"] = formataddr((self.name, self.sender))
        message["To"] = letter.to
        message["Subject"] = _LINE_END.sub(" ", letter.subject).strip()
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{letter.id}@{self.host}>" if letter.id else make_msgid(domain=self.host)
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers:
            message[name] = value
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        return message

    def send(self, *letters: Letter) -> Iterator[tuple[Letter, MailRefused | None]]:
        """Send letters over one connection; yield each with its refusal, or None once the server has taken it.

        Raises: MailDown where the server cannot be reached or stops taking any.
        """
        with self.connected() as post:
            for letter in letters:
                yield letter, post(letter)

    @contextmanager
    def connected(self) -> Iterator[Callable[[Letter], MailRefused | None]]:
        """Give what sends one letter after the other over one connection: it returns a refusal, or None once it is taken.

        Raises: MailDown where the server cannot be reached; so does sending, where it takes this letter only later.
        """
        with self._connected() as server:
            yield lambda letter: self._sent(server, letter)

    def _sent(self, server: smtplib.SMTP, letter: Letter) -> MailRefused | None:
        try:
            server.send_message(self.message(letter), from_addr=self.sender, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = error.recipients[letter.to]
            return _refusal(code, reason, "recipient", is_address=True)
        except smtplib.SMTPSenderRefused as error:      # ours, not theirs: no address is to blame
            raise MailDown(f"{error.smtp_code} {_words(error.smtp_error)}", "sender") from error
        except smtplib.SMTPResponseException as error:
            return _refusal(error.smtp_code, error.smtp_error, "message")
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            return MailRefused(str(error), "recipient", is_address=True)
        except (smtplib.SMTPException, OSError) as error:
            raise MailDown(str(error), "message", is_broken=True) from error
        return None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._open()
        try:
            yield server
        finally:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _open(self) -> smtplib.SMTP:
        server = self._reached()
        try:
            with _step("connection"):
                server.ehlo()
            if server.has_extn("starttls") and self._asked("tls") != "off" and not _is_secret(server):
                with _step("tls"):
                    server.starttls(context=ssl.create_default_context())
            self._log_in(server)
        except MailDown:
            server.close()
            raise
        return server

    def _reached(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        with _step("connection"):
            if parts.scheme != "smtps":
                return smtplib.SMTP(parts.hostname, parts.port or 25, timeout=_TIMEOUT_S)
            return smtplib.SMTP_SSL(parts.hostname, parts.port or 465, timeout=_TIMEOUT_S, context=ssl.create_default_context())

    def _log_in(self, server: smtplib.SMTP) -> None:
        parts = urlsplit(self.url)
        if not parts.username:
            return
        if not _is_secret(server):
            raise MailDown("the server offers no TLS, so the password was not sent", "tls")
        with _step("password"):
            server.login(unquote(parts.username), unquote(parts.password or ""))

    def _asked(self, name: str) -> str:
        return parse_qs(urlsplit(self.url).query).get(name, [""])[0]


def mailer_of(settings: Settings) -> Mailer | None:
    """Return the way to the mail server of the settings, None where there is none."""
    if not settings.mail_url:
        return None
    host = urlsplit(settings.address).hostname or "localhost"
    return Mailer(settings.mail_url, settings.site_name, host)


@contextmanager
def _step(name: str) -> Iterator[None]:
    """Say at which step the way to the server ended. A name that leads nowhere and a certificate have steps of their own."""
    try:
        yield
    except socket.gaierror as error:
        raise MailDown(error.strerror or str(error), "address") from error
    except ssl.SSLError as error:
        raise MailDown(str(error), "tls") from error
    except smtplib.SMTPResponseException as error:
        raise MailDown(f"{error.smtp_code} {_words(error.smtp_error)}", name) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailDown(str(error), name) from error


def _is_secret(server: smtplib.SMTP) -> bool:
    return isinstance(server.sock, ssl.SSLSocket)


def _refusal(code: int, reason: bytes | str, step: str, *, is_address: bool = False) -> MailRefused:
    if 400 <= code < 500:
        raise MailDown(f"{code} {_words(reason)}", step)
    return MailRefused(f"{code} {_words(reason)}", step, is_address=is_address)


def _words(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
