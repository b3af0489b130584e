"""The web frame, without any domain: the parts of the site, limits, addresses and headers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, PathConverter

from core import assets, logs, problems, unread
from core.database import Database
from core.errors import Invalid, N_
from core.problems import ForeignForm, is_api
from core.settings import Settings

BODY_LIMIT_BYTES = 2 * 1024 * 1024
FILES_LIMIT_BYTES = 64 * 1024 * 1024        # of a body that may hold files
_HEARD_OUT_BYTES = 2 * FILES_LIMIT_BYTES    # of a body that is refused, so that the browser listens to why
_FILE_KEPT_BYTES = 16 * 1024 * 1024         # of one file while it comes in: what is larger is refused by its own rule
YEAR_S = 365 * 24 * 3600
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_log = logging.getLogger("procedures.web")


@dataclass(frozen=True)
class Site:
    """The parts of a running site. `library`, `engine` and `loop` belong to packages that this one does not know."""

    settings: Settings
    database: Database
    library: Any
    engine: Any
    loop: Any


def site() -> Site:
    """Return the parts of the site that this request, or command, is about."""
    return site_of(current_app)


def site_of(app: Flask) -> Site:
    """Return the parts of an app."""
    return app.extensions["procedures"]


class _Incoming(BytesIO):
    """A file as it comes in. In memory, so that one cut short leaves nothing; past what is kept, bytes are let go."""

    def write(self, data) -> int:
        super().write(bytes(data)[: max(0, _FILE_KEPT_BYTES - self.tell())])
        return len(data)


class _Request(Request):
    def _get_file_stream(self, total_content_length, content_type, filename=None, content_length=None) -> BytesIO:
        return _Incoming()


def takes_files(view: Callable) -> Callable:
    """Mark a view whose requests may be as large as files are, from whoever is signed in."""
    view.takes_files = True
    return view


class Application(Flask):
    """Flask, with failures logged on one line and addresses that hold only plain characters."""

    request_class = _Request

    def log_exception(self, exc_info) -> None:
        """Log an unexpected failure on one line: where it happened, never what somebody typed."""
        facts = {"event": "failure", "id": g.get("request_id", "-"), "method": logs.method(request.method), "route": route()}
        _log.error("failure", extra={"facts": facts}, exc_info=exc_info)


def install(app: Flask) -> None:
    """Give an app its limits, addresses, headers and error pages. Call it before any address is added."""
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES, MAX_FORM_MEMORY_SIZE=BODY_LIMIT_BYTES, MAX_FORM_PARTS=1000)
    app.url_map.merge_slashes = False
    app.url_map.converters |= {"default": _Word, "string": _Word, "path": _Path}
    app.jinja_env.globals["here"] = here
    assets.install(app)
    problems.install(app)
    unread.install(app)
    if site_of(app).settings.secure:
        # https ends at a proxy before us; the last address it names is the one it saw itself.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)
    app.before_request(_look_only)
    app.before_request(_refuse_foreign_forms)
    app.after_request(_protect)
    app.after_request(_hear_out)


class _Word(BaseConverter):
    # Codes, slugs, ids, days and tokens: anything else in an address is not there.
    regex = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}"


class _Path(PathConverter):
    regex = r"[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]*?"


def here() -> str:
    """Return the path of this page if coming back to it is a reading, else the front page's."""
    asked = request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"
    return local_path(asked) or "/"


def route() -> str:
    """Return the pattern of the address that was asked for, without anything that somebody put into it."""
    return request.url_rule.rule if request.url_rule else "-"


def local_path(raw: str | None) -> str | None:
    """Return `raw` if it is a path of this site and nothing else: no host, no scheme, no trick of browsers."""
    if not raw or not raw.startswith("/") or raw.startswith("//") or len(raw) > 2000:
        return None
    if "\\" in raw or any(c.isspace() or not c.isprintable() for c in raw):
        return None
    return raw


def _look_only() -> None:
    # HEAD is a GET whose body is not sent: a view that asks "is this a GET?" must not take it for a form.
    if request.method == "HEAD":
        request.method = "GET"


def _refuse_foreign_forms() -> None:
    # The token in each form is the protection; this refuses early what a browser itself says comes from elsewhere.
    origin = request.headers.get("Origin")
    if request.method in SAFE_METHODS or origin is None or is_api():
        return
    ours = {request.host, urlsplit(site().settings.address).netloc}
    if urlsplit(origin).netloc not in ours:
        raise ForeignForm()


def _hear_out(response: Response) -> Response:
    # A browser that is still sending when the connection ends shows a broken page instead of our sentence.
    left = min(request.content_length or 0, _HEARD_OUT_BYTES) if response.status_code == 413 else 0
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 65536))):
        left -= len(chunk)
    return response


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if request.endpoint == "static":
        headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if "v" in request.args else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
        headers["Vary"] = "Cookie"
    if site().settings.secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return response


def number_argument(name: str, default: int) -> int:
    """Return a whole number from 1 out of the address's query.

    Raises: Invalid if it is anything else.
    """
    raw = request.args.get(name, str(default))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 8 and int(raw) >= 1):
        raise Invalid(N_("This must be a whole number from 1."), field=name)
    return int(raw)
