"""Pages kept by what they were made from. The head of a space's chain moves with every act in it, so a page made at one
head stays true until the head moves; nothing has to be told to forget it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from markupsafe import Markup

from accounts.answered import unfinished
from accounts.frames import form_token

# Stand where the token of each reader's session goes, and what is said to each reader alone before and after the rule;
# no text can hold them, because NUL is refused everywhere.
TOKEN_PLACE, BEFORE_PLACE, AFTER_PLACE, FOLLOW_PLACE = (f"\x00{name}\x00" for name in ("csrf", "before", "after", "follow"))


@dataclass(frozen=True)
class Fragment:
    """A page as it is for everybody with the same rights; `asking` is what it asks of its readers, if anything.

    One that is not `whole` lacks what could not be made in time, so it is shown and not kept.
    """

    html: str
    asking: object | None = None
    whole: bool = True

    def filled(self, before: str = "", after: str = "", follow: str = "") -> Markup:
        """Return the page for one reader: with their own token in its forms and the words that are for them alone."""
        html = self.html.replace(FOLLOW_PLACE, follow)
        if self.asking is not None:
            html = html.replace(BEFORE_PLACE, before).replace(AFTER_PLACE, after)
        if TOKEN_PLACE in html:
            html = html.replace(TOKEN_PLACE, form_token())
        return Markup(html)


class Fragments:
    """A bounded store of pages, least recently used out first; one per process, safe between threads."""

    def __init__(self, most_bytes: int = 64 * 1024 * 1024):
        self._kept: OrderedDict[Hashable, Fragment] = OrderedDict()
        self._bytes = 0
        self._most = most_bytes
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Fragment]) -> Fragment:
        """Return the page of `key`, made now if it is not kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is None:
            kept = make()
            if kept.whole:
                self._keep(key, kept)
            else:
                unfinished()
        return kept

    def _keep(self, key: Hashable, made: Fragment) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += len(made.html) - (len(before.html) if before else 0)
            self._kept[key] = made
            while self._bytes > self._most:
                self._bytes -= len(self._kept.popitem(last=False)[1].html)
