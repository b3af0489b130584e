"""What axe-core finds on a page, and whether the page fits the window."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")
_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
}
# Only what is wrong comes back: everything that is right is a hundred times longer.
_RUN = "([within, options]) => axe.run(within ?? document, options).then((found) => found.violations)"
# What stays in the window covers other things only until somebody scrolls.
_UNSTICK = """() => [...document.querySelectorAll('body *')].filter((one) => getComputedStyle(one).position === 'sticky')
  .forEach((one) => { one.style.position = 'static'; })"""
_STICKING_OUT = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""


def accessible(page: Page, within: str | None = None) -> None:
    """Go on only if a page, or a part of it, has no serious or critical finding; fail with each of them."""
    page.evaluate(_UNSTICK)
    page.evaluate(AXE_SCRIPT)
    found = [one for one in page.evaluate(_RUN, [within, _OPTIONS]) if one["impact"] in _GRAVE]
    assert not found, "\n".join(_told(page, one) for one in found)


def fits(page: Page) -> None:
    """Go on only if a page is no wider than its window; fail with what sticks out."""
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        raise AssertionError(f"{page.url} is wider than its window: " + "\n".join(page.evaluate(_STICKING_OUT)))


def _told(page: Page, finding: dict) -> str:
    places = "\n".join(f"    {node['html'][:200]}" for node in finding["nodes"])
    return f"{page.url}: {finding['impact']} {finding['id']}, {finding['help']}\n{places}"
