"""Letters about accounts: their words, in the reader's language, and their way out, which nobody waits for."""

import logging
import threading
from collections.abc import Callable, Sequence

from flask import Flask, current_app
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from accounts.models import Invitation, Person, Space
from core.catalogue import day
from core.mail import Letter, MailDown, mailer_of
from core.web import site

log = logging.getLogger("procedures.mail")


def are_sent() -> bool:
    """Say whether this site sends letters."""
    return mailer_of(site().settings) is not None


def welcome(person: Person, address: str) -> Letter:
    """Return the letter that lets somebody in for the first time, or again after an administrator's help."""
    with force_locale(person.language or str(get_locale())):
        subject = _("Your way into %(site)s", site=site().settings.site_name)
        body = _("Hello %(name)s,\n\nthis link signs you in to %(site)s. It works once, within seven days:\n\n%(address)s\n\nAfterwards, choose a password on your account page.\n", name=person.name, site=site().settings.site_name, address=address)
    return Letter(person.email, subject, body)


def forgotten(person: Person, address: str) -> Letter:
    """Return the letter to somebody who forgot their password."""
    with force_locale(person.language or str(get_locale())):
        subject = _("A new password for %(site)s", site=site().settings.site_name)
        body = _("Hello %(name)s,\n\nsomebody, probably you, asked for a new password for %(site)s. This link lets you choose one. It works once, within two hours:\n\n%(address)s\n\nIf it was not you, do nothing: your password stays as it is.\n", name=person.name, site=site().settings.site_name, address=address)
    return Letter(person.email, subject, body)


def invitation(made: Invitation, space: Space, inviter: str, address: str) -> Letter:
    """Return the letter that carries an invitation, in the language of the space, in which it is read."""
    with force_locale(space.language):
        subject = _("%(inviter)s invites you to %(space)s", inviter=inviter, space=space.name)
        body = _("Hello,\n\n%(inviter)s invites you to read and take part in %(space)s, until %(day)s. This link lets you in once, within two weeks:\n\n%(address)s\n", inviter=inviter, space=space.name, day=day(made.ends_on), address=address)
    return Letter(made.email, subject, f"{body}\n{made.note}\n" if made.note else body)


def send_later(make: Callable[[], Sequence[Letter]], language: str) -> None:
    """Make letters and send them after the answer, in a thread of its own, so that how long it takes tells nobody anything.

    One that cannot be sent is logged, without its words; the page said where to ask.
    """
    app = current_app._get_current_object()
    threading.Thread(target=_send, args=(app, make, language), name="letters", daemon=True).start()


def _send(app: Flask, make: Callable[[], Sequence[Letter]], language: str) -> None:
    with app.test_request_context("/"), force_locale(language):
        letters = make()
        mailer = mailer_of(site().settings)
        if not letters or mailer is None:
            return
        try:
            for _letter, refused in mailer.send(*letters):
                if refused is not None:
                    log.warning("event=letter_refused error=%s", type(refused).__name__)
        except MailDown as down:
            log.warning("event=mail_down letters=%s error=%s", len(letters), type(down).__name__)
