"""A site with a word of its own planted in every restricted thing, and for each word the people who may meet it."""

import random
from dataclasses import dataclass, field, replace

from flask import Flask
from sqlalchemy import select

import regulations.clauses
import regulations.texts
from accounts import invitations
from accounts.models import Person, Space
from discussions import gaps, hiding, moderating, posts, reporting, threads
from discussions.models import Thread
from receipts.attesting import attest
from receipts.audiences import Chosen, choose
from receipts.reminding import remind
from regulations.texts import TextFacts
from reviews import reviewing
from search import missed
from tests.site import grant, make_person, make_space, site_of
from tests.world import World
from wiki import changes, procedures, proposing
from wiki.attached import Attachment, received
from wiki.drafts import Draft, DraftText
from wiki.models import ChangeText

SPACES = {"public": "public", "internal": "internal", "restricted": "restricted"}
# Who reads each space, and who sees its changes; administrators manage people and have no right over texts.
EVERYBODY = frozenset({"nobody", "guest", "stranger", "employee", "administrator", "member", "author", "approver", "animator", "auditor"})
EMPLOYEES = EVERYBODY - {"nobody", "guest", "stranger"}
LET_IN = frozenset({"guest", "member", "author", "approver", "animator", "auditor"})
READERS = {"public": EVERYBODY, "internal": EMPLOYEES, "restricted": LET_IN}
SEERS = frozenset({"author", "approver", "auditor"})
PROPOSER = "member"


