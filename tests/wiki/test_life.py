"""The life of the rule against a small model of it: no order of acts, days, people and roles breaks the rules of trust.

Rules 1, 2, 5 and 6 of the design (four eyes, one digest, states that cannot be mistaken, history that only grows), at
every state that chance reaches. ISO-3, P11-6, GMP-1, REC-1.
"""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from accounts import grants
from accounts.models import Person, Space
from core import clock
from core.database import Database
from core.errors import Conflict, Denied, Invalid, NotFound, Problem
from core.upgrading import upgrade
from tests.world import make_world
from wiki import changes
from wiki.approving import approve
from wiki.drafts import Draft, DraftText
from wiki.models import Change, Procedure, Version
from wiki.procedures import standing_of, text_of
from wiki.verifying import findings

START = datetime(2028, 2, 26, 12, tzinfo=UTC)       # a leap day is three days away
DAYS = st.one_of(st.none(), st.integers(0, 4))


@dataclass
class ModelVersion:
    number: int
    text: str | None
    day: date
    cancelled: bool = False


@dataclass
class ModelChange:
    id: str
    action: str
    code: str
    text: str | None
    base: int | None
    day: date | None
    replaces: bool
    required: int
    digest: str
    opener: str
    state: str = "draft"
    writers: set = field(default_factory=set)
    approved: set = field(default_factory=set)
    lost: set = field(default_factory=set)      # whoever approved and stopped being an approver since
    submitted: int = 0


