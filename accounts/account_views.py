"""The pages of one's own account: name, language and time zone, password, where one is signed in, API tokens."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import acquaintances, browsers, people, sign_ins, tokens
from accounts.actors import Actor, hashed
from accounts.forms import attempt, typed
from accounts.languages import keep_language
from accounts.web import own_secret, reading, sign_in, writing
from core.errors import Invalid, N_, Problem, TooMany, Unauthenticated

_PROFILE = ("name", "language", "timezone")


def add_to(pages: Blueprint) -> None:
    """Add these pages to the blueprint of the package."""
    pages.add_url_rule("/account", "account", account)
    pages.add_url_rule("/account/profile", "profile", profile, methods=["POST"])
    pages.add_url_rule("/account/password", "password", password, methods=["POST"])
    pages.add_url_rule("/account/elsewhere", "elsewhere", elsewhere, methods=["POST"])
    pages.add_url_rule("/account/tokens", "tokens", own_tokens, methods=["POST"])
    pages.add_app_template_filter(browsers.program, "browser_program")
    pages.add_app_template_filter(browsers.system, "browser_system")


def account():
    """Show one's own account."""
    return _page()


def _page(problem: Problem | None = None, token: str | None = None):
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    person = acquaintances.readable(session, actor, actor.id).person
    shown = typed(*_PROFILE) if request.path.endswith("/profile") else {name: getattr(person, name) or "" for name in _PROFILE}
    page = render_template(
        "accounts/account.html", person=person, problem=problem, typed=shown, zones=people.zones(), token=token,
        tokens=tokens.listed(session, actor), token_name=request.form.get("token_name", "") if problem else "",
        browsers=sign_ins.listed(session, actor), this=hashed(own_secret()),
    )
    return page, problem.status if problem else 200


def profile():
    """Change one's own name, language and time zone."""
    said = typed(*_PROFILE)

    def verb(session: Session, actor: Actor) -> None:
        people.rename(session, actor, said["name"])
        people.choose_language(session, actor, said["language"])
        people.choose_timezone(session, actor, said["timezone"])

    _made, problem = attempt(verb)
    if problem:
        return _page(problem)
    flash(_("It is saved."))
    return keep_language(redirect(url_for("accounts.account"), 303), said["language"])


def password():
    """Set or change one's password; every other sign-in ends."""
    try:
        with writing() as (session, actor):
            people.set_password(session, actor, request.form.get("password", ""), present=request.form.get("present", ""))
            secret = sign_ins.start(session, actor.id, request.user_agent.string)
    except (Invalid, TooMany) as problem:
        return _page(problem)
    sign_in(secret)
    flash(_("Your password is set. You were signed out everywhere else."))
    return redirect(url_for("accounts.account"), 303)


def elsewhere():
    """Sign out of one other browser, or of all of them."""
    one = request.form.get("browser", "")
    with writing() as (session, actor):
        if one:
            sign_ins.end_one(session, actor, one)
        else:
            sign_ins.end_others(session, actor, own_secret())
    flash(_("That browser was signed out.") if one else _("You were signed out everywhere else."))
    return redirect(url_for("accounts.account"), 303)


def own_tokens():
    """Make an API token, which is shown once, or revoke one."""
    if revoked := request.form.get("revoke", ""):
        with writing() as (session, actor):
            name = tokens.revoke(session, actor, revoked).name
        flash(_("The token “%(name)s” opens nothing any more.", name=name))
        return redirect(url_for("accounts.account"), 303)
    made, problem = attempt(lambda session, actor: tokens.make_own(session, actor, name=request.form.get("token_name", "")))
    return _page(problem, token=made)
