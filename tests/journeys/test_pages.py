"""Every page, as somebody who may see it: accessible, in one column on a phone, in both languages, light and dark."""

import pytest

from tests.journeys.places import either, everywhere
from tests.journeys.site_map import PEOPLE, looked_at, rules, sights, values


def test_every_page_of_the_site_is_looked_at(ground):
    assert rules(ground) == looked_at(ground)


@everywhere
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_can_be_read_by_everybody(person, ground, who):
    wrong = look(person, ground, who, sights(who))

    assert not wrong, "\n".join(wrong)


@either
@pytest.mark.parametrize("who, paths", [
    ("author", ["/changes/{change}", "/procedures/KYC-003/edit"]),
    ("member", ["/", "/procedures/KYC-001", "/procedures/KYC-001/on/2001-01-01", "/threads/{thread}", "/search?q=address"]),
])
def test_pages_can_be_read_in_the_dark(person, ground, who, paths):
    wrong = look(person, ground, who, [(path, 200) for path in paths], scheme="dark")

    assert not wrong, "\n".join(wrong)


def look(person, ground, who: str, seen: list[tuple[str, int]], **more) -> list[str]:
    """Open each page and return what is wrong, all of it."""
    visitor, known, wrong = person(ground.sample(PEOPLE[who]) if PEOPLE[who] else None, **more), values(ground), []
    for path, status in seen:
        answer = visitor.page.goto(path.format(**known))
        if answer.status != status:
            wrong.append(f"{path} answers {answer.status}")
        try:
            visitor.is_well()
        except AssertionError as found:
            wrong.append(str(found).partition("\nassert")[0])
    return wrong
