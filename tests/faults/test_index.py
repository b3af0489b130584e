"""R17: the search index deleted, cut or old: the search says so, and the right results come back by themselves."""

import shutil

import pytest

from app import _wire
from tests.crashes.wiki_space import begin, publish
from tests.faults.breaking import Site
from tests.running import Server


@pytest.fixture
def wired(site: Site):
    """The parts that follow the journal, over the same site."""
    return _wire(site.bank.app, site.parts.settings)


def found(site, words):
    answer = site.bank("member").get(f"/search?q={words}")
    return answer.status_code, [one["code"] for one in answer.json.get("items", ())]


def folder(site):
    return site.parts.settings.data / "search"


def harm_gone(site):
    shutil.rmtree(folder(site))


def harm_cut(site):
    for path in folder(site).rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def harm_emptied(site):
    for path in folder(site).rglob("*"):
        if path.is_file():
            path.write_bytes(b"")


@pytest.mark.parametrize("harm", [harm_gone, harm_cut, harm_emptied], ids=["gone", "cut", "emptied"])
def test_a_lost_index_is_said_and_made_again(site, wired, harm):
    wired.site.loop.catch_up()
    assert found(site, "opening") == (200, ["KYC-001"])

    harm(site)
    site.parts.engine.rest()
    status, _ = found(site, "opening")
    assert status in (200, 503)        # what is still open in memory may answer; an empty list never does
    site.can_be_read()
    assert site.publish("# Written meanwhile\n").status_code == 200

    with wired.site.database.reading() as session:
        wired.index.heal(session)
    wired.site.loop.catch_up()

    assert found(site, "opening") == (200, ["KYC-001"]) and found(site, "meanwhile")[1]
    site.is_whole()


def test_an_index_of_long_ago_comes_up_to_date(site, wired, tmp_path):
    wired.site.loop.catch_up()
    shutil.copytree(folder(site), tmp_path / "old")
    for number in range(20):
        site.publish(f"# Bandicoot {number}\n")
    wired.site.loop.catch_up()
    assert len(found(site, "bandicoot")[1]) == 20

    shutil.rmtree(folder(site))
    shutil.copytree(tmp_path / "old", folder(site))
    run = site.bank.app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert run.exit_code == 0 and len(found(site, "bandicoot")[1]) == 20


@pytest.mark.timeout(180)
def test_a_server_that_starts_without_an_index_makes_one(tmp_path):
    server = Server(tmp_path / "data")
    token = begin(server)
    server.start()
    publish(server, token, "# Bandicoot\n")
    server.kill()
    shutil.rmtree(tmp_path / "data" / "search", ignore_errors=True)

    server.start()
    try:
        for _ in range(200):
            status, told = server.get("/api/v1/search?q=bandicoot", token)
            if status == 200 and told["items"]:
                break
            assert status in (200, 503)
        assert told["items"][0]["code"] == "NOTES-001"
    finally:
        server.stop()

