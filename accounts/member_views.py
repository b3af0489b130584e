"""The pages about who is in a space, and looking at a space as somebody of it does."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from accounts import directory, previews_web, spaces
from accounts.models import Space
from accounts.policy import AS_SEEN_BY, invites_as, may_preview
from accounts.web import reading
from core.errors import Denied, Invalid, N_


def add_to(pages: Blueprint, helped_in: Callable[[Session, Space], Mapping[str, Sequence]]) -> None:
    """Add these pages to the blueprint of the package; `helped_in` says, by person, what people helped with in a space."""
    pages.add_url_rule("/spaces/<slug>/people", "members", lambda slug: members(slug, helped_in))
    pages.add_url_rule("/spaces/<slug>/seen-as", "seen_as", seen_as, methods=["GET", "POST"])
    pages.add_url_rule("/seen-as/end", "end_seen_as", end_seen_as, methods=["POST"])


def members(slug: str, helped_in: Callable[[Session, Space], Mapping[str, Sequence]]):
    """Show who has which role in a space, who let them in, and what they helped with."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return render_template(
        "accounts/members.html", space=space, members=directory.seen(session, actor, space), helped=helped_in(session, space),
        invites=invites_as(actor, space),
    )


def seen_as(slug: str):
    """Choose with whose eyes to look at a space, and begin to."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    verdicts = {role: may_preview(actor, role, space) for role in AS_SEEN_BY}
    if not any(verdict.allowed for verdict in verdicts.values()):
        raise Denied(verdicts["member"].reason)
    if request.method != "POST":
        return render_template("accounts/seen_as.html", space=space, verdicts=verdicts)
    role = request.form.get("role", "")
    if role not in verdicts:
        raise Invalid(N_("Choose a role."), field="role")
    if not verdicts[role].allowed:
        raise Denied(verdicts[role].reason)
    previews_web.begin(space, role)
    return redirect(url_for("wiki.space", slug=slug), 303)


def end_seen_as():
    """Leave the preview, back to the space as one sees it oneself."""
    previews_web.end()
    return redirect("/", 303)
