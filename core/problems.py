"""How a problem is answered: a page for people, `application/problem+json` (RFC 9457) under /api.

What a page says to somebody who is not signed in belongs to `accounts.web`.
"""

import errno
import json
from dataclasses import asdict, is_dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import force_locale, get_locale
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from core import assets
from core.catalogue import LANGUAGES, sentence
from core.database import unkept
from core.errors import Conflict, N_, NotFound, Problem, TooBig, Unavailable
from core.unsaved import PASSWORDS, unsaved

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_OR_BROKEN_DISK = (*_FULL, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE)


def install(app: Flask) -> None:
    """Let an app answer every problem in words."""
    app.jinja_env.globals["sentence"] = sentence
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(NoConnection, _unavailable)
    app.register_error_handler(OSError, _answer_disk)
    app.register_error_handler(DataError, lambda error: answer(unkept()))


def ready(app: Flask) -> None:
    """Load what a failure is answered with while files can still be opened. Call it once an app is whole."""
    for name in ("error.html", "base.html", "_parts.html"):
        app.jinja_env.get_template(name)
    assets.warm(app)


class Full(Unavailable):
    """No room is left on the disk."""

    status = 507


class ForeignForm(Problem):
    """A form that another site made, or that is too old to be known."""

    status = 400

    def __init__(self):
        super().__init__(N_("This form is too old, or your browser keeps no cookies. Go back, load the page again and send it once more."))


def is_api() -> bool:
    """Whether the request is for the JSON API."""
    return request.path.startswith("/api/")


def answer(problem: Problem):
    """Return the answer that a problem deserves: a page, or a document under /api."""
    response = _document(problem) if is_api() else _page(problem)
    response.status_code = problem.status
    if problem.status == 429:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    if problem.status == 401 and is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def answered_alone(problem: Problem) -> Response:
    """Return the answer for a program that reads neither pages nor JSON: the status, and the sentence on a line."""
    return Response(sentence(problem) + "\n", status=problem.status, mimetype="text/plain")


def _page(problem: Problem) -> Response:
    shown = render_template(
        "error.html", problem=problem, title=_TITLES.get(problem.status), unsaved=unsaved() if _passes(problem) else None, copied=_copied(problem),
        others=_in_other_languages(problem),
    )
    return current_app.make_response(shown)


def _passes(problem: Problem) -> bool:
    return problem.status in (503, 507) and request.method == "POST"


def _copied(problem: Problem) -> str:
    """Return the sentences that a form brought, where sending it once more leads nowhere: its place is gone, or closed to them."""
    if problem.status not in (403, 404, 409) or request.method != "POST":
        return ""
    return "\n\n".join(value for name, value in request.form.items(multi=True) if name not in PASSWORDS and " " in value.strip())


def _in_other_languages(problem: Problem) -> dict[str, str]:
    """Return what a problem says in the languages that the page does not speak, where it is not known which is asked for."""
    said = {}
    for language in LANGUAGES if problem.status == 414 else ():
        if language != str(get_locale()):
            with force_locale(language):
                said[language] = sentence(problem)
    return said


_TITLES = {
    400: N_("This form cannot be taken"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not found"),
    409: N_("Something changed meanwhile"),
    413: N_("Too big"),
    414: N_("Too long"),
    422: N_("This cannot be taken"),
    429: N_("Too fast"),
    500: N_("Something went wrong"),
    503: N_("Not possible right now"),
    507: N_("Not possible right now"),
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
            return TooBig(N_("This is too big: at most %(most)s MiB at a time."), most=_most_bytes() // 1024**2)
        case 405:
            return _Refused(405, N_("This address does not take that."))
        case 415:
            return _Refused(415, N_("Send JSON, with the content type application/json."))
        case code if code >= 500:
            g.failed = True
            return _Refused(500, N_("Something went wrong on our side. Nothing that was saved is lost; try again."))
    return ForeignForm() if not is_api() else _Refused(400, N_("This request cannot be read."))


def _most_bytes() -> int:
    """Return which limit was met: that of the whole body, or that of the words in a body that may hold files."""
    whole = request.max_content_length or 0
    return whole if (request.content_length or 0) > whole else min(whole, request.max_form_memory_size or whole)


def _answer_disk(error: OSError):
    if error.errno not in _FULL_OR_BROKEN_DISK:
        raise error
    return _unavailable(error)


def _unavailable(error: Exception):
    g.failed = True
    current_app.log_exception((type(error), error, error.__traceback__))
    return answer(_in_words(error))


def _in_words(error: Exception) -> Unavailable:
    code, said = getattr(error, "errno", None), str(error).lower()
    if code in _FULL or "disk is full" in said or "no space left" in said:
        return Full(N_("No space is left on the disk of this site, so nothing can be saved now. What was saved before is safe. Whoever runs the site must make room; then send this again."))
    if code == errno.EROFS or "readonly database" in said:
        return Unavailable(N_("The disk of this site can only be read, so nothing can be saved now. What was saved before is safe. Whoever runs the site must look at its disk; then send this again."))
    return Unavailable(N_("The site cannot do this right now. Nothing that was saved is lost; try again in a minute."))
