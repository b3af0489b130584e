"""The administrators' page of backups and its calls: nobody else sees it, what is typed badly is kept, the button works."""

import errno
import fcntl
import os
import threading
import time
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import _wire
from core import clock, journal, locks
from core.journal import Act
from keeping import archives, backups
from keeping.models import Backup
from tests.site import caller, grant, make_person, make_space, post, sign_in, site_of

PAGE = "/administration/backups"


@pytest.fixture
def boss(app):
    """An administrator's browser, with somebody of a space beside."""
    make_space(app, "kyc")
    grant(app, "kyc", make_person(app, "Anne Author"), "author")
    app.boss = make_person(app, "Tomas Boss", administrator=True)
    return sign_in(app.test_client(), app.boss)


@pytest.fixture
def api(app, boss):
    return caller(app, app.boss)


def kept(app):
    with site_of(app).database.reading() as session:
        return session.scalars(select(Backup).order_by(Backup.begun_at)).all()


def test_the_button_makes_a_whole_backup_and_the_journal_says_so(app, boss, settings):
    assert post(boss, f"{PAGE}/now").status_code == 303

    (made,) = kept(app)
    with zipfile.ZipFile(made.path) as file:
        assert file.testzip() is None and "keys/site_ed25519" in file.namelist()
    with site_of(app).database.reading() as session:
        act = session.scalar(select(Act).where(Act.act == "back_up"))
        assert (act.actor, act.object, act.content_digest) == (app.boss.id, f"backup:{made.id}", journal.digest(act.content_salt, made.sha256))
    page = boss.get(PAGE).text
    assert "The last good one was made on" in page and "Asked for by Tomas Boss." in page and str(settings.backups) in page


def test_the_file_of_a_backup_is_handed_out_nowhere(app, boss):
    post(boss, f"{PAGE}/now")

    assert not [rule for rule in app.url_map.iter_rules() if "backups" in rule.rule and rule.arguments]


def test_when_and_how_many_can_be_set_and_come_back(app, boss, api):
    assert post(boss, PAGE, {"hour": "never", "keep": "3"}).status_code == 303
    assert api.get(PAGE).json["plan"] == {"hour": None, "keep": 3}

    assert api.put(PAGE, {"hour": 4, "keep": 9}).status_code == 200
    page = boss.get(PAGE).text
    assert '<option value="4" selected>' in page and 'value="9"' in page


@pytest.mark.parametrize("typed, field", [
    ({"hour": "24", "keep": "7"}, "hour"), ({"hour": "", "keep": "7"}, "hour"), ({"hour": "noon", "keep": "7"}, "hour"),
    ({"hour": "2", "keep": "0"}, "keep"), ({"hour": "2", "keep": "366"}, "keep"), ({"hour": "2", "keep": "some"}, "keep"), ({"hour": "2"}, "keep"),
])
def test_what_cannot_be_set_is_refused_beside_its_field_and_kept(app, boss, typed, field):
    refused = post(boss, PAGE, typed)

    assert refused.status_code == 422 and f'id="{field}-error"' in refused.text
    if typed.get("keep"):
        assert f'value="{typed["keep"]}"' in refused.text
    assert post(boss, PAGE, {"hour": "2", "keep": "7"}).status_code == 303


@pytest.mark.parametrize("body, field", [({"hour": 24, "keep": 7}, "hour"), ({"hour": 2, "keep": 0}, "keep"), ({"hour": 2}, "keep"), ({"keep": 2}, "hour")])
def test_a_call_that_cannot_be_is_refused_with_its_field(api, body, field):
    answer = api.put(PAGE, body)

    assert (answer.status_code, answer.json["field"]) == (422, field)


@pytest.mark.parametrize("who, status", [(None, 401), ("Anne Author", 403), ("Gus Guest", 403)])
def test_nobody_but_administrators_sees_or_makes_backups(app, boss, who, status):
    person = who and make_person(app, f"{who} Again", guest="Guest" in who)
    client = sign_in(app.test_client(), person) if who else app.test_client()

    assert client.get(PAGE).status_code == status
    assert [post(client, path, {"hour": "2", "keep": "1"}).status_code for path in (PAGE, f"{PAGE}/now")] == [status, status]
    if who:
        call = caller(app, person)
        assert [call.get(PAGE).status_code, call.put(PAGE, {"hour": 2, "keep": 1}).status_code, call.post(PAGE).status_code] == [403] * 3
    assert kept(app) == []
    assert boss.get(PAGE).status_code == 200


def test_the_call_answers_what_was_made(api):
    answer = api.post(PAGE)

    assert answer.status_code == 202
    told = answer.json
    assert (told["at_work"], told["stale"], told["last_good"]["asked_by"], told["items"][0]["asked_by"]) == (False, False, None, "Tomas Boss")
    assert told["last_good"]["size"] > 0 and len(told["last_good"]["sha256"]) == 64


