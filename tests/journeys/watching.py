"""Listening to a page: what goes wrong in it without being seen."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Page, Response

# What Chromium says of every page that is answered with 4xx: the journey looks at such pages itself.
_ANSWERED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Watch:
    """What was heard: `troubles` fails a journey, `asked_before_leaving` counts the warnings that unsent text is lost.

    `awaited` are failures of the site that a journey is about: it looks at their pages itself.
    """

    awaited: set[int] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    asked_before_leaving: int = 0

    def over(self, page: Page) -> Page:
        """Listen to a page from now on, and return it."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script failed: {error}"))
        page.on("dialog", self._dialog)
        page.on("response", self._response)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        answered = (_ANSWERED, *(f"{_ANSWERED[:-1]}{status}" for status in self.awaited))
        if message.type == "error" and not message.text.startswith(answered):
            self.troubles.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            self.asked_before_leaving += 1
        else:
            self.troubles.append(f"a window opened: {dialog.message}")
        dialog.accept()

    def _response(self, response: Response) -> None:
        is_part = response.request.resource_type not in ("document", "fetch")
        if response.status >= (400 if is_part else 500) and (is_part or response.status not in self.awaited):
            self.troubles.append(f"{response.status} for {urlsplit(response.url).path}")
