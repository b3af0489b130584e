"""Translations over HTTP: the reader is offered their language, an author sees what is behind, nothing typed is lost."""

import re

import pytest
from sqlalchemy import event

from tests.site import caller, grant, make_person, make_space, post, sign_in, site_of
from tests.world import SECTIONS, World
from wiki.drafts import DraftText

FRENCH = "---\nlanguage: fr\ntranslation_of: {}\n---\n\n# Ouvrir un compte\n\nDes mots.\n"


@pytest.fixture
def people(app):
    made = {who: make_person(app, f"{who.title()} Martin", password=False) for who in ("author", "approver", "member")}
    make_space(app, "kyc")
    grant(app, "kyc", made["author"], "author")
    grant(app, "kyc", made["approver"], "approver")
    return made


@pytest.fixture
def publish(app, people):
    world = World(site_of(app).database, site_of(app).library)
    return lambda markdown, code=None, **more: world.publish(
        people["author"].id, people["approver"].id, "kyc", DraftText(code=code, markdown=markdown), **more
    )


@pytest.fixture
def site(app, people, publish):
    publish(SECTIONS)
    publish(FRENCH.format("KYC-001@1"))
    return lambda who: sign_in(app.test_client(), people[who])


def page(client, path, language="en"):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", answer.text.split("<main")[1])), answer.text


def test_a_source_names_its_translation_and_a_translation_its_source(site):
    words, html = page(site("member"), "/procedures/KYC-001")
    assert "Also in français: KYC-002Ouvrir un compte" in words
    assert 'href="/procedures/KYC-002" hreflang="fr"' in html
    for path in ("/procedures/KYC-002", "/procedures/KYC-002/versions/1", ):
        words, _ = page(site("member"), path)
        assert "Translation of KYC-001, made from version 1." in words and "is now at version" not in words


def test_the_page_says_so_as_soon_as_the_source_moved(site, publish):
    client = site("member")
    page(client, "/procedures/KYC-002")
    publish(SECTIONS + "\nMore.\n", "KYC-001")

    words, html = page(client, "/procedures/KYC-002")

    assert "made from version 1. The source is now at version 2. See what changed since" in words
    assert "/procedures/KYC-001/compare/1...2" in html
    assert "made from version 1" in page(client, "/procedures/KYC-001")[0]


def test_readers_are_offered_their_language_and_never_sent_there(site):
    offer = "Vous pouvez la lire en français"
    assert offer in page(site("member"), "/procedures/KYC-001", "fr")[0]
    assert "You can read this in English" in page(site("member"), "/procedures/KYC-002", "en")[0]
    for path, language in (("/procedures/KYC-001", "en"), ("/procedures/KYC-002", "fr")):
        words = page(site("member"), path, language)[0]
        assert offer not in words and "You can read this in English" not in words


def test_authors_see_translations_that_are_behind_and_others_do_not(site, publish):
    publish(SECTIONS + "\nMore.\n", "KYC-001")

    for path in ("/", "/spaces/kyc"):
        assert "Made from version 1 of KYC-001, which is now at version 2" in page(site("author"), path)[0]
        assert "Made from version 1" not in page(site("member"), path)[0]
    assert "The source is now at version 2" in page(site("author"), "/procedures/KYC-002/edit")[0]


