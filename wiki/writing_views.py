"""The pages on which the rule is written: the editor, its preview, and the acts that need no text."""

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from markupsafe import escape
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, require
from accounts.web import reading, trying
from core import clock
from core.errors import Conflict, N_, Problem, TooLong
from core.web import site, takes_files
from wiki import approval_rules, changes, forms, gathering, procedures, proposal_views, remark_views, sending, translating, translation_views
from wiki.beside import Beside, beside
from wiki.change_views import after
from wiki.difference import difference
from wiki.drafts import LONGEST_TEXT
from wiki.edge import publishing
from wiki.forms import ChangeForm, TextField
from wiki.kinds import BY_ENDING
from wiki.left import left_by
from wiki.markdown import render
from wiki.models import Change
from wiki.practice import Practice
from wiki.proposals import texts_of
from wiki.upkeep import Upkeep


def add_to(pages: Blueprint, practice: Practice, upkeep: Upkeep) -> None:
    """Add these pages to the wiki's blueprint."""
    views = _Views(practice, upkeep)
    both = ["GET", "POST"]
    pages.add_url_rule("/spaces/<slug>/new", "new", views.new, methods=both)
    pages.add_url_rule("/procedures/<code>/edit", "edit", views.edit, methods=both)
    pages.add_url_rule("/procedures/<code>/retire", "retire", views.retire, methods=both)
    pages.add_url_rule("/procedures/<code>/restore", "restore", views.restore, methods=both)
    pages.add_url_rule("/procedures/<code>/cancel", "cancel", views.cancel, methods=both)
    pages.add_url_rule("/changes/<id>/edit", "edit_change", views.edit_change, methods=both)
    pages.add_url_rule("/preview", "preview", preview, methods=["POST"])


@dataclass(frozen=True)
class _Views:
    practice: Practice
    upkeep: Upkeep

    @takes_files
    def new(self, slug: str):
        """Write a new procedure."""
        session, actor = reading()
        space = spaces.by_slug(session, actor, slug)
        require(actor, Permission.WRITE, space)
        source = _source(session, actor, space)
        text = gathering.blank(space)
        if source:
            text = replace(text, markdown=translation_views.skeleton(source, request.args.get("language", "")))
        blank = ChangeForm("", "", "", False, (text,))
        return self._write(space, blank, beside=source)

    @takes_files
    def edit(self, code: str):
        """Write a change of one procedure, starting from its newest text."""
        session, actor = reading()
        found = procedures.readable(session, actor, code)
        require(actor, Permission.WRITE, found.space)
        standing = procedures.standing_of(session, found.procedure, site().library)
        latest = standing.latest
        is_retired = latest is None or latest.blob is None
        if is_retired and request.method != "POST":      # what is sent is shown again beside the refusal
            raise Conflict(N_("%(code)s is retired. Restore it first."), code=found.procedure.code)
        present = "" if is_retired else procedures.text_of(site().library, found.space, latest)
        text = TextField("amend", found.procedure.code, present, str(latest.number) if latest else "")
        links = translating.links(session, found.space, found.procedure.code, latest, standing.day)
        begun = self.upkeep.begun(session, actor, found, request.args.get("review", ""))
        waits = latest if latest in standing.scheduled else None
        day = waits.in_force_from.isoformat() if waits else ""      # what is written from a text that waits must not come before it
        return self._write(found.space, ChangeForm(begun, "", day, waits is not None, (text,)), source=links.source, waits=waits)

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
        text = TextField(action, found.procedure.code, "", "")
        begun = self.upkeep.begun(session, actor, found, request.args.get("review", ""))
        return self._write(found.space, ChangeForm(begun, "", "", scheduled, (text,)), action=action, standing=standing)

    def _write(self, space: Space, blank: ChangeForm, *, action: str = "amend", standing=None, **more):
        shown = {"space": space, "form": blank, "action": action, "standing": standing, "cited": forms.cited_ids()} | more
        if request.method != "POST":
            return _editor(**shown)
        typed = forms.from_request(request.form)
        shown["form"] = typed if typed.texts else replace(typed, texts=blank.texts)
        try:
            return self._unsaved(shown) or self._opened(space, shown["form"])
        except Problem as problem:
            return _editor(**shown, problem=problem), problem.status

    def _opened(self, space: Space, typed: ChangeForm):
        added = forms.files_of(request.files, site().library)
        draft, submits = typed.draft(added), request.form.get("then") not in ("keep", "attach")
        with publishing(space) as (session, actor):
            here = spaces.by_slug(session, actor, space.slug)
            change = changes.open_change(session, site().library, actor, here, draft)
            self.practice.cite(session, actor, change.id, forms.cited_ids())
            remark_views.keep_left(session, actor, here, change.id, typed)
            if submits and not added:
                sending.submit(session, site().library, actor, change.id)
        return _sent(space, change.id) if submits and added else after(change)

    @takes_files
    def edit_change(self, id: str):
        """Edit a change that is a draft or in review."""
        session, actor = reading()
        change, space = changes.readable(session, actor, id)
        if changes.is_own_proposal(actor, change) and not may(actor, Permission.WRITE, space):
            return proposal_views.revise(change, space)
        require(actor, Permission.WRITE, space)
        if change.state not in changes.OPEN and request.method != "POST":      # as for a retired procedure
            raise Conflict(N_("This change has ended."))
        kept = left_by(session, change)
        shown = {"space": space, "form": forms.from_change(change, texts_of(session, change), kept), "change": change, "left": kept}
        if request.method != "POST":
            return _editor(**shown)
        typed = forms.from_request(request.form)
        shown["form"] = typed = typed if typed.texts else replace(typed, texts=shown["form"].texts)
        try:
            return self._unsaved(shown) or self._saved(id, space, typed)
        except Problem as problem:
            return _editor(**shown, problem=problem), problem.status

    def _saved(self, id: str, space: Space, typed: ChangeForm):
        added = forms.files_of(request.files, site().library)
        draft = typed.draft(added)
        with publishing(space) as (session, actor):
            change = changes.save(session, site().library, actor, id, typed.digest, draft)
            remark_views.keep_left(session, actor, space, id, typed)
            submits = request.form.get("then") == "submit" and change.state == "draft"
            if submits and not added:
                sending.submit(session, site().library, actor, id)
        return _sent(space, id) if submits and added else after(change)

    def _unsaved(self, shown: dict):
        """Answer the editor's buttons that save nothing of the change: a procedure more or fewer, the check, and acts on remarks."""
        space, form = shown["space"], shown["form"]
        gathered = gathering.gathered(reading()[0], site().library, reading()[1], space, form, request.form)
        if gathered:
            return _editor(**shown | {"form": gathered})
        pressed = remark_views.pressed(space, form, self.practice)
        return _editor(**shown | {"form": pressed.form, "tip": pressed.tip}) if pressed else None


