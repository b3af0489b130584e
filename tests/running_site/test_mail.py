"""The mail test says whether mail works and, if not, at which step it failed; a password is in none of it."""

from dataclasses import replace

import pytest

from app import create_app
from core.mail import STEPS, Mailer
from running.mailing import FAULTS, send
from tests.running_site.ports import free_port
from tests.running_site.post_office import opened, with_tls
from tests.site import caller, make_person, post, sign_in, site_of

SECRET = "planted-password"


def tried(url):
    return send(Mailer(url, "Site", "wiki.bank.example"), "anne@bank.example", "A test", "It works.")


@pytest.mark.parametrize("step", ["sender", "recipient", "message"])
def test_what_the_server_refuses_is_named_with_its_words(step):
    with opened(step) as (office, port):
        trial = tried(f"smtp://127.0.0.1:{port}")

    assert (trial.works, trial.step) == (False, step) and trial.said[:2] == "55" and trial.fault == FAULTS[step] and not office.taken


def test_a_server_that_takes_the_letter_works():
    with opened() as (office, port):
        trial = tried(f"smtp://127.0.0.1:{port}")

    assert trial.works and not trial.fault and "It works." in office.taken[0][1]


def test_a_name_that_leads_nowhere_and_a_port_where_nobody_listens_are_told_apart():
    assert tried("smtp://no-such-host.invalid").step == "address"
    assert tried(f"smtp://127.0.0.1:{free_port()}").step == "connection"


def test_a_certificate_that_nobody_vouches_for_is_a_fault_of_tls_and_the_password_stays_here(tmp_path):
    tls, _ = with_tls(tmp_path, SECRET)
    with opened(**tls) as (office, port):
        assert tried(f"smtp://me:{SECRET}@127.0.0.1:{port}").step == "tls"
        assert tried(f"smtps://me:{SECRET}@127.0.0.1:{port}").step == "tls"
    with opened() as (office, port):
        assert tried(f"smtp://me:{SECRET}@127.0.0.1:{port}").step == "tls"


def test_a_wrong_password_is_named_and_the_right_one_goes_through(tmp_path, monkeypatch):
    tls, certificate = with_tls(tmp_path, SECRET)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with opened(**tls) as (office, port):
        wrong = tried(f"smtp://me:no-{SECRET}@127.0.0.1:{port}")
        right = tried(f"smtp://me:{SECRET}@127.0.0.1:{port}")

    assert wrong.step == "password" and SECRET not in wrong.said and right.works and len(office.taken) == 1


def test_every_step_has_its_words():
    assert set(FAULTS) == set(STEPS)


@pytest.fixture
def mailing_app(settings):
    def made(url):
        app = create_app(replace(settings, mail_url=url))
        app.testing = False
        apps.append(app)
        return app

    apps = []
    yield made
    for app in apps:
        site_of(app).database.engine.dispose()


def test_the_page_sends_to_whoever_asks_and_keeps_what_became_of_it(mailing_app):
    with opened() as (office, port):
        app = mailing_app(f"smtp://127.0.0.1:{port}")
        boss = sign_in(app.test_client(), make_person(app, "Tomas Iriarte", administrator=True))
        assert "Send me a test letter" in boss.get("/administration/health").text

        assert post(boss, "/administration/health/mail").status_code == 303
        assert office.taken[0][0] == ["tomas.iriarte@bank.example"]
        assert "The mail server took the last test letter." in boss.get("/administration/health").text

        office.refuses = "recipient"
        post(boss, "/administration/health/mail")
        page = boss.get("/administration/health").text
        assert "does not take your address" in page and "550 no such person" in page


def test_the_call_tells_the_same_and_nobody_else_may(mailing_app):
    app = mailing_app(f"smtp://me:{SECRET}@127.0.0.1:{free_port()}")
    boss, other = make_person(app, "Tomas Iriarte", administrator=True), make_person(app, "Anne Martin")

    told = caller(app, boss).post("/administration/mail-test")
    assert (told.status_code, told.json["works"], told.json["step"]) == (200, False, "connection")
    health = caller(app, boss).get("/administration/health")
    assert health.json["mail"]["last"]["step"] == "connection" and SECRET not in health.text
    assert caller(app, other).post("/administration/mail-test").status_code == 403
    assert post(sign_in(app.test_client(), other), "/administration/health/mail").status_code == 403


def test_without_a_mail_server_it_is_said_and_nothing_is_written(app):
    boss = make_person(app, "Tomas Iriarte", administrator=True)

    assert caller(app, boss).post("/administration/mail-test").status_code == 409
    page = post(sign_in(app.test_client(), boss), "/administration/health/mail")
    assert page.status_code == 409 and "No mail server is set" in page.text
    assert caller(app, boss).get("/administration/health").json["mail"] == {"server": None, "tried_at": None, "last": None}