def test_writing_a_translation_begins_beside_its_source_and_keeps_what_is_typed(app, site, publish):
    author = site("author")
    assert "Write its translation" not in page(author, "/procedures/KYC-001")[1]
    publish('---\ntitle: "A: \'title\'"\nowner: Compliance\n---\n\n## Principle\n\nSay it.\n')
    assert "Write its translation" not in page(site("member"), "/procedures/KYC-003")[1]
    address = re.search(r'href="([^"]+)">Write its translation', page(author, "/procedures/KYC-003")[1])[1].replace("&amp;", "&")

    opened = page(author, address)[1]
    typed = re.search(r'name="markdown"[^>]*>\n(.*?)</textarea>', opened, re.S)[1].replace("&#34;", '"').replace("&#39;", "'")
    assert 'title: "A: \'title\'"\n' in typed and "language: fr\ntranslation_of: KYC-003@1\n---\n\n## Principle\n" in typed
    assert "version 1, to be translated" in opened and "Say it." in opened

    sent = {"code": "", "action": "create", "base": "", "markdown": typed.replace("KYC-003@1", "KYC-003@9"), "reason": "Why", "kind": "material", "then": "keep"}
    refused = post(author, address, sent)
    assert refused.status_code == 422 and "KYC-003 has no text of version 9." in refused.text
    assert "KYC-003@9" in refused.text and "version 1, to be translated" in refused.text
    assert post(author, address, sent | {"markdown": typed}).status_code == 303


@pytest.mark.parametrize(("code", "status"), [("KYC-002", 409), ("KYC-999", 404), ("VAULT-001", 404)])
def test_only_an_original_of_the_same_space_is_translated(site, code, status):
    assert site("author").get(f"/spaces/kyc/new?translation_of={code}").status_code == status


def test_the_api_says_what_it_was_made_from_and_what_was_made_from_it(app, site, people, publish):
    api = caller(app, people["member"])
    publish(SECTIONS + "\nMore.\n", "KYC-001")

    source, translation = api.get("/procedures/KYC-001").json, api.get("/procedures/KYC-002").json

    assert (source["language"], source["translation_of"]) == ("en", None)
    assert source["translations"] == [{"code": "KYC-002", "language": "fr", "title": "Ouvrir un compte", "behind": True}]
    assert (translation["language"], translation["translations"]) == ("fr", [])
    assert translation["translation_of"] == {"code": "KYC-001", "version": 1, "current": 2, "behind": True}
    assert api.get("/procedures/KYC-001?version=1").json["translation_of"] is None


def test_results_of_a_search_say_a_language_that_is_not_the_reader_s(app, site):
    site_of(app).loop.catch_up()
    assert "Kyc, français" in page(site("member"), "/search?q=ouvrir")[0]
    assert "Kyc, English" in page(site("member"), "/search?q=opening", "fr")[0]
    assert "Kyc, English" not in page(site("member"), "/search?q=opening")[0]


def test_results_of_the_practice_and_what_a_question_may_be_about_say_their_language_where_it_is_not_the_reader_s(app, site, people):
    question = {"kind": "question", "body": "Does zebrafish count for ouvrir?"}
    assert caller(app, people["member"]).post("/procedures/KYC-002/threads", question).status_code == 201
    site_of(app).loop.catch_up()

    words, html = page(site("member"), "/search?q=zebrafish")
    assert re.search(r"by Member Martin, KYC-002, [^,]+, français", words) and html.count('data-language="français"') == 1
    words, html = page(site("member"), "/search?q=zebrafish", "fr")
    assert "français" not in words and "data-language" not in html
    assert "KYC-002Ouvrir un compte, français" in page(site("member"), "/search?q=ouvrir")[0]
    assert "KYC-002Ouvrir un compte, français" not in page(site("member"), "/search?q=ouvrir", "fr")[0]


def statements(app, client, path: str) -> int:
    made = []
    count = lambda *given: made.append(given[2])     # noqa: E731
    engine = site_of(app).database.engine
    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(made)


def test_the_number_of_statements_does_not_grow_with_the_translations(app, site, publish):
    client = site("author")
    places = ("/", "/spaces/kyc", "/procedures/KYC-001/versions/1", "/procedures/KYC-002/versions/1", "/procedures/KYC-001")
    publish(SECTIONS + "\nMore.\n", "KYC-001")
    for place in places[2:4]:
        client.get(place)
    site("author").get("/procedures/KYC-001")
    publish("# Another\n")
    few = [statements(app, client, place) for place in places]

    for _ in range(4):
        publish(FRENCH.format("KYC-001@1"))

    assert [statements(app, client, place) for place in places] == few
