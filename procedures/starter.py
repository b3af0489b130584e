"""The starter site: a small bank, told step by step to the same verbs that everybody uses.

What is told is in `starter.yaml` and the Markdown files beside it; nothing is back-dated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import actors, grants, people, sign_ins, spaces
from accounts.actors import Actor
from accounts.models import Person, Space
from core import clock
from core.database import Database
from discussions import citations, posts, threads
from discussions.models import Post, Thread
from receipts.attesting import attest
from receipts.audiences import Chosen, choose
from receipts.reminding import remind
from regulations import clauses, texts
from regulations.texts import TextFacts
from reviews.reviewing import review
from wiki import changes, passages, procedures, proposing, sending
from wiki.approving import approve
from wiki.attached import Attachment, received
from wiki.drafts import Draft, DraftText
from wiki.models import Procedure
from wiki.procedures import standing_of
from wiki.proposals import texts_of
from wiki.repository import Library

_FOLDER = Path(__file__).parent
_DOMAIN = "aubrac.example"


def load(database: Database, library: Library) -> bool:
    """Put the starter site into an empty one and say whether it did; a site with people or spaces is left alone."""
    told = _told()
    with database.transaction() as session:
        if not _is_empty(session):
            return False
        story = _Story(library, _people(session, told["people"]))
        _spaces(session, told["spaces"], story.people)
    for step in told["story"]:
        with database.transaction() as session:
            story.tell(session, step)
    return True


def sign_in_lines(database: Database, address: Callable[[str], str]) -> list[str]:
    """Return `Sign in as NAME (ROLE): URL` for each sample person who has no password, with a fresh one-time link.

    `address` makes the URL of a link's secret.
    """
    lines = []
    with database.transaction() as session:
        for told in _told()["people"].values():
            person = session.scalar(select(Person).where(Person.email == _email(told), Person.disabled_at.is_(None)))
            if "signs_in" in told and person is not None and person.password_hash is None:
                url = address(sign_ins.add_link(session, None, person))
                lines.append(f"Sign in as {person.name} ({told['signs_in']}): {url}")
    return lines


@dataclass
class _Story:
    """What the steps told so far have made: people, procedures by folder, threads that later steps speak of."""

    library: Library
    people: dict[str, str]
    codes: dict[str, str] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)

    def tell(self, session: Session, step: dict) -> None:
        """Tell one step."""
        if "thread" in step:
            self._thread(session, step)
        elif "receipts" in step:
            self._receipts(session, step, self.codes[step["receipts"]])
        elif "propose" in step:
            self._propose(session, step)
        elif "register" in step:
            self._register(session, step)
        elif "review" in step:
            self._review(session, step)
        elif "retire" in step:
            self._publish(session, step, step["retire"], DraftText(action="retire", code=self.codes[step["retire"]]))
        else:
            folder, _, number = step["version"].rpartition("/")
            markdown = (_FOLDER / folder / f"{number}.md").read_text("utf-8")
            self._publish(session, step, folder, DraftText(code=self.codes.get(folder), markdown=markdown, added=self._files(folder, number)))

    def _files(self, folder: str, number: str) -> tuple[Attachment, ...]:
        return tuple(received(self.library, path.name, path.read_bytes()) for path in sorted((_FOLDER / folder / number).glob("*")))

    def _publish(self, session: Session, step: dict, folder: str, text: DraftText) -> None:
        author, space = self._actor(session, step["author"]), self._space(session, folder)
        day = clock.today(self.library.zone) + timedelta(days=step["in_days"]) if "in_days" in step else None
        draft = Draft(
            reason=step["reason"], kind=step.get("kind"), texts=(text,), in_force_from=day, for_you=tuple(step.get("for_you", ())),
        )
        change = changes.open_change(session, self.library, author, space, draft)
        self.codes[folder] = texts_of(session, change)[0].code
        citations.cite(session, author, change.id, [self.threads[key] for key in step.get("after", ())])
        sending.submit(session, self.library, author, change.id)
        if "approver" in step:
            approve(session, self.library, self._actor(session, step["approver"]), change.id, change.digest)

    def _receipts(self, session: Session, step: dict, code: str) -> None:
        by = self._actor(session, step["by"]) if "by" in step else None
        if "applies_to" in step:
            choose(session, self.library, by, code, Chosen(applies_to=step["applies_to"]))
        for key in step.get("attested_by", ()):
            attest(session, self.library, self._actor(session, key), code, step["number"])
        if step.get("asks_again"):
            remind(session, self.library, by, code)

    def _propose(self, session: Session, step: dict) -> None:
        author, space, code = self._actor(session, step["by"]), self._space(session, step["propose"]), self.codes[step["propose"]]
        found = procedures.stood(session, self.library, [code])[code].standing.latest
        words = procedures.text_of(self.library, space, found)
        span = passages.find(words, step["quote"])
        text = DraftText("amend", code, passages.replaced(words, span, step["words"]), found.number)
        proposing.propose(session, self.library, author, space, Draft(step["reason"], None, (text,)))

    def _register(self, session: Session, step: dict) -> None:
        author, space = self._actor(session, step["by"]), spaces.named(session, step["register"])
        for told in step["texts"]:
            day = clock.today(self.library.zone) + timedelta(days=told["check_in_days"])
            facts = TextFacts(told["title"], told.get("short", ""), told["source"], next_check=day)
            regulation = texts.add(session, author, space, facts)
            for clause in told["clauses"]:
                clauses.add(session, author, regulation.id, label=clause["label"], wording=clause["wording"])

    def _review(self, session: Session, step: dict) -> None:
        reviewer, code = self._actor(session, step["by"]), self.codes[step["review"]]
        procedure = session.scalar(select(Procedure).where(Procedure.code == code))
        version = standing_of(session, procedure, self.library).in_force.number
        review(session, self.library, reviewer, code, version=version, verdict=step["verdict"], note=step.get("note", ""))

    def _thread(self, session: Session, step: dict) -> None:
        space, code = self._space(session, step["thread"]), self.codes.get(step["thread"])
        procedure = session.scalar(select(Procedure).where(Procedure.code == code)) if code else None
        author = self._actor(session, step["by"])
        thread = threads.open_thread(
            session, self.library, author, space, procedure,
            kind=step["kind"], body=step["body"], title=step.get("title", ""), quote=step.get("quote", ""),
        )
        self.threads[step.get("key", thread.id)] = thread.id
        first = session.scalar(select(Post.id).where(Post.thread_id == thread.id, Post.number == 1))
        self._useful(session, step, first)
        for told in step.get("replies", ()):
            post = self._reply(session, thread, told)
            if told.get("accepted"):
                threads.accept(session, author, thread, post.id)

    def _reply(self, session: Session, thread: Thread, told: dict, parent_id: str | None = None) -> Post:
        post = posts.reply(session, self._actor(session, told["by"]), thread, told["body"], parent_id)
        self._useful(session, told, post.id)
        for answer in told.get("replies", ()):
            self._reply(session, thread, answer, post.id)
        return post

    def _useful(self, session: Session, told: dict, post_id: str) -> None:
        for key in told.get("useful", ()):
            posts.mark_useful(session, self._actor(session, key), post_id)

    def _actor(self, session: Session, key: str) -> Actor:
        return actors.by_id(session, self.people[key])

    def _space(self, session: Session, folder: str) -> Space:
        return spaces.named(session, folder.split("/")[0])


def _told() -> dict:
    return yaml.safe_load((_FOLDER / "starter.yaml").read_text("utf-8"))


def _is_empty(session: Session) -> bool:
    return session.scalar(select(Person.id).limit(1)) is None and session.scalar(select(Space.id).limit(1)) is None


def _people(session: Session, told: dict) -> dict[str, str]:
    return {
        key: people.add(
            session, None, email=_email(one), name=one["name"], team=one.get("team", ""),
            guest=one.get("guest", False), administrator=one.get("administrator", False),
        ).id
        for key, one in told.items()
    }


def _spaces(session: Session, told: dict, ids: dict[str, str]) -> None:
    for slug, settings in told.items():
        held = settings.pop("grants")
        space = spaces.add(session, None, slug=slug, **settings)
        for role, keys in held.items():
            for key in keys:
                grants.grant(session, None, space, session.get(Person, ids[key]), role)


def _email(told: dict) -> str:
    return f"{told['email']}@{_DOMAIN}"
