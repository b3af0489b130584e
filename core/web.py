"""The web frame, without any domain: the parts of the site, addresses, headers, and problems given a shape.

A problem becomes a page for people and `application/problem+json` (RFC 9457) under /api. What a page says to somebody
who is not signed in belongs to `accounts.web`.
"""

import errno
import hashlib
import json
import logging
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, PathConverter

from core.catalogue import sentence
from core.database import Database
from core.errors import Conflict, Invalid, N_, NotFound, Problem, TooBig, Unavailable
from core.settings import Settings

BODY_LIMIT_BYTES = 2 * 1024 * 1024
YEAR_S = 365 * 24 * 3600
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FULL_OR_BROKEN_DISK = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EMFILE, errno.ENFILE)
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
    return current_app.extensions["procedures"]


class Application(Flask):
    """Flask, with failures logged on one line and addresses that hold only plain characters."""

    def log_exception(self, exc_info) -> None:
        """Log an unexpected failure on one line: where it happened, never what somebody typed."""
        _, error, trace = exc_info
        places = []
        while trace is not None:
            places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
            trace = trace.tb_next
        _log.error("event=failure method=%s path=%s error=%s at=%s", request.method, json.dumps(request.path),
                   json.dumps(f"{type(error).__name__}: {error}"[:500]), "<".join(reversed(places)))


def install(app: Flask) -> None:
    """Give an app its limits, addresses, headers and error pages. Call it before any address is added."""
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES, MAX_FORM_MEMORY_SIZE=BODY_LIMIT_BYTES, MAX_FORM_PARTS=1000)
    app.url_map.merge_slashes = False
    app.url_map.converters |= {"default": _Word, "string": _Word, "path": _Path}
    app.jinja_env.globals |= {"static": static, "scripts": scripts, "symbols": symbols, "sentence": sentence, "here": here}
    app.before_request(_refuse_foreign_forms)
    app.after_request(_protect)
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_busy)
    app.register_error_handler(OSError, _answer_disk)


class _Word(BaseConverter):
    # Codes, slugs, ids, days and tokens: anything else in an address is not there.
    regex = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}"


class _Path(PathConverter):
    regex = r"[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]*?"


def static(file: str) -> str:
    """Return the address of a static file, which changes with its content so that browsers may keep it."""
    return _address(current_app.static_folder, file)


def scripts() -> Markup:
    """Return the tags of the modules of JavaScript: one per behaviour, each idle where a page does not ask for it."""
    return _tags(current_app.static_folder)


def symbols() -> Markup:
    """Return the drawings that pages use, once per page."""
    kept = current_app.extensions
    if "symbols" not in kept:
        kept["symbols"] = current_app.jinja_env.get_template("_parts.html").module.symbols()
    return kept["symbols"]


@cache
def _tags(folder: str) -> Markup:
    names = sorted(path.name for path in Path(folder).glob("*.js"))
    return Markup("\n").join(Markup('<script type="module" src="{}"></script>').format(_address(folder, name)) for name in names)


def here() -> str:
    """Return the path of this page if coming back to it is a reading, else the front page's."""
    asked = request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"
    return local_path(asked) or "/"


@cache
def _address(folder: str, file: str) -> str:
    fingerprint = hashlib.sha256((Path(folder) / file).read_bytes()).hexdigest()[:12]
    return f"/static/{file}?v={fingerprint}"


def is_api() -> bool:
    """Whether the request is for the JSON API."""
    return request.path.startswith("/api/")


def local_path(raw: str | None) -> str | None:
    """Return `raw` if it is a path of this site and nothing else: no host, no scheme, no trick of browsers."""
    if not raw or not raw.startswith("/") or raw.startswith("//") or len(raw) > 2000:
        return None
    if "\\" in raw or any(c.isspace() or not c.isprintable() for c in raw):
        return None
    return raw


def _refuse_foreign_forms() -> None:
    # The token in each form is the protection; this refuses early what a browser itself says comes from elsewhere.
    origin = request.headers.get("Origin")
    if request.method in SAFE_METHODS or origin is None or is_api():
        return
    ours = {request.host, urlsplit(site().settings.address).netloc}
    if urlsplit(origin).netloc not in ours:
        raise ForeignForm()


class ForeignForm(Problem):
    """A form that another site made, or that is too old to be known."""

    status = 400

    def __init__(self):
        super().__init__(N_("This form is too old, or your browser keeps no cookies. Go back, load the page again and send it once more."))


def _protect(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY
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


def answer_problem(problem: Problem):
    """Return the answer that a problem deserves: a page, or a document under /api."""
    response = _document(problem) if is_api() else page(problem)
    response.status_code = problem.status
    if problem.status == 429:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    if problem.status == 401 and is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def page(problem: Problem) -> Response:
    """Return a problem as a page."""
    return current_app.make_response(render_template("error.html", problem=problem, title=_TITLES.get(problem.status)))


_TITLES = {
    400: N_("This form cannot be taken"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not found"),
    409: N_("Something changed meanwhile"),
    413: N_("Too big"),
    422: N_("This cannot be taken"),
    429: N_("Too fast"),
    500: N_("Something went wrong"),
    503: N_("Not possible right now"),
}


def _document(problem: Problem) -> Response:
    told = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": sentence(problem),
    }
    if problem.field:
        told["field"] = problem.field
    if isinstance(problem, Conflict):
        told |= _both_sides(problem)
    return Response(json.dumps(told, ensure_ascii=False, default=str), mimetype="application/problem+json")


def _both_sides(conflict: Conflict) -> dict:
    told = {}
    if isinstance(conflict.present, dict):
        told["present"] = conflict.present
    if is_dataclass(conflict.sides):
        told["sides"] = asdict(conflict.sides)
    return told


class _Refused(Problem):
    def __init__(self, status: int, words: str):
        super().__init__(words)
        self.status = status


def _answer_http(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    response = current_app.make_response(current_app.handle_user_exception(_problem_of(error)))
    if error.code == 405:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _problem_of(error: HTTPException) -> Problem:
    match error.code:
        case 404:
            return NotFound()
        case 413:
            return TooBig(N_("This is too big: at most 2 MiB at a time."))
        case 405:
            return _Refused(405, N_("This address does not take that."))
        case 415:
            return _Refused(415, N_("Send JSON, with the content type application/json."))
        case code if code >= 500:
            g.failed = True
            return _Refused(500, N_("Something went wrong on our side. Nothing that was saved is lost; try again."))
    return ForeignForm() if not is_api() else _Refused(400, N_("This request cannot be read."))


def _answer_busy(error: OperationalError):
    return _unavailable(error)


def _answer_disk(error: OSError):
    if error.errno not in _FULL_OR_BROKEN_DISK:
        raise error
    return _unavailable(error)


def _unavailable(error: Exception):
    g.failed = True
    current_app.log_exception((type(error), error, error.__traceback__))
    return answer_problem(Unavailable(N_("The site cannot do this right now. Nothing that was saved is lost; try again in a minute.")))



def number_argument(name: str, default: int) -> int:
    """Return a whole number from 1 out of the address's query.

    Raises: Invalid if it is anything else.
    """
    raw = request.args.get(name, str(default))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 8 and int(raw) >= 1):
        raise Invalid(N_("This must be a whole number from 1."), field=name)
    return int(raw)
