"""What acts were about: every name and address of a page in one statement for each kind of thing, whatever is on the page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.policy import known_to
from discussions.models import Post, Thread
from regulations.models import Clause, Regulation
from reviews.models import Review
from wiki.models import Change, ChangeText, Procedure, Version

_NAMED = 3      # procedures of one publication or one change; an import can have thousands


@dataclass(frozen=True)
class Thing:
    """Something to name and to open: its kind, what its address holds (nothing where it cannot be opened), and its name.

    Words that were erased or hidden are no name; `more` counts what stands beside it and is not named.
    """

    kind: str
    key: str = ""
    name: str = ""
    number: int | None = None
    more: int = 0


def things(session: Session, actor: Actor, space: Space, objects: Iterable[str]) -> dict[str, list[Thing]]:
    """Return what these objects of acts are, as the reader of the space's journal may know them."""
    keys: dict[str, set[str]] = {kind: set() for kind in _READ}
    found: dict[str, list[Thing]] = {}
    for object in objects:
        kind, _, key = object.partition(":")
        if kind in keys:
            keys[kind].add(key)
        else:
            found[object] = [Thing(kind)]
    for kind, read in _READ.items():
        for key, thing in read(session, actor, space, keys[kind]):
            found.setdefault(f"{kind}:{key}", []).append(thing)
    found[f"space:{space.id}"] = [Thing("space", space.slug, space.name)]
    return found


def _people(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    for id, name, is_known in session.execute(select(Person.id, Person.name, known_to(actor)).where(Person.id.in_(ids))):
        yield id, Thing("person", id if is_known else "", name)


def _threads(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    for thread in session.scalars(select(Thread).where(Thread.id.in_(ids), Thread.space_id == space.id)):
        yield thread.id, Thing("thread", thread.id, "" if thread.hidden_at else thread.heading)


def _posts(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    rows = select(Post.id, Thread).join(Thread, Thread.id == Post.thread_id).where(Post.id.in_(ids), Thread.space_id == space.id)
    for id, thread in session.execute(rows):
        yield id, Thing("post", id, "" if thread.hidden_at else thread.heading)


def _changes(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    codes: dict[str, list[str]] = {}
    rows = (
        select(Change.id, ChangeText.code).outerjoin(ChangeText, ChangeText.change_id == Change.id)
        .where(Change.id.in_(ids), Change.space_id == space.id).order_by(Change.id, ChangeText.position)
    )
    for id, code in session.execute(rows):
        codes.setdefault(id, []).extend([code] if code else [])
    for id, named in codes.items():
        yield id, Thing("change", id, ", ".join(named[:_NAMED]), more=max(0, len(named) - _NAMED))


def _commits(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    place = func.row_number().over(partition_by=Version.commit, order_by=Version.id).label("place")
    total = func.count().over(partition_by=Version.commit).label("total")
    ranked = (
        select(Version.commit, Procedure.code, Version.number, place, total)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .where(Version.commit.in_(ids), Procedure.space_id == space.id).subquery()
    )
    published = set()
    for commit, code, number, at, many in session.execute(select(ranked).where(ranked.c.place <= _NAMED).order_by(ranked.c.commit, ranked.c.place)):
        published.add(commit)
        yield commit, Thing("version", code, number=number, more=max(0, many - _NAMED) if at == _NAMED else 0)
    # To cancel makes no version: what its commit came from is the change.
    ended = select(Change.commit, Change.id).where(Change.space_id == space.id, Change.commit.in_(ids))
    for commit, id in session.execute(ended):
        if commit not in published:
            yield commit, Thing("change", id)


def _procedures(session: Session, actor: Actor, space: Space, codes: set[str]) -> Iterator[tuple[str, Thing]]:
    for code in session.scalars(select(Procedure.code).where(Procedure.code.in_(codes), Procedure.space_id == space.id)):
        yield code, Thing("procedure", code)


def _reviews(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    rows = select(Review, Procedure.code).join(Procedure, Procedure.id == Review.procedure_id).where(Review.id.in_(ids), Procedure.space_id == space.id)
    for review, code in session.execute(rows):
        yield review.id, Thing("version", code, number=review.version)


def _regulations(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    for one in session.scalars(select(Regulation).where(Regulation.id.in_(ids), Regulation.space_id == space.id)):
        yield one.id, Thing("regulation", "" if one.dropped_at else one.id, one.short or one.title)


def _clauses(session: Session, actor: Actor, space: Space, ids: set[str]) -> Iterator[tuple[str, Thing]]:
    rows = select(Clause, Regulation).join(Regulation, Regulation.id == Clause.regulation_id).where(Clause.id.in_(ids), Regulation.space_id == space.id)
    for clause, text in session.execute(rows):
        yield clause.id, Thing("clause", "" if clause.dropped_at or text.dropped_at else clause.id, f"{text.short or text.title}, {clause.label}")


_READ = {
    "person": _people, "thread": _threads, "post": _posts, "change": _changes, "commit": _commits, "procedure": _procedures,
    "review": _reviews, "regulation": _regulations, "clause": _clauses,
}
