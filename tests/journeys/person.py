"""A person in front of a page: they open, read, follow, fill and press what they see, in their own language."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from accounts.models import Person as Row
from tests.journeys.accessibility import accessible, fits
from tests.journeys.watching import Watch
from tests.journeys.words import words


@dataclass
class Person:
    """Somebody with a browser of their own. English words are said in the person's language; `values` fill them."""

    page: Page
    language: str
    watch: Watch
    row: Row | None = None

    def say(self, english: str, **values) -> str:
        """Return a sentence of the site in this person's language."""
        return words(self.language, english, **values)

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

    def field(self, english: str, **values) -> Locator:
        """Return the field with this label."""
        return self.page.get_by_label(self.say(english, **values), exact=True).first

    def press(self, english: str, within: Locator | None = None, **values) -> "Person":
        """Press a button."""
        self.button(english, within, **values).click()
        return self

    def follow(self, english: str, within: Locator | None = None, **values) -> "Person":
        """Follow a link."""
        self.link(english, within, **values).click()
        return self

    def fill(self, english: str, value: str, **values) -> "Person":
        """Write into the field with this label."""
        self.field(english, **values).fill(value)
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
        """Go on only if the page is accessible and fits the window."""
        accessible(self.page)
        fits(self.page)
        return self


def _loose(text: str) -> re.Pattern:
    # Lines break where the window ends.
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()))
