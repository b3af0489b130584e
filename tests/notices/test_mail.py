"""Letters over a real SMTP server, read back as a mail program would: at once, in the morning, on Monday, or not at all;
nothing lost, nothing twice, no flood when mail was away."""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from accounts import people
from accounts.models import Person
from core import clock
from core.mail import Mailer
from discussions import posts
from notices import addresses, choices, reading
from notices.choices import Choice
from notices.letters import Writer
from notices.models import Notice, Outgoing, RefusedAddress
from notices.outbox import GIVEN_UP_AFTER, QUIET, Outbox
from notices.times import mail_time
from tests.notices.postbox import Post, html_of, text_of

NEVER = lambda: False      # noqa: E731


@pytest.fixture
def post():
    found = Post()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def outbox(app, told, post, settings):
    return Outbox(told.world.database, Mailer(post.url, "Procédures", "wiki.bank.example"), Writer(app, settings).compose)


def by_mail(told, who, direct="at_once", followed="at_once"):
    told.act(who, choices.choose, ZoneInfo("UTC"), Choice(direct, followed))


def test_an_answer_comes_at_once_in_the_persons_language_as_text_and_as_html(told, outbox, post):
    told.act("asker", people.choose_language, "fr")
    told.reply("helper", told.ask("asker", "Une facture suffit-elle ?"), "Oui, une facture <b>suffit</b> & c’est tout.")
    told.tell()

    assert outbox.send(NEVER) == 1
    (letter,) = post.box.to("asker@bank.example")
    assert letter["Subject"] == "Helper Martin vous a répondu\u202f: Une facture suffit-elle ?"
    text, html = text_of(letter), html_of(letter)
    assert "Oui, une facture <b>suffit</b> & c’est tout." in text and "&lt;b&gt;suffit&lt;/b&gt; &amp; c’est tout." in html
    assert re.search(r"http://127\.0\.0\.1:8000/posts/\w+", text) and '<html lang="fr">' in html
    assert letter["Auto-Submitted"] == "auto-generated" and letter["From"] == "Procédures <procedures@wiki.bank.example>"


def test_a_letter_ends_letters_in_one_step_that_a_scanner_cannot_take(told, outbox, post, client):
    told.reply("helper", told.ask("asker"))
    told.tell()
    outbox.send(NEVER)
    (letter,) = post.box.taken
    path = urlsplit(letter["List-Unsubscribe"].strip("<>")).path
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and path in text_of(letter) and path in html_of(letter)

    assert client.get(path).status_code == 200 and client.head(path).status_code == 200
    with told.world.database.reading() as session:
        assert choices.choices_of(session, [told.people["asker"]])[told.people["asker"]] == Choice()

    # As a mail program sends it: no cookie, no token of ours. Source: RFC 8058, 3.2.
    assert client.post(path, data="List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded").status_code == 200
    with told.world.database.reading() as session:
        assert choices.choices_of(session, [told.people["asker"]])[told.people["asker"]] == Choice("none", "none")
    told.reply("reader", told.ask("asker", "Another one?"))
    told.tell()
    assert outbox.send(NEVER) == 0 and told.told("asker") == ["answer", "answer"]


def test_a_link_that_is_not_ours_ends_nothing(told, client):
    assert client.get("/unsubscribe/guessed").status_code == client.post("/unsubscribe/guessed").status_code == 404


@pytest.mark.parametrize(("mode", "waits"), [("daily", timedelta(days=1)), ("weekly", timedelta(days=7))])
def test_what_is_followed_comes_in_one_letter_in_the_morning(told, outbox, post, later, mode, waits):
    by_mail(told, "reader", followed=mode)
    told.follow("reader", "procedure", "KYC-001")
    for number in range(3):
        told.reply("helper", told.ask("asker", f"Question {number}?"))
    told.tell()
    outbox.send(NEVER)
    assert post.box.to("reader@bank.example") == []

    later(seconds=waits.total_seconds())
    outbox.send(NEVER)
    outbox.send(NEVER)
    (letter,) = post.box.to("reader@bank.example")
    assert letter["Subject"] == "6 things happened in Living Procedures"
    assert all(f"Question {number}?" in text_of(letter) for number in range(3))


def test_none_is_none_and_read_on_the_site_is_not_sent(told, outbox, post):
    by_mail(told, "asker", "none", "none")
    told.follow("reader", "procedure", "KYC-001")
    by_mail(told, "reader")
    told.reply("helper", told.ask("asker"))
    told.tell()
    told.act("reader", reading.mark_all_read)

    assert outbox.send(NEVER) == 0 and post.box.taken == [] and told.told("asker") == ["answer"]


def test_mail_away_for_a_day_loses_nothing_floods_nobody_and_sends_nothing_twice(told, outbox, post, later):
    by_mail(told, "reader")
    told.follow("reader", "procedure", "KYC-001")
    post.stop()
    thread = told.ask("asker")
    for hour in range(24):
        told.reply("helper", thread, f"Answer {hour}.")
        told.tell()
        outbox.send(NEVER)
        later(hours=1)
    post.start()
    for _ in range(5):
        outbox.send(NEVER)
        later(minutes=10)

    for who in ("asker", "reader"):
        (letter,) = post.box.to(f"{who}@bank.example")
        assert all(f"Answer {hour}." in text_of(letter) for hour in range(24))


