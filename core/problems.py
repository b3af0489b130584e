"""How a problem is answered: a page for people, `application/problem+json` (RFC 9457) under /api.

What a page says to somebody who is not signed in belongs to `accounts.web`.
"""

import errno
import json
from dataclasses import asdict, is_dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, g, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from core.catalogue import sentence
from core.errors import Conflict, N_, NotFound, Problem, TooBig, Unavailable

_FULL_OR_BROKEN_DISK = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EMFILE, errno.ENFILE)


def install(app: Flask) -> None:
    """Let an app answer every problem in words."""
    app.jinja_env.globals["sentence"] = sentence
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(NoConnection, _unavailable)
    app.register_error_handler(OSError, _answer_disk)


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


def _page(problem: Problem) -> Response:
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


def _answer_disk(error: OSError):
    if error.errno not in _FULL_OR_BROKEN_DISK:
        raise error
    return _unavailable(error)


def _unavailable(error: Exception):
    g.failed = True
    current_app.log_exception((type(error), error, error.__traceback__))
    return answer(Unavailable(N_("The site cannot do this right now. Nothing that was saved is lost; try again in a minute.")))
