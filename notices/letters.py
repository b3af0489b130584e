"""Letters in words: what somebody was told, as text and as HTML, in their language; a subject that gives nothing away."""

from collections.abc import Mapping, Sequence

from flask import Flask
from flask_babel import force_locale, gettext, ngettext

from accounts.models import Person
from core.mail import Letter
from core.settings import Settings
from discussions.words import excerpt
from notices.reading import Group, Shown, grouped
from notices.unsubscribing import token_for
from notices.wording import said, said_bare


class Writer:
    """Who writes letters: outside of any request, so it brings the app and the address of the site."""

    def __init__(self, app: Flask, settings: Settings):
        self._app = app
        self._settings = settings

    def compose(self, person: Person, id: str, found: Sequence[Shown], more: int = 0) -> Letter:
        """Return the letter that tells a person these things; `more` counts what is left out of it."""
        with self._app.app_context(), force_locale(person.language or "en"):
            address = self._settings.address
            ending = f"{address}/unsubscribe/{token_for(self._app.secret_key, person.id)}"
            words = {
                "groups": [_Section(group, address) for group in grouped(found)], "address": address, "ending": ending,
                "site_name": self._settings.site_name, "language": person.language or "en",
                "more": ngettext("%(num)s more stands on the site", "%(num)s more stand on the site", more) if more else "",
                "because": gettext("You get this because you take part in %(site)s.", site=self._settings.site_name),
                "choose": gettext("Choose when letters come"), "end": gettext("No more letters"),
            }
            headers = (
                ("List-Unsubscribe", f"<{ending}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ("Precedence", "bulk"), ("X-Auto-Response-Suppress", "All"),
            )
            return Letter(
                to=person.email, subject=_subject(found, more, self._settings.site_name), id=id, headers=headers,
                text=self._filled("notices/letter.txt", words), html=self._filled("notices/letter.html", words),
            )

    def _filled(self, template: str, words: Mapping[str, object]) -> str:
        # Not as a page is made: what every page shows besides is for whoever asks, and here nobody does.
        return self._app.jinja_env.get_template(template).render(words).strip() + "\n"


class _Section:
    """What a letter says of one thing: its heading and its lines."""

    def __init__(self, group: Group, address: str):
        first = group.shown[0]
        self.space = first.space.name
        self.lines = [_Line(one, address) for one in group.shown]


class _Line:
    def __init__(self, one: Shown, address: str):
        self.words = said(one)
        self.url = address + one.url
        # Only words of people in the practice, as they stand now: an erased message has none.
        self.body = excerpt(one.post.body) if one.post is not None and one.notice.kind in ("mention", "answer", "post", "thread") else ""


def _subject(found: Sequence[Shown], more: int, site_name: str) -> str:
    if len(found) + more == 1:
        return said_bare(found[0])
    number = len(found) + more
    return ngettext("%(num)s thing happened in %(site)s", "%(num)s things happened in %(site)s", number, site=site_name)
