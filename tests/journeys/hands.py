"""How somebody works a page: with a pointer, or with the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

# Longer than any page's way from one end to the other.
_FAR = 400
# More than this is pasted, as nobody types it.
_LONG = 400
# The key that leads nearer, none once the focus is there. Of radio buttons, Tab reaches one; the arrows reach the others.
_TOWARDS = """(target) => {
  const now = document.activeElement, group = target.type === 'radio' && now.type === 'radio' && now.name === target.name;
  if (now === target || (group && now.form === target.form)) return null;
  return target.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING ? 'Shift+Tab' : 'Tab';
}"""
# What has the focus is outlined, and something of it can be seen: nothing that stays in the window lies over it.
_SHOWS = """() => {
  const now = document.activeElement, box = now.getClientRects()[0];
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const over = document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  return getComputedStyle(now).outlineStyle !== 'none' && now.contains(over);
}"""


class Pointer:
    """Hands that click or tap on what they see."""

    def __init__(self, page: Page):
        self.page = page

    def go_to(self, field: Locator) -> None:
        """Put the cursor into a field."""
        field.click()

    def press(self, target: Locator) -> None:
        """Press a button, follow a link, open what is folded."""
        target.click()

    def write(self, field: Locator, words: str) -> None:
        """Put words in the place of those in a field."""
        field.fill(words)

    def tick(self, box: Locator) -> None:
        """Choose a box or a radio button."""
        box.check()

    def pick(self, field: Locator, option: str) -> None:
        """Choose one of a list by its value."""
        field.select_option(option)

    def attach(self, field: Locator, file: str | dict) -> None:
        """Hand over a file."""
        field.set_input_files(file)


class Keyboard:
    """Hands that never touch a pointer: Tab until something has the focus, which must show, then a key on it."""

    def __init__(self, page: Page):
        self.page = page

    def go_to(self, field: Locator) -> None:
        """Press Tab until something has the focus."""
        expect(field).to_be_visible()
        target = field.element_handle()
        for _ in range(_FAR):
            key = target.evaluate(_TOWARDS)
            if key is None:
                assert self.page.evaluate(_SHOWS), f"the focus does not show on {field}"
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not reach {field}")

    def press(self, target: Locator) -> None:
        """Press a button, follow a link, open what is folded."""
        self.go_to(target)
        target.press("Enter")

    def write(self, field: Locator, words: str) -> None:
        """Put words in the place of those in a field."""
        self.go_to(field)
        if field.get_attribute("type") == "date":
            year, month, day = words.split("-")
            self.page.keyboard.type(month + day + year)     # as Chromium without a window asks for it, in any language
            return expect(field).to_have_value(words)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        (self.page.keyboard.type if len(words) < _LONG else self.page.keyboard.insert_text)(words)

    def tick(self, box: Locator) -> None:
        """Choose a box or a radio button: Space on it, or the arrows from another of its group."""
        self.go_to(box)
        for _ in range(_FAR):
            if box.is_checked():
                return
            self.page.keyboard.press("Space" if box.evaluate("one => one === document.activeElement") else "ArrowDown")

    def pick(self, field: Locator, option: str) -> None:
        """Choose one of a list by its value, whose words are typed."""
        self.go_to(field)
        self.page.keyboard.type(field.evaluate("(list, value) => [...list.options].find((one) => one.value === value).label", option))
        expect(field).to_have_value(option)

    def attach(self, field: Locator, file: str | dict) -> None:
        """Reach where a file is asked for, and hand it over: the window to choose it is not the page's."""
        self.go_to(field)
        field.set_input_files(file)
