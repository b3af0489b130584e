"""A person in the JSON API, as whoever shares a space with them sees them on their page."""

from pydantic import BaseModel

from accounts import acquaintances
from accounts.web import reading
from core.api import Endpoint
from core.web import site
from discussions.helping import helped


class SharedSpaceAnswer(BaseModel):
    """A space that one shares with somebody, and by whom they came there if they were invited."""

    slug: str
    name: str
    brought_by: str | None


class HelpedAnswer(BaseModel):
    """A procedure that somebody helped with: an answer of theirs was accepted there, or was useful to somebody else."""

    code: str
    title: str
    language: str
    space: str


class AcquaintanceAnswer(BaseModel):
    """Somebody, the spaces one shares with them, and what they helped with of what one may read. There is no figure."""

    id: str
    name: str
    team: str
    guest: bool
    here: bool
    spaces: list[SharedSpaceAnswer]
    helped: list[HelpedAnswer]


def read_person(id: str) -> dict:
    """Read who somebody is, the spaces one shares with them, and what they helped with."""
    session, actor = reading()
    shown = acquaintances.readable(session, actor, id)
    person = shown.person
    return {
        "id": person.id, "name": person.name, "team": person.team, "guest": person.guest_since is not None, "here": person.disabled_at is None,
        "spaces": [{"slug": space.slug, "name": space.name, "brought_by": shown.brought_by.get(space.id)} for space in shown.spaces],
        "helped": [
            {"code": one.code, "title": one.title, "language": one.language, "space": one.space.slug}
            for one in helped(session, site().library, actor, person.id)
        ],
    }


ENDPOINTS = [Endpoint("GET", "/people/<id>", read_person, answer=AcquaintanceAnswer)]
