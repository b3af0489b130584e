"""Every request watched: its id, its line in the log, its place in the counts. Patterns of addresses, never addresses."""

import logging
import time

from flask import Flask, Response, g, request

from core import logs
from core.database import new_id
from core.web import route
from running.tally import Tally

HEADER = "X-Request-Id"
UNLOGGED = ("/healthz", "/readyz", "/metrics")
_log = logging.getLogger(logs.REQUESTS)


def install(app: Flask, tally: Tally | None) -> None:
    """Watch every request of an app. Call it before anything else is installed, so that what others refuse is seen too."""

    def end(response: Response) -> Response:
        pattern, method = route(), logs.method(g.get("method", request.method))
        taken_s = time.perf_counter() - g.get("begun", time.perf_counter())
        response.headers[HEADER] = g.get("request_id", "-")
        if tally is not None:
            tally.count("procedures_requests", "Requests answered.", route=pattern, method=method, status=str(response.status_code))
            tally.observe("procedures_request_seconds", "Time to answer a request.", taken_s, route=pattern, method=method)
        if pattern not in UNLOGGED and _log.isEnabledFor(logging.INFO):
            _log.info("request", extra={"facts": _facts(pattern, method, response.status_code, taken_s)})
        return response

    app.before_request(_begin)
    app.after_request(end)


def _begin() -> None:
    g.begun, g.request_id, g.method = time.perf_counter(), new_id(), request.method


def _facts(pattern: str, method: str, status: int, taken_s: float) -> dict:
    return {
        "event": "request", "id": g.get("request_id", "-"), "method": method, "route": pattern, "status": status,
        "ms": round(taken_s * 1000, 1), "person": _person(),
    }


def _person() -> str:
    # Whoever the request was found to be from; nothing is asked of the database for the log's sake.
    actor = g.get("actor") or g.get("writer")
    return actor.id if actor is not None and actor.is_somebody else "-"
