"""Where people read: which language their browser asks for, and how wide its window is."""

import pytest

SCREENS = {"wide": 1280, "phone": 390}
HEIGHT = 844
PLACES = [(language, screen) for language in ("en", "fr") for screen in SCREENS]

everywhere = pytest.mark.parametrize("language, screen", PLACES)
either = pytest.mark.parametrize("language, screen", [("en", "wide"), ("fr", "phone")])
