"""The pages on which the rule is written, reviewed and decided."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import people, spaces
from accounts.models import Space
from accounts.policy import Actor, Permission, may, may_decide, require
from accounts.web import reading, writing
from core import clock
from core.errors import Conflict, Invalid, N_, NotFound, Problem
from core.web import site
from wiki import changes, forms, lists, procedures
from wiki.approving import approve, counted
from wiki.difference import difference
from wiki.drafts import LONGEST_TEXT, Draft, DraftText
from wiki.edge import publishing
from wiki.forms import ChangeForm, TextField
from wiki.markdown import render
from wiki.models import Approval, Change
from wiki.practice import Practice
from wiki.proposals import after_of, presents, texts_of, writers_of

_SKELETON = {
    "en": "---\ntitle: \nowner: \n---\n\n## Principle\n\n\n\n## Who does what\n\n| Who | Does what | By when |\n|---|---|---|\n|  |  |  |\n",
    "fr": "---\ntitle: \nowner: \nlanguage: fr\n---\n\n## Principe\n\n\n\n## Qui fait quoi\n\n| Qui | Fait quoi | Quand |\n|---|---|---|\n|  |  |  |\n",
}


def add_to(pages: Blueprint, practice: Practice) -> None:
    """Add these pages to the wiki's blueprint."""
    views = _Views(practice)
    both = ["GET", "POST"]
    pages.add_url_rule("/spaces/<slug>/new", "new", views.new, methods=both)
    pages.add_url_rule("/spaces/<slug>/changes", "changes", list_changes)
    pages.add_url_rule("/procedures/<code>/edit", "edit", views.edit, methods=both)
    pages.add_url_rule("/procedures/<code>/retire", "retire", views.retire, methods=both)
    pages.add_url_rule("/procedures/<code>/restore", "restore", views.restore, methods=both)
    pages.add_url_rule("/procedures/<code>/cancel", "cancel", views.cancel, methods=both)
    pages.add_url_rule("/changes/<id>", "change", views.change)
    pages.add_url_rule("/changes/<id>/edit", "edit_change", views.edit_change, methods=both)
    pages.add_url_rule("/changes/<id>/submit", "submit", views.submit, methods=["POST"])
    pages.add_url_rule("/changes/<id>/approve", "approve", views.approve, methods=["POST"])
    pages.add_url_rule("/changes/<id>/decline", "decline", views.decline, methods=["POST"])
    pages.add_url_rule("/changes/<id>/withdraw", "withdraw", withdraw, methods=["POST"])
    pages.add_url_rule("/preview", "preview", preview, methods=["POST"])


