"""One's own account in the JSON API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from accounts import browsers, people, sign_ins, tokens
from accounts.models import SignIn, Token
from accounts.web import reading, writing
from core.api import Endpoint
from core.errors import N_, Unauthenticated

_STRICT = ConfigDict(extra="forbid", strict=True)


class ProfileBody(BaseModel):
    """What changes of oneself; a field left out stays as it is."""

    model_config = _STRICT

    name: str | None = Field(default=None, max_length=200)
    language: Literal["en", "fr"] | None = None
    timezone: str | None = Field(default=None, max_length=64)


class PasswordBody(BaseModel):
    """A new password, and the present one if there is one."""

    model_config = _STRICT

    password: str = Field(max_length=1000)
    present: str | None = Field(default=None, max_length=1000)


class TokenBody(BaseModel):
    """What a token is for."""

    model_config = _STRICT

    name: str = Field(max_length=200)


class TokenAnswer(BaseModel):
    """A token by the name of its purpose; `token` only when it was made just now."""

    id: str
    name: str
    created_at: datetime
    token: str | None


class TokensAnswer(BaseModel):
    """One's own tokens."""

    items: list[TokenAnswer]


class SignInAnswer(BaseModel):
    """Where one is signed in."""

    id: str
    created_at: datetime
    browser: str
    system: str


class SignInsAnswer(BaseModel):
    """Everywhere one is signed in."""

    items: list[SignInAnswer]


class DoneAnswer(BaseModel):
    """That it is done."""

    done: bool


def put_profile(body: ProfileBody) -> dict:
    """Change one's own name, language and time zone."""
    with writing() as (session, actor):
        if body.name is not None:
            people.rename(session, actor, body.name)
        if body.language is not None:
            people.choose_language(session, actor, body.language)
        if body.timezone is not None:
            people.choose_timezone(session, actor, body.timezone)
    return {"done": True}


def put_password(body: PasswordBody) -> dict:
    """Set one's password; every sign-in ends."""
    with writing() as (session, actor):
        people.set_password(session, actor, body.password, present=body.present or "")
    return {"done": True}


def list_tokens() -> dict:
    """List one's own tokens."""
    session, actor = _somebody()
    return {"items": [_token(one) for one in tokens.listed(session, actor)]}


def add_token(body: TokenBody) -> dict:
    """Make a token of one's own; it is answered once."""
    with writing() as (session, actor):
        secret = tokens.make_own(session, actor, name=body.name)
        return _token(tokens.by_secret(session, secret), secret)


def revoke_token(id: str) -> dict:
    """Revoke one of one's own tokens."""
    with writing() as (session, actor):
        tokens.revoke(session, actor, id)
    return {"done": True}


def list_sign_ins() -> dict:
    """List where one is signed in."""
    session, actor = _somebody()
    return {"items": [_sign_in(one) for one in sign_ins.listed(session, actor)]}


def end_sign_in(id: str) -> dict:
    """Sign out one browser."""
    with writing() as (session, actor):
        sign_ins.end_one(session, actor, id)
    return {"done": True}


def end_sign_ins() -> dict:
    """Sign out every browser."""
    with writing() as (session, actor):
        sign_ins.end_others(session, actor, "")
    return {"done": True}


def _somebody():
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Send a token to do this: Authorization: Bearer …"))
    return session, actor


def _token(one: Token, secret: str | None = None) -> dict:
    return {"id": one.id, "name": one.name, "created_at": one.created_at, "token": secret}


def _sign_in(one: SignIn) -> dict:
    return {"id": one.id, "created_at": one.created_at, "browser": browsers.program(one.browser), "system": browsers.system(one.browser)}


ENDPOINTS = [
    Endpoint("PUT", "/me", put_profile, body=ProfileBody, answer=DoneAnswer),
    Endpoint("PUT", "/me/password", put_password, body=PasswordBody, answer=DoneAnswer),
    Endpoint("GET", "/me/tokens", list_tokens, answer=TokensAnswer),
    Endpoint("POST", "/me/tokens", add_token, body=TokenBody, answer=TokenAnswer, status=201),
    Endpoint("DELETE", "/me/tokens/<id>", revoke_token, answer=DoneAnswer),
    Endpoint("GET", "/me/sign-ins", list_sign_ins, answer=SignInsAnswer),
    Endpoint("DELETE", "/me/sign-ins/<id>", end_sign_in, answer=DoneAnswer),
    Endpoint("DELETE", "/me/sign-ins", end_sign_ins, answer=DoneAnswer),
]
