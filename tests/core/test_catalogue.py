import os
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask_babel import force_locale

from core import catalogue, clock
from core.errors import TooLong

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "translations" / "fr" / "LC_MESSAGES" / "messages.po"


def catalogued() -> dict[str, tuple[str, ...]]:
    with SOURCE.open("rb") as file:
        return {_first(one.id): _all(one.string) for one in read_po(file) if one.id}


def marked() -> set[str]:
    """Every sentence that the code and the templates mark for translation."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
    return {_first(found[2]) for found in extract_from_dir(ROOT, methods, options, keywords)} - {""}


def _first(words) -> str:
    return words if isinstance(words, str) else words[0]


def _all(words) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def places(words: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", words))


def test_every_sentence_has_its_french():
    known = catalogued()

    assert len(marked()) > 300
    assert [words for words in sorted(marked()) if not all(known.get(words, ("",)))] == []


def test_french_sentences_hold_the_same_places_and_no_others():
    for english, french in catalogued().items():
        for words in french:
            assert places(words) == places(english), english
            assert "<" not in words or "<" in english


def test_french_is_set_as_french_is():
    for french in catalogued().values():
        for words in french:
            assert not re.search(r" [;?!»]|« |(?<=\w) :|'", words), words


@pytest.fixture
def speaking(app):
    def speak(language, function, *args):
        with app.test_request_context("/"), force_locale(language):
            return function(*args)

    return speak


def test_days_and_times_are_in_words(speaking):
    day, at = date(2026, 3, 1), datetime(2026, 3, 1, 16, 2, tzinfo=UTC)

    assert speaking("en", catalogue.day, day) == "1 March 2026"
    assert speaking("fr", catalogue.day, day) == "1 mars 2026"
    assert speaking("en", catalogue.moment, at) == "1 March 2026 at 16:02"
    assert speaking("fr", catalogue.day_of, at) == "1 mars 2026"
    assert speaking("fr", catalogue.moment, "2026-03-01T16:02:00+00:00") == "1 mars 2026 à 16 h 02"


def test_numbers_in_a_sentence_are_grouped_as_the_reader_groups_them(speaking):
    problem = TooLong(field="body", limit=20_000, length=23_412)

    assert speaking("en", catalogue.sentence, problem) == str(problem) == "At most 20,000 characters; these are 23,412."
    assert speaking("fr", catalogue.sentence, problem) == "Au plus 20\u202f000 caractères\u202f; il y en a 23\u202f412."


def test_times_are_those_of_the_sites_zone(settings):
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    from app import create_app

    made = create_app(replace(settings, timezone=ZoneInfo("Europe/Paris")))
    with made.test_request_context("/"), force_locale("en"):
        assert catalogue.moment(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026 at 01:30"
        assert catalogue.day_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"


def test_how_long_ago_is_in_words(speaking, monkeypatch):
    now = datetime(2026, 3, 1, 16, 2, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)

    assert speaking("en", catalogue.ago, datetime(2026, 3, 1, 13, 2, tzinfo=UTC)) == "3 hours ago"
    assert speaking("fr", catalogue.ago, datetime(2026, 3, 1, 13, 2, tzinfo=UTC)) == "il y a 3 heures"
    assert speaking("en", catalogue.ago, now) == "1 second ago"


def test_a_catalogue_is_compiled_when_it_is_stale_and_only_then(tmp_path):
    source = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    shutil.copy(SOURCE, source)
    compiled = source.with_suffix(".mo")

    catalogue.compile_stale(tmp_path)
    first = compiled.stat()
    catalogue.compile_stale(tmp_path)
    assert compiled.stat().st_ino == first.st_ino
    os.utime(source, (1, 1))
    catalogue.compile_stale(tmp_path)
    assert compiled.stat().st_ino != first.st_ino
    assert [path.name for path in sorted(source.parent.iterdir())] == ["messages.mo", "messages.po"]
