"""Whether it answers, whether it is ready, and what it counts: told to programs, and nothing of what the site holds."""

import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import create_app
from core import clock
from core.followers import Cursor
from core.journal import Act
from keeping.models import Backup
from running import inspecting
from tests.site import make_person, post, sign_in, site_of

TOKEN = "a-long-enough-token"


def ready(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json["checks"]


@pytest.fixture
def followed(app):
    """A site whose followers are at work."""
    site = site_of(app)
    make_person(app, "Somebody Before")
    site.loop.start()
    site.loop.catch_up()
    while ready(app.test_client())[0] != 200:
        site.loop.wake()
    yield app
    site.loop.stop()


@pytest.mark.both
def test_a_site_at_work_is_ready_and_says_so_to_anybody(followed):
    status, checks = ready(followed.test_client())

    assert status == 200 and checks == dict.fromkeys(("database", "migrations", "data", "followers", "backlog"), "ok")


def test_without_a_follower_it_is_not_ready(app, client):
    status, checks = ready(client)

    assert status == 503 and "search and notices" in checks["followers"] and checks["database"] == "ok"


def test_it_is_not_ready_for_tables_of_another_version(followed):
    with site_of(followed).database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    status, checks = ready(followed.test_client())
    assert status == 503 and "another version" in checks["migrations"]


def test_it_is_not_ready_where_the_data_folder_takes_nothing(followed, monkeypatch):
    def full(*_given, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)

    status, checks = ready(followed.test_client())
    assert status == 503 and "disk is full" in checks["data"]


def test_what_waits_is_stuck_only_after_a_while_in_which_nothing_moved(followed):
    site = site_of(followed)
    site.loop.stop()
    make_person(followed, "Anne Martin")
    assert ready(followed.test_client())[1]["backlog"] == "ok"

    long_ago = clock.now() - timedelta(hours=1)
    with site.database.transaction() as session:
        session.execute(Act.__table__.update().values(at=long_ago))
    assert ready(followed.test_client())[1]["backlog"] == "ok"      # it moved a moment ago
    with site.database.transaction() as session:
        session.execute(Cursor.__table__.update().values(moved_at=long_ago))
    assert "stuck" in ready(followed.test_client())[1]["backlog"]


def test_a_dead_database_is_said_and_the_process_still_answers(app, client, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def dead(*_given):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(site_of(app).database.engine, "connect", dead)
    monkeypatch.setattr("sqlalchemy.orm.Session.execute", dead)

    status, checks = ready(client)
    assert status == 503 and checks["database"] == "The database does not answer." and "backlog" not in checks
    assert client.get("/healthz").status_code == 200 and client.get("/healthz").json == {"status": "ok"}


def test_looking_whether_it_is_ready_leaves_nothing_behind(followed):
    data = site_of(followed).settings.data
    before = sorted(os.listdir(data))

    assert ready(followed.test_client())[0] == 200 and sorted(os.listdir(data)) == before


@pytest.fixture
def counting(settings):
    app = create_app(replace(settings, metrics_token=TOKEN))
    app.testing = False
    yield app
    site_of(app).database.engine.dispose()


def numbers(client, token=TOKEN):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return dict(re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", answer.text, re.M))


def test_without_its_token_the_address_of_the_numbers_is_not_there(app, counting):
    person = make_person(counting, "Anne Martin")
    client = sign_in(counting.test_client(), person)

    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer \xe9"}):
        assert client.get("/metrics", headers=headers).status_code == client.get("/nothing").status_code == 404
    assert app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 401     # no token is set there
    assert numbers(client)


def test_requests_are_counted_by_pattern_with_their_times(counting):
    client = counting.test_client()
    for path in ("/spaces/secret-slug", "/spaces/another", "/no/such/secret-page", "/search?q=secret"):
        client.get(path)
    client.open("/signin", method="SECRETMETHOD")

    found = numbers(client)
    assert found['procedures_requests_total{method="GET",route="/spaces/<slug>",status="401"}'] == "2.0"
    assert found['procedures_request_seconds_count{method="GET",route="/spaces/<slug>"}'] == "2.0"
    assert found['procedures_request_seconds_bucket{le="+Inf",method="GET",route="/search"}'] == "1.0"
    assert not any("secret" in name.lower() for name in found)


def test_acts_are_counted_once_whatever_process_is_asked(counting, settings):
    make_person(counting, "Anne Martin")
    client, other = counting.test_client(), create_app(replace(settings, metrics_token=TOKEN))
    post(client, "/signin", {"email": "anne.martin@bank.example", "password": "wrong"})
    first = numbers(client)
    post(client, "/signin", {"email": "anne.martin@bank.example", "password": "wrong"})

    assert first["procedures_failed_sign_ins_total"] == "1.0"
    for app in (counting, other):
        assert numbers(app.test_client())["procedures_failed_sign_ins_total"] == "2.0"
    assert first["procedures_mail_queue"] == "0.0" and "anne" not in str(first).lower() and float(first["procedures_disk_free_bytes"]) > 0
    assert float(first['procedures_follower_backlog{follower="search"}']) > 0
    site_of(other).database.engine.dispose()


def test_the_last_check_of_the_record_is_told(counting):
    client = counting.test_client()
    assert "procedures_verify_findings" not in numbers(client)

    with site_of(counting).database.transaction() as session:
        inspecting.end(session, inspecting.ask(session, None, "verify").id, 3, ["x"])
    found = numbers(client)
    assert found["procedures_verify_findings"] == "3.0" and float(found["procedures_verified_timestamp_seconds"]) > 1e9


def test_the_last_good_backup_is_told_and_shown(counting):
    client, administrator = counting.test_client(), counting.test_client()
    sign_in(administrator, make_person(counting, "Ada Martin", administrator=True))
    assert "procedures_backup_timestamp_seconds" not in numbers(client)
    made = Backup(begun_at=clock.now() - timedelta(days=3), ended_at=clock.now(), path="x.zip", failed_because="full")
    _keep(counting, made)
    assert "procedures_backup_timestamp_seconds" not in numbers(client)

    _keep(counting, Backup(begun_at=clock.now() - timedelta(days=3), ended_at=clock.now(), path="y.zip"))
    assert float(numbers(client)["procedures_backup_timestamp_seconds"]) > 1e9
    assert "The last good backup is more than two days old." in administrator.get("/administration/health").text

    _keep(counting, Backup(begun_at=clock.now(), ended_at=clock.now(), path="z.zip"))
    seen = administrator.get("/administration/health").text
    assert "more than two days old" not in seen and "The last good one was begun on" in seen


def _keep(app, backup):
    with site_of(app).database.transaction() as session:
        session.add(backup)


def test_where_no_room_can_be_taken_nothing_is_counted_and_pages_answer(counting, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)

    client = counting.test_client()
    assert client.get("/signin").status_code == 200 and "procedures_info" in str(numbers(client))
