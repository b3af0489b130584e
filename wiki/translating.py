"""Translations: a procedure that says which version of which other one, of the same space, it was made from.

The same space, because a page is kept by the head of its own space's chain and must not say what another space does;
and because whoever reads the one then reads the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Space
from core import clock
from core.errors import Invalid, N_
from wiki.facts import facts_of, translated
from wiki.models import Procedure, Version
from wiki.repository import Library
from wiki.standing import Standing, standing


@dataclass(frozen=True)
class Source:
    """What a text was translated from: `version` it was made from, `current` is in force today, None if none is."""

    code: str
    title: str
    language: str
    version: int
    current: int | None

    @property
    def behind(self) -> bool:
        """Whether the source has a newer text in force."""
        return self.current is not None and self.current > self.version


@dataclass(frozen=True)
class Translation:
    """A text in force that was made from another procedure, and whether that one is newer."""

    code: str
    title: str
    language: str
    version: int
    behind: bool


@dataclass(frozen=True)
class Links:
    """The same rule in other languages: what this text was made from, and what was made from it."""

    source: Source | None
    translations: tuple[Translation, ...]


@dataclass(frozen=True)
class Late:
    """A translation whose source has a newer text in force."""

    code: str
    title: str
    source: str
    version: int
    current: int


def check(session: Session, library: Library, space: Space, texts: Sequence) -> None:
    """Go on only if every text of a change that says it is a translation can be one. `texts` are complete drafts.

    Raises: Invalid with what stands in the way.
    """
    told = {text.code: text.markdown for text in texts if text.markdown is not None and text.action != "restore"}
    for code, markdown in told.items():
        if problem := refusal(session, library, space, code, markdown, told):
            raise problem


def refusal(
    session: Session, library: Library, space: Space, code: str, markdown: str, told: Mapping[str, str]
) -> Invalid | None:
    """Return why a text cannot be the translation it says to be, None if it can or says nothing.

    `told` are the texts of the same change, by code, which may be the sources of one another.
    """
    try:
        named = translated(facts_of(markdown, ""))
    except ValueError:
        return _invalid(N_("translation_of names a procedure and its version, such as KYC-001@4."))
    if named is None:
        return None
    if named.code == code:
        return _invalid(N_("A procedure cannot be a translation of itself."))
    found = _standings(session, space, _related(code, named.code), clock.today(library.zone))
    source = found.get(named.code)
    if source is None and named.code not in told:
        return _invalid(N_("A translation stands in the same space as its source, and there is no %(code)s here."), named.code)
    if _is_translation(source, told.get(named.code)):
        return _invalid(N_("%(code)s is a translation itself. Name the procedure that it was made from."), named.code)
    if any(_translates(one, code) for one in found.values()):
        return _invalid(N_("Others are translated from %(code)s, so it cannot be a translation itself."), code)
    return _refused_version(space, markdown, named, source, told.get(named.code))


def resolved(session: Session, space: Space, markdown: str | None, made: Mapping[str, int]) -> tuple[str, int] | None:
    """Return the code and the version that a text is translated from, as its commit will say; None if it is not one.

    `made` are the versions that the same publication makes, by code. A code alone means the newest version there is.
    """
    try:
        named = translated(facts_of(markdown, "")) if markdown is not None else None
    except ValueError:
        return None
    if named is None:
        return None
    texts = (Procedure.space_id == space.id, Procedure.code == named.code, Version.cancelled_by.is_(None), Version.blob.is_not(None))
    numbers = set(session.scalars(select(Version.number).join(Procedure, Procedure.id == Version.procedure_id).where(*texts)))
    numbers |= {made[named.code]} if named.code in made else set()
    number = named.version or max(numbers, default=None)
    return (named.code, number) if number in numbers else None


def links(session: Session, space: Space, code: str, version: Version | None, day: date) -> Links:
    """Return the same rule in other languages as it stands on a day, for one version of a procedure; in one statement."""
    made_from = version.translates_code if version else None
    found = _standings(session, space, _related(code, made_from), day)
    source = found.pop(made_from, None) if made_from else None
    present = found.pop(code, None)
    current = present.in_force.number if present and present.in_force else None
    translations = [
        Translation(other, text.title, text.language, text.translates_version, current is not None and current > text.translates_version)
        for other, text in sorted((other, one.in_force) for other, one in found.items() if one.in_force and _translates(one, code))
    ]
    return Links(_source(made_from, version, source) if source else None, tuple(translations))


def late(session: Session, space_ids: Sequence[str], day: date, limit: int) -> list[Late]:
    """Return the translations of these spaces whose sources have a newer text in force, in one statement."""
    if not space_ids:
        return []
    procedure, source, text, newer = aliased(Procedure), aliased(Procedure), aliased(Version), aliased(Version)
    rows = session.execute(
        select(procedure.code, text.title, source.code, text.translates_version, newer.number)
        .join(text, text.procedure_id == procedure.id)
        .join(source, (source.code == text.translates_code) & (source.space_id == procedure.space_id))
        .join(newer, newer.procedure_id == source.id)
        .where(
            procedure.space_id.in_(list(space_ids)), text.translates_code.is_not(None), text.number == _current(procedure, day),
            newer.number == _current(source, day), newer.blob.is_not(None), newer.number > text.translates_version,
        )
        .order_by(func.length(procedure.code), procedure.code)
        .limit(limit)
    )
    return [Late(*row) for row in rows]


def _current(procedure, day: date):
    version = aliased(Version)
    held = (version.procedure_id == procedure.id, version.cancelled_by.is_(None), version.in_force_from <= day)
    return select(func.max(version.number)).where(*held).correlate(procedure).scalar_subquery()


def _refused_version(space: Space, markdown: str, named, source: Standing | None, coming: str | None) -> Invalid | None:
    numbers = {version.number: version for version in source.versions} if source else {}
    after = max(numbers, default=0) + 1
    text = numbers.get(named.version) if named.version else (source.latest if source else None)
    is_coming = coming is not None and named.version in (None, after)
    if not (text and text.blob and not text.cancelled_by) and not is_coming:
        return _invalid(N_("%(code)s has no text of version %(number)s."), named.code, number=named.version or after - 1)
    language = text.language if text and text.blob else (facts_of(coming or "", "").language or space.language)
    if (facts_of(markdown, "").language or space.language) == language:
        return _invalid(N_("A translation is in another language than %(code)s: say in which with language."), named.code)
    return None


def _standings(session: Session, space: Space, condition, day: date) -> dict[str, Standing]:
    rows = session.execute(
        select(Procedure.code, Version)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.space_id == space.id, condition)
    )
    versions: dict[str, list[Version]] = {}
    for code, version in rows:
        versions.setdefault(code, []).append(version)
    return {code: standing(found, day) for code, found in versions.items()}


def _related(code: str, made_from: str | None):
    """Return the condition on procedures: this one, what it was made from, and what was ever made from it."""
    made = Procedure.id.in_(select(Version.procedure_id).where(Version.translates_code == code))
    return or_(Procedure.code == code, made, Procedure.code == made_from) if made_from else or_(Procedure.code == code, made)


def _translates(found: Standing, code: str) -> bool:
    text = found.in_force or found.shown
    return text is not None and found.state != "retired" and text.translates_code == code


def _is_translation(found: Standing | None, coming: str | None) -> bool:
    if coming is not None:
        return bool(facts_of(coming, "").translation_of)
    return found is not None and found.latest is not None and found.latest.translates_code is not None


def _source(code: str, version: Version, found: Standing) -> Source:
    shown = found.shown
    return Source(code, shown.title, shown.language, version.translates_version, found.in_force.number if found.in_force else None)


def _invalid(sentence: str, code: str | None = None, **more) -> Invalid:
    return Invalid(sentence, field="markdown", **({"code": code} if code else {}), **more)