def preview():
    """Return a text as it will be read, and what could be remarked about it, for the editor."""
    session, actor = trying()
    space = spaces.by_slug(session, actor, request.form.get("space", ""))
    require(actor, Permission.WRITE, space)
    typed = request.form.get("markdown", "")
    if len(typed) > LONGEST_TEXT:
        raise TooLong(field="markdown", limit=LONGEST_TEXT, length=len(typed))
    typed = typed.replace("\x00", "")
    change = changes.readable(session, actor, request.form["change"])[0] if request.form.get("change") else None
    field = TextField("", request.form.get("from", ""), "", request.form.get("base", ""))
    sheet = _sheet(typed, space, beside(session, site().library, space, [field], change)[0])
    return {"sheet": sheet, "remarks": remark_views.beside(session, space, typed)}


def _source(session: Session, actor: Actor, space: Space):
    """Return the procedure that a new one is to be a translation of, if the address names one. Raises: NotFound."""
    code = request.args.get("translation_of", "")
    return translation_views.beside(session, actor, space, code) if code else None


def _editor(
    *, space: Space, form: ChangeForm, change: Change | None = None, problem: Problem | None = None, action: str = "amend",
    session: Session | None = None, kept: bool = False, **more,
):
    sides = getattr(problem, "sides", None)
    files = beside(session or reading()[0], site().library, space, form.texts, change)
    more["unsaved"] = request.method == "POST"
    previews = [_sheet(field.markdown, space, there) if field.markdown else "" for field, there in zip(form.texts, files, strict=True)]
    return render_template(
        "wiki/edit.html", space=space, form=form, change=change, problem=problem, sides=sides, action=action,
        previews=previews, files=files, chosen=not kept and any(file.filename for file in request.files.values()), taken=sorted(BY_ENDING),
        add_code=request.form.get("add_code", "") if problem else "", today=clock.today(site().library.zone), **more,
        conflict=difference(sides.theirs, sides.yours) if sides else None,
        required=approval_rules.required(reading()[0], space, [text.code for text in form.texts], change),
        remarks=remark_views.of_form(reading()[0], space, form),
    )


def _sent(space: Space, id: str):
    """Submit a draft whose files came with it, in a transaction of its own: if that is refused, they are not lost."""
    try:
        with publishing(space) as (session, actor):
            change = sending.submit(session, site().library, actor, id)
    except Problem as problem:
        with site().database.reading() as fresh:
            change = changes.readable(fresh, reading()[1], id)[0]
            shown = forms.from_change(change, texts_of(fresh, change))
            return _editor(space=space, form=shown, change=change, problem=problem, session=fresh, kept=True), problem.status
    return after(change)


def _sheet(markdown: str, space: Space, files: Beside) -> str:
    """Return a text as its sheet will show it, under its title."""
    made = render(markdown, slug=space.slug, picture=files.picture, file=files.file)
    return f'<p class="title">{escape(made.title)}</p>\n{made.html}'
