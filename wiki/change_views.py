"""The pages on which a change is read, reviewed and decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import people, seating, spaces
from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import may, may_decide, require
from accounts.web import reading, writing
from core.errors import NotFound, Problem, Unauthenticated
from core.web import site
from wiki import changes, lists, procedures, proposing, remark_views, sending
from wiki.approval_rules import required
from wiki.approving import APPROVE, approve, counted, missing, verdict
from wiki.attached import FileChange, differences, listed
from wiki.difference import difference
from wiki.edge import publishing
from wiki.frontmatter import title_of
from wiki.lapses import lapsed
from wiki.left import left_by
from wiki.models import Approval, Change
from wiki.practice import Practice
from wiki.proposals import after_of, fallen, published_numbers, starts, texts_of, writers_of


def add_to(pages: Blueprint, practice: Practice) -> None:
    """Add these pages to the wiki's blueprint."""
    views = _Views(practice)
    pages.add_url_rule("/spaces/<slug>/changes", "changes", list_changes)
    pages.add_url_rule("/changes/<id>", "change", views.change)
    pages.add_url_rule("/changes/<id>/take-over", "take_over", views.take_over, methods=["POST"])
    pages.add_url_rule("/changes/<id>/submit", "submit", views.submit, methods=["POST"])
    pages.add_url_rule("/changes/<id>/approve", "approve", views.approve, methods=["POST"])
    pages.add_url_rule("/changes/<id>/decline", "decline", views.decline, methods=["POST"])
    pages.add_url_rule("/changes/<id>/withdraw", "withdraw", withdraw, methods=["POST"])


@dataclass(frozen=True)
class _Views:
    practice: Practice

    def change(self, id: str):
        """Show a change: what it would change, why, what people say, and the decision to take."""
        session, actor = reading()
        change, space = changes.readable(session, actor, id)
        return self._page(session, actor, change, space)

    def _page(self, session: Session, actor: Actor, change: Change, space: Space, **more):
        texts = texts_of(session, change)
        found = procedures.stood(session, site().library, [text.code for text in texts])
        before = starts(site().library, space, texts, found)
        writers = writers_of(session, change)
        waiting, given = missing(session, space, change), counted(session, space, change)
        return render_template(
            "wiki/change.html",
            asked=required(session, space, [text.code for text in texts], change) if change.state == "draft" else change.approvals_required,
            change=change, space=space, writers=writers, missing=waiting, seat_names=seating.names_in(session, waiting),
            may_decline=may_decide(actor, space, writers={w.id for w in writers}, submitted=change.submitted_sequence).allowed,
            verdict=verdict(session, actor, space, change),
            parts=[
                _Part(text, *_shown_part(text, before[text.code]), said, _files(text, found.get(text.code)))
                for text, said in zip(texts, remark_views.of_change(session, space, change, texts), strict=True)
            ],
            left=left_by(session, change),
            approvals=given,
            lapsed=lapsed(session, space, change, given),
            fallen=[_Fall.of(approval, person) for approval, person in fallen(session, change)],
            cited=self.practice.cited(session, actor, change.id),
            touched=self.practice.touched(session, space, change),
            may_write=may(actor, Permission.WRITE, space),
            proposal=proposing.told(session, actor, change, space) if change.proposed_at else None,
            made=published_numbers(session, change),
            **{"problem": None, "typed": {}} | more,
        )

    def take_over(self, id: str):
        """Make a reader's proposal one's own draft."""
        return self._decided(id, lambda session, actor: proposing.take_over(session, actor, id))

    def submit(self, id: str):
        """Send a draft for review."""
        return self._decided(id, lambda session, actor: sending.submit(session, site().library, actor, id))

    def approve(self, id: str):
        """Approve exactly what was shown, with one's password."""
        digest, said = request.form.get("digest", ""), {name: request.form.get(name, "") for name in ("comment", "meaning")}
        said["meaning"] = said["meaning"] or APPROVE
        return self._decided(
            id, lambda session, actor: approve(session, site().library, actor, id, digest, **said), before=_confirm_password
        )

    def decline(self, id: str):
        """Decline a change with a reason."""
        return self._decided(id, lambda session, actor: changes.decline(session, actor, id, request.form.get("reason", "")))

    def _decided(self, id: str, verb, before=lambda: None):
        session, actor = reading()
        change, space = changes.readable(session, actor, id)
        try:
            before()
            with publishing(space) as (writing_session, writer):
                done = verb(writing_session, writer)
        except (NotFound, Unauthenticated):
            raise
        except Problem as problem:
            with site().database.reading() as fresh:
                present, here = changes.readable(fresh, actor, id)
                return self._page(fresh, actor, present, here, problem=problem, typed=request.form), problem.status
        return after(done)


@dataclass(frozen=True)
class _Part:
    """One text of a change as its page shows it."""

    text: object
    title: str
    difference: object
    remarks: Sequence
    files: list[FileChange]


@dataclass(frozen=True)
class _Fall:
    """An approval that fell, as the page says it."""

    name: str
    at: datetime
    because: str

    @classmethod
    def of(cls, approval: Approval, person: Person) -> "_Fall":
        """Return it in the language of the request."""
        return cls(person.name, approval.fell_at, _(approval.fell_because).replace("%(name)s", approval.fell_by))


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
    return after(change)


def _shown_part(text, before: str):
    return title_of(text.markdown or before, ""), difference(before, after_of(text, before))


def _files(text, found: procedures.Stood | None) -> list[FileChange]:
    """Return what becomes of the files of a text; a version that is cancelled takes its own with it."""
    if text.action == "cancel":
        return []
    base = next((v for v in found.standing.versions if v.number == text.base), None) if found else None
    return differences(listed(base), listed(text))


def after(change: Change):
    """Lead to where a change has got: its own page, or the procedure once it is published."""
    if request.form.get("then") == "attach":
        return redirect(url_for("wiki.edit_change", id=change.id) + "#files", 303)
    if change.state == "published":
        flash(_("Published."))
        with site().database.reading() as session:
            code = texts_of(session, change)[0].code
        return redirect(url_for("wiki.procedure", code=code), 303)
    return redirect(url_for("wiki.change", id=change.id), 303)
