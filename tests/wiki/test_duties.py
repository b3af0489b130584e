"""Who does what as data: read from every version that is published or imported, right on every day, for those who may read. FR-2."""

import subprocess

import pytest
from sqlalchemy import delete, event, select

from core.followers import Cursor, drain
from tests.site import caller, grant, make_person, make_space, sign_in, site_of
from tests.world import World
from wiki.drafts import DraftText
from wiki.importing import bring_in
from wiki.models import Duty
from wiki.verifying import findings


def rule(*rows, title="Opening an account", heads="Who | Does what | By when"):
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"# {title}\n\n## Who does what\n\n| {heads} |\n|---|---|---|\n{lines}"


FIRST = rule(("Adviser", "Sees the original.", "Before any signature"), ("Branch manager", "Decides.", "Within two days"))
SECOND = rule(("The adviser", "Sees the original.", "The same day"), ("Compliance", "Decides.", "Within five days"))


@pytest.fixture
def world(app) -> World:
    """The world of the app: an open space `kyc` with KYC-001 in three versions, one past, one in force, one to come."""
    made = World(site_of(app).database, site_of(app).library)
    make_space(app, "kyc", approvals=0, visibility="public")
    made.author = make_person(app, "Anne Martin", password=False)
    grant(app, "kyc", made.author, "author")
    publish(made, FIRST)
    publish(made, SECOND, "KYC-001", in_force_from=made.day(0))
    publish(made, rule(("Adviser", "Sees a copy.", "")), "KYC-001", in_force_from=made.day(30))
    site_of(app).loop.catch_up()
    return made


def publish(world, text, code=None, slug="kyc", **more):
    return world.submit(world.author.id, world.open(world.author.id, slug, DraftText(code=code, markdown=text), **more))


def rows(world):
    with world.database.reading() as session:
        return session.execute(select(Duty.number, Duty.position, Duty.role, Duty.slug, Duty.task, Duty.delay).order_by(Duty.number, Duty.position)).all()


def test_every_version_is_read_once_published(world):
    assert [tuple(row) for row in rows(world)] == [
        (1, 0, "Adviser", "adviser", "Sees the original.", "Before any signature"),
        (1, 1, "Branch manager", "branch-manager", "Decides.", "Within two days"),
        (2, 0, "The adviser", "adviser", "Sees the original.", "The same day"),
        (2, 1, "Compliance", "compliance", "Decides.", "Within five days"),
        (3, 0, "Adviser", "adviser", "Sees a copy.", ""),
    ]


def test_the_rows_can_be_deleted_and_are_read_again(app, world):
    before = rows(world)
    with world.database.transaction() as session:
        session.execute(delete(Duty))
        session.execute(delete(Cursor).where(Cursor.follower == "duties"))
    drain(world.database, site_of(app).loop._followers)
    assert rows(world) == before
    with world.database.transaction() as session:
        session.execute(delete(Cursor).where(Cursor.follower == "duties"))
    drain(world.database, site_of(app).loop._followers)
    assert rows(world) == before


def test_an_imported_past_is_read_whole(app, world, tmp_path):
    git = lambda *words: subprocess.run(["git", "-C", str(tmp_path / "source"), *words], check=True, capture_output=True)     # noqa: E731
    (tmp_path / "source").mkdir()
    git("init", "-q", "-b", "main")
    for text in (FIRST, SECOND):
        (tmp_path / "source" / "opening.md").write_text(text)
        git("add", ".")
        git("-c", "user.name=Ann", "-c", "user.email=a@b.example", "commit", "-q", "-m", "Write")
    make_space(app, "past", visibility="public")
    bring_in(world.database, world.library, "past", str(tmp_path / "source"))
    site_of(app).loop.catch_up()

    page = app.test_client().get("/roles/compliance").text
    assert "PAST-001" in page and "KYC-001" in page
    assert "PAST-001" not in app.test_client().get("/roles/branch-manager").text


def on(day):
    return f"?on={day.isoformat()}"


