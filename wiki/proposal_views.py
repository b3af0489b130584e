"""The pages on which a reader proposes other words: which passage, then one box and one line of why."""

import re
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, require
from accounts.web import reading, writing
from core.errors import Conflict, Invalid, N_, Problem
from core.web import site
from wiki import changes, forms, lists, passages, procedures, proposing
from wiki.drafts import Draft, DraftText
from wiki.forms import ProposalForm
from wiki.models import Change, Version
from wiki.passages import Span
from wiki.practice import Practice
from wiki.procedures import Found
from wiki.proposals import starts, texts_of
from wiki.standing import Standing

_MOST_CHOICES = 400
_NO_PASSAGE = N_("This passage does not stand in the text. Choose it again.")


def add_to(pages: Blueprint, practice: Practice) -> None:
    """Add these pages to the wiki's blueprint."""
    views = _Views(practice)
    pages.add_url_rule("/procedures/<code>/propose", "propose", views.propose, methods=["GET", "POST"])


@dataclass(frozen=True)
class _Views:
    practice: Practice

    def propose(self, code: str):
        """Propose other words for a procedure: choose the passage, or come with the words marked on the page."""
        session, actor = reading()
        found = procedures.readable(session, actor, code)
        require(actor, Permission.PROPOSE, found.space)
        if request.method != "POST":
            if may(actor, Permission.WRITE, found.space):
                return redirect(url_for("wiki.edit", code=found.procedure.code, thread=forms.cited_ids()), 303)
            return _begun(session, actor, found)
        typed = forms.proposal_from_request(request.form)
        try:
            return _to(self._proposed(found, _wording(session, found, typed)))
        except Problem as problem:
            return _form(found.space, code=found.procedure.code, form=typed, problem=problem), problem.status

    def _proposed(self, found: Found, draft: Draft) -> Change:
        with writing() as (session, actor):
            here = spaces.by_slug(session, actor, found.space.slug)
            change = proposing.propose(session, site().library, actor, here, draft)
            self.practice.cite(session, actor, change.id, forms.cited_ids())
        flash(_("Proposed. The authors of this space find it on their front page."))
        return change


def revise(change: Change, space: Space):
    """Edit one's own proposal, as long as no author has taken it over."""
    session, actor = reading()
    text = texts_of(session, change)[0]
    if request.method != "POST":
        changes.check_may_edit(actor, space, change)
        before = starts(site().library, space, [text], procedures.stood(session, site().library, [text.code]))[text.code]
        span = passages.touched(before, text.markdown) if "whole" not in request.args else None
        words = passages.source(text.markdown, span) if span else text.markdown
        return _form(space, code=text.code, form=ProposalForm(words, change.reason, "", span, change.digest), change=change)
    typed = forms.proposal_from_request(request.form)
    try:
        return _to(_revised(change.id, typed))
    except Problem as problem:
        return _form(space, code=text.code, form=typed, change=change, problem=problem), problem.status


def _revised(id: str, typed: ProposalForm) -> Change:
    with writing() as (session, actor):
        change, space = changes.readable(session, actor, id)
        changes.check_may_edit(actor, space, change)
        changes.check_unmoved(change, typed.digest)
        text = texts_of(session, change)[0]
        wording = DraftText(text.action, text.code, _whole(text.markdown, typed), text.base)
        draft = Draft(typed.reason, change.kind, (wording,), change.in_force_from, change.replaces_scheduled)
        return changes.save(session, site().library, actor, id, typed.digest, draft)


def _begun(session: Session, actor: Actor, found: Found):
    """Return the form of the passage that is asked for, or the choice of passages."""
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = _numbered(standing, request.args.get("base", ""), found.procedure.code)
    text = procedures.text_of(site().library, found.space, version)
    quote, span = _argument("quote"), None
    if "at" in request.args:
        span = _chosen(text)
    elif quote:
        span = passages.find(text, quote, _argument("prefix"), _argument("suffix"))
    elif "whole" not in request.args:
        return _choice(session, actor, found, version, text)
    form = ProposalForm(passages.source(text, span) if span else text, "", str(version.number), span)
    return _form(
        found.space, code=found.procedure.code, form=form, lost=quote if quote and not span else "",
        own=lists.proposed_about(session, actor, found.procedure.code),
    )


def _choice(session: Session, actor: Actor, found: Found, version: Version, text: str):
    return render_template(
        "wiki/passages.html", space=found.space, procedure=found.procedure, version=version,
        units=passages.units(text)[:_MOST_CHOICES], cited=forms.cited_ids(),
        own=lists.proposed_about(session, actor, found.procedure.code),
    )


def _form(space: Space, *, code: str, form: ProposalForm, change: Change | None = None, problem: Problem | None = None, **more):
    return render_template(
        "wiki/propose.html", space=space, code=code, form=form, change=change, problem=problem, cited=forms.cited_ids(),
        **{"lost": "", "own": []} | more,
    )


def _wording(session: Session, found: Found, typed: ProposalForm) -> Draft:
    """Return what was typed as a draft over the whole text. Raises: Invalid, Conflict."""
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = _numbered(standing, typed.base, found.procedure.code)
    text = procedures.text_of(site().library, found.space, version)
    wording = DraftText("amend", found.procedure.code, _whole(text, typed), version.number)
    draft = Draft(typed.reason, None, (wording,))
    if version in standing.scheduled:
        # Other words for a text that waits must wait for the same day.
        return replace(draft, in_force_from=version.in_force_from, replaces_scheduled=True)
    return draft


def _whole(text: str, typed: ProposalForm) -> str:
    if typed.span is None:
        return typed.words
    if passages.source(text, typed.span) is None:
        raise Invalid(_NO_PASSAGE, field="words")
    return passages.replaced(text, typed.span, typed.words)


def _numbered(standing: Standing, number: str, code: str) -> Version:
    """Return the version to start from: the newest unless another is named. Raises: Invalid, Conflict."""
    if standing.latest is None or standing.latest.blob is None:
        raise Conflict(N_("%(code)s is retired: it has no words to change."), code=code)
    if not number:
        return standing.latest
    found = next((version for version in standing.versions if str(version.number) == number and version.blob), None)
    if found is None:
        raise Invalid(N_("There is no such version to start from."), field="base")
    return found


def _chosen(text: str) -> Span:
    asked = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", request.args["at"])
    span = Span(int(asked[1]), int(asked[2] or asked[1])) if asked else None
    if span is None or passages.source(text, span) is None:
        raise Invalid(_NO_PASSAGE, field="at")
    return span


def _argument(name: str) -> str:
    return request.args.get(name, "")[: passages.LONGEST_QUOTE].replace("\x00", " ").strip()


def _to(change: Change):
    return redirect(url_for("wiki.change", id=change.id), 303)