def test_a_server_that_says_come_back_is_asked_again_later_and_holds_nobody_else_up(told, outbox, post, later):
    by_mail(told, "reader")
    told.follow("reader", "procedure", "KYC-001")
    post.box.answers["asker@bank.example"] = "451 greylisted"
    told.reply("helper", told.ask("asker"))
    told.tell()
    outbox.send(NEVER)
    assert [one["To"] for one in post.box.taken] == ["reader@bank.example"]
    tried = post.box.tried
    outbox.send(NEVER)
    assert post.box.tried == tried

    post.box.answers.clear()
    later(minutes=3)
    outbox.send(NEVER)
    assert len(post.box.to("asker@bank.example")) == 1


def test_an_address_that_is_nobodys_is_marked_shown_to_administrators_and_written_to_no_more(told, outbox, post):
    told.person("boss", administrator_since=clock.now())
    post.box.answers["asker@bank.example"] = "550 no such person"
    told.reply("helper", told.ask("asker"))
    told.tell()
    outbox.send(NEVER)
    told.reply("helper", told.ask("asker", "And another?"))
    told.tell()
    tried = post.box.tried
    outbox.send(NEVER)
    assert post.box.tried == tried

    ((person, mark),) = told.act("boss", addresses.refused_addresses)
    assert person.id == told.people["asker"] and "no such person" in mark.said
    told.act("boss", addresses.take_back, told.people["asker"])
    post.box.answers.clear()
    told.reply("helper", told.ask("asker", "And a third?"))
    told.tell()
    outbox.send(NEVER)
    assert len(post.box.to("asker@bank.example")) == 1 and told.told("asker") == ["answer"] * 3


def test_a_message_that_is_refused_marks_no_address(told, outbox, post):
    post.box.at_the_end["asker@bank.example"] = "554 looks like spam"
    told.reply("helper", told.ask("asker"))
    told.tell()
    outbox.send(NEVER)

    with told.world.database.reading() as session:
        assert session.scalars(select(RefusedAddress)).all() == []
        assert "spam" in session.scalars(select(Outgoing)).one().said


def test_an_address_that_is_never_reached_is_given_up_after_five_days(told, outbox, post, later):
    post.box.answers["asker@bank.example"] = "451 later"
    told.reply("helper", told.ask("asker"))
    told.tell()
    for _ in range(8):
        outbox.send(NEVER)
        later(seconds=GIVEN_UP_AFTER.total_seconds() / 6)

    with told.world.database.reading() as session:
        letter = session.scalars(select(Outgoing).where(Outgoing.person_id == told.people["asker"])).one()
        assert letter.refused_at and session.get(RefusedAddress, told.people["asker"])


