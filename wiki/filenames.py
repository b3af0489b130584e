"""The name of a file, as somebody gives it: one segment that every system can hold and nobody can misread."""

import re
import unicodedata

from core import text
from core.errors import Invalid, N_

LONGEST = 100
_LONGEST_BYTES = 240        # what a checkout can write as one name
_NOT_EVERYWHERE = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|git~\d+)(\.|$)")


def cleaned(raw: object) -> str:
    """Return a name cleaned: its last segment, NFC, without what some system cannot hold.

    Raises: Invalid with a sentence if nothing can be made of it.
    """
    name = text.line(raw, field="name", limit=1000)
    name = _NOT_EVERYWHERE.sub("-", re.split(r"[/\\]", name)[-1]).rstrip(". ").strip()
    if not name:
        raise Invalid(N_("A file needs a name."), field="name")
    if len(name) > LONGEST or len(name.encode()) > _LONGEST_BYTES:
        raise Invalid(N_("The name of a file has at most %(limit)s characters."), field="name", limit=LONGEST)
    if name.startswith((".", "-", "~")):
        raise Invalid(N_("The name of a file starts with a letter or a figure, not with %(first)s."), field="name", first=name[0])
    if _RESERVED.match(name):
        raise Invalid(N_("%(name)s is a name that some systems keep for themselves. Choose another."), field="name", name=name)
    if any(unicodedata.category(character)[0] == "C" for character in name):
        raise Invalid(N_("The name of this file holds a character that cannot be seen. Choose another name."), field="name")
    return name


def folded(name: str) -> str:
    """Return what makes two names the same one: systems differ in what they see as upper and lower case."""
    return unicodedata.normalize("NFC", name.casefold())
