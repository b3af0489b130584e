"""Threads as people's voices: who said what, the accepted answer, what became of the words they were about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from discussions.citations import Became, CitingChange, became_of
from discussions.care import Picture
from discussions.lists import answers_of
from discussions.mentions import links_in
from discussions.models import Post, Thread, Useful
from discussions.pictures import pictures_of
from discussions.placing import NOWHERE, Placement, verdict_of
from wiki.markdown import render_post
from wiki.models import Procedure
from wiki.standing import Standing


@dataclass(frozen=True)
class Said:
    """A post with its author's name, who erased or hid it if somebody did, and to how many it was useful."""

    post: Post
    author: str
    eraser: str | None
    useful: int
    hider: str | None = None
    pictures: Sequence[Picture] = ()


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
    is_pinned: bool = False
    became: Sequence[Became] = ()
    looks: Sequence[tuple[str, str]] = ()      # who said what of it after its words had changed, oldest first

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
    today: date,
) -> list[Voice]:
    """Return threads of one procedure, found readable, as voices: in the same order, in a constant number of statements.

    `changes` are those that cite them and that the reader may see; `code` is the procedure's, see `changeable`.
    """
    ids = [thread.id for thread in threads]
    accepted_ids = [thread.accepted_post_id for thread in threads if thread.accepted_post_id]
    shown = said(session, (Post.thread_id.in_(ids) & (Post.number == 1)) | Post.id.in_(accepted_ids))
    firsts = {one.post.thread_id: one for one in shown if one.post.number == 1}
    accepted = {one.post.id: one for one in shown}
    answers = answers_of(session, ids)
    became = became_of(session, ids, today=today)
    placed = [placements.get(thread.id, NOWHERE) for thread in threads]
    names = names_of(session, (*(thread.accepted_by for thread in threads), *(check.person_id for one in placed for check in one.checks)))
    return [
        Voice(
            thread=thread, first=firsts[thread.id], accepted=accepted.get(thread.accepted_post_id),
            accepter=names.get(thread.accepted_by), answers=answers.get(thread.id, 0),
            placement=place, changes=changes.get(thread.id, ()), code=code,
            became=became.get(thread.id, ()), is_pinned=thread.pinned_until is not None and thread.pinned_until >= today,
            looks=[(names.get(check.person_id, ""), check.verdict) for check in sorted(place.checks, key=lambda check: check.at)],
        )
        for thread, place in zip(threads, placed, strict=True)
    ]


def changeable(procedure: Procedure, standing: Standing) -> str | None:
    """Return the code of a procedure that a thread could change: of none whose latest version has no text."""
    return procedure.code if standing.latest and standing.latest.blob else None


def rest(thread: Thread, first: Post) -> str:
    """Return the HTML of what a first post says after the heading, all of it where the heading is not its own words."""
    after = first.body.removeprefix(thread.heading) if thread.heading and not thread.title else first.body
    return first.html if after == first.body else render_post(after.strip(), links_in(first.html))


def said(session: Session, condition) -> list[Said]:
    """Return posts with their people, in the order of writing within each thread."""
    rows = session.execute(
        select(Post, Person.name)
        .join(Person, Person.id == Post.author_id)
        .where(condition)
        .order_by(Post.thread_id, Post.number)
    ).all()
    silencers = names_of(session, (id for post, _ in rows for id in (post.erased_by, post.hidden_by)))
    counts = select(Post.id, func.count()).join(Useful, Useful.post_id == Post.id).where(condition).group_by(Post.id)
    useful = dict(session.execute(counts).all())
    shown = pictures_of(session, condition)
    return [
        Said(post, name, silencers.get(post.erased_by), useful.get(post.id, 0), silencers.get(post.hidden_by), shown.get(post.id, ()))
        for post, name in rows
    ]


def names_of(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Return people's names by id."""
    wanted = {id for id in ids if id}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all()) if wanted else {}
