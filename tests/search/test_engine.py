"""The engine's contract: what is found and how it is forgiven, who sees what, and what a damaged index does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Unavailable
from search.engine import Document, Query
from search.whoosh_engine import WhooshEngine

TODAY = date(2026, 11, 24)
ENGLISH = {
    "opening": ("Opening an account", "The adviser copies the identity papers of the customer before the account is opened."),
    "transfers": ("Transfers abroad", "A transfer above ten thousand euros is approved by the branch manager."),
    "archive": ("Keeping the archive", "Papers are kept for ten years in the archive of the branch."),
}
FRENCH = {
    "ouverture": ("Ouvrir un compte", "L'employé vérifie l'identité du client avant l'ouverture du compte."),
    "reclamation": ("Les réclamations", "On répond aux réclamations écrites dans les dix jours, sans qu'il faille les relancer."),
    "oeuvre": ("Mise en œuvre", "La mise en œuvre du contrôle revient au contrôleur d'agence."),
}


def document(key, title, body, *, language="en", space="one", kind="procedure", **more):
    """Return a document whose owner is its key."""
    return Document(key=key, owner=more.pop("owner", key), kind=kind, space=space, language=language, title=title, body=body, **more)


def ask(engine, text, *, spaces=("one",), day=TODAY, **more):
    """Return what a question finds."""
    return engine.search(Query(text=text, spaces=frozenset(spaces), day=day, **more))


def keys(found):
    return [hit.key for hit in found.hits]


@pytest.fixture
def engine(tmp_path):
    made = WhooshEngine(tmp_path / "index")
    documents = [document(key, *texts) for key, texts in ENGLISH.items()]
    made.rebuild(documents + [document(key, *texts, language="fr") for key, texts in FRENCH.items()])
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("identite", "ouverture"), ("IDENTITÉ", "ouverture"), ("identités", "ouverture"), ("l'identité", "ouverture"),
        ("l’employe", "ouverture"), ("d'identité", "ouverture"), ("réclamation", "reclamation"), ("reclamations ecrite", "reclamation"),
        ("qu'il relance", "reclamation"), ("oeuvre", "oeuvre"), ("œuvre", "oeuvre"), ("controleurs", "oeuvre"),
        ("comment répondre à une réclamation d'un usager mécontent", "reclamation"),
    ],
)
def test_accents_plurals_and_elisions_are_forgiven_in_french(engine, asked, found):
    assert keys(ask(engine, asked))[0] == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("approving transfers", "transfers"), ("copy of the papers for opening", "opening"), ("archives", "archive"),
        ("who must approve a transfer of twenty thousand dollars to Japan?", "transfers"),
    ],
)
def test_english_words_are_found_by_their_stems_and_whole_questions_find_their_page(engine, asked, found):
    assert keys(ask(engine, asked))[0] == found


def test_a_phrase_in_quotes_must_stand_as_it_is(engine):
    assert keys(ask(engine, '"branch manager"')) == ["transfers"]
    assert ask(engine, '"manager branch"').total == 0


def test_words_found_are_marked_and_everything_else_is_escaped(engine):
    engine.replace(["evil"], [document("evil", "Evil", "A <script>alert(1)</script> beside the kangaroo.")])
    (hit,) = ask(engine, "kangaroo").hits
    assert "<mark>kangaroo</mark>" in hit.snippet
    assert "<script" not in hit.snippet and "&lt;script&gt;" in hit.snippet


def test_a_letter_whose_small_form_is_two_hides_no_other_word(engine):
    engine.replace(["bank"], [document("bank", "Banks", "İş Bankası and HARRIS lend there.", language="fr")])
    (hit,) = ask(engine, "harris").hits
    assert "İş Bankası and <mark>HARRIS</mark> lend" in hit.snippet
    assert ask(engine, "is bankasi").total == 1


def test_a_misspelt_word_is_suggested_only_from_what_the_asker_may_read(engine):
    engine.replace(["secret"], [document("secret", "Secret", "The kangaroo protocol.", space="two")])
    assert ask(engine, "kangarooo", spaces=("one", "two")).suggestion == "kangaroo"
    assert ask(engine, "kangarooo").suggestion is None


def test_a_word_of_every_sentence_is_never_held_for_a_misspelt_one(engine):
    engine.replace(["fr"], [document("fr", "Début", "Le travail commence au guichet.", language="fr")])
    assert ask(engine, "comment, au guichet").suggestion is None
    assert ask(engine, "commance, au guichet").suggestion == "commence, au guichet"


def test_a_better_spelling_is_of_the_language_in_which_somebody_asks(engine):
    engine.replace(["en"], [document("en", "Validity", "The validity of a contract.")])
    assert ask(engine, "la validité du contrat").suggestion is None
    assert ask(engine, "la validité du contrat", language="en").suggestion == "la validity du contract"
    assert ask(engine, "José’s validty").suggestion == "José’s validity"        # a name tells nothing of the language
    assert ask(engine, "the validty of this").suggestion == "the validity of this"
    assert ask(engine, "validty").suggestion == "validity"
    engine.replace(["fr"], [document("fr", "Durée", "La validité d'un contrat.", language="fr")])
    assert ask(engine, "la valdité du contrat").suggestion == "la validite du contrat"


def test_what_is_written_in_the_language_of_the_question_comes_first(engine):
    texts = {"en": ("Refunds", "A client has his refund."), "fr": ("Remboursements", "Le client, un client, tout client attend.")}
    engine.replace(list(texts), [document(key, *words, language=key) for key, words in texts.items()])

    assert keys(ask(engine, "client"))[:2] == ["fr", "en"]      # nothing tells the language: the denser first
    assert keys(ask(engine, "what does the client get"))[:2] == ["en", "fr"]
    assert [key for key in keys(ask(engine, "que reçoit le client")) if key in texts] == ["fr", "en"]
    assert ask(engine, "what does the client get").per_kind == ask(engine, "que reçoit le client").per_kind
    assert keys(ask(engine, "what does the client get", language="fr"))[0] == "fr"


def test_what_english_hangs_on_a_word_is_no_word_to_look_for(engine):
    engine.replace(["own"], [document("own", "Owners", "The host's letter, and the operator’s app.")])
    assert ask(engine, "a client's papers").hits == ask(engine, "a client papers").hits
    assert "own" not in keys(ask(engine, "the client's papers")) and keys(ask(engine, "host's letter")) == ["own"]
    assert keys(ask(engine, '"host letter"')) == ["own"]
    engine.replace(["annex"], [document("annex", "Annex S", "What stands in annex S.")])
    assert keys(ask(engine, "annex S"))[0] == "annex" == keys(ask(engine, "what is in l's"))[0]


def test_in_a_site_that_is_kept_under_one_language_every_question_is_helped(tmp_path):
    made = WhooshEngine(tmp_path / "index")
    made.rebuild([document("client", "Le client", "Le dossier du client."), document("said", "Au guichet", "Un client du guichet.", kind="tip")])

    assert ask(made, "le dosier du client").suggestion == "le dossier du client"
    assert keys(ask(made, "le client du guichet")) == keys(ask(made, "client guichet")) == ["said", "client"]


def test_nothing_outside_the_spaces_is_found_counted_or_weighed(engine):
    before = ask(engine, "papers branch")
    engine.replace(
        [f"s{n}" for n in range(30)], [document(f"s{n}", "Papers", "Papers of the branch, papers.", space="two") for n in range(30)]
    )
    after = ask(engine, "papers branch")
    assert (after.hits, after.total, after.per_kind) == (before.hits, before.total, before.per_kind)
    assert ask(engine, "papers branch", spaces=("two",)).total == 30


def test_filters_narrow_and_kinds_are_counted_as_if_not_chosen(engine):
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    engine.replace(
        ["q", "t"],
        [
            document("q", "Asked", "Where are the papers?", kind="question", author="anne", at=at),
            document("t", "Told", "The papers are here.", kind="tip", author="bea", at=at - timedelta(days=9)),
        ],
    )
    asked = ask(engine, "papers", kinds=frozenset({"question"}))
    assert keys(asked) == ["q"] and asked.per_kind == {"procedure": 2, "question": 1, "tip": 1}
    assert keys(ask(engine, "papers", author="bea")) == ["t"]
    assert keys(ask(engine, "papers", after=date(2026, 11, 20))) == ["q"]
    assert keys(ask(engine, "papers", before=date(2026, 11, 20))) == ["t"]
    assert ask(engine, "papers", language="fr").total == 0


def test_a_text_is_found_on_the_days_it_is_in_force(engine):
    engine.replace(
        ["R"],
        [
            document("R#1", "Rule", "The wombat signs.", owner="R", until_day=TODAY),
            document("R#2", "Rule", "The koala signs.", owner="R", from_day=TODAY, until_day=TODAY + timedelta(days=2)),
        ],
    )
    assert ask(engine, "wombat").total == 0 and keys(ask(engine, "koala")) == ["R#2"]
    assert keys(ask(engine, "wombat", day=TODAY - timedelta(days=1))) == ["R#1"]
    assert ask(engine, "koala", day=TODAY + timedelta(days=2)).total == 0


def test_pages_follow_each_other_without_gap_or_repeat(engine):
    engine.replace([f"p{n}" for n in range(45)], [document(f"p{n}", "Wallaby", f"The wallaby number {n}.") for n in range(45)])
    pages = [keys(ask(engine, "wallaby", page=page)) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({key for page in pages for key in page}) == 45


def test_what_is_replaced_is_found_anew_and_its_old_words_are_not(engine):
    engine.replace(["opening"], [document("opening", "Opening", "The platypus opens it.")])
    assert keys(ask(engine, "platypus")) == ["opening"]
    assert "opening" not in keys(ask(engine, "identity papers"))
    engine.replace(["opening"], [])
    assert ask(engine, "platypus").total == 0


def test_many_replacements_are_folded_into_the_main_index_and_nothing_is_lost(engine, tmp_path):
    for n in range(125):
        engine.replace([f"n{n}"], [document(f"n{n}", "Number", f"The echidna number {n}.")])
        if n < 15:
            engine.rest()
    engine.replace(["n3"], [])
    assert ask(engine, "echidna").total == 124
    assert ask(WhooshEngine(tmp_path / "index"), "echidna").total == 124


def test_another_process_finds_what_was_written_at_once(engine, tmp_path):
    other = WhooshEngine(tmp_path / "index")
    assert ask(other, "numbat").total == 0
    engine.replace(["x"], [document("x", "X", "The numbat.")])
    assert keys(ask(other, "numbat")) == ["x"]


@pytest.mark.parametrize("asked", ["*", "()", "AND OR NOT", '"', "title:x", "a" * 400, "\u0000", "l'", "🙂", "-", "٣ ٤", "%s' OR 1=1 --"])
def test_no_question_is_an_error(engine, asked):
    found = ask(engine, asked)
    assert found.total == len(found.hits) == sum(found.per_kind.values())


def test_an_index_that_is_not_there_is_unavailable_and_not_empty(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    assert not engine.is_whole()
    with pytest.raises(Unavailable):
        ask(engine, "anything")
    engine.rebuild([document("a", "A", "The bandicoot.")])
    assert engine.is_whole() and ask(engine, "bandicoot").total == 1


@pytest.mark.parametrize("harm", ["cut", "garbage", "schema"])
def test_a_damaged_index_is_noticed_and_made_again(engine, tmp_path, harm):
    assert ask(engine, "papers").total == 2
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file() and harm == "cut" and file.suffix == ".seg":
            file.write_bytes(file.read_bytes()[:20])
        elif file.is_file() and harm == "garbage" and file.name != "current.json":
            file.write_bytes(b"\xff" * max(1, file.stat().st_size))
        elif file.name == "current.json" and harm == "schema":
            file.write_text(file.read_text().replace('"schema": 2', '"schema": 99'))
    fresh = WhooshEngine(tmp_path / "index")
    with pytest.raises(Unavailable):
        ask(fresh, "papers")
    assert not fresh.is_whole()
    fresh.rebuild([document("a", "A", "The papers.")])
    assert keys(ask(fresh, "papers")) == ["a"]
