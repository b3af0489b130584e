"""Wrong passwords are told, a forgotten password comes back by mail, and neither says who has an account."""

import re
from dataclasses import replace
from queue import Queue

import pytest
from aiosmtpd.controller import Controller

from accounts import attempts, sign_ins
from accounts.models import Person
from app import create_app
from tests.core.test_mail import Postbox, _free_port
from tests.site import PASSWORD, caller, make_person, post, sign_in, site_of
from tests.surface.test_statements import Counter


@pytest.fixture
def mailing(settings):
    """A site that sends mail, and the box that takes it."""
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    made = create_app(replace(settings, mail_url=f"smtp://127.0.0.1:{controller.port}"))
    yield made, box
    controller.stop()
    site_of(made).database.engine.dispose()


class Letterbox(Postbox):
    """A box that says when a letter has come."""

    def __init__(self):
        super().__init__()
        self.come = Queue()

    async def handle_DATA(self, server, session, envelope):                      # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        self.come.put(self.taken[-1])
        return answer


def arrived(box):
    """Return the words of the next letter, and for whom it is."""
    _, to, message = box.come.get(timeout=60)
    return message.get_body(("plain",)).get_content(), to


def link_in(letter):
    return re.search(r"https?://[^/]+(/link/\S+)", letter)[1]


def test_a_forgotten_password_comes_back_by_a_link_that_ends_the_old_one(mailing):
    app, box = mailing
    anne = make_person(app, "Anne Martin")
    thief, client = sign_in(app.test_client(), anne), app.test_client()

    assert "on its way" in post(client, "/forgotten", {"email": anne.email}).text
    path = link_in(arrived(box)[0])
    assert post(client, "/signin", {"email": anne.email, "password": PASSWORD}).status_code == 303      # until the link is used

    fresh = app.test_client()
    answer = post(fresh, path)
    assert answer.location == "/account#secret" and thief.get("/account").status_code == 401
    assert post(fresh, "/account/password", {"password": "another quiet horse"}).status_code == 303
    assert post(app.test_client(), "/signin", {"email": anne.email, "password": PASSWORD}).status_code == 422


def test_whether_somebody_has_the_address_changes_neither_the_answer_nor_the_work(mailing, monkeypatch):
    app, _box = mailing
    anne, gone = make_person(app, "Anne Martin"), make_person(app, "Gone Martin")
    with site_of(app).database.transaction() as session:
        session.get(Person, gone.id).disabled_at = anne.created_at
    told, later = [], []
    monkeypatch.setattr("accounts.letters_edge.send_later", lambda make, language: later.append(make))
    for email in (anne.email, "nobody@bank.example", gone.email):
        client = app.test_client()
        token = client.get("/signin").text.split('name="csrf_token" value="')[1].split('"')[0]
        with Counter(app) as counter:
            answer = client.post("/forgotten", data={"csrf_token": token, "email": email})
        told.append((answer.status_code, re.sub(r'value="[\w.-]{40,}"', "", answer.text).replace(email, ""), counter.made))

    assert len(set(told)) == 1 and told[0][2] > 3
    with app.test_request_context("/"):
        assert [[letter.to for letter in make()] for make in later] == [[anne.email], [], []]


def test_asking_again_and_again_is_slowed_whoever_has_the_address(mailing):
    app, _box = mailing
    anne = make_person(app, "Anne Martin")

    for email in (anne.email, "nobody@bank.example"):
        answers = [post(app.test_client(), "/forgotten", {"email": email}).status_code for _ in range(attempts.FORGOTTEN_PER_ACCOUNT + 1)]
        assert answers == [200] * attempts.FORGOTTEN_PER_ACCOUNT + [429]


def test_asking_takes_no_administrators_link_from_anybody(mailing):
    app, box = mailing
    anne = make_person(app, "Anne Martin", password=False)
    with site_of(app).database.transaction() as session:
        link = sign_ins.add_link(session, None, session.get(Person, anne.id))
    post(app.test_client(), "/forgotten", {"email": anne.email})
    arrived(box)

    assert app.test_client().get(f"/link/{link}").status_code == 200


def test_without_mail_the_page_says_whom_to_ask(client):
    assert "administrator" in client.get("/forgotten").text and "<form method=\"post\">" not in client.get("/forgotten").text
    assert "/forgotten" in client.get("/signin").text


@pytest.mark.parametrize("email", ["", "no address", "x" * 300, "a@b\x00"])
def test_what_is_no_address_is_said_so_and_kept(mailing, email):
    app, _box = mailing
    answer = post(app.test_client(), "/forgotten", {"email": email})

    assert answer.status_code == 422 and 'id="email-error"' in answer.text


def test_whoever_is_added_gets_the_link_by_mail_too(mailing):
    app, box = mailing
    boss = sign_in(app.test_client(), make_person(app, "The Boss", administrator=True))

    page = post(boss, "/administration/people/new", {"name": "New Person", "email": "new@bank.example"})

    assert page.status_code == 200 and "as well" in page.text
    letter, to = arrived(box)
    assert link_in(letter) in page.text and to == ["new@bank.example"]


def test_wrong_passwords_are_told_at_the_next_sign_in_and_only_then(app, client):  # P11-19
    anne = make_person(app, "Anne Martin")
    post(client, "/signin", {"email": anne.email, "password": PASSWORD})
    for _ in range(4):
        post(app.test_client(), "/signin", {"email": anne.email, "password": "wrong and wrong"})

    come = app.test_client()
    assert "4 times" in _landed(come, post(come, "/signin", {"email": anne.email, "password": PASSWORD}))
    again = app.test_client()
    assert "wrong password" not in _landed(again, post(again, "/signin", {"email": anne.email, "password": PASSWORD}))


def test_a_slip_of_ones_own_is_not_told(app, client):
    anne = make_person(app, "Anne Martin")
    for _ in range(2):
        post(client, "/signin", {"email": anne.email, "password": "wrong and wrong"})

    assert "wrong password" not in _landed(client, post(client, "/signin", {"email": anne.email, "password": PASSWORD}))


def test_administrators_see_whose_account_is_tried(app):
    anne, boss = make_person(app, "Anne Martin"), make_person(app, "The Boss", administrator=True)
    for email in (anne.email, "nobody@bank.example"):
        for _ in range(5):
            post(app.test_client(), "/signin", {"email": email, "password": "wrong and wrong"})
    make_person(app, "Boris Weber")

    page = sign_in(app.test_client(), boss).get("/administration/people").text.split('id="list"')[0]

    assert "Anne Martin" in page and "An address that nobody has" in page and "Boris" not in page and page.count("5 wrong passwords") == 2
    assert caller(app, anne).get("/administration/people").status_code == 403


def _landed(client, answer):
    return client.get(answer.location).text
