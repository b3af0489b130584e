"""A person in front of a page: they open, read, follow, fill and press what they see, in their own language."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from accounts.models import Person as Row
from tests.journeys.accessibility import accessible, fits
from tests.journeys.hands import Keyboard, Pointer
from tests.journeys.places import Place
from tests.journeys.watching import Watch
from tests.journeys.words import words


@dataclass
class Person:
    """Somebody with a browser of their own and hands. English words are said in the person's language; `values` fill them.

    What is worked has a name, or is given as it was found.
    """

    page: Page
    place: Place
    watch: Watch
    hands: Pointer | Keyboard
    row: Row | None = None

    def say(self, english: str, **values) -> str:
        """Return a sentence of the site in this person's language."""
        return words(self.place.language, english, **values)

    def open(self, path: str) -> "Person":
        """Go to an address of the site."""
        self.page.goto(path)
        return self

    def button(self, english: str, within: Locator | None = None, **values) -> Locator:
        """Return the first button with these words."""
        return (within or self.page).get_by_role("button", name=self.say(english, **values), exact=True).first

    def link(self, english: str, within: Locator | None = None, **values) -> Locator:
        """Return the first link with these words."""
        return (within or self.page).get_by_role("link", name=self.say(english, **values), exact=True).first

    def named(self, words: str) -> Locator:
        """Return the first link to something that people named themselves, in whatever language."""
        return self.page.get_by_role("link", name=words).first

    def field(self, english: str, **values) -> Locator:
        """Return the field with this label."""
        return self.page.get_by_label(self.say(english, **values), exact=True).first

    def folded(self, english: str, within: Locator | None = None, **values) -> Locator:
        """Return the first line with these words under which more is folded away."""
        return (within or self.page).locator("summary").filter(has_text=self.say(english, **values)).first

    def press(self, what: str | Locator, /, within: Locator | None = None, **values) -> "Person":
        """Press a button."""
        return self._press(what if isinstance(what, Locator) else self.button(what, within, **values))

    def follow(self, what: str | Locator, /, within: Locator | None = None, **values) -> "Person":
        """Follow a link."""
        return self._press(what if isinstance(what, Locator) else self.link(what, within, **values))

    def unfold(self, what: str | Locator, /, within: Locator | None = None, **values) -> "Person":
        """Open what is folded away."""
        return self._press(what if isinstance(what, Locator) else self.folded(what, within, **values))

    def fill(self, what: str | Locator, /, value: str, **values) -> "Person":
        """Write into a field."""
        self.hands.write(self._field(what, **values), value)
        return self

    def tick(self, what: str | Locator, /, **values) -> "Person":
        """Choose a box or a radio button."""
        self.hands.tick(self._field(what, **values))
        return self

    def pick(self, what: str | Locator, /, option: str, **values) -> "Person":
        """Choose one of a list by its value."""
        self.hands.pick(self._field(what, **values), option)
        return self

    def attach(self, what: str | Locator, /, file: str | dict, **values) -> "Person":
        """Hand over a file."""
        self.hands.attach(self._field(what, **values), file)
        return self

    def go_to(self, what: str | Locator, /, **values) -> "Person":
        """Put the cursor into a field."""
        self.hands.go_to(self._field(what, **values))
        return self

    def type(self, words: str) -> "Person":
        """Type where the cursor stands, once a page that puts it into a field has done so."""
        expect(self.page.locator("input:focus, textarea:focus")).to_have_count(1)
        self.page.keyboard.type(words)
        return self

    def sees(self, english: str, **values) -> "Person":
        """Go on only once a sentence of the site is on the page."""
        return self.reads(self.say(english, **values))

    def reads(self, *texts: str) -> "Person":
        """Go on only once the page shows these words, as they are."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(_loose(text), use_inner_text=True)
        return self

    def reads_nothing_of(self, *texts: str) -> "Person":
        """Go on only if these words are nowhere in the page, its title or its address."""
        held = f"{self.page.content()} {self.page.url}".casefold()
        for text in texts:
            assert text.casefold() not in held, f"{text} is in {self.page.url}"
        return self

    def is_well(self) -> "Person":
        """Go on only if the page is accessible and fits the window; what says the former is itself a script."""
        self.page.wait_for_load_state()
        if self.place.script:
            accessible(self.page)
        fits(self.page)
        return self

    def _press(self, target: Locator) -> "Person":
        self.hands.press(target)
        return self

    def _field(self, what: str | Locator, /, **values) -> Locator:
        return what if isinstance(what, Locator) else self.field(what, **values)


def _loose(text: str) -> re.Pattern:
    # Lines break where the window ends.
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()))
