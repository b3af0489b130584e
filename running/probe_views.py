"""The addresses for programs that watch the site: does it answer, is it ready, what does it count."""

import hmac
import json

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from core.errors import NotFound
from core.web import site
from running.measures import Measures
from running.readiness import checks


def add_to(pages: Blueprint, measures: Measures | None) -> None:
    """Add these addresses to the blueprint of the package."""
    pages.add_url_rule("/healthz", "healthz", healthz)
    pages.add_url_rule("/readyz", "readyz", readyz)
    pages.add_url_rule("/metrics", "metrics", lambda: metrics(measures))


def healthz() -> Response:
    """Say that this process answers; nothing else is asked."""
    return _json({"status": "ok"})


def readyz() -> Response:
    """Say whether the site can do its work, and what is wrong if not."""
    found = checks(site())
    ready = all(check.is_well for check in found)
    told = {"ready": ready, "checks": {check.name: check.problem or "ok" for check in found}}
    return _json(told, 200 if ready else 503)


def metrics(measures: Measures | None) -> Response:
    """Tell the numbers to whoever has the token of the settings; without one the address is not there. Raises: NotFound."""
    token = site().settings.metrics_token
    given = request.headers.get("Authorization", "").partition(" ")[2].strip()
    if measures is None or not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        raise NotFound()
    return Response(measures.text(), content_type=CONTENT_TYPE_LATEST)


def _json(told: dict, status: int = 200) -> Response:
    return Response(json.dumps(told) + "\n", status=status, mimetype="application/json")
