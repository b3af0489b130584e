"""Inviting at the command line: the page's verbs, in the name of somebody who could invite from the page."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Grant, Invitation, Person, Space
from core import clock
from core.journal import Act
from tests.site import caller, grant, make_person, make_space, post, site_of

GUEST = "guest@partner.example"
HOST = "anne.author@bank.example"


@pytest.fixture
def flask(app):
    """A restricted space with an author and a member, and a way to run commands about its guests."""
    make_space(app, "vault", visibility="restricted")
    app.host, app.member = make_person(app, "Anne Author"), make_person(app, "Max Member")
    grant(app, "vault", app.host, "author")
    grant(app, "vault", app.member, "member")
    return lambda *words: app.test_cli_runner().invoke(args=["invitations", *words])


def rows(app, statement):
    with site_of(app).database.reading() as session:
        return session.scalars(statement).all()


def come(app, link, name="Anouk Verhoeven"):
    """Use an invitation as a guest does, and return their browser."""
    browser = app.test_client()
    assert post(browser, link.removeprefix("http://127.0.0.1:8000"), {"name": name}).status_code == 303
    return browser


def test_the_link_is_alone_on_its_line_and_lets_a_guest_in_until_the_day(app, flask):
    last = clock.today(site_of(app).settings.timezone) + timedelta(days=30)

    result = flask("add", "vault", GUEST, "--inviter", HOST, "--until", str(last), "--note", "As agreed.")

    assert result.exit_code == 0 and len(result.stdout.splitlines()) == 1
    assert result.stderr == f"{GUEST} is invited into vault until {last}; Anne Author answers for it.\n"
    assert come(app, result.stdout.strip()).get("/spaces/vault").status_code == 200
    (made,) = rows(app, select(Invitation))
    assert (made.inviter, made.ends_on, made.note, made.kind) == (app.host.id, last, "As agreed.", "invitation")


def test_without_a_day_the_access_lasts_a_year(app, flask):
    flask("add", "vault", GUEST, "--inviter", HOST)

    assert rows(app, select(Invitation.ends_on)) == [clock.today(site_of(app).settings.timezone) + timedelta(days=365)]


def test_the_journal_names_nobody_for_what_the_command_line_did(app, flask):
    flask("add", "vault", GUEST, "--inviter", HOST)
    flask("end", "vault", GUEST)

    acts = rows(app, select(Act).where(Act.object.startswith("invitation:")).order_by(Act.sequence))
    assert [(act.act, act.actor) for act in acts] == [("invite", None), ("end_invitation", None)]


def test_the_inviter_sees_it_on_their_page_and_can_end_it(app, flask):
    flask("add", "vault", GUEST, "--inviter", HOST)
    host = caller(app, app.host)

    (shown,) = host.get("/spaces/vault/invitations").json["items"]

    assert shown["email"] == GUEST and shown["inviter"] == app.host.id
    assert host.post(f"/invitations/{shown['id']}/end").json["ended_at"]


@pytest.mark.parametrize(("inviter", "told"), [
    ("max.member@bank.example", "Only authors and animators of a public or restricted space"),
    ("outsider@bank.example", "Only authors and animators of a public or restricted space"),
    ("gone@bank.example", "Only authors and animators of a public or restricted space"),
    ("nobody@bank.example", "Nobody has the e-mail address"),
])
def test_nobody_answers_for_a_guest_whom_they_could_not_invite_themselves(app, flask, inviter, told):
    make_person(app, "Outsider")
    make_person(app, "Gone")
    app.test_cli_runner().invoke(args=["spaces", "grant", "vault", "gone@bank.example", "author"])
    app.test_cli_runner().invoke(args=["people", "disable", "gone@bank.example"])

    refused = flask("add", "vault", GUEST, "--inviter", inviter)

    assert refused.exit_code == 1 and told in refused.stderr and rows(app, select(Invitation)) == []
    assert flask("add", "vault", GUEST, "--inviter", HOST).exit_code == 0


@pytest.mark.parametrize(("day", "told"), [
    ("tomorrow", "Give the day as year-month-day"),
    (str(date(2001, 1, 1)), "Access ends on a day from today on"),
])
def test_a_day_that_cannot_be_is_refused(app, flask, day, told):
    refused = flask("add", "vault", GUEST, "--inviter", HOST, "--until", day)

    assert refused.exit_code == 1 and told in refused.stderr and rows(app, select(Invitation)) == []


def test_nobody_is_invited_into_an_internal_space(app, flask):
    make_space(app, "kyc")
    grant(app, "kyc", app.host, "author")

    refused = flask("add", "kyc", GUEST, "--inviter", HOST)

    assert refused.exit_code == 1 and "public or restricted space" in refused.stderr


def test_an_invitation_that_waits_is_taken_back_and_its_link_is_dead(app, flask):
    link = flask("add", "vault", GUEST, "--inviter", HOST).stdout.strip()

    assert flask("end", "vault", GUEST).stdout == f"The invitation of {GUEST} into vault was taken back.\n"
    assert app.test_client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 410
    refused = flask("end", "vault", GUEST)
    assert refused.exit_code == 1 and f"No invitation of {GUEST} into vault is left to end." in refused.stderr


def test_ending_one_that_was_used_ends_the_access_at_once(app, flask):
    browser = come(app, flask("add", "vault", GUEST, "--inviter", HOST).stdout.strip())

    assert flask("end", "vault", GUEST).stdout == "What the invitation gave Anouk Verhoeven in vault has ended.\n"

    assert browser.get("/spaces/vault").status_code == 404
    guest = select(Person.id).where(Person.email == GUEST)
    assert rows(app, select(Grant).where(Grant.person_id.in_(guest))) == []


def test_a_guest_who_has_another_address_by_now_is_found_by_it(app, flask):
    come(app, flask("add", "vault", GUEST, "--inviter", HOST).stdout.strip())
    with site_of(app).database.transaction() as session:
        session.scalar(select(Person).where(Person.email == GUEST)).email = "anouk@partner.example"

    assert flask("end", "vault", "anouk@partner.example").exit_code == 0


def test_another_space_keeps_its_guest(app, flask):
    make_space(app, "other", visibility="restricted")
    grant(app, "other", app.host, "author")
    flask("add", "vault", GUEST, "--inviter", HOST)
    flask("add", "other", GUEST, "--inviter", HOST)

    flask("end", "vault", GUEST)

    ended = rows(app, select(Space.slug).join(Invitation, Invitation.space_id == Space.id).where(Invitation.ended_at.is_not(None)))
    assert ended == ["vault"]