class Life(RuleBasedStateMachine):
    @initialize(approvals=st.sampled_from([0, 1, 1, 2]))
    def begin(self, approvals):
        self.folder = Path(tempfile.mkdtemp())
        self.now, self.real, self.words = START, clock.now, 0
        clock.now = self.tick
        self.database = Database(f"sqlite:///{self.folder / 'site.sqlite3'}")
        upgrade(self.database)
        self.world = make_world(self.database, self.folder)
        names = {"anne": ("author",), "alix": ("author", "approver"), "boris": ("approver",), "chloe": ("approver",), "dora": ("member",)}
        self.world.space("kyc", approvals=approvals)
        self.people = {name: self.world.person(f"{name.title()} Someone") for name in names}
        for name, roles in names.items():
            self.world.grant("kyc", self.people[name], *roles)
        self.roles, self.required = {name: set(roles) for name, roles in names.items()}, approvals
        self.named, self.order = dict.fromkeys(names, 0), 0
        self.versions: dict[str, list[ModelVersion]] = {}
        self.changes: list[ModelChange] = []

    def tick(self):
        self.now += timedelta(milliseconds=1)
        return self.now

    @property
    def today(self):
        return self.now.date()

    # What the model says

    def in_force(self, code, day):
        counted = [v for v in self.versions.get(code, []) if not v.cancelled and v.day <= day]
        return max(counted, key=lambda v: v.number, default=None)

    def latest(self, code):
        return next((v for v in reversed(self.versions[code]) if not v.cancelled), None)

    def last_text(self, code):
        """The last version with a text; where every one of them was cancelled, those count."""
        texts = [v for v in reversed(self.versions[code]) if v.text is not None]
        return next((v for v in texts if not v.cancelled), texts[0])

    def waiting(self, code):
        current = self.in_force(code, self.today)
        return [v for v in self.versions[code] if not v.cancelled and v.day > self.today and (current is None or v.number > current.number)]

    def may_open(self, action, code, day):
        latest = self.latest(code) if code else None
        return (
            (day is None or day >= self.today)
            and (action != "amend" or latest and latest.text is not None)
            and (action != "retire" or latest and latest.text is not None)
            and (action != "restore" or latest is None or latest.text is None)
            and (action != "cancel" or bool(self.waiting(code)))
        )

    def is_ready(self, change):
        if change.day and change.day < self.today:
            return False
        if change.action == "create":
            return True
        if change.action == "cancel":
            return change.base in [v.number for v in self.waiting(change.code)]
        if change.base != (self.latest(change.code) or self.last_text(change.code)).number:
            return False
        return change.replaces or not self.waiting(change.code)

    def publish(self, change):
        change.state = "published"
        versions = self.versions.setdefault(change.code, [])
        base = next((v for v in versions if v.number == change.base), None)
        if change.action == "cancel":
            base.cancelled = True
            return
        if change.replaces and base and base.day > self.today:
            base.cancelled = True
        versions.append(ModelVersion(len(versions) + 1, change.text, change.day or self.today))

    # What happens

    def attempt(self, expected, act):
        """Act, and hold what came of it to what the model expects: a problem, or none."""
        try:
            done = act()
        except Problem as problem:
            assert expected is not None and isinstance(problem, expected), f"{type(problem).__name__}: {problem}"
            return None
        assert expected is None, f"expected {expected}"
        return done

    def word(self):
        self.words += 1
        return f"# Rule\n\nWords number {self.words} and nothing else.\n"

    @rule(action=st.sampled_from(["create", "amend", "retire", "restore", "cancel"]), pick=st.integers(0, 9), days=DAYS, replaces=st.booleans())
    def carry_through(self, action, pick, days, replaces):
        """Open, submit and approve in one go, as most changes are."""
        many = len(self.changes)
        self.propose("anne", action, pick, days, replaces)
        if len(self.changes) > many:
            self.send("anne", self.changes[-1])
            approvers = [who for who in ("boris", "chloe", "alix") if "approver" in self.roles[who]]
            for who in approvers[: self.required]:
                self.sign(who, self.changes[-1], wrong=False)

    @rule(who=st.sampled_from(["anne", "alix", "boris", "dora"]), action=st.sampled_from(["create", "amend", "amend", "retire", "restore", "cancel"]),
          pick=st.integers(0, 9), days=DAYS, replaces=st.booleans())
    def open(self, who, action, pick, days, replaces):
        self.propose(who, action, pick, days, replaces)

    def propose(self, who, action, pick, days, replaces):
        codes = sorted(self.versions)
        code = codes[pick % len(codes)] if codes and action != "create" else None
        if code is None and action != "create":
            return
        day = None if days is None or action == "cancel" else self.today + timedelta(days=days)
        text = self.word() if action in ("create", "amend") else None
        expected = None if "author" in self.roles[who] else Denied
        if expected is None and not self.may_open(action, code, day):
            expected = Invalid
        kind = "material" if self.required else None
        given = (DraftText(action=action, code=code, markdown=text),)
        done = self.attempt(expected, lambda: self.world.open(self.people[who], "kyc", *given, kind=kind, in_force_from=day, replaces_scheduled=replaces))
        if done is None:
            return
        with self.database.reading() as session:
            made = session.execute(select(Change).where(Change.id == done.id)).scalar_one()
            part = changes.texts_of(session, made)[0]
        if action == "restore":
            text = self.last_text(code).text
        self.changes.append(ModelChange(done.id, action, part.code, text, part.base, day, replaces, self.required, done.digest, who, writers={who}))

    def one(self, pick, *states):
        found = [change for change in self.changes if change.state in states] if states else self.changes
        return found[pick % len(found)] if found else None

    @precondition(lambda self: self.changes)
    @rule(who=st.sampled_from(["anne", "alix"]), pick=st.integers(0, 9), stale=st.booleans())
    def edit(self, who, pick, stale):
        change = self.one(pick, "draft", "in_review")
        if change is None or change.action not in ("create", "amend"):
            return
        text = self.word()
        expected = None
        if stale:
            expected = Conflict
        elif change.day and change.day < self.today or change.action == "amend" and not self.may_open("amend", change.code, None):
            expected = Invalid
        elif change.state == "in_review" and not self.is_ready(change):
            expected = Conflict
        kind = "material" if self.required else None
        draft = Draft("Because", kind, (DraftText(markdown=text),), change.day, change.replaces)
        done = self.attempt(expected, lambda: self.world.act(self.people[who], changes.save, change.id, "0" * 64 if stale else change.digest, draft))
        if done is not None:
            change.text, change.digest, change.approved, change.lost = text, done.digest, set(), set()
            change.writers.add(who)

    @precondition(lambda self: self.changes)
    @rule(who=st.sampled_from(["anne", "alix", "dora"]), pick=st.integers(0, 9))
    def submit(self, who, pick):
        self.send(who, self.one(pick))

    def send(self, who, change):
        expected = None
        if "author" not in self.roles[who]:
            expected = NotFound
        elif change.state in ("declined", "withdrawn"):
            expected = Conflict
        elif change.state == "draft" and not self.is_ready(change):
            expected = Conflict
        before = change.state
        done = self.attempt(expected, lambda: self.world.submit(self.people[who], change))
        if done is not None and before == "draft":
            change.state, change.submitted = "in_review", self.event()
            if change.required == 0:
                self.publish(change)

    @precondition(lambda self: self.changes)
    @rule(who=st.sampled_from(["alix", "boris", "boris", "chloe", "chloe", "anne", "dora"]), pick=st.integers(0, 9), stale=st.integers(0, 4))
    def approve(self, who, pick, stale):
        self.sign(who, self.one(pick, "in_review") or self.one(pick), wrong=stale == 0)

    def sign(self, who, change, wrong):
        expected, counts = self.verdict(who, change, wrong)
        digest = "0" * 64 if wrong else change.digest
        done = self.attempt(expected, lambda: self.world.act(self.people[who], approve, change.id, digest))
        if done is not None and counts:
            change.approved.add(who)
            if len(change.approved - change.lost) >= change.required:
                self.publish(change)

    def verdict(self, who, change, wrong):
        """Return what approving must come to, and whether it counts."""
        if not set(self.roles[who]) & {"author", "approver"}:
            return NotFound, False
        if not wrong and who in change.approved and change.state in ("in_review", "published"):
            return None, False
        if not self.may_decide(who, change) or change.state == "draft":
            return Denied, False
        if wrong or change.state != "in_review":
            return (Conflict, Denied), False
        return (None, True) if self.is_ready(change) else (Conflict, False)

    @precondition(lambda self: self.changes)
    @rule(who=st.sampled_from(["boris", "chloe", "alix", "anne"]), pick=st.integers(0, 9))
    def decline(self, who, pick):
        change = self.one(pick, "in_review")
        if change is None:
            return
        expected = None if self.may_decide(who, change) else Denied if self.roles[who] else NotFound
        if self.attempt(expected, lambda: self.world.act(self.people[who], lambda s, _, a, i: changes.decline(s, a, i, "No"), change.id)):
            change.state = "declined"

    @precondition(lambda self: self.changes)
    @rule(who=st.sampled_from(["anne", "alix", "boris"]), pick=st.integers(0, 9))
    def withdraw(self, who, pick):
        change = self.one(pick, "draft", "in_review")
        if change is None:
            return
        expected = None if who == change.opener else Denied if self.roles[who] else NotFound
        if self.attempt(expected, lambda: self.world.act(self.people[who], lambda s, _, a, i: changes.withdraw(s, a, i), change.id)):
            change.state = "withdrawn"

    @rule(who=st.sampled_from(["alix", "boris", "chloe"]), gives=st.booleans())
    def name_an_approver_or_no_longer(self, who, gives):
        """An administrator gives the role or takes it; an approval of whoever lost it counts for nothing, also after they got it back."""
        verb = grants.grant if gives else grants.revoke
        with self.database.transaction() as session:
            verb(session, None, session.scalar(select(Space)), session.get(Person, self.people[who]), "approver")
        if gives and "approver" not in self.roles[who]:
            self.named[who] = self.event()
            self.roles[who].add("approver")
        elif not gives:
            self.roles[who].discard("approver")
            for change in self.changes:
                change.lost |= {who} & change.approved

    @rule(who=st.sampled_from(["boris", "chloe"]), returns=st.booleans())
    def approve_and_lose_the_role(self, who, returns):
        """Somebody approves and stops being an approver, perhaps for a moment only; then the others approve."""
        self.name_an_approver_or_no_longer(who, True)
        self.propose("anne", "create", 0, None, False)
        change = self.changes[-1]
        self.send("anne", change)
        self.sign(who, change, wrong=False)
        self.name_an_approver_or_no_longer(who, False)
        if returns:
            self.name_an_approver_or_no_longer(who, True)
        for other in ("alix", "boris", "chloe"):
            self.sign(other, change, wrong=False)

    def event(self):
        self.order += 1
        return self.order

    def may_decide(self, who, change):
        return "approver" in self.roles[who] and who not in change.writers and self.named[who] < change.submitted

    @rule(hours=st.sampled_from([1, 13, 24, 49]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    # What must always hold

    @invariant()
    def what_is_in_force_on_any_day_is_what_the_model_says(self):
        if not hasattr(self, "versions"):
            return
        with self.database.reading() as session:
            space = session.scalar(select(Space))
            for code, versions in self.versions.items():
                procedure = session.scalar(select(Procedure).where(Procedure.code == code))
                for days in range(-2, 6):
                    day = self.today + timedelta(days=days)
                    found, expected = standing_of(session, procedure, self.world.library, day), self.in_force(code, day)
                    assert (found.current.number if found.current else None) == (expected.number if expected else None)
                    assert (found.in_force is None) == (expected is None or expected.text is None)
                held = sorted(session.scalars(select(Version).where(Version.procedure_id == procedure.id)), key=lambda v: v.number)
                assert [(v.number, bool(v.cancelled_by), v.in_force_from) for v in held] == [(v.number, v.cancelled, v.day) for v in versions]
                assert [text_of(self.world.library, space, v) for v in held] == [v.text for v in versions]

    @invariant()
    def nothing_stands_without_the_approval_of_people_who_wrote_none_of_it(self):
        if not hasattr(self, "versions"):
            return
        with self.database.reading() as session:
            for version in session.scalars(select(Version)):
                signed = {approval["person"] for approval in version.approvals}
                assert len(signed) >= version.approvals_required and version.approvals_required == self.required
                assert not signed & {writer["person"] for writer in version.written_by}
                assert session.get(Change, version.change_id).digest == version.digest
            for change in self.changes:
                assert session.get(Change, change.id).state == change.state

    def teardown(self):
        if not hasattr(self, "database"):
            return
        with self.database.reading() as session:
            assert list(findings(session, self.world.library, [])) == []
        clock.now = self.real
        self.database.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),      # a failure is told as it was met: to shrink one takes minutes
)
