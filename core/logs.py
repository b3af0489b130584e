"""Logs: one line per fact, in logfmt or JSON.

Of a failure they tell its kind and where it happened, never its message, which may hold what somebody typed, nor the
values of variables. What the server says of a request it cannot read is cut where it would repeat the request.
"""

import json
import logging
import re
from collections.abc import Iterator
from types import TracebackType

from gunicorn.glogging import Logger

from core import clock
from core.errors import Problem

REQUESTS = "procedures.requests"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PLAIN = re.compile(r"[^\s\"=\\\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLACES = 30
_CAUSES = 4


class Lines(logging.Formatter):
    """Makes a line of a record: of its `facts` if it has some, else of its message."""

    def __init__(self, style: str):
        super().__init__()
        self._is_json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        facts = {"at": clock.rfc3339(clock.now()), "level": record.levelname.lower(), "logger": record.name}
        known = getattr(record, "facts", None)
        facts |= known if known is not None else {"message": " ".join(record.getMessage().split())}
        if record.exc_info and record.exc_info[1] is not None:
            facts |= {"error": told(record.exc_info[1]), "trace": places(record.exc_info[1].__traceback__)}
        if self._is_json:
            return json.dumps(facts, default=str)
        return " ".join(f"{name}={_written(value)}" for name, value in facts.items())


def told(error: BaseException) -> str:
    """Return the kind of a failure and of what caused it, with what the system says and nothing that somebody typed."""
    return " < ".join(_told(one) for one in _causes(error))


def places(trace: TracebackType | None) -> str:
    """Return where a failure happened, innermost first: a traceback on one line."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(found[-_PLACES:]))


def method(raw: str) -> str:
    """Return the method of a request if it is one, so that a made-up one can hold nothing."""
    return raw if raw in _METHODS else "other"


def to_console(style: str) -> None:
    """Write what this process logs to standard error; `off` leaves out the line per request."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(style))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("procedures").setLevel(logging.INFO)
    logging.getLogger(REQUESTS).setLevel(logging.WARNING if style == "off" else logging.INFO)


def server_logger(style: str) -> type[Logger]:
    """Return what the server logs with: our lines, and nothing out of a request."""

    class ServerLog(Logger):
        """The server's own log."""

        def setup(self, cfg) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(Lines(style))

        def warning(self, msg, *args, **kwargs) -> None:
            said = str(msg)
            if said.startswith("Invalid request from"):      # what follows repeats the request
                return super().warning("Invalid request refused")
            return super().warning(msg, *args, **kwargs)

        def exception(self, msg, *args, **kwargs) -> None:
            super().error(msg.partition("%")[0].strip() if isinstance(msg, str) else "failure", exc_info=True)

    return ServerLog


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, Problem):
        return f"{name}: {error.sentence}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} {error.errno}: {error.strerror}"
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return f"{name} {code}" if code else name


def _written(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
