"""The problems a verb can raise. Each carries a sentence a person can act on; the edges give it a shape.

A sentence is marked for translation with `N_` where it is written and translated at the edge, because verbs know no
request and no language.
"""


from math import ceil


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogue and return it unchanged."""
    return sentence


class Words(str):
    """Words of ours inside a sentence, marked with `N_` where they are written, translated together with it."""


class Problem(Exception):
    """Something the caller must be told, with the HTTP status it deserves."""

    status = 500

    def __init__(self, sentence: str, *, field: str | None = None, **params: object):
        super().__init__(sentence % {name: _grouped(value) for name, value in params.items()} if params else sentence)
        self.sentence = sentence
        self.field = field
        self.params = params
        self.keeps = False

    def kept(self) -> "Problem":
        """Return this problem marked as an act of its own: what the verb wrote so far is committed."""
        self.keeps = True
        return self


class Invalid(Problem):
    """Input that cannot be taken; `field` names which."""

    status = 422


class TooLong(Invalid):
    """Words beyond a limit: how many characters there may be, and how many there are."""

    def __init__(self, *, field: str | None, limit: int, length: int):
        super().__init__(N_("At most %(limit)s characters; these are %(length)s."), field=field, limit=limit, length=length)


class Unauthenticated(Problem):
    """Nobody is signed in, or the token is not ours."""

    status = 401


class Denied(Problem):
    """The actor may see the thing and may not do this to it."""

    status = 403


class NotFound(Problem):
    """Not there, or not for this actor: the same words for both."""

    status = 404

    def __init__(self):
        super().__init__(N_("Not found."))


class Conflict(Problem):
    """The thing moved since the actor looked; `present` holds what it is now, `sides` both texts if there are two."""

    status = 409

    def __init__(self, sentence: str, *, field: str | None = None, present: object = None, sides: object = None, **params: object):
        super().__init__(sentence, field=field, **params)
        self.present = present
        self.sides = sides


class TooBig(Problem):
    """More bytes than the product takes."""

    status = 413


class TooMany(Problem):
    """Too fast; `retry_after_s` says when to come back."""

    status = 429

    def __init__(self, retry_after_s: int):
        if retry_after_s <= 90:
            super().__init__(N_("Too many tries. Wait %(seconds)s seconds and try again."), seconds=retry_after_s)
        else:
            super().__init__(N_("Too many tries. Wait %(minutes)s minutes and try again."), minutes=ceil(retry_after_s / 60))
        self.retry_after_s = retry_after_s


class Unavailable(Problem):
    """The site cannot do this now; nothing typed is lost."""

    status = 503


def _grouped(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) else value
