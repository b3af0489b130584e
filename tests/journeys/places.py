"""Where people read: the language their browser asks for, how wide its window is, how they work it, and whether it runs script.

Every journey is walked with the keyboard alone at a desk, and with a finger or a pointer elsewhere. Journeys whose acts a
form can do say `…_or_plain`: they are walked without script too.
"""

from dataclasses import dataclass

import pytest

from tests.journeys.hands import Keyboard, Pointer

SCREENS = {"wide": 1280, "phone": 390}
HEIGHT = 844


@dataclass(frozen=True)
class Place:
    """One way to sit before the site."""

    language: str = "en"
    screen: str = "wide"
    hands: type[Pointer] | type[Keyboard] = Pointer
    script: bool = True

    def __str__(self) -> str:
        """Return its name among the tests."""
        how = self.hands.__name__.lower() if self.script else "plain"
        return f"{self.language}-{self.screen}-{how}"


DESK, FRENCH_DESK = Place(hands=Keyboard), Place("fr")
PHONE, FRENCH_PHONE = Place("en", "phone"), Place("fr", "phone")
PLAIN = Place(script=False)


def _in(*places: Place) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("place", places, ids=str)


everywhere = _in(DESK, PHONE, FRENCH_DESK, FRENCH_PHONE)
everywhere_or_plain = _in(DESK, PHONE, FRENCH_DESK, FRENCH_PHONE, PLAIN)
either = _in(DESK, FRENCH_PHONE)
plainly = _in(PLAIN)
pointing = _in(Place(), FRENCH_PHONE)           # what only a pointer does, and another journey another way
either_or_plain = _in(DESK, FRENCH_PHONE, PLAIN)