@dataclass(frozen=True)
class _Views:
    practice: Practice

    def new(self, slug: str):
        """Write a new procedure."""
        session, actor = reading()
        space = spaces.by_slug(session, actor, slug)
        require(actor, Permission.WRITE, space)
        blank = ChangeForm("", "material" if space.approvals_required else "", "", False, (TextField("create", "", _SKELETON[space.language], ""),))
        return self._write(space, blank)

    def edit(self, code: str):
        """Write a change of one procedure, starting from its newest text."""
        session, actor = reading()
        found = procedures.readable(session, actor, code)
        require(actor, Permission.WRITE, found.space)
        standing = procedures.standing_of(session, found.procedure, site().library)
        latest = standing.latest
        if latest is None or latest.blob is None:
            raise Conflict(N_("%(code)s is retired. Restore it first."), code=found.procedure.code)
        text = TextField("amend", found.procedure.code, procedures.text_of(site().library, found.space, latest), str(latest.number))
        kind = "material" if found.space.approvals_required else ""
        return self._write(found.space, ChangeForm("", kind, "", bool(standing.scheduled), (text,)))

    def retire(self, code: str):
        """Propose to retire a procedure."""
        return self._act(code, "retire")

    def restore(self, code: str):
        """Propose to restore a retired procedure with its last text."""
        return self._act(code, "restore")

    def cancel(self, code: str):
        """Propose to cancel a version that waits for its day."""
        return self._act(code, "cancel")

    def _act(self, code: str, action: str):
        session, actor = reading()
        found = procedures.readable(session, actor, code)
        require(actor, Permission.WRITE, found.space)
        standing = procedures.standing_of(session, found.procedure, site().library)
        scheduled = bool(standing.scheduled) and action != "cancel"
        kind = "material" if found.space.approvals_required else ""
        text = TextField(action, found.procedure.code, "", "")
        return self._write(found.space, ChangeForm("", kind, "", scheduled, (text,)), action=action, standing=standing)

    def _write(self, space: Space, blank: ChangeForm, *, action: str = "amend", standing=None):
        shown = {"space": space, "form": blank, "action": action, "standing": standing, "cited": _cited_ids()}
        if request.method != "POST":
            return _editor(**shown)
        typed = forms.from_request(request.form)
        shown["form"] = typed if typed.texts else replace(typed, texts=blank.texts)
        try:
            return _added_text(shown) or self._opened(space, shown["form"])
        except Problem as problem:
            return _editor(**shown, problem=problem), problem.status

    def _opened(self, space: Space, typed: ChangeForm):
        draft = typed.draft()
        with publishing(space.id) as (session, actor):
            here = spaces.by_slug(session, actor, space.slug)
            change = changes.open_change(session, site().library, actor, here, draft)
            self.practice.cite(session, actor, change.id, _cited_ids())
            if request.form.get("then") != "keep":
                changes.submit(session, site().library, actor, change.id)
        return _after(change)

    def change(self, id: str):
        """Show a change: what it would change, why, what people say, and the decision to take."""
        session, actor = reading()
        change, space = changes.readable(session, actor, id)
        return self._page(session, actor, change, space)

    def _page(self, session: Session, actor: Actor, change: Change, space: Space, **more):
        texts = texts_of(session, change)
        before = presents(session, site().library, space, texts)
        writers = writers_of(session, change)
        verdict = may_decide(actor, space, writers={w.id for w in writers}, submitted_at=change.submitted_at)
        return render_template(
            "wiki/change.html",
            change=change, space=space, writers=writers, verdict=verdict,
            parts=[_Part(text, *_shown_part(session, text, before[text.code])) for text in texts],
            approvals=counted(session, space, change),
            fallen=session.scalars(select(Approval).where(Approval.change_id == change.id, Approval.fell_at.is_not(None))).all(),
            cited=self.practice.cited(session, actor, change.id),
            may_write=may(actor, Permission.WRITE, space),
            **{"problem": None, "typed": {}} | more,
        )

    def edit_change(self, id: str):
        """Edit a change that is a draft or in review."""
        session, actor = reading()
        change, space = changes.readable(session, actor, id)
        require(actor, Permission.WRITE, space)
        if change.state not in changes.OPEN:
            raise Conflict(N_("This change has ended."))
        shown = {"space": space, "form": forms.from_change(change, texts_of(session, change)), "change": change}
        if request.method != "POST":
            return _editor(**shown)
        shown["form"] = typed = forms.from_request(request.form)
        try:
            return _added_text(shown) or self._saved(id, space, typed)
        except Problem as problem:
            return _editor(**shown, problem=problem), problem.status

    def _saved(self, id: str, space: Space, typed: ChangeForm):
        draft = typed.draft()
        with publishing(space.id) as (session, actor):
            change = changes.save(session, site().library, actor, id, typed.digest, draft)
            if request.form.get("then") == "submit" and change.state == "draft":
                changes.submit(session, site().library, actor, id)
        return _after(change)

    def submit(self, id: str):
        """Send a draft for review."""
        return self._decided(id, lambda session, actor: changes.submit(session, site().library, actor, id))

    def approve(self, id: str):
        """Approve exactly what was shown, with one's password."""
        digest, comment = request.form.get("digest", ""), request.form.get("comment", "")
        return self._decided(
            id, lambda session, actor: approve(session, site().library, actor, id, digest, comment=comment), before=_confirm_password
        )

    def decline(self, id: str):
        """Decline a change with a reason."""
        return self._decided(id, lambda session, actor: changes.decline(session, actor, id, request.form.get("reason", "")))

    def _decided(self, id: str, verb, before=lambda: None):
        session, actor = reading()
        change, space = changes.readable(session, actor, id)
        try:
            before()
            with publishing(space.id) as (writing_session, writer):
                done = verb(writing_session, writer)
        except (Invalid, Conflict) as problem:
            with site().database.reading() as fresh:
                present, here = changes.readable(fresh, actor, id)
                return self._page(fresh, actor, present, here, problem=problem, typed=request.form), problem.status
        return _after(done)