@pytest.mark.parametrize(("days", "adviser", "compliance"), [(0, "The same day", True), (29, "The same day", True), (30, "Sees a copy.", False)])
def test_a_role_is_asked_what_holds_on_the_day(app, world, days, adviser, compliance):
    """FR-2: the levels of responsibility, on any day."""
    client, day = app.test_client(), world.day(days)

    page = client.get(f"/roles/adviser{on(day)}").text
    assert "Everything asked of Adviser" in page and adviser in page and "KYC-001" in page
    assert ("KYC-001" in client.get(f"/roles/compliance{on(day)}").text) is compliance
    assert "KYC-001" not in client.get(f"/roles/branch-manager{on(day)}").text


def test_before_the_first_day_nothing_is_asked(app, world):
    page = app.test_client().get(f"/roles/adviser{on(world.day(-1))}")

    assert page.status_code == 200 and "Nothing is asked of this role on that day." in page.text


def test_a_retired_and_a_cancelled_version_ask_nothing(app, world):
    client = app.test_client()
    change = world.open(world.author.id, "kyc", DraftText(action="cancel", code="KYC-001"))
    world.submit(world.author.id, change)
    site_of(app).loop.catch_up()
    assert "Sees a copy." not in client.get(f"/roles/adviser{on(world.day(30))}").text

    world.submit(world.author.id, world.open(world.author.id, "kyc", DraftText(action="retire", code="KYC-001")))
    site_of(app).loop.catch_up()
    assert "KYC-001" not in client.get("/roles/adviser").text


def test_roles_are_listed_with_how_much_is_asked(app, world):
    publish(world, rule(("Adviser", "Calls back.", "At once"), ("L’adviser", "Writes.", "At once")), slug="kyc")
    site_of(app).loop.catch_up()
    listed = app.test_client().get("/api/v1/roles").json

    assert listed["items"] == [
        {"slug": "adviser", "name": "Adviser", "tasks": 3, "procedures": 2}, {"slug": "compliance", "name": "Compliance", "tasks": 1, "procedures": 1},
    ] and listed["total"] == 2
    assert "3 tasks in 2 procedures" in " ".join(app.test_client().get("/roles").text.split())


def test_a_procedure_shows_its_matrix_of_any_version_or_day(app, world):
    client = app.test_client()
    present, first = client.get("/procedures/KYC-001/duties").text, client.get("/procedures/KYC-001/duties?version=1").text

    assert 'href="/roles/adviser"' in present and "Within five days" in present and "Branch manager" not in present
    assert 'href="/roles/branch-manager"' in first and "Version 1, superseded" in first
    assert "Sees a copy." in client.get(f"/procedures/KYC-001/duties{on(world.day(30))}").text
    assert "Nothing was in force" in client.get(f"/procedures/KYC-001/duties{on(world.day(-9))}").text
    assert 'href="/procedures/KYC-001/duties"' in client.get("/procedures/KYC-001").text
    assert 'href="/procedures/KYC-001/duties?version=1"' in client.get("/procedures/KYC-001/versions/1").text


@pytest.mark.parametrize("path", [
    "/procedures/KYC-001/duties?version=9", "/procedures/KYC-009/duties", "/roles/nobody", "/roles/nobody/duties.csv",
    "/api/v1/procedures/KYC-001/duties?version=9", "/api/v1/procedures/KYC-009/duties", "/api/v1/roles/nobody",
])
def test_what_is_not_there_is_not_found(app, world, path):
    asks = caller(app, world.author) if path.startswith("/api") else sign_in(app.test_client(), world.author)

    assert asks.get(path.removeprefix("/api/v1")).status_code == 404


@pytest.mark.parametrize("path", [
    "/procedures/KYC-001/duties?on=tomorrow", "/procedures/KYC-001/duties?version=0", "/procedures/KYC-001/duties?version=1&on=2026-01-01",
    "/roles?on=2026-02-30", "/roles/adviser?on=x", "/roles?page=0", "/roles/adviser/duties.csv?on=x", "/api/v1/roles?on=x",
    "/api/v1/roles/adviser?on=x", "/api/v1/procedures/KYC-001/duties?version=1&on=2026-01-01",
])
def test_a_bad_question_is_said_in_words(app, world, path):
    assert app.test_client().get(path).status_code == 422


