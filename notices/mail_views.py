"""The page behind the link in each letter, and the administrators' page of addresses that nobody can be reached at."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.web import reading, writing
from core.web import site
from notices import addresses, choices
from notices.unsubscribing import person_of


def add_to(pages: Blueprint) -> None:
    """Add these pages to the package's blueprint."""
    pages.add_url_rule("/unsubscribe/<token>", "unsubscribe", unsubscribe, methods=["GET", "POST"])
    pages.add_url_rule("/administration/mail", "administration", administration)
    pages.add_url_rule("/administration/mail/<id>", "try_again", try_again, methods=["POST"])


def unsubscribe(token: str):
    """Let no more letters go to whoever the link was sent to. Only the form does it, so that a mail scanner's look does not.

    Mail programs send the same form by themselves, from elsewhere and signed in nowhere. Source: RFC 8058.
    """
    person = person_of(current_app.secret_key, token)
    if person is None:
        return render_template("notices/unsubscribe.html", state="unknown"), 404
    if request.method != "POST":
        return render_template("notices/unsubscribe.html", state="asked")
    with site().database.transaction() as session:
        choices.end_mail(session, person, site().settings.timezone)
    return render_template("notices/unsubscribe.html", state="done")


def administration():
    """Show administrators which addresses nobody can be reached at, and what waits to be sent."""
    session, actor = reading()
    return render_template(
        "notices/administration.html",
        refused=addresses.refused_addresses(session, actor), outbox=addresses.outbox(session, actor), is_sent=bool(site().settings.mail_url),
    )


def try_again(id: str):
    """Let letters go to somebody's address again."""
    with writing() as (session, actor):
        addresses.take_back(session, actor, id)
    flash(_("Letters go to this address again."))
    return redirect(url_for("notices.administration"), 303)
