"""Threads as people's voices: who said what, the accepted answer, what became of the words they were about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from discussions.citations import CitingChange
from discussions.lists import answers_of
from discussions.models import Post, Thread, Useful
from discussions.placing import NOWHERE, Placement, verdict_of
from wiki.markdown import render_post


@dataclass(frozen=True)
class Said:
    """A post with its author's name, who erased it if somebody did, and to how many it was useful."""

    post: Post
    author: str
    eraser: str | None
    useful: int


@dataclass(frozen=True)
class Voice:
    """A thread as the practice half shows it: its first post, and the answer that was accepted."""

    thread: Thread
    first: Said
    accepted: Said | None
    accepter: str | None
    answers: int
    placement: Placement
    changes: Sequence[CitingChange]
    code: str | None

    @property
    def words(self) -> str:
        """The first post as HTML, without the sentence that already stands over it as the heading."""
        return rest(self.thread, self.first.post)

    @property
    def is_proposable(self) -> bool:
        """Whether it says something that could become the rule: a tip, a gap, an answer."""
        says = self.thread.kind in ("tip", "gap") or self.accepted is not None
        return says and self.code is not None and self.first.post.erased_at is None

    @property
    def more(self) -> int:
        """How many answers there are beside the one shown."""
        return self.answers - (1 if self.accepted else 0)

    @property
    def verdict(self) -> str | None:
        """What settled the last check of this thread."""
        return verdict_of(self.placement.checks)


def voices(
    session: Session,
    threads: Sequence[Thread],
    placements: Mapping[str, Placement],
    changes: Mapping[str, Sequence[CitingChange]],
    code: str | None,
) -> list[Voice]:
    """Return threads of one procedure, found readable, as voices: in the same order, in a constant number of statements.

    `changes` are those that cite them and that the reader may see; `code` is the procedure's.
    """
    ids = [thread.id for thread in threads]
    accepted_ids = [thread.accepted_post_id for thread in threads if thread.accepted_post_id]
    shown = said(session, (Post.thread_id.in_(ids) & (Post.number == 1)) | Post.id.in_(accepted_ids))
    firsts = {one.post.thread_id: one for one in shown if one.post.number == 1}
    accepted = {one.post.id: one for one in shown}
    answers = answers_of(session, ids)
    names = names_of(session, (thread.accepted_by for thread in threads))
    return [
        Voice(
            thread=thread, first=firsts[thread.id], accepted=accepted.get(thread.accepted_post_id),
            accepter=names.get(thread.accepted_by), answers=answers.get(thread.id, 0),
            placement=placements.get(thread.id, NOWHERE), changes=changes.get(thread.id, ()), code=code,
        )
        for thread in threads
    ]


def rest(thread: Thread, first: Post) -> str:
    """Return the HTML of what a first post says after the heading, all of it where the heading is not its own words."""
    after = first.body.removeprefix(thread.heading) if thread.heading and not thread.title else first.body
    return first.html if after == first.body else render_post(after.strip())


def said(session: Session, condition) -> list[Said]:
    """Return posts with their people, in the order of writing within each thread."""
    rows = session.execute(
        select(Post, Person.name)
        .join(Person, Person.id == Post.author_id)
        .where(condition)
        .order_by(Post.thread_id, Post.number)
    ).all()
    erasers = names_of(session, (post.erased_by for post, _ in rows))
    counts = select(Post.id, func.count()).join(Useful, Useful.post_id == Post.id).where(condition).group_by(Post.id)
    useful = dict(session.execute(counts).all())
    return [Said(post, name, erasers.get(post.erased_by), useful.get(post.id, 0)) for post, name in rows]


def names_of(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Return people's names by id."""
    wanted = {id for id in ids if id}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all()) if wanted else {}
