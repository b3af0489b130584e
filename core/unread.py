"""What answers a request whose address is longer than the server reads: the refusal page of the site.

The library that serves writes a bare page of its own there. Nothing is known of such a request: no language, nobody.
"""

from flask import Flask, request
from werkzeug.test import create_environ, run_wsgi_app

from core.errors import N_, Problem

_MARK = "procedures.unread"


class LongAddress(Problem):
    """An address that was not read to its end."""

    status = 414

    def __init__(self):
        super().__init__(N_("This address is too long to be read, so nothing was done. If you were searching or asking, use fewer words."))


def install(app: Flask) -> None:
    """Let an app refuse what the server marks."""
    app.before_request(_refuse)


def answer(app: Flask) -> bytes:
    """Return the whole answer to an address that was not read, from its first line on."""
    body, status, headers = run_wsgi_app(app, create_environ("/", environ_overrides={_MARK: True}), buffered=True)
    # The cookie of nobody must not take the place of the one that the browser has.
    kept = (f"{name}: {value}" for name, value in headers if name != "Set-Cookie")
    lines = [f"HTTP/1.1 {status}", "Connection: close", *kept]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + b"".join(body)


def _refuse() -> None:
    if _MARK in request.environ:
        raise LongAddress()
