"""What both the pages and the API do around a verb that takes longer than a transaction may."""

from flask_babel import gettext as _

from accounts.models import Person
from accounts.web import writing
from core.errors import Conflict, N_
from core.mail import mailer_of
from core.web import site
from running import inspecting, inspector, mailing
from running.health import verified
from running.mailing import Trial


def verify() -> str:
    """Ask for a check of the record, start it, and return its id. Raises: Denied; Conflict while one is at work."""
    with writing() as (session, actor):
        id = inspecting.ask_verify(session, actor, at_work=verified(session, site()).state == "at_work").id
    inspector.start(site().settings, id)
    return id


def try_mail() -> Trial:
    """Send a letter to the administrator who asks, and keep what became of it.

    Raises: Denied; Conflict where no mail server is set.
    """
    mailer = mailer_of(site().settings)
    with writing() as (session, actor):
        asked = inspecting.ask(session, actor, "mail")
        if mailer is None:
            raise Conflict(N_("No mail server is set: see PROCEDURES_MAIL_URL."))
        inspecting.claim(session, asked.id)
        to = session.get(Person, actor.id).email
    trial = mailing.send(mailer, to, _("A test from %(site)s", site=mailer.name), _(
        "This letter was sent because you asked whether mail works. It does.") + "\n"
    )
    with site().database.transaction() as session:
        inspecting.end(session, asked.id, 0 if trial.works else 1, [] if trial.works else [trial.step, trial.said])
    return trial
