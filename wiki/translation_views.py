"""Writing a translation: a new text that names its source and stands beside it."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import LANGUAGES, Space
from core.errors import Conflict, N_, NotFound
from core.web import site
from wiki import procedures
from wiki.facts import facts_of
from wiki.frontmatter import split
from wiki.models import Version
from wiki.rendering import shown


@dataclass(frozen=True)
class Beside:
    """The source of a translation that is being written: its version, its file, and the same as it reads."""

    code: str
    version: Version
    markdown: str
    html: str


def beside(session: Session, actor: Actor, space: Space, code: str) -> Beside:
    """Return a procedure of the space as the source of a translation.

    Raises: NotFound if it is not one of this space; Conflict if it is retired or a translation itself.
    """
    found = procedures.readable(session, actor, code)
    if found.space.id != space.id:
        raise NotFound()
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = standing.in_force or standing.latest
    if version is None or version.blob is None:
        raise Conflict(N_("%(code)s is retired. Restore it first."), code=found.procedure.code)
    if version.translates_code:
        raise Conflict(
            N_("%(code)s is a translation itself. Name the procedure that it was made from."), code=found.procedure.code
        )
    text = procedures.text_of(site().library, space, version)
    return Beside(found.procedure.code, version, text, shown(session, site().database, site().library, space, version).html)


def skeleton(source: Beside, language: str) -> str:
    """Return the text with which a translation begins: the source's own, to be written over, and what it is made from."""
    other = [known for known in LANGUAGES if known != source.version.language]
    facts = facts_of(source.markdown, "")
    kept = {
        "title": source.version.title, "owner": facts.owner, "applies_to": facts.applies_to, "regulations": facts.regulations,
        "review_every": facts.review_every,
    }
    # JSON is YAML that no word can break out of.
    told = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in kept.items() if value]
    told += [f"language: {language if language in other else other[0]}", f"translation_of: {source.code}@{source.version.number}"]
    return "---\n" + "\n".join(told) + "\n---\n\n" + split(source.markdown).body.lstrip("\r\n")
