"""What is around a page: kept per person and language for the page that is read most, with the tokens of its forms."""

from functools import lru_cache

from flask import Flask, current_app, render_template
from flask import session as cookie
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup, escape

from accounts import previews_web
from accounts.previews_web import Seen
from accounts.web import present
from core.web import here

_MOST_FRAMES = 2000
# Stand in a kept frame for what differs from page to page; no text can hold them, because NUL is refused everywhere.
_TITLE, _MAIN, _TOKEN, _HERE, _BELL = (f"\x00{name}\x00" for name in ("title", "main", "token", "here", "bell"))


def install(app: Flask) -> None:
    """Give an app a store of frames, and its templates the token of their forms."""
    app.extensions["frames"] = lru_cache(_MOST_FRAMES)(_frame)
    app.context_processor(lambda: {"csrf_token": form_token})


def form_token() -> str:
    """Return the token that the forms of this browser's session carry."""
    known = cookie.get("csrf_token")
    return generate_csrf() if known is None else _signed(current_app.secret_key, known)


@lru_cache(4096)
def _signed(key: bytes, known: str) -> str:
    # As Flask-WTF signs it. Its time is not looked at, so one signature serves every page of a session.
    return URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(known)


def framed(title: str, main: Markup) -> str:
    """Return a page of which `main` is kept too: what is around it is rendered once per person and language."""
    if "_flashes" in cookie:
        return render_template("framed.html", title=title, main=main)
    actor = present()
    frame = current_app.extensions["frames"](str(get_locale()), actor.id, actor.name, actor.is_administrator, previews_web.shown())
    bell = current_app.jinja_env.globals["bell"]() if actor.is_somebody else ""     # moves with what one is told
    for place, words in ((_TITLE, escape(title)), (_HERE, escape(here())), (_TOKEN, form_token()), (_BELL, bell), (_MAIN, main)):
        frame = frame.replace(place, words)
    return frame


def _frame(_language: str, _person: str | None, _name: str, _administrator: bool, _seen_as: Seen | None) -> str:
    return render_template("framed.html", title=_TITLE, main=_MAIN, csrf_token=lambda: _TOKEN, here=lambda: _HERE, bell=lambda: _BELL)
