"""The check of the record: from a button or at night, by one process, with a result that stays. A11-8."""

import subprocess
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sqlalchemy import select

from accounts import actors
from core import clock, journal, locks
from core.errors import Conflict, Denied
from core.journal import Act
from running import inspecting, inspector
from running.health import verified
from running.models import Inspection
from tests.site import caller, make_person, post, sign_in, site_of

UTC = ZoneInfo("UTC")


@pytest.fixture
def boss(app):
    return make_person(app, "Tomas Iriarte", administrator=True)


def waits(session):
    """Age everything by two days."""
    for table, column in ((Act.__table__, "at"), (Inspection.__table__, "asked_at")):
        session.execute(table.update().values({column: clock.now() - timedelta(days=2)}))


def finished(app):
    """Return the health once the check that was asked for has ended."""
    while True:
        with site_of(app).database.reading() as session:
            found = verified(session, site_of(app))
        if found.state == "ended":
            return found
        if found.state == "interrupted":        # between the last word of the database and the end of the process
            with site_of(app).database.reading() as session:
                assert verified(session, site_of(app)).state != "interrupted"


@pytest.mark.both
@pytest.mark.timeout(120)
def test_the_button_starts_it_and_the_page_tells_what_came_of_it(app, boss):
    client = sign_in(app.test_client(), boss)
    assert "Nothing was checked yet." in client.get("/administration/health").text

    answer = post(client, "/administration/health/verify")
    assert answer.status_code == 303
    assert finished(app).ended.findings == 0 and "Nothing is wrong." in client.get("/administration/health").text

    with site_of(app).database.transaction() as session:
        session.execute(Act.__table__.update().where(Act.act == "add_person").values(act="bad_person"))
    assert caller(app, boss).post("/administration/verify").status_code == 202
    told = finished(app).ended
    assert told.findings == 1 and "its content does not have its hash" in told.told[0]
    assert "its content does not have its hash" in client.get("/administration/health").text


def test_only_administrators_ask_and_the_act_is_in_the_journal(app, boss):
    anne = make_person(app, "Anne Martin")
    for path in ("/administration", "/administration/health"):
        assert sign_in(app.test_client(), anne).get(path).status_code == 404
        assert app.test_client().get(path).status_code == 401
        assert sign_in(app.test_client(), boss).get(path).status_code == 200
    assert caller(app, anne).get("/administration/health").status_code == 404
    assert caller(app, anne).post("/administration/verify").status_code == 403

    site = site_of(app)
    with site.database.transaction() as session:
        with pytest.raises(Denied):
            inspecting.ask(session, actors.by_id(session, anne.id), "verify")
        asked = inspecting.ask(session, actors.by_id(session, boss.id), "verify")
        last = session.scalar(select(Act).where(Act.chain == journal.SITE).order_by(Act.sequence.desc()).limit(1))
        assert (last.act, last.actor, last.object) == ("ask_verify", boss.id, f"inspection:{asked.id}")


def test_one_at_a_time(app, boss):
    site = site_of(app)
    with site.database.transaction() as session:
        first = inspecting.ask_verify(session, None, at_work=False)
        with pytest.raises(Conflict):
            inspecting.ask_verify(session, None, at_work=False)
    with site.database.transaction() as session:
        assert inspecting.claim(session, first.id) and not inspecting.claim(session, first.id)
        with pytest.raises(Conflict):
            inspecting.ask_verify(session, None, at_work=True)
        assert inspecting.ask_verify(session, None, at_work=False)      # the one that began died


def test_one_that_died_is_told_as_interrupted(app):
    site = site_of(app)
    with site.database.transaction() as session:
        inspecting.claim(session, inspecting.ask(session, None, "verify").id)
    with site.database.reading() as session:
        assert verified(session, site).state == "interrupted"
    with locks.alone(site.settings.data / inspector.LOCK), site.database.reading() as session:
        assert verified(session, site).state == "at_work"


def test_it_is_due_once_a_night_on_a_site_that_was_there(app, boss):
    site = site_of(app)
    with site.database.transaction() as session:
        session.execute(Act.__table__.update().values(at=clock.now()))
        assert not inspecting.is_due(session, UTC)
        waits(session)
        assert inspecting.is_due(session, UTC)
        inspecting.ask(session, None, "verify")
        assert not inspecting.is_due(session, UTC)
        waits(session)
        assert inspecting.is_due(session, UTC)


def test_the_night_starts_what_is_due_and_what_nobody_began(app, monkeypatch):
    site, started = site_of(app), []
    monkeypatch.setattr(inspector, "start", lambda settings, id: started.append(id))
    make_person(app, "Anne Martin")
    inspector.start_due(site.database, site.settings)
    assert started == []

    with site.database.transaction() as session:
        waits(session)
    inspector.start_due(site.database, site.settings)
    inspector.start_due(site.database, site.settings)
    assert len(started) == 1
    with site.database.transaction() as session:
        session.execute(Inspection.__table__.update().values(asked_at=clock.now() - timedelta(minutes=2)))
    inspector.start_due(site.database, site.settings)
    assert started == [started[0]] * 2


def test_the_process_gets_no_secret_of_the_site_on_its_command_line(app, monkeypatch):
    seen = []

    class Child:
        def __init__(self, command, **more):
            seen.append((command, more["env"]))

        def wait(self):
            return 0

    monkeypatch.setattr(subprocess, "Popen", Child)
    inspector.start(site_of(app).settings, "abc")

    [(command, environ)] = seen
    assert command[1:] == ["-m", "running", "abc"] and environ["PROCEDURES_DATA"] == str(site_of(app).settings.data)


def test_failed_sign_ins_of_a_day_are_told_and_older_ones_are_not(app, boss):
    client = sign_in(app.test_client(), boss)
    for _ in range(3):
        post(app.test_client(), "/signin", {"email": "x@bank.example", "password": "wrong"})
    assert caller(app, boss).get("/administration/health").json["failed_sign_ins"] == 3

    with site_of(app).database.transaction() as session:
        waits(session)
    assert caller(app, boss).get("/administration/health").json["failed_sign_ins"] == 0
    assert "Failed sign-ins within a day" in client.get("/administration/health").text
