"""The site under the journeys: people, spaces and procedures of a journey's own, made with the site's verbs."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select

from accounts import invitations, people, sign_ins, spaces
from accounts.actors import NOBODY
from accounts.models import Invitation, Person, Space
from discussions import posts, threads
from discussions.models import Post, Thread
from tests.site import grant, make_person, make_space, sign_in, site_of
from tests.world import World
from wiki.drafts import DraftText
from wiki.models import Change, Procedure
from wiki.proposals import texts_of

RULE = "---\ntitle: {title}\n---\n\n## Principle\n\nThe counter opens at nine.\n\n## Who does what\n\nThe desk keeps the key in the safe.\n"


@dataclass
class Ground:
    """What stands in the running site; whatever a journey changes, it first makes for itself."""

    app: Flask
    made: count

    @property
    def world(self) -> World:
        """The site as its verbs see it."""
        return World(site_of(self.app).database, site_of(self.app).library)

    def newcomer(self, role: str, space: str, **more) -> Person:
        """Add a person with a role in a space."""
        number = next(self.made)
        guest, administrator = role == "guest", role == "administrator"
        person = make_person(
            self.app, f"{role.title()} Durand", guest=guest, administrator=administrator,
            email=f"{role}.{number}@journeys.example", **more,
        )
        if not administrator:
            grant(self.app, space, person, "member" if guest else role)
        return person

    def sample(self, email: str) -> Person:
        """Return a person of the starter site by the first part of their address."""
        with self.world.database.reading() as session:
            return people.by_email(session, f"{email}@aubrac.example")

    def cookie(self, person: Person) -> str:
        """Sign a person in and return what their browser keeps of it."""
        return sign_in(self.app.test_client(), person).get_cookie("session").value

    def link(self, person: Person) -> str:
        """Return the path of a fresh link that signs a person in once."""
        with self.world.database.transaction() as session:
            return f"/link/{sign_ins.add_link(session, None, session.get(Person, person.id))}"

    def invitation(self, space: str, email: str | None = None) -> str:
        """Have the author of a space of the starter site invite somebody, and return the secret of the invitation."""
        author = self.sample("helene.marchetti")
        with self.world.database.transaction() as session:
            return invitations.make(
                session, self.world.actor(session, author.id), spaces.named(session, space), email=email or f"guest.{next(self.made)}@partner.example",
                ends_on=self.world.day(90), zone=self.world.library.zone,
            )[1]

    def invited(self, space: str, days: int) -> Person:
        """Have a guest come by an invitation of the author of a space of the starter site so many days ago, and return them."""
        secret = self.invitation(space)
        with self.world.database.transaction() as session:
            guest = invitations.accept(session, NOBODY, secret, name=f"Guest {secret[:6]}", zone=self.world.library.zone)
            session.scalars(select(Invitation).where(Invitation.person_id == guest.id)).one().used_at -= timedelta(days=days)
            return guest

    def space(self, *, approvals: int = 1, **more) -> str:
        """Add a space and return its slug."""
        slug = f"desk-{next(self.made)}"
        make_space(self.app, slug, approvals=approvals, **more, prefix="D" + "".join("ABCDEFGHIJ"[int(n)] for n in slug[5:]))
        return slug

    def procedure(self, space: str, title: str = "Keys of the counter", text: str = RULE, day: date | None = None) -> str:
        """Publish a procedure and return its code."""
        return self.publish(space, DraftText(markdown=text.format(title=title)), day)

    def version(self, space: str, code: str, text: str, day: date | None = None) -> str:
        """Publish another version of a procedure."""
        return self.publish(space, DraftText(code=code, markdown=text), day)

    def publish(self, space: str, text: DraftText, day: date | None = None) -> str:
        """Have one person write a text and another approve it, where the space asks for one; return its code."""
        approver = self.newcomer("approver", space)
        change = self.review(space, text, day)
        if change.state == "in_review":
            self.world.approve(approver.id, change)
        return self.code_of(change)

    def review(self, space: str, text: DraftText, day: date | None = None) -> Change:
        """Have somebody send a change for review."""
        author = self.newcomer("author", space)
        change = self.world.open(author.id, space, text, in_force_from=day)
        return self.world.submit(author.id, change)

    def code_of(self, change: Change) -> str:
        """Return the code of the first procedure that a change is about."""
        with self.world.database.reading() as session:
            return texts_of(session, session.get(Change, change.id))[0].code

    def thread(self, code: str, body: str, **more) -> str:
        """Have a newcomer open a thread on a procedure and return its id."""
        world = self.world
        with world.database.transaction() as session:
            procedure = session.scalar(select(Procedure).where(Procedure.code == code))
            space = session.get(Space, procedure.space_id)
        member = self.newcomer("member", space.slug)
        return world.act(member.id, threads.open_thread, space, procedure, body=body, **{"kind": "question"} | more).id

    def answer(self, thread: str, body: str, **more) -> str:
        """Have a newcomer answer a thread and return the post's id."""
        with self.world.database.transaction() as session:
            found = session.get(Thread, thread)
            slug = session.get(Space, found.space_id).slug
        member = self.newcomer("member", slug, **more)
        with self.world.database.transaction() as session:
            return posts.reply(session, self.world.actor(session, member.id), session.get(Thread, thread), body).id

    def accept(self, thread: str, post: str) -> Person:
        """Have whoever asked accept an answer, and return whoever gave it."""
        with self.world.database.transaction() as session:
            found = session.get(Thread, thread)
            threads.accept(session, self.world.actor(session, found.opened_by), found, post)
            return session.get(Person, session.get(Post, post).author_id)

    def in_space(self, slug: str, body: str, kind: str = "question") -> str:
        """Have a newcomer open a thread in a space, on no procedure, and return its id."""
        world, member = self.world, self.newcomer("member", slug)
        with world.database.transaction() as session:
            space = session.scalar(select(Space).where(Space.slug == slug))
        return world.act(member.id, threads.open_thread, space, None, kind=kind, body=body).id

    def wait(self, thread: str, days: int) -> None:
        """Let a thread have been opened so many days earlier."""
        with self.world.database.transaction() as session:
            row = session.get(Thread, thread)
            row.opened_at -= timedelta(days=days)