def test_the_api_answers_the_same(app, world):
    client = app.test_client()
    whole = client.get("/api/v1/procedures/KYC-001/duties").json

    assert (whole["version"], [one["slug"] for one in whole["duties"]]) == (2, ["adviser", "compliance"])
    assert client.get("/api/v1/procedures/KYC-001/duties?version=1").json["duties"][1]["role"] == "Branch manager"
    assert client.get(f"/api/v1/procedures/KYC-001/duties{on(world.day(-9))}").json == {"code": "KYC-001", "version": None, "in_force_from": None, "duties": []}
    asked = client.get(f"/api/v1/roles/adviser{on(world.day(30))}").json
    assert (asked["name"], asked["total"], asked["items"][0]["task"], asked["items"][0]["version"]) == ("Adviser", 1, "Sees a copy.", 3)


def test_a_spreadsheet_gets_words_and_never_formulas(app, world):
    publish(world, rule(("Adviser", "=HYPERLINK(1)", "+1 day")), slug="kyc")
    site_of(app).loop.catch_up()
    answer = app.test_client().get("/roles/adviser/duties.csv")

    assert answer.mimetype == "text/csv" and answer.text.startswith("\ufeffRole,Code")
    assert "'=HYPERLINK(1),'+1 day" in answer.text and "KYC-001" in answer.text


def test_what_hostile_tables_say_is_words(app, world):
    publish(world, rule(("<script>alert(1)</script>", "{{7*7}} <img src=x onerror=alert(1)>", "[x](javascript:alert(1))")), slug="kyc")
    site_of(app).loop.catch_up()
    client = app.test_client()
    slug = next(one["slug"] for one in client.get("/api/v1/roles").json["items"] if "alert" in one["slug"] or "role-" in one["slug"])
    for path in ("/roles", f"/roles/{slug}", "/procedures/KYC-002/duties"):
        page = client.get(path)
        assert page.status_code == 200 and "<script>alert" not in page.text and "<img src=x" not in page.text and "javascript:" not in page.text


@pytest.fixture
def walled(app, world):
    make_space(app, "vault", approvals=0, visibility="restricted")
    grant(app, "vault", world.author, "author")
    publish(world, rule(("Adviser", "Opens the safe.", "At noon"), ("Keyholder", "Turns the key.", "At noon")), slug="vault")
    site_of(app).loop.catch_up()
    return world


def test_a_role_counts_only_what_may_be_read(app, walled):
    """The duties of a walled space are nobody's business outside it: no task, no count, no name."""
    stranger, inside = app.test_client(), sign_in(app.test_client(), walled.author)

    assert "Turns the key." in inside.get("/roles/keyholder").text and "Opens the safe." in inside.get("/roles/adviser").text
    assert "Opens the safe." not in stranger.get("/roles/adviser").text and "Keyholder" not in stranger.get("/roles").text
    assert stranger.get("/api/v1/roles/adviser").json["total"] == 1 and inside.get("/roles/adviser/duties.csv").text.count("\n") == 3
    assert stranger.get("/api/v1/roles/keyholder").json["detail"] == stranger.get("/api/v1/roles/nobody").json["detail"]
    assert stranger.get("/api/v1/procedures/VAULT-001/duties").status_code == 404


def test_reading_is_not_writing_and_the_record_still_verifies(world):
    with world.database.reading() as session:
        assert list(findings(session, world.library, [])) == []


def statements(app, path):
    made = []
    count = lambda *given: made.append(given[2])     # noqa: E731
    engine, client = site_of(app).database.engine, app.test_client()
    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(made)


def test_the_number_of_statements_does_not_grow_with_the_procedures(app, world):
    places = ("/roles", "/roles/adviser", "/roles/adviser/duties.csv", "/procedures/KYC-001/duties")
    few = [statements(app, place) for place in places]
    for number in range(6):
        publish(world, rule(("Adviser", f"Does thing {number}.", "")), slug="kyc")
    site_of(app).loop.catch_up()

    assert [statements(app, place) for place in places] == few


def test_a_late_follower_makes_a_page_short_and_never_wrong(app, world):
    publish(world, rule(("Notary", "Seals.", "")), "KYC-001", replaces_scheduled=True)

    assert "KYC-001" not in app.test_client().get("/roles/compliance").text
    assert "Notary" in app.test_client().get("/procedures/KYC-001/duties").text
    site_of(app).loop.catch_up()
    assert "Seals." in app.test_client().get("/roles/notary").text
