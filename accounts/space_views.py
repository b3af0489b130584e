"""The pages on which administrators look after spaces. Being one lets nobody read a space: of a restricted one that they
were not let into, they meet its name and address, its settings and who is in it, and nothing of what it says."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import administering, directory, grants, inviting, naming, seating, space_settings, spaces
from accounts.actors import Actor
from accounts.forms import attempt, is_ticked, typed
from accounts.models import LANGUAGES, ROLES, VISIBILITIES, Space
from accounts.permissions import Permission
from accounts.policy import may, require_administrator
from accounts.space_settings import Facts
from accounts.web import reading
from core.errors import Invalid, N_, Problem
from core.web import number_argument

PAGE_SIZE = 50
_NEW = ("slug", "name", "description", "visibility", "approvals", "language", "prefix", "words_budget")
_SETTINGS = ("name", "description", "visibility", "language", "prefix", "words_budget", "recommendations")


def add_to(pages: Blueprint) -> None:
    """Add these pages to the blueprint of the package."""
    both, post = ["GET", "POST"], ["POST"]
    pages.add_url_rule("/administration/spaces", "administered_spaces", list_administered)
    pages.add_url_rule("/administration/spaces/new", "new_space", new_space, methods=both)
    pages.add_url_rule("/administration/spaces/<slug>", "administered_space", administered_space)
    pages.add_url_rule("/administration/spaces/<slug>/settings", "space_settings", settings, methods=both)
    pages.add_url_rule("/administration/spaces/<slug>/roles", "space_roles", roles, methods=post)
    pages.add_url_rule("/administration/spaces/<slug>/archive", "archive", archive, methods=post)
    pages.add_app_template_global(ROLES, "roles_of_spaces")


def list_administered():
    """List every space by its name, and the guests for whom nobody has answered."""
    session, actor = reading()
    require_administrator(actor)
    page = number_argument("page", 1)
    listed, total = spaces.every(session, actor, page=page, page_size=PAGE_SIZE)
    return render_template(
        "accounts/administered_spaces.html", listed=listed, total=total, page=page, page_size=PAGE_SIZE,
        unanswered=inviting.unanswered(session, actor),
    )


def new_space():
    """Add a space."""
    _session, actor = reading()
    require_administrator(actor)
    said = typed(*_NEW)
    if request.method != "POST":
        said |= {"visibility": "internal", "approvals": "1", "language": "en"}
        return _new_page(said)

    def verb(session: Session, actor: Actor) -> Space:
        return spaces.add(
            session, actor, slug=said["slug"].strip(), name=said["name"], description=said["description"], visibility=said["visibility"],
            approvals=_number(said, "approvals") or 0, language=said["language"], prefix=said["prefix"].strip() or None,
            words_budget=_number(said, "words_budget"),
        )

    made, problem = attempt(verb)
    if problem:
        return _new_page(said, problem), problem.status
    flash(_("%(name)s is there. Now say who writes and who approves.", name=made.name))
    return redirect(url_for("accounts.administered_space", slug=made.slug), 303)


def _new_page(said: dict, problem: Problem | None = None):
    return render_template("accounts/new_space.html", typed=said, problem=problem, visibilities=VISIBILITIES, languages=LANGUAGES)


def _number(said: dict, name: str) -> int | None:
    raw = said[name].strip()
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 8):
        raise Invalid(N_("This must be a whole number."), field=name)
    return int(raw) if raw else None


def administered_space(slug: str):
    """Show who has which role in a space, and the ways to its settings."""
    return _space_page(slug)


def _space_page(slug: str, problem: Problem | None = None):
    session, actor = reading()
    space = spaces.administered(session, actor, slug)
    said = {"who": request.values.get("who", "")[:254], "role": request.values.get("role", "member")}
    found = naming.candidates(session, actor, said["who"]) if said["who"] else []
    return render_template(
        "accounts/administered_space.html", space=space, members=directory.of_space(session, space), typed=said, found=found,
        problem=problem, seats=seating.seats_of(space), seat_names=seating.names_in(session, seating.seats_of(space)),
    )


def roles(slug: str):
    """Grant a role to somebody found by name or address, or revoke one."""
    session, actor = reading()
    spaces.administered(session, actor, slug)
    person, who, role, then = (request.form.get(name, "") for name in ("person", "who", "role", "then"))

    def verb(session: Session, actor: Actor) -> tuple[str, bool]:
        space = spaces.administered(session, actor, slug)
        chosen = administering.person(session, actor, person) if person else naming.meant(session, actor, who)
        act = grants.revoke if then == "revoke" else grants.grant
        return chosen.name, act(session, actor, space, chosen, role)

    done, problem = attempt(verb)
    if problem:
        return _space_page(slug, problem), problem.status
    name, is_new = done
    flash(_told(name, is_new, then))
    return redirect(url_for("accounts.administered_space", slug=slug) + "#people", 303)


def _told(name: str, is_new: bool, then: str) -> str:
    if then == "revoke":
        return _("The role was taken from %(name)s.", name=name)
    return _("%(name)s has the role now.", name=name) if is_new else _("%(name)s had this role already.", name=name)


def settings(slug: str):
    """Change what a space is called, who reads it, and its other settings."""
    session, actor = reading()
    space = spaces.administered(session, actor, slug)
    reads = may(actor, Permission.READ, space)
    if request.method != "POST":
        return _settings_page(space, _shown(space), space.guests_meet_since is not None, reads)
    said = typed(*_SETTINGS)

    def verb(session: Session, actor: Actor) -> bool:
        space = spaces.administered(session, actor, slug)
        return space_settings.edit(session, actor, space, _facts(said, may(actor, Permission.READ, space), bool(space.last_number)))

    changed, problem = attempt(verb)
    if problem:
        return _settings_page(space, said, is_ticked("guests_meet"), reads, problem), problem.status
    flash(_("The settings are saved.") if changed else _("Nothing was new."))
    return redirect(url_for("accounts.administered_space", slug=slug), 303)


def _facts(said: dict, reads: bool, has_codes: bool) -> Facts:
    return Facts(
        name=said["name"], description=said["description"] if reads else None, visibility=said["visibility"], language=said["language"],
        prefix=said["prefix"].strip() if reads and not has_codes else None, words_budget=_number(said, "words_budget") or 0,
        recommendations=_number(said, "recommendations") or 0, guests_meet=is_ticked("guests_meet"),
    )


def _shown(space: Space) -> dict:
    said = {name: getattr(space, name) for name in _SETTINGS}
    return {name: "" if value is None else str(value) for name, value in said.items()}


def _settings_page(space: Space, said: dict, guests_meet: bool, reads: bool, problem: Problem | None = None):
    return render_template(
        "accounts/space_settings.html", space=space, typed=said, guests_meet=guests_meet, reads=reads, problem=problem,
        visibilities=VISIBILITIES, languages=LANGUAGES,
    )


def archive(slug: str):
    """Archive a space, or open it again."""
    session, actor = reading()
    spaces.administered(session, actor, slug)
    reopens = request.form.get("then") == "reopen"
    verb = space_settings.reopen if reopens else space_settings.archive
    _done, problem = attempt(lambda session, actor: verb(session, actor, spaces.administered(session, actor, slug)))
    if problem:
        return _space_page(slug, problem), problem.status
    flash(_("The space is written in again.") if reopens else _("The space is archived: it is read, and nothing is written in it."))
    return redirect(url_for("accounts.administered_space", slug=slug), 303)