def test_a_page_warns_when_the_last_good_backup_is_more_than_two_days_old(app, boss, monkeypatch):
    post(boss, f"{PAGE}/now")
    warning = "The last good backup is more than two days old."
    assert warning not in boss.get(PAGE).text

    later = datetime.now(UTC) + timedelta(days=2, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert warning in boss.get(PAGE).text


def test_a_site_without_any_backup_warns_after_two_days_and_not_before(app, boss, monkeypatch):
    assert "There is no good backup yet." not in boss.get(PAGE).text

    later = datetime.now(UTC) + timedelta(days=2, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert "There is no good backup yet." in boss.get(PAGE).text


def test_a_backup_that_could_not_be_made_says_why_and_does_not_count(app, boss, settings):
    settings.backups.write_text("a file where the folder should be")

    post(boss, f"{PAGE}/now")

    (tried,) = kept(app)
    assert tried.failed_because and not tried.is_good
    page = boss.get(PAGE, headers={"Accept-Language": "fr"}).text
    assert "On ne peut pas écrire dans le dossier des sauvegardes." in page
    settings.backups.unlink()
    post(boss, f"{PAGE}/now")
    assert [one.is_good for one in kept(app)] == [False, True]


def test_a_full_disk_is_named(app, boss, monkeypatch):
    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(archives.os, "fsync", full)
        post(boss, f"{PAGE}/now")

    assert "There is no room left where backups are kept." in boss.get(PAGE).text


def test_the_oldest_make_room_and_a_backup_elsewhere_is_left_alone(app, boss, settings, tmp_path):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["backup", str(tmp_path / "mine.zip")]).exit_code == 0
    post(boss, PAGE, {"hour": "2", "keep": "2"})

    for _ in range(4):
        post(boss, f"{PAGE}/now")

    left = sorted(settings.backups.iterdir())
    good = [one for one in kept(app) if one.pruned_at is None]
    assert len(left) == 2 and {one.path for one in good} == {*map(str, left), str(tmp_path / "mine.zip")}
    assert (tmp_path / "mine.zip").exists()


@pytest.mark.parametrize("hours, due", [(-1, False), (0, True), (5, True)])
def test_it_is_due_once_its_hour_has_come(app, boss, settings, monkeypatch, hours, due):
    with site_of(app).database.reading() as session:
        since = backups.plan(session).since
    night = (since + timedelta(days=1)).replace(hour=backups.NIGHT, minute=0, second=0, microsecond=0)
    if night - since < timedelta(hours=2):
        night += timedelta(days=1)
    at = night + timedelta(hours=hours, seconds=1)
    last = Backup(begun_at=night - timedelta(hours=20), ended_at=night - timedelta(hours=20), path="x", size=1, sha256="x", failed_because="")
    with site_of(app).database.transaction() as session:
        session.add(last)
    monkeypatch.setattr(clock, "now", lambda: at)

    with site_of(app).database.reading() as session:
        assert backups.is_due(session, settings.timezone) is due


def test_what_failed_is_tried_again_after_an_hour_and_not_before(app, boss, settings, monkeypatch):
    at = datetime.now(UTC) + timedelta(days=2)
    with site_of(app).database.transaction() as session:
        session.add(Backup(begun_at=at - timedelta(minutes=50), ended_at=at - timedelta(minutes=49), path="x", size=0, sha256="", failed_because="No."))

    def asked(now):
        monkeypatch.setattr(clock, "now", lambda: now)
        with site_of(app).database.reading() as session:
            return backups.is_due(session, settings.timezone)

    assert not asked(at) and asked(at + timedelta(minutes=11))


def test_never_is_never(app, boss, settings, monkeypatch):
    post(boss, PAGE, {"hour": "never", "keep": "7"})
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(days=30))

    with site_of(app).database.reading() as session:
        assert not backups.is_due(session, settings.timezone)


@pytest.fixture
def keeper(app, boss, settings):
    """Who makes the backups of this site, as the loop asks them."""
    return _wire(app, settings).keeper


def later(monkeypatch, **passed):
    at = (datetime.now(UTC) + timedelta(**passed)).replace(hour=backups.NIGHT, minute=30)
    monkeypatch.setattr(clock, "now", lambda: at)


def test_the_minutely_look_makes_the_nightly_backup_and_only_one(app, keeper, monkeypatch):
    keeper.look()
    assert kept(app) == []
    later(monkeypatch, days=2)

    keeper.look()
    keeper.look()
    while not kept(app):
        time.sleep(0.02)
    keeper.look()

    (made,) = kept(app)
    assert made.is_good and made.asked_by is None


def test_one_backup_is_made_at_a_time(app, boss, api, keeper, settings, tmp_path):
    with locks.alone(settings.data / "backup.lock") as held:
        assert held
        assert post(boss, f"{PAGE}/now").status_code == 303
        assert "One is being made at this moment." in boss.get(PAGE).text and api.get(PAGE).json["at_work"]
        refused = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "mine.zip")])
        assert refused.exit_code == 1 and "A backup is being made already." in refused.output
    assert kept(app) == [] and not (tmp_path / "mine.zip").exists()

    post(boss, f"{PAGE}/now")
    assert len(kept(app)) == 1


def test_a_backup_that_begins_at_the_instant_at_which_somebody_looks_is_made(app, keeper, settings, monkeypatch):
    (settings.data / "backup.lock").touch()
    real, tried = fcntl.flock, threading.Event()

    def flock(file, how):
        try:
            real(file, how)
        finally:
            if threading.current_thread().name == "backup":
                tried.set()
            elif not tried.is_set():        # whoever looks stands still until the backup has met them
                keeper.begin()
                assert tried.wait(60)

    monkeypatch.setattr(fcntl, "flock", flock)

    assert not keeper.is_at_work()
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join()
    assert [made.is_good for made in kept(app)] == [True]


def test_what_a_backup_that_was_killed_left_behind_goes_a_day_later(app, boss, settings):
    left = settings.backups / ".backup-killed"
    left.mkdir(parents=True)
    (left / "site.sqlite3").write_text("half")
    post(boss, f"{PAGE}/now")
    assert left.exists()        # somebody else's may be under way in the same folder

    os.utime(left, (1, 1))
    post(boss, f"{PAGE}/now")

    assert not left.exists()