@dataclass
class Scene:
    """The app, its people by what they are, and every planted word with those who may meet it."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    words: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(2012))

    def plant(self, what: str, entitled: frozenset[str]) -> str:
        """Return a new word that stands for a thing which only these may meet."""
        word = self.unplanted()
        self.words[word] = (what, entitled)
        return word

    def unplanted(self) -> str:
        """Return a word that stands nowhere."""
        return "".join(self.chance.choice("bdfgjklmnprtvz") + self.chance.choice("aeiou") for _ in range(6))

    def hidden_from(self, who: str) -> set[str]:
        """Return the words that somebody must never meet."""
        return {word for word, (_, entitled) in self.words.items() if who not in entitled}


def build(app: Flask) -> Scene:
    """Build the site: three spaces alike, one of each visibility, and a change of every state in each."""
    scene = Scene(app)
    site = site_of(app)
    world = World(site.database, site.library)
    for who in sorted(EVERYBODY - {"nobody", "guest"}):
        scene.people[who] = make_person(app, f"{who.title()} Durand", guest=who == "stranger", administrator=who == "administrator")
    scene.people["guest"] = make_person(app, f"{scene.plant('a guest of the restricted space', LET_IN)} Durand", guest=True)
    for visibility in SPACES:
        _fill(scene, world, visibility)
    site.loop.catch_up()
    return scene


def _fill(scene: Scene, world: World, visibility: str) -> None:
    readers, seers = READERS[visibility], SEERS & READERS[visibility]
    words = lambda what: scene.plant(f"{what}, {visibility}", readers)  # noqa: E731
    slug = words("the address of the space")
    make_space(
        scene.app, slug, name=words("the name of the space"), description=words("the description of the space"),
        visibility=visibility, prefix=words("the code prefix")[:6].upper(),
    )
    for who in ("author", "approver", "animator", "auditor"):
        grant(scene.app, slug, scene.people[who], who)
    if visibility == "restricted":
        grant(scene.app, slug, scene.people["member"], "member")
        grant(scene.app, slug, scene.people["guest"], "member")
    code = _rule(scene, world, slug, words)
    _changes(scene, world, slug, code, lambda what: scene.plant(f"{what}, {visibility}", seers))
    _receipts(scene, world, code)
    _proposals(scene, world, slug, code, lambda what: scene.plant(f"{what}, {visibility}", seers | {PROPOSER}))
    _register(world, author=scene.people["author"].id, slug=slug, words=words)
    if visibility != "internal":
        managers = {"administrator"} if visibility == "public" else set()
        _invitation(scene, world, slug, scene.plant(f"a word with an invitation, {visibility}", frozenset({"author", "animator", *managers})))
    _practice(scene, world, slug, code, words, lambda what: scene.plant(f"{what}, {visibility}", frozenset()))
    _desk(scene, world, slug, code, words, lambda what, *who: scene.plant(f"{what}, {visibility}", frozenset(who)))


def _rule(scene: Scene, world: World, slug: str, words) -> str:
    author, approver = scene.people["author"].id, scene.people["approver"].id
    first = f"# {words('a former title')}\n\n{words('a former text')} stays.\n"
    world.publish(author, approver, slug, DraftText(markdown=first, added=_file(world, "form.txt", words("the content of a file"))))
    with world.database.reading() as session:
        code = session.scalar(select(procedures.Procedure.code).order_by(procedures.Procedure.id.desc()))
    duty = f"| Who | What | By when |\n|-|-|-|\n| {words('a role')} | {words('a task')} | {words('a delay')} |\n"
    texts = [f"# {words('a title')}\n\n{words('a text')} stays.\n\n{duty}", f"# {words('a coming title')}\n\n{words('a coming text')}.\n"]
    for days, text in enumerate(texts):
        added = () if days else _file(world, f"{words('the name of a file')}.txt", "Words")
        world.publish(
            author, approver, slug, DraftText(code=code, markdown=text, added=added), reason=words("the reason of a version"),
            in_force_from=world.day(days * 30),
        )
    french = f"---\nlanguage: fr\ntranslation_of: {code}\n---\n# {words('a translated title')}\n\n{words('a translated text')} reste.\n"
    world.publish(author, approver, slug, DraftText(markdown=french))
    retired = world.publish(author, approver, slug, DraftText(markdown=f"# {words('a retired title')}\n\n{words('a retired text')}.\n"))
    with world.database.reading() as session:
        other = session.scalar(select(ChangeText.code).where(ChangeText.change_id == retired.id))
    world.publish(author, approver, slug, DraftText(action="retire", code=other), reason=words("the reason of a retirement"))
    return code


def _changes(scene: Scene, world: World, slug: str, code: str, words) -> None:
    author, approver = scene.people["author"].id, scene.people["approver"].id
    texts = lambda state: DraftText(code=code, markdown=f"# {words(f'the title of a {state}')}\n\n{words(f'the text of a {state}')}.\n")  # noqa: E731
    world.act(author, reviewing.review, code, version=2, verdict="still_right", note=words("a note of a review"))
    for state in ("draft", "review", "refusal", "withdrawal"):
        # A new procedure in each but one, so that codes given to drafts are crawled too.
        text = texts(state) if state == "draft" else DraftText(markdown=texts(state).markdown)
        text = replace(text, added=_file(world, "plan.txt", words(f"the content of the file of a {state}")))
        change = world.open(author, slug, text, reason=words(f"the reason of a {state}"))
        if state == "draft":
            continue
        world.submit(author, change)
        if state == "refusal":
            world.act(approver, lambda session, library, actor, id, why: changes.decline(session, actor, id, why), change.id, words("why it was declined"))
        if state == "withdrawal":
            world.act(author, lambda session, library, actor, id: changes.withdraw(session, actor, id), change.id)


def _receipts(scene: Scene, world: World, code: str) -> None:
    author = scene.people["author"].id
    world.act(author, choose, code, Chosen(roles=("member", "author", "approver")))
    version = world.standing(code).in_force.number
    world.act(scene.people["approver"].id, attest, code, version)
    world.act(author, remind, code)


def _file(world: World, name: str, content: str) -> tuple[Attachment]:
    return (received(world.library, name, content.encode()),)


def _proposals(scene: Scene, world: World, slug: str, code: str, words) -> None:
    def propose(session, library, actor, state):
        space = session.scalar(select(Space).where(Space.slug == slug))
        text = DraftText(code=code, markdown=f"# A title\n\n{words(f'the words of a proposal {state}')} stays.\n")
        return proposing.propose(session, library, actor, space, Draft(words(f"the reason of a proposal {state}"), None, (text,)))

    for state in ("that waits", "taken over", "refused"):
        change = world.act(scene.people[PROPOSER].id, propose, state)
        if state == "taken over":
            world.act(scene.people["author"].id, lambda session, library, actor, id: proposing.take_over(session, actor, id), change.id)
        if state == "refused":
            why = words("why a proposal was declined")
            world.act(scene.people["author"].id, lambda session, library, actor, id: changes.decline(session, actor, id, why), change.id)


def _register(world: World, *, author: str, slug: str, words) -> None:
    def keep(session, library, actor):
        space = session.scalar(select(Space).where(Space.slug == slug))
        facts = TextFacts(words("the title of a regulation"), words("its other name"), words("its source"))
        text = regulations.texts.add(session, actor, space, facts)
        clause = regulations.clauses.add(session, actor, text.id, label=words("a clause"), wording=words("the wording of a clause"))
        regulations.clauses.amend(session, library, actor, clause.id, words("how a clause was amended"))

    world.act(author, keep)


def _invitation(scene: Scene, world: World, slug: str, note: str) -> None:
    def invite(session, library, actor):
        space = session.scalar(select(Space).where(Space.slug == slug))
        return invitations.make(session, actor, space, email=f"somebody@{slug}.example", ends_on=world.day(90), zone=library.zone, note=note)

    world.act(scene.people["author"].id, invite)


def _practice(scene: Scene, world: World, slug: str, code: str, words, nobodys) -> None:
    member, animator = scene.people["author"].id, scene.people["animator"].id

    def talk(session, library, actor):
        space = session.scalar(select(Space).where(Space.slug == slug))
        procedure = session.scalar(select(procedures.Procedure).where(procedures.Procedure.code == code))
        for kind in ("question", "tip", "gap"):
            thread = threads.open_thread(
                session, library, actor, space, procedure, kind=kind, title=words(f"the title of a {kind}"),
                body=f"{words(f'a {kind}')} is said here.", quote="stays" if kind == "tip" else "",
            )
            answer = posts.reply(session, actor, thread, f"{words(f'a former answer to a {kind}')} was said.")
            posts.edit(session, actor, answer.id, f"{words(f'an answer to a {kind}')} was said.")
            erased = posts.reply(session, actor, thread, f"{nobodys(f'words erased under a {kind}')} was said.")
            posts.edit(session, actor, erased.id, f"{nobodys(f'words edited, then erased, under a {kind}')} was said.")
            posts.erase(session, actor, erased.id, words(f"why words under a {kind} were erased"))

    world.act(member, talk)
    world.act(animator, lambda session, library, actor: threads.open_thread(
        session, library, actor, session.scalar(select(Space).where(Space.slug == slug)), None, kind="announcement",
        title=words("the title of an announcement"), body=f"{words('an announcement')} is made.",
    ))


def _desk(scene: Scene, world: World, slug: str, code: str, words, only) -> None:
    """Plant what was hidden, reported, said of a gap and searched in vain. Whoever opened a hidden thread still reads it."""
    author, animator, seeing = scene.people["author"].id, scene.people["animator"].id, ("animator", "auditor")
    of_space = lambda session: session.scalar(select(Space).where(Space.slug == slug))  # noqa: E731

    def talk(session, library, actor):
        procedure = session.scalar(select(procedures.Procedure).where(procedures.Procedure.code == code))
        opened = lambda body, kind="question": threads.open_thread(session, library, actor, of_space(session), procedure, kind=kind, body=body)  # noqa: E731
        gap, hidden = opened("We do it otherwise.", "gap"), opened(f"{only('the words of a hidden thread', 'author', *seeing)} is hidden.")
        posts.reply(session, actor, hidden, f"{only('words of an answer in a hidden thread', 'author', *seeing)} is hidden.")
        gaps.say(session, library, actor, gap, "cause", words("the cause of a gap"))
        silent = posts.reply(session, actor, gap, f"{only('words that were hidden', *seeing)} is hidden.")
        posts.edit(session, actor, silent.id, f"{only('words that were edited, then hidden', *seeing)} is hidden.")
        reported = posts.reply(session, actor, gap, "A rude word.")
        reporting.report(session, actor, reported, of_space(session), only("why a message was reported", "animator"))
        return hidden, silent

    def hide(session, library, actor, hidden, silent):
        moderating.hide(session, actor, session.get(Thread, hidden.id), only("why a thread was hidden", "author", *seeing))
        hiding.hide(session, actor, silent.id, words("why a message was hidden"))
        missed.miss(session, of_space(session), only("words searched in vain", "author", "approver", "animator", "auditor"))

    world.act(animator, hide, *world.act(author, talk))