@dataclass(frozen=True)
class _Part:
    """One text of a change as its page shows it."""

    text: object
    title: str
    difference: object


def _confirm_password() -> None:
    # In a transaction of its own: a wrong password is counted whatever becomes of the approval.
    with writing() as (session, actor):
        people.confirm_password(session, actor, request.form.get("password", ""))


def list_changes(slug: str):
    """List a space's open changes."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.SEE_CHANGES, space)
    return render_template("wiki/changes.html", space=space, changes=lists.open_changes(session, actor, space, limit=200))


def withdraw(id: str):
    """Withdraw one's own change."""
    with writing() as (session, actor):
        change = changes.withdraw(session, actor, id)
    return _after(change)


def preview():
    """Return a text as it will be read, for the editor."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, request.form.get("space", ""))
    require(actor, Permission.WRITE, space)
    typed = request.form.get("markdown", "")
    if len(typed) > LONGEST_TEXT:
        raise Invalid(N_("At most %(limit)s characters."), field="markdown", limit=LONGEST_TEXT)
    return _sheet(typed.replace("\x00", ""), space)


def _added_text(shown: dict):
    """Answer the editor's button that takes one more procedure into the change; nothing is saved yet."""
    if request.form.get("then") != "add":
        return None
    session, actor = reading()
    code = request.form.get("add_code", "").strip().upper()
    form: ChangeForm = shown["form"]
    if not code:
        added = TextField("create", "", _SKELETON[shown["space"].language], "")
    else:
        added = _text_of_code(session, actor, shown["space"], code)
    shown["form"] = replace(form, texts=(*form.texts, added))
    return _editor(**shown)


def _text_of_code(session: Session, actor: Actor, space: Space, code: str) -> TextField:
    try:
        found = procedures.readable(session, actor, code)
    except NotFound:
        found = None
    latest = procedures.standing_of(session, found.procedure, site().library).latest if found else None
    if found is None or found.space.id != space.id or latest is None or latest.blob is None:
        raise Invalid(N_("There is no such procedure in this space."), field="add_code")
    return TextField("amend", found.procedure.code, procedures.text_of(site().library, space, latest), str(latest.number))


def _editor(*, space: Space, form: ChangeForm, change: Change | None = None, problem: Problem | None = None, action: str = "amend", **more):
    sides = getattr(problem, "sides", None)
    previews = [_sheet(field.markdown, space) if field.markdown else "" for field in form.texts]
    return render_template(
        "wiki/edit.html", space=space, form=form, change=change, problem=problem, sides=sides, action=action,
        previews=previews, today=clock.today(site().library.zone), **more,
        conflict=difference(sides.theirs, sides.yours) if sides else None,
    )


def _sheet(markdown: str, space: Space) -> str:
    """Return a text as its sheet will show it, under its title."""
    made = render(markdown, slug=space.slug)
    return f'<p class="title">{escape(made.title)}</p>\n{made.html}'


def _shown_part(session: Session, text, before: str):
    title = render(text.markdown or before).title
    return title, difference(before, after_of(text, before))


def _cited_ids() -> list[str]:
    return [id for id in request.values.getlist("thread") if id][:50]


def _after(change: Change):
    if change.state == "published":
        flash(_("Published."))
        with site().database.reading() as session:
            code = texts_of(session, change)[0].code
        return redirect(url_for("wiki.procedure", code=code), 303)
    return redirect(url_for("wiki.change", id=change.id), 303)
