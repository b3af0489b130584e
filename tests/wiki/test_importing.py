"""Importing: the whole past is kept, nothing is dropped silently, a second run adds only what is new."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import Invalid
from wiki import importing, reconciling, verifying
from wiki.models import Change, Procedure, Version
from wiki.proposals import texts_of

CORPORA = sorted((Path(__file__).resolve().parents[2].parent / "shared" / "data" / "corpora").glob("*/*.bundle"))


class Source:
    """A git repository that somebody else wrote."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.day = 1

    def git(self, *arguments):
        environ = {
            "GIT_AUTHOR_NAME": "Zoé Auteur", "GIT_AUTHOR_EMAIL": "z@x", "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@x",
            "PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent",
        }
        if hasattr(self, "day"):
            environ["GIT_COMMITTER_DATE"] = environ["GIT_AUTHOR_DATE"] = f"2020-01-{self.day:02d}T12:00:00Z"
        return subprocess.run(["git", "-C", str(self.folder), *arguments], check=True, capture_output=True, text=True, env=environ).stdout

    def commit(self, message, **files):
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_md", ".md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.day += 1


@pytest.fixture
def source(tmp_path):
    made = Source(tmp_path / "source")
    made.commit("First", a_md="# A\n\n" + "words of a\n" * 20, b_md="# B\n\nwords of b\n")
    made.commit("Second", a_md="# A\n\n" + "words of a\n" * 20 + "more\n")
    made.git("mv", "a.md", "renamed.md")
    made.commit("Third")
    made.git("rm", "-q", "b.md")
    made.commit("Fourth")
    return made


@pytest.fixture
def space(world):
    return world.space("old", prefix="OLD")


def bring(world, source):
    folder = source.folder if isinstance(source, Source) else source
    return importing.bring_in(world.database, world.library, "old", str(folder))


def findings(world):
    with world.database.reading() as session:
        return list(verifying.findings(session, world.library, []))


def versions(world, code):
    return [(v.number, v.action, v.path, v.author, v.in_force_from.isoformat()) for v in reversed(world.standing(code).versions)]


def test_every_revision_becomes_a_version_and_renames_are_followed(world, space, source):
    outcome = bring(world, source)

    assert (outcome.procedures, outcome.retired, outcome.versions) == (1, 1, 5)
    assert versions(world, "OLD-001") == [
        (1, "create", "a.md", "Zoé Auteur", "2020-01-01"),
        (2, "amend", "a.md", "Zoé Auteur", "2020-01-02"),
        (3, "amend", "renamed.md", "Zoé Auteur", "2020-01-03"),
    ]
    assert [v[1] for v in versions(world, "OLD-002")] == ["create", "retire"]
    assert world.standing("OLD-001").in_force.imported and world.standing("OLD-001").in_force.approved_at is None
    assert findings(world) == []


def test_the_original_commits_are_reachable_and_the_import_is_signed(world, space, source):
    bring(world, source)

    repository = world.library.repository("old").path
    tip = source.git("rev-parse", "HEAD").strip()
    subprocess.run(["git", "-C", str(repository), "verify-commit", "main"], check=True, capture_output=True)
    subprocess.run(["git", "-C", str(repository), "merge-base", "--is-ancestor", tip, "main"], check=True)


def test_a_second_run_adds_nothing_and_a_third_only_what_is_new(world, space, source):
    bring(world, source)
    again = bring(world, source)
    assert (again.drafts, again.published, again.versions) == (0, 0, 0)

    source.commit("Fifth", renamed_md="# A\n\n" + "words of a\n" * 20 + "more\nand more\n", c_md="# C\n\nstatus\n")
    third = bring(world, source)

    assert (third.drafts, third.published) == (2, 0)
    with world.database.reading() as session:
        drafts = {texts_of(session, change)[0].action: texts_of(session, change)[0] for change in session.scalars(select(Change))}
    assert drafts["amend"].code == "OLD-001" and drafts["amend"].base == 3 and drafts["create"].path == "c.md"


def test_where_no_approval_is_required_news_are_published(world, source):
    world.space("old", prefix="OLD", approvals=0)
    bring(world, source)
    source.git("mv", "renamed.md", "moved.md")
    source.commit("Fifth", c_md="# C\n\nnew\n")

    outcome = bring(world, source)

    assert (outcome.drafts, outcome.published) == (0, 2)
    assert world.standing("OLD-001").in_force.path == "moved.md" and world.standing("OLD-003").in_force.number == 1
    assert findings(world) == []


def test_a_crash_after_git_moved_is_recorded_by_the_next_start(world, space, source, monkeypatch):
    def crash(*_args, **_more):
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(importing, "record", crash)
    with pytest.raises(RuntimeError):
        bring(world, source)
    monkeypatch.undo()

    assert reconciling.reconcile(world.database, world.library) == (["old"], [])
    assert len(world.standing("OLD-001").versions) == 3 and findings(world) == []


def test_a_folder_is_imported_as_it_stands(world, space, tmp_path):
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "one.md").write_text("# One\n\n[gone](missing.md) ![p](p.png) <b>raw</b> {{ tag }}\n")
    (folder / "two.md").write_bytes(b"---\nstatus: in force\n---\n# Two \xe9\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "link.md").symlink_to("/etc/passwd")

    outcome = bring(world, folder)

    assert outcome.procedures == 2
    assert set(outcome.report) == {"links", "pictures", "html", "liquid", "encoding", "reserved", "left"}
    assert "link.md" in outcome.report["left"] and "picture.png" in outcome.report["left"]
    assert "root:" not in str([world.text("old", code) for code in ("OLD-001", "OLD-002")])


@pytest.mark.parametrize("make", [lambda folder: folder / "missing", lambda folder: folder])
def test_a_source_with_nothing_in_it_is_refused_with_a_sentence(world, space, tmp_path, make):
    empty = tmp_path / "empty"
    empty.mkdir()

    with pytest.raises(Invalid):
        bring(world, make(empty))


def test_a_space_begun_by_hand_takes_no_first_import(world, people, source):
    from wiki.drafts import DraftText

    world.open(people.author, "kyc", DraftText(markdown="x"))

    with pytest.raises(Invalid):
        importing.bring_in(world.database, world.library, "kyc", str(source.folder))


@pytest.mark.skipif(not CORPORA, reason="the corpora are not beside the project")
@pytest.mark.parametrize("bundle", [c for c in CORPORA if "18f" not in c.name], ids=lambda path: path.stem)
def test_a_real_collection_goes_in_whole(world, space, bundle):
    bring(world, bundle)

    repository = world.library.repository("old")
    tip = repository.commit_of(repository.tip()).parents[0]
    names = subprocess.run(["git", "-C", str(repository.path), "ls-tree", "-r", "-z", "--name-only", tip], capture_output=True, check=True)
    pages = {name for name in names.stdout.decode().split("\0") if name.endswith(".md")}
    with world.database.reading() as session:
        live = {p.path for p in session.scalars(select(Procedure)) if world.standing(p.code).in_force}
        commits = {v.commit for v in session.scalars(select(Version))}
    assert live == pages and len(commits) > 100
    assert all(v.in_force_from <= datetime.now(UTC).date() for v in world.standing("OLD-001").versions)
    assert findings(world) == []
