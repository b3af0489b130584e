"""The pages that lead to what people leave with: one for the site, one for each space."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Space
from core import clock
from keeping import pages


@dataclass(frozen=True)
class Inside:
    """What stands in a space: rows of procedures, rows of threads whose first cell is their file, names of other files."""

    procedures: Sequence[tuple]
    threads: Sequence[tuple]
    others: Sequence[str]


def site_page(said: Mapping[str, str], language: str, name: str, taken: Sequence[Space], left_out: Sequence[Space]) -> bytes:
    """Return the first page of a site: its spaces, those that are left out, its people."""
    parts = [
        pages.words(said["made"] % {"at": f"{clock.now():%Y-%m-%d %H:%M}", "site": name}),
        pages.words(said["nothing_needed"]),
        pages.section(said["spaces"], pages.listing((pages.link(f"spaces/{one.slug}/index.html", one.name) for one in taken), said["none"])),
    ]
    if left_out:
        parts += [pages.words(said["left_out"]), pages.listing((one.name for one in left_out), said["none"])]
    parts.append(pages.section(said["people"], pages.words(pages.link("people.csv", "people.csv"))))
    return pages.page(name, language, *parts)


def space_page(said: Mapping[str, str], space: Space, is_of_site: bool, inside: Inside) -> bytes:
    """Return the first page of a space; one that goes out alone says how to read it."""
    talks = [(pages.link(path, title), *more) for path, title, *more in inside.threads]
    parts = [pages.words(space.description)] if space.description else []
    parts += [
        pages.section(said["procedures"], pages.table(inside.procedures, said["none"])),
        pages.section(said["threads"], pages.table(talks, said["none"])),
        pages.section(said["registers"], pages.listing((pages.link(name, name) for name in inside.others), said["none"])),
    ]
    parts.append(pages.words(pages.link("../../index.html", said["back"]) if is_of_site else said["nothing_needed"]))
    return pages.page(space.name, space.language, *parts)
