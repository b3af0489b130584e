"""Which language a request speaks, and how a browser keeps a choice of it."""

from datetime import timedelta

from flask import Flask, request

from accounts.web import present, speaker
from core import catalogue
from core.catalogue import LANGUAGES
from core.web import site

_COOKIE = "language"


def install(app: Flask) -> None:
    """Teach an app its languages, and in whose time zone times are said."""
    catalogue.install(app, language, lambda: present().timezone)


def language() -> str:
    """Return the language this request speaks: the person's choice, else the browser's cookie, else what it asks for."""
    chosen = speaker().language or request.cookies.get(_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    wanted = (asked.partition("-")[0].lower() for asked, quality in request.accept_languages if quality > 0)
    return next((asked for asked in wanted if asked in LANGUAGES), "en")


def keep_language(response, chosen: str):
    """Keep a choice of language in the browser, for when nobody is signed in."""
    response.set_cookie(
        _COOKIE, chosen, max_age=timedelta(days=365), httponly=True, samesite="Lax", secure=site().settings.secure
    )
    return response
