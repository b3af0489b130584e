"""Mail goes out as a mail program reads it, and a refusal says whether trying again can help."""

import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller

from core.mail import Letter, MailDown, Mailer, mailer_of
from core.settings import read

LETTER = Letter("anne@bank.example", "Réponse à\n votre question", "Bonjour — 5 €\n", "<p>Bonjour — 5 €</p>", (("List-Unsubscribe", "<https://x.example/u>"),), id="abc")


class Postbox:
    """The far end of a mail server: keeps what it takes, and answers an address as it was told to."""

    def __init__(self, answers=None):
        self.answers = answers or {}
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):    # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):                      # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def served():
    box = Postbox({"gone@bank.example": "550 no such person", "later@bank.example": "451 come back"})
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield box, Mailer(f"smtp://127.0.0.1:{controller.port}", "Procédures", "wiki.bank.example")
    controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_letter_reads_as_it_was_written(served):
    box, mailer = served
    assert list(mailer.send(LETTER)) == [(LETTER, None)]

    ((sender, to, message),) = box.taken
    assert sender == "procedures@wiki.bank.example" and to == ["anne@bank.example"]
    assert message["Subject"] == "Réponse à votre question" and message["Message-ID"] == "<abc@wiki.bank.example>"
    assert message["From"] == "Procédures <procedures@wiki.bank.example>" and message["List-Unsubscribe"] == "<https://x.example/u>"
    assert message.get_body(("plain",)).get_content().splitlines() == LETTER.text.splitlines() and LETTER.html in message.get_body(("html",)).get_content()


def test_one_who_is_refused_for_good_does_not_stop_the_others(served):
    box, mailer = served
    gone, fine = (Letter(to, "x", "x") for to in ("gone@bank.example", "anne@bank.example"))

    answers = dict(mailer.send(gone, fine))
    assert "550" in str(answers[gone]) and answers[fine] is None and len(box.taken) == 1


def test_come_back_later_and_a_server_that_is_not_there_are_down_and_not_refused(served):
    _, mailer = served
    with pytest.raises(MailDown, match="451"):
        list(mailer.send(Letter("later@bank.example", "x", "x")))
    with pytest.raises(MailDown):
        list(Mailer(f"smtp://127.0.0.1:{_free_port()}", "x", "x").send(LETTER))


def test_a_password_is_not_sent_without_tls(served):
    box, mailer = served
    with pytest.raises(MailDown, match="password was not sent"):
        list(Mailer(mailer.url.replace("//", "//me:secret@"), "x", "x").send(LETTER))
    assert box.taken == []


def test_the_address_in_front_may_be_chosen_and_no_setting_is_no_mail():
    settings = read({"PROCEDURES_MAIL_URL": "smtp://mail.example?from=wiki@bank.example", "PROCEDURES_PUBLIC_URL": "https://wiki.bank.example"})
    assert mailer_of(settings).sender == "wiki@bank.example" and mailer_of(read({})) is None