def test_a_line_that_breaks_after_the_server_took_a_letter_sends_it_again_under_the_same_id(told, outbox, post, later):
    post.box.hang_up_after_taking = True
    thread = told.ask("asker")
    told.reply("helper", thread)
    told.tell()
    outbox.send(NEVER)
    told.reply("reader", thread, "Something new meanwhile.")
    told.tell()
    later(minutes=3)
    outbox.send(NEVER)
    outbox.send(NEVER)
    first, again, *more = post.box.to("asker@bank.example")
    assert first["Message-ID"] == again["Message-ID"] and text_of(first) == text_of(again)

    later(minutes=QUIET.total_seconds() // 60 + 1)
    outbox.send(NEVER)
    *_, other = post.box.to("asker@bank.example")
    assert other["Message-ID"] != first["Message-ID"] and "Something new meanwhile." in text_of(other)


def test_a_process_that_died_between_the_server_and_the_row_sends_the_same_letter_again(told, outbox, post, monkeypatch):
    told.reply("helper", told.ask("asker"))
    told.tell()
    with monkeypatch.context() as dying:
        dying.setattr(Outbox, "_ended", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            outbox.send(NEVER)
    assert outbox.send(NEVER) == 1 and outbox.send(NEVER) == 0

    first, again = post.box.taken
    assert first["Message-ID"] == again["Message-ID"]


def test_two_letters_to_one_person_have_some_time_between_them(told, outbox, post, later):
    thread = told.ask("asker")
    for number in range(4):
        told.reply("helper", thread, f"Answer {number}.")
        told.tell()
        outbox.send(NEVER)
    assert len(post.box.to("asker@bank.example")) == 1

    later(seconds=QUIET.total_seconds() + 1)
    outbox.send(NEVER)
    _, second = post.box.to("asker@bank.example")
    assert all(f"Answer {number}." in text_of(second) for number in (1, 2, 3)) and "Answer 0." not in text_of(second)


def test_rights_and_words_are_those_of_the_moment_of_sending(told, outbox, post):
    thread = told.ask("reader", code="VAULT-001", slug="vault")
    told.reply("animator", thread, "The safe is behind the picture.")
    other = told.ask("asker")
    erased = told.reply("helper", other, "Erased words.")
    edited = told.reply("helper", other, "Words before.")
    told.tell()
    told.revoke("reader", "vault")
    told.act("helper", posts.erase, erased.id, "Never mind.")
    told.act("helper", posts.edit, edited.id, "Words after.")
    outbox.send(NEVER)

    assert post.box.to("reader@bank.example") == []
    (letter,) = post.box.to("asker@bank.example")
    assert "Words after." in text_of(letter) and not re.search("Erased words|Words before", text_of(letter) + html_of(letter))


def test_a_subject_says_nothing_of_a_restricted_space(told, outbox, post):
    told.reply("animator", told.ask("reader", "Where is the safe?", code="VAULT-001", slug="vault"), "Behind the picture.")
    told.tell()
    outbox.send(NEVER)

    (letter,) = post.box.taken
    assert letter["Subject"] == "An answer to you" and "Where is the safe?" in text_of(letter)


def test_without_a_mail_server_nothing_waits_for_one(told):
    told.mails = False
    told.reply("helper", told.ask("asker"))
    told.tell()

    assert told.told("asker") == ["answer"] and [one.mail_at for one in told.rows("asker")] == [None]


def test_who_is_gone_is_not_written_to(told, outbox, post):
    told.reply("helper", told.ask("asker"))
    told.tell()
    with told.world.database.transaction() as session:
        session.get(Person, told.people["asker"]).disabled_at = clock.now()

    assert outbox.send(NEVER) == 0 and post.box.taken == []


def test_a_new_choice_holds_for_what_waits_already(told, outbox, post):
    by_mail(told, "reader", followed="weekly")
    told.follow("reader", "procedure", "KYC-001")
    told.ask("asker")
    told.tell()
    outbox.send(NEVER)
    assert post.box.to("reader@bank.example") == []

    by_mail(told, "reader", followed="at_once")
    outbox.send(NEVER)
    assert len(post.box.to("reader@bank.example")) == 1


def test_a_letter_that_cannot_be_written_holds_nobody_up(told, outbox, post, later, caplog):
    by_mail(told, "reader")
    told.follow("reader", "procedure", "KYC-001")
    told.reply("helper", told.ask("asker"))
    told.tell()
    write = outbox.compose

    def compose(person, *more):
        if person.id == told.people["asker"]:
            raise KeyError("no words")
        return write(person, *more)

    broken = Outbox(outbox.database, outbox.mailer, compose)
    broken.send(NEVER)
    assert len(post.box.to("reader@bank.example")) == 1 and "cannot be written" in caplog.text

    later(hours=1)
    outbox.send(NEVER)
    assert len(post.box.to("asker@bank.example")) == 1


def test_a_round_ends_when_it_is_asked_to(told, outbox, post):
    told.reply("helper", told.ask("asker"))
    told.tell()

    assert outbox.send(lambda: True) == 0 and outbox.send(NEVER) == 1


def test_a_morning_is_that_of_the_person(told):
    with told.world.database.transaction() as session:
        session.get(Person, told.people["reader"]).timezone = "Pacific/Auckland"
    by_mail(told, "reader", followed="daily")
    by_mail(told, "asker", followed="daily")
    for who in ("reader", "asker"):
        told.follow(who, "procedure", "KYC-001")
    told.ask("helper")
    told.tell()

    (reader,), (asker,) = told.rows("reader"), told.rows("asker")
    assert reader.mail_at.astimezone(ZoneInfo("Pacific/Auckland")).time() == time(7) == asker.mail_at.astimezone(UTC).time()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Pacific/Auckland"])
def test_mornings_are_those_of_the_zone_also_where_clocks_change(zone):
    zone = ZoneInfo(zone)
    for day in range(400):
        now = datetime(2024, 3, 1, 12, 34, tzinfo=UTC) + timedelta(days=day, hours=day % 24)
        daily, weekly = mail_time("daily", now, zone).astimezone(zone), mail_time("weekly", now, zone).astimezone(zone)
        assert daily.time() == weekly.time() == time(7) and weekly.weekday() == 0
        assert timedelta() < daily - now <= timedelta(hours=25) and timedelta() < weekly - now <= timedelta(days=7, hours=1)
    assert mail_time("at_once", now, zone) == now and mail_time("none", now, zone) is None


def test_what_is_told_to_more_people_than_a_letter_holds_says_how_many_more(told, outbox, post, monkeypatch):
    monkeypatch.setattr("notices.outbox._MOST_SAID", 2)
    thread = told.ask("asker")
    for number in range(5):
        told.reply("helper", thread, f"Answer {number}.")
    told.tell()
    outbox.send(NEVER)

    (letter,) = post.box.taken
    assert letter["Subject"] == "5 things happened in Living Procedures" and "3 more stand on the site: http://127.0.0.1:8000/notices" in text_of(letter)
    with told.world.database.reading() as session:
        assert {one.letter_id for one in session.scalars(select(Notice).where(Notice.person_id == told.people["asker"]))} == {letter["Message-ID"].strip("<>").split("@")[0]}
