"""Pages kept by what they were made from. The head of a space's chain moves with every act in it, so a page made at one
head stays true until the head moves; nothing has to be told to forget."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from markupsafe import Markup

from accounts.frames import form_token

# Stands where the token of each reader's session goes; no text can hold it, because NUL is refused everywhere.
TOKEN_PLACE = "\x00csrf\x00"


class Fragments:
    """A bounded store of HTML, least recently used out first; one per process, safe between threads."""

    def __init__(self, most_bytes: int = 64 * 1024 * 1024):
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._bytes = 0
        self._most = most_bytes
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> Markup:
        """Return the page of `key`, made now if it is not kept, with the reader's own token in its forms."""
        with self._lock:
            html = self._kept.get(key)
            if html is not None:
                self._kept.move_to_end(key)
        if html is None:
            html = make()
            self._keep(key, html)
        if TOKEN_PLACE in html:
            html = html.replace(TOKEN_PLACE, form_token())
        return Markup(html)

    def _keep(self, key: Hashable, html: str) -> None:
        with self._lock:
            self._bytes += len(html) - len(self._kept.pop(key, ""))
            self._kept[key] = html
            while self._bytes > self._most:
                self._bytes -= len(self._kept.popitem(last=False)[1])
