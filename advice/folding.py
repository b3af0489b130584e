"""A role as it is written, and the one name under which all its spellings are found."""

import hashlib
import re
import unicodedata

_ARTICLES = re.compile(r"(?:the|an?|l[ae]s?|l’|l'|une?|des|du)(?:\s+|(?<=[’'])(?=\w))", re.IGNORECASE)
_LONGEST = 100


def written(role: str) -> str:
    """Return a role as it is shown: one line, without the colon or full stop after it."""
    return " ".join(role.split()).strip(" :.;,–—-")


def folded(role: str) -> str:
    """Return the name of a role in an address: small plain letters and hyphens, no article before, never empty."""
    shown = written(role)
    bare = _ARTICLES.sub("", shown, count=1) if _ARTICLES.match(shown) else shown
    decomposed = unicodedata.normalize("NFKD", bare.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if slug and len(slug) <= _LONGEST and not _lost(letters):
        return slug
    mark = hashlib.sha256(shown.casefold().encode()).hexdigest()[:8]
    return f"{slug[:_LONGEST].strip('-') or 'role'}-{mark}"


def _lost(letters: str) -> bool:
    # Letters of other alphabets have no place in an address: the digest keeps such roles apart.
    return any(c.isalnum() and not c.isascii() for c in letters)
