"""Keeping a site in the JSON API: the same verbs as the pages."""

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from accounts.policy import require_administrator
from accounts.web import reading, writing
from core.api import Endpoint
from keeping import backups, leaving_views
from keeping.answers import BackupsAnswer
from keeping.keeper import Keeper
from keeping.leaving_views import ZIP
from keeping.shapes import backup_shape, listed_shape

_WAIT_S = 5.0


class PlanBody(BaseModel):
    """When backups are made by themselves: an hour of the site's zone, null for never; and how many are kept."""

    model_config = ConfigDict(extra="forbid", strict=True)

    hour: int | None = Field(ge=0, le=23)
    keep: int = Field(ge=1, le=backups.MOST_KEPT)


def endpoints(keeper: Keeper) -> list[Endpoint]:
    """Return the calls of this package."""

    def get_backups() -> dict:
        """Say when the last good backup was made, which there are, and when the next ones are made."""
        session, actor = reading()
        require_administrator(actor)
        return _shape(session, keeper)

    def set_plan(body: PlanBody) -> dict:
        """Set when backups are made by themselves and how many are kept."""
        with writing() as (session, actor):
            backups.set_plan(session, actor, hour=body.hour, keep=body.keep)
            return _shape(session, keeper)

    def back_up_now() -> dict:
        """Make a backup now. Where that takes longer than a moment, the answer says that it is at work."""
        with writing() as (session, actor):
            require_administrator(actor)
        keeper.begin(asked_by=actor.id, wait_s=_WAIT_S)
        with keeper.reading() as session:
            return _shape(session, keeper)

    def take_out() -> Response:
        """Take out every space that the token's owner may read, as one zip of plain files."""
        return leaving_views.site_answer()

    def take_out_space(slug: str) -> Response:
        """Take out one space as a zip of plain files: for its auditors, and administrators who may read it."""
        return leaving_views.space_answer(slug)

    return [
        Endpoint("GET", "/administration/backups", get_backups, answer=BackupsAnswer),
        Endpoint("PUT", "/administration/backups", set_plan, body=PlanBody, answer=BackupsAnswer),
        Endpoint("POST", "/administration/backups", back_up_now, answer=BackupsAnswer, status=202),
        Endpoint("POST", "/administration/export", take_out, media=ZIP),
        Endpoint("GET", "/spaces/<slug>/export", take_out_space, media=ZIP),
    ]


def _shape(session, keeper: Keeper) -> dict:
    last, plan = backups.last_good(session), backups.plan(session)
    return {
        "at_work": keeper.is_at_work(),
        "stale": backups.is_stale(session),
        "plan": {"hour": plan.hour, "keep": plan.keep},
        "last_good": backup_shape(last, "") if last else None,
        "items": [listed_shape(one) for one in backups.listed(session)],
    }
