"""The administrators' page of backups: when the last good one was, the next ones, and the button."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.policy import require_administrator
from accounts.web import reading, writing
from core.errors import Invalid
from core.web import site
from keeping import backups, forms, leaving_views
from keeping.keeper import Keeper

_WAIT_S = 5.0


def blueprint(keeper: Keeper) -> Blueprint:
    """Return the pages of this package."""
    pages = Blueprint("keeping", __name__)

    def shown_backups():
        """Show how the site is kept safe, and set when backups are made."""
        session, actor = reading()
        require_administrator(actor)
        plan = backups.plan(session)
        said, problem = forms.Typed(forms.NEVER if plan.hour is None else str(plan.hour), str(plan.keep)), None
        if request.method == "POST":
            said = forms.typed()
            try:
                return _set_plan(forms.plan_of(said))
            except Invalid as refused:
                problem = refused
        shown = render_template(
            "keeping/backups.html", last=backups.last_good(session), listed=backups.listed(session), stale=backups.is_stale(session),
            at_work=keeper.is_at_work(), folder=keeper.folder, zone=site().settings.timezone.key, said=said, problem=problem, plan=plan,
        )
        return shown, problem.status if problem else 200

    def back_up_now():
        """Make a backup now; where it takes longer than a moment, the page says that it is being made."""
        with writing() as (_session, actor):
            require_administrator(actor)
        ended = keeper.begin(asked_by=actor.id, wait_s=_WAIT_S)
        if not ended:
            flash(_("A backup is being made. Look again in a few minutes."))
        return redirect(url_for("keeping.backups"), 303)

    pages.add_url_rule("/administration/backups", "backups", shown_backups, methods=["GET", "POST"])
    pages.add_url_rule("/administration/backups/now", "back_up_now", back_up_now, methods=["POST"])
    leaving_views.add_to(pages)
    return pages


def _set_plan(plan: dict):
    with writing() as (session, actor):
        backups.set_plan(session, actor, **plan)
    flash(_("Saved."))
    return redirect(url_for("keeping.backups"), 303)
