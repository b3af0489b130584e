"""What search finds of the practice: the first post of each thread and every answer, erased and hidden words never."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core.journal import Act
from discussions.lists import answers_of
from discussions.models import Post, Thread
from discussions.placing import placements
from discussions.shown import shown, spoken
from search.engine import Document, Hit
from wiki.markdown import plain
from wiki.models import Procedure, Version
from wiki.repository import Library

KINDS = ("question", "tip", "gap", "announcement", "answer")
_PREFIX = "post:"
_ACTS = (
    "open_thread", "post", "edit_post", "erase_post", "hide_post", "unhide_post", "hide_thread", "unhide_thread", "attach_thread",
    "merge_thread", "join_thread",
)
# Built once, as they run at every search.
_SHOWN = (
    select(Post.id, Post.number, Post.created_at, Thread, Procedure.code, Person.name)
    .join(Thread, Thread.id == Post.thread_id)
    .join(Person, Person.id == Post.author_id)
    .outerjoin(Procedure, Procedure.id == Thread.procedure_id)
    .where(Post.id.in_(bindparam("posts", expanding=True)), Thread.space_id.in_(bindparam("spaces", expanding=True)), spoken(), shown())
)
_NEWEST = (
    select(Version.procedure_id, func.max(Version.number).label("number"))
    .where(Version.procedure_id.in_(bindparam("procedures", expanding=True)))
    .group_by(Version.procedure_id)
    .subquery()
)
_LANGUAGES = select(Version.procedure_id, Version.language).join(
    _NEWEST, (_NEWEST.c.procedure_id == Version.procedure_id) & (_NEWEST.c.number == Version.number)
)


@dataclass(frozen=True)
class ShownPost:
    """A found post as the results page and the API show it; `thread_kind` and `state` are its thread's.

    `language` is that of its procedure, or of its space: what people write in beside it.
    """

    hit: Hit
    title: str
    url: str
    space: Space
    code: str
    kind: str
    thread_kind: str
    state: str
    answers: int
    author: str
    at: datetime
    version: int | None
    needs_check: bool
    language: str


@dataclass(frozen=True)
class ThreadSource:
    """The source of documents of threads."""

    library: Library
    kinds: tuple[str, ...] = KINDS

    def touched(self, session: Session, acts: Sequence[Act]) -> set[str]:
        """Return the owners whose documents the acts made stale: one post, or each post of a thread."""
        objects = {act.object for act in acts if act.act in _ACTS}
        posts = {object.removeprefix(_PREFIX) for object in objects if object.startswith(_PREFIX)}
        threads = {object.removeprefix("thread:") for object in objects if object.startswith("thread:")}
        # The first words of a thread head every answer in it.
        threads |= set(session.scalars(select(Post.thread_id).where(Post.id.in_(posts), Post.number == 1)))
        posts |= set(session.scalars(select(Post.id).where(Post.thread_id.in_(threads)))) if threads else set()
        return {_PREFIX + id for id in posts}

    def owners(self, session: Session) -> Iterable[str]:
        """Return every owner there is."""
        return [_PREFIX + id for id in session.scalars(select(Post.id))]

    def documents(self, session: Session, owners: Iterable[str]) -> list[Document]:
        """Return the documents of these owners as things stand."""
        ids = [owner.removeprefix(_PREFIX) for owner in owners if owner.startswith(_PREFIX)]
        rows = session.execute(
            select(Post, Thread, Space, Procedure.code)
            .join(Thread, Thread.id == Post.thread_id)
            .join(Space, Space.id == Thread.space_id)
            .outerjoin(Procedure, Procedure.id == Thread.procedure_id)
            .where(Post.id.in_(ids), spoken(), shown())
        ).all()
        languages = _languages(session, [thread for _, thread, _, _ in rows])
        return [
            Document(
                key=_PREFIX + post.id, owner=_PREFIX + post.id, kind=thread.kind if post.number == 1 else "answer",
                space=space.id, language=languages.get(thread.procedure_id, space.language), title=thread.heading,
                body=plain(post.body), code=code or "", thread=thread.id, author=post.author_id, at=post.created_at,
            )
            for post, thread, space, code in rows
        ]

    def present(self, session: Session, spaces: Mapping[str, Space], hits: Sequence[Hit], day: date) -> dict[str, ShownPost]:
        """Return what to show per hit key; hits that stand in none of these spaces, or were erased or hidden, are left out."""
        by_post = {hit.key.removeprefix(_PREFIX): hit for hit in hits}
        rows = session.execute(_SHOWN, {"posts": list(by_post), "spaces": list(spaces)}).all()
        threads = list({row.Thread.id: row.Thread for row in rows}.values())
        placed, answers = placements(session, self.library, threads), answers_of(session, [thread.id for thread in threads])
        languages = _languages(session, threads)
        return {
            by_post[id].key: ShownPost(
                hit=by_post[id], title=thread.heading, url=f"/threads/{thread.id}#p{id}", space=spaces[thread.space_id],
                code=code or "", kind=thread.kind if number == 1 else "answer", thread_kind=thread.kind,
                state=thread.state, answers=answers.get(thread.id, 0), author=name, at=at,
                version=thread.version, needs_check=placed[thread.id].needs_check,
                language=languages.get(thread.procedure_id, spaces[thread.space_id].language),
            )
            for id, number, at, thread, code, name in rows
        }


def _languages(session: Session, threads: Iterable[Thread]) -> dict[int, str]:
    """Return the language of the newest text of each procedure that these threads are about."""
    procedures = {thread.procedure_id for thread in threads if thread.procedure_id}
    return dict(session.execute(_LANGUAGES, {"procedures": list(procedures)}).all())
