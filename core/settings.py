"""The settings, read once from the environment; nobody else looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


LOGS = ("logfmt", "json", "off")
_SECRET = ("METRICS_TOKEN",)        # never repeated, not even when it is wrong


class BadSettings(Exception):
    """One or more settings cannot be used; the message lists them all."""


@dataclass(frozen=True)
class Settings:
    """Where the site keeps its things and how it is reached."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = ""
    public_url: str = ""
    mail_url: str = ""
    site_name: str = "Living Procedures"
    timezone: ZoneInfo = ZoneInfo("UTC")
    starter: bool = True
    rate_limits: bool = True
    workers: int = 2
    backups_folder: Path | None = None
    log: str = "logfmt"
    metrics_token: str = ""

    @property
    def backups(self) -> Path:
        """The folder into which backups are made: the one given, or one in the data folder."""
        return self.backups_folder or self.data / "backups"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one given, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'site.sqlite3'}"

    @property
    def address(self) -> str:
        """The address that links in mails and on the console start with, without a final slash."""
        return self.public_url or f"http://{self.host}:{self.port}"

    def as_environ(self) -> dict[str, str]:
        """Return what a process of ours needs in its environment to work on the same data."""
        return {
            "PROCEDURES_DATA": str(self.data), "PROCEDURES_DATABASE_URL": self.database_url,
            "PROCEDURES_TIMEZONE": str(self.timezone), "PROCEDURES_LOG": self.log,
        }

    @property
    def secure(self) -> bool:
        """Whether people reach the site over https, which makes cookies Secure."""
        return self.public_url.startswith("https://")


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`.

    Raises: BadSettings with one line per value that cannot be used.
    """
    wrong: list[str] = []

    def take(name, convert, default):
        raw = environ.get(f"PROCEDURES_{name}", "").strip()
        if not raw:
            return default
        try:
            return convert(raw)
        except (ValueError, KeyError, ArgumentError, OSError) as error:
            wrong.append(f"PROCEDURES_{name}={'…' if name in _SECRET else repr(raw)}: {error}")
            return default

    settings = Settings(
        data=take("DATA", Path, Path("data")).absolute(),
        host=take("HOST", _host, "127.0.0.1"),
        port=take("PORT", _port, 8000),
        database_url=take("DATABASE_URL", _database, ""),
        public_url=take("PUBLIC_URL", _public_url, ""),
        mail_url=take("MAIL_URL", _mail_url, ""),
        site_name=take("SITE_NAME", _site_name, "Living Procedures"),
        timezone=take("TIMEZONE", _zone, ZoneInfo("UTC")),
        starter=take("STARTER", _switch({"1": True, "0": False}), True),
        rate_limits=take("RATE_LIMITS", _switch({"on": True, "off": False}), True),
        workers=take("WORKERS", _workers, 2),
        backups_folder=take("BACKUPS", lambda raw: Path(raw).absolute(), None),
        log=take("LOG", _log, "logfmt"),
        metrics_token=take("METRICS_TOKEN", _token, ""),
    )
    if wrong:
        raise BadSettings("\n".join(wrong))
    return settings


def _host(raw: str) -> str:
    if any(c.isspace() or c == "/" for c in raw):
        raise ValueError("expected a host name or an address")
    return raw


def _port(raw: str) -> int:
    port = int(raw) if raw.isascii() and raw.isdigit() else 0
    if not 1 <= port <= 65535:
        raise ValueError("expected a number from 1 to 65535")
    return port


def _workers(raw: str) -> int:
    count = int(raw) if raw.isascii() and raw.isdigit() else 0
    if not 1 <= count <= 64:
        raise ValueError("expected a number from 1 to 64")
    return count


def _log(raw: str) -> str:
    if raw not in LOGS:
        raise ValueError("expected " + " or ".join(LOGS))
    return raw


def _token(raw: str) -> str:
    if len(raw) < 16 or not raw.isascii() or any(c.isspace() for c in raw):
        raise ValueError("expected at least 16 plain characters without spaces")
    return raw


def _database(raw: str) -> str:
    url = make_url(raw)
    if url.get_backend_name() == "sqlite":
        return raw
    if url.get_backend_name() != "postgresql":
        raise ValueError("expected a sqlite or postgresql URL")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _public_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("expected an address such as https://procedures.example, without a path")
    return raw.rstrip("/")


def _mail_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("expected an address such as smtp://mail.example:25")
    return raw


def _site_name(raw: str) -> str:
    if len(raw) > 80 or not raw.isprintable():
        raise ValueError("expected one line of at most 80 characters")
    return raw


def _zone(raw: str) -> ZoneInfo:
    try:
        return ZoneInfo(raw)
    except Exception as error:  # zoneinfo raises OSError, ValueError or KeyError according to the shape of the name
        raise ValueError("expected a zone such as Europe/Paris") from error


def _switch(values: dict[str, bool]):
    def convert(raw: str) -> bool:
        if raw not in values:
            raise ValueError("expected " + " or ".join(values))
        return values[raw]

    return convert
