"""Nobody meets a word that is not for them: no page, list, count, suggestion or refusal says that it is there. REC-3."""

import pytest
from sqlalchemy import func, select

from app import create_app
from core.database import Base
from core.settings import Settings
from tests import databases
from tests.site import site_of
from tests.walls.crawl import MISSING, Visitor, addresses, rules, values
from tests.walls.scene import EVERYBODY, LET_IN, build

OUTSIDERS = sorted(EVERYBODY - LET_IN)
MANAGED = {
    "the name of the space, restricted", "the address of the space, restricted", "a guest of the restricted space",
    "a word with an invitation, restricted",
}
_MOVING = {"attempts", "sign_ins", "tokens", "renderings", "steps", "thread_places", "one_time_links"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("walls")
    url = databases.sqlite_copy(sqlite_template, folder / "data")
    app = create_app(Settings(data=folder / "data", database_url=url, starter=False, rate_limits=False))
    yield build(app)
    site_of(app).database.engine.dispose()


def manages(who, path, what="the name of the space, restricted"):
    """Say whether this is an administrator who looks after spaces and people: of a restricted space they meet there the name
    and the address, who is in it and who was invited, and no more of it."""
    return who == "administrator" and "/administration/" in path and what in MANAGED


def visitor(scene, who):
    return Visitor(scene.app, scene.people.get(who))


def queries(path, known):
    """Return the addresses of a page with the choices it takes."""
    yield path
    if path.endswith("/compare"):
        yield from (f"{path}?from=1&to=2", f"{path}?from=2&to=3")
    if path.endswith("/on"):
        yield f"{path}?day={known['day'][0]}"
    if path.endswith("/propose"):
        yield from (f"{path}?quote=stays", f"{path}?whole=1", f"{path}?at=0")
    if path.endswith("/threads") and "/procedures/" in path:
        yield f"{path}?at=1"
    if path.endswith("/journal") and "/spaces/" in path:
        yield from (f"{path}?who=durand", f"{path}?page=2")
    elif path.endswith("/journal"):
        yield from (f"{path}?space={slug}" for slug in known["slug"])
    if path == "/search":
        yield from (f"{path}?q=stays&space={slug}" for slug in known["slug"])
        yield from ("/search?q=stays", "/search?q=said", "/api/v1/search?q=stays&page_size=100", "/api/v1/search?q=said&page_size=100")


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_person_meets_every_word_that_is_for_them_and_no_other(scene, who):  # ISO-5
    hidden, met = scene.hidden_from(who), set()
    known, asks = values(scene.app), visitor(scene, who)
    for rule in rules(scene.app, "GET"):
        for address, _ in addresses(rule, known):
            for path in queries(address, known):
                _, text = asks.get(path)
                text, said = text.lower(), path.lower()
                found = [scene.words[word][0] for word in hidden if word in text and word not in said]
                leaked = [what for what in found if not manages(who, path, what)]
                assert not leaked, (path, leaked)
                met |= {word for word in scene.words if word in text and word not in said}

    missed = [what for word, (what, entitled) in scene.words.items() if who in entitled and word not in met and "prefix" not in what]
    assert not missed


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_search_for_a_hidden_word_is_answered_as_one_for_a_word_that_is_nowhere(scene, who):
    asks, nowhere = visitor(scene, who), scene.unplanted()
    for path in ("/search?q={}", "/api/v1/search?q={}", "/search?q={}ss"):
        expected = asks.get(path.format(nowhere))[1]
        for word in scene.hidden_from(who):
            assert asks.get(path.format(word))[1].replace(word, nowhere) == expected, scene.words[word][0]
    for word, (what, entitled) in scene.words.items():
        if who in entitled and what.startswith(("a title", "a text", "an answer", "a question", "a tip")):
            assert asks.get(f"/search?q={word}")[1].replace(word, nowhere) != asks.get(f"/search?q={nowhere}")[1], what


def walled(scene, known):
    """Return the values that name something of the restricted space."""
    whole = Visitor(scene.app, scene.people["auditor"])
    outside = Visitor(scene.app, scene.people["employee"])
    pages = {"slug": "/spaces/{}", "code": "/procedures/{}", "role": "/roles/{}", "id": None}
    found = {"slug": [], "code": [], "id": [], "role": []}
    for name, page in pages.items():
        for value in known[name]:
            tried = [page] if page else ["/threads/{}", "/posts/{}", "/changes/{}", "/clauses/{}", "/api/v1/regulations/{}"]
            for one in tried:
                if whole.get(one.format(value))[0] in (200, 302, 303) and outside.get(one.format(value))[0] == 404:
                    found[name].append(value)
    return {**known, **found}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_what_is_not_for_somebody_is_answered_as_what_is_not_there(scene, who):
    known, asks, compared = walled(scene, values(scene.app)), visitor(scene, who), 0
    assert all(known[name] for name in ("slug", "code", "id", "role"))
    for rule in rules(scene.app, "GET"):
        if not rule.arguments & {"slug", "code", "id", "role"}:
            continue
        for there, missing in addresses(rule, known):
            if manages(who, there):
                continue
            assert same(asks.get(there), there) == same(asks.get(missing), missing), there
            compared += 1
    assert compared > 100


def same(answer, address):
    """Return an answer with its own address taken out of it."""
    status, text = answer
    parts = [part for part in address.split("/") if part]
    for part in parts[1:]:
        if len(part) > 3:
            text = text.replace(part, "…")
    return status, text


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nothing_behind_a_wall_can_be_changed_from_outside(scene, who):
    known, asks = walled(scene, values(scene.app)), visitor(scene, who)
    before = state(scene)
    fields = {"body": "Something", "markdown": "# Something", "words": "# Something", "reason": "Because", "kind": "question", "verdict": "still_true", "digest": "0" * 64, "version": 2, "then": "amend", "note": "x", "title": "x", "label": "x", "role": "member", "email": "x@bank.example", "ends_on": "2999-01-01", "invitation": "x"}
    for method in ("POST", "PUT", "DELETE"):
        for rule in rules(scene.app, method):
            if not rule.arguments & {"slug", "code", "id"}:
                continue
            for there, missing in addresses(rule, known):
                if manages(who, there):
                    continue
                answer = asks.send(method, there, fields)
                assert same(answer, there) == same(asks.send(method, missing, fields), missing), (method, there)
                assert answer[0] >= 300, (method, there)
    assert state(scene) == before


def state(scene):
    """Return what the record holds: how many rows of each kind, and the last of each chain."""
    with site_of(scene.app).database.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in _MOVING]
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


def test_missing_values_are_missing(scene):
    known = values(scene.app)
    assert not any(MISSING[name] in known[name] for name in ("slug", "code", "id"))
