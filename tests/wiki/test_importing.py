"""Importing: the whole past is kept, nothing is dropped silently, a second run adds only what is new. REC-5."""

import re
import subprocess
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import Conflict, Invalid
from tests.site import site_of
from tests.wiki.samples import png
from tests.world import World
from wiki import importing, oddities, reconciling, verifying
from wiki.attached import received
from wiki.drafts import DraftText
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


def test_pictures_of_a_collection_show_as_they_were_with_each_version(app, tmp_path):
    world = World(site_of(app).database, site_of(app).library)
    world.space("old", prefix="OLD", visibility="public")
    source, second = Source(tmp_path / "source"), png(colour=b"\1\2\3")
    words = "# A\n\n![Near](pictures/a.png) ![Root](/docs/pictures/a.png) ![Lie](pictures/lie.png) ![Gone](no.png) ![Out](../../x.png)\n"
    for message, picture in (("First", png()), ("Second", second)):
        (source.folder / "docs" / "pictures").mkdir(parents=True, exist_ok=True)
        (source.folder / "docs" / "pictures" / "a.png").write_bytes(picture)
        (source.folder / "docs" / "pictures" / "lie.png").write_text("<svg onload='alert(1)'/>")
        source.commit(message, docs__a_md=words + message)
    outcome = bring(world, source)
    assert outcome.report["pictures"] == ["docs/a.md: pictures/lie.png", "docs/a.md: no.png", "docs/a.md: ../../x.png"]
    author, approver = world.person("Anne Author"), world.person("Boris Approver")
    world.grant("old", author, "author")
    world.grant("old", approver, "approver")
    world.publish(author, approver, "old", DraftText(code="OLD-001", markdown=words + "Third"))
    browser = app.test_client()

    for version, picture in ((1, png()), (2, second), (3, second)):
        page = browser.get(f"/procedures/OLD-001/versions/{version}").text
        links = re.findall(r'<img src="([^"]+)"', page)
        answers = [browser.get(unescape(link)) for link in links]
        assert [answer.data for answer in answers] == [picture] * 2 and page.count("no-picture") == 3
        assert answers[0].headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for path in ("docs/pictures/lie.png", "docs/a.md", "docs", "docs/pictures", "no.png", "../old.git/config"):
        assert browser.get(f"/spaces/old/file/{path}?code=OLD-001&version=1").status_code == 401
    for query in ("?version=1", "?code=OLD-001&version=9", "?code=OLD-001&version=x", "?code=NEW-001&version=1"):
        assert browser.get(f"/spaces/old/file/docs/pictures/a.png{query}").status_code == 401
    assert findings(world) == []


def test_a_file_never_takes_the_place_of_one_that_an_import_brought(world, people, space, tmp_path):
    source = Source(tmp_path / "source")
    source.commit("First", a_md="# A\n", old_001__form_md="# A page of its own\n")
    (source.folder / "old_001").rename(source.folder / "old-001")
    source.commit("Second")
    bring(world, source)
    for person, role in ((people.author, "author"), (people.approver, "approver")):
        world.grant("old", person, role)
    amended = lambda name: DraftText(code="OLD-001", markdown="# New", added=(received(world.library, name, b"x"),))  # noqa: E731
    assert world.standing("OLD-001").in_force.path == "a.md"

    with pytest.raises(Conflict) as conflict:
        world.publish(people.author, people.approver, "old", amended("form.md"))
    assert "old-001/form.md" in str(conflict.value)
    assert world.publish(people.author, people.approver, "old", amended("other.md")).state == "published"
    assert findings(world) == []


def test_pictures_of_a_folder_come_along(world, space, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.md").write_text("# One\n\n![p](p.png)\n")
    (folder / "p.png").write_bytes(png())
    (folder / "q.png").write_text("<svg/>")

    outcome = bring(world, folder)

    assert outcome.report == {"left": ["q.png"]}
    assert world.library.repository("old").blob_at(world.library.repository("old").tip(), "p.png")


@pytest.mark.parametrize("make", [lambda folder: folder / "missing", lambda folder: folder])
def test_a_source_with_nothing_in_it_is_refused_with_a_sentence(world, space, tmp_path, make):
    empty = tmp_path / "empty"
    empty.mkdir()

    with pytest.raises(Invalid):
        bring(world, make(empty))


def test_a_space_begun_by_hand_takes_no_first_import(world, people, source):
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


def test_translations_of_an_imported_past_are_linked_and_others_reported(world, space, source):
    source.commit("Fifth", z_md="---\nlanguage: fr\ntranslation_of: OLD-001@2\n---\n# Z\n", y_md="---\ntranslation_of: OLD-777\n---\n# Y\n")
    source.commit("Sixth", z_md="---\nlanguage: fr\ntranslation_of: OLD-001\n---\n# Z\n\nEncore.\n")

    outcome = bring(world, source)

    rows = {v.path: [(one.translates_code, one.translates_version) for one in reversed(world.standing(code).versions)]
            for code in ("OLD-001", "OLD-002", "OLD-003") for v in world.standing(code).versions[:1]}
    assert rows == {"renamed.md": [(None, None)] * 3, "y.md": [(None, None)], "z.md": [("OLD-001", 2), ("OLD-001", 3)]}
    assert outcome.report["translations"] == ["y.md: OLD-777"]
    assert findings(world) == []


def test_a_later_import_links_translations_and_reports_those_that_cannot_be(world, source):
    world.space("old", prefix="OLD", approvals=0)
    bring(world, source)
    source.commit("Fifth", z_md="---\nlanguage: fr\ntranslation_of: OLD-001\n---\n# Z\n", y_md="---\ntranslation_of: nonsense\n---\n# Y\n")

    outcome = bring(world, source)

    assert outcome.published == 2
    assert [line.split(":")[0] for line in outcome.report["translations"]] == ["y.md"]
    assert {world.standing(code).versions[0].translates_version for code in ("OLD-003", "OLD-004")} == {None, 3}
    assert oddities.lines(outcome.report | {"not taken": ["x.md: why"]})
