"""Each remark is made where it should be, in English and in French, and not where a colleague would keep quiet. GMP-2."""

import subprocess
from pathlib import Path

import pytest

from advice.checking import LONGEST_READ, remarks, targets_of
from advice.context import Context
from tests.pace import ends

STARTER = Path(__file__).resolve().parent.parent.parent / "procedures"
CORPORA = sorted((Path(__file__).resolve().parents[2].parent / "shared" / "data" / "corpora").glob("*/*.bundle"))
ROLES = {"adviser": "Adviser", "back-office": "Back office", "branch-manager": "Branch manager", "compliance": "Compliance", "broker": "Broker"}
LONG = {"en": "The adviser " + "sees and keeps " * 14, "fr": "Le conseiller " + "voit et garde " * 16}


def kinds(text, language="en", **more):
    found = remarks(text, Context(language=language, **more))
    return [one.kind for one in found if one.kind not in ("duties", "regulation")]


# language, what is remarked, words that deserve it, the same said so that they do not
CASES = [
    ("en", "passive", "The file must be kept for five years.", "The back office keeps the file for five years."),
    ("en", "passive", "The name is screened the same day.", "The name is screened by the back office the same day."),
    ("en", "passive", "All findings shall be reported at once.", "No finding shall be reported by telephone."),
    ("en", "passive", "The customer will be informed.", "Compliance decides once the customer is informed."),
    ("en", "passive", "The request has to be signed first.", "Staff are required to sign the request first."),
    ("en", "vague", "If necessary, the branch manager calls the customer.", "Above 1,000 euros, the branch manager calls the customer."),
    ("en", "vague", "The adviser answers as soon as possible.", "The adviser answers within two days."),
    ("en", "vague", "The adviser reviews the file on a regular basis.", "The adviser reviews the file every year."),
    ("en", "weak", "The adviser should call the customer.", "The adviser calls the customer."),
    ("en", "weak", "Managers ought to agree.", "Should you disagree, tell the manager."),
    ("en", "how", "To release, open Payments, tick the line, click Release and then Confirm.", "The branch manager releases or refuses the payment."),
    ("en", "how", "Here is a screenshot of the form.", "Here is the form."),
    ("en", "how", "Open the menu Payments.", "The adviser opens the account."),
    ("en", "actor", "1. Check the identity of the customer.\n2. Keep a copy.", "The adviser does this:\n\n1. Check the identity of the customer.\n2. Keep a copy."),
    ("en", "actor", "| Who | What |\n|-|-|\n|  | Opens the account |", "| Who | What |\n|-|-|\n| Adviser | Opens the account |"),
    ("en", "long", LONG["en"] + "the file.", LONG["en"][: len(LONG["en"]) // 2] + "the file."),
    ("fr", "passive", "Le dossier doit être conservé cinq ans.", "Le back-office conserve le dossier cinq ans."),
    ("fr", "passive", "Le nom est contrôlé le jour même.", "Le nom est contrôlé par le back-office le jour même."),
    ("fr", "passive", "Les écarts seront signalés aussitôt.", "Aucun écart ne doit être signalé par téléphone."),
    ("fr", "passive", "Le client devra être informé.", "La conformité décide dès que le client est informé."),
    ("fr", "passive", "La demande est transmise au service.", "La demande est adaptée au service."),
    ("fr", "vague", "Si nécessaire, le directeur d’agence rappelle le client.", "Au-delà de 1 000 euros, le directeur d’agence rappelle le client."),
    ("fr", "vague", "Le conseiller répond dans les meilleurs délais.", "Le conseiller répond sous deux jours."),
    ("fr", "vague", "Le conseiller revoit le dossier de manière régulière.", "Le conseiller revoit le dossier chaque année."),
    ("fr", "weak", "Le conseiller devrait rappeler le client.", "Le conseiller rappelle le client."),
    ("fr", "weak", "Il convient de prévenir le directeur.", "Le conseiller prévient le directeur."),
    ("fr", "how", "Pour libérer, cliquez sur Libérer puis sur Confirmer.", "Le directeur d’agence libère ou refuse le paiement."),
    ("fr", "how", "Voici une capture d’écran du formulaire.", "Voici le formulaire."),
    ("fr", "how", "Ouvrez l’onglet Paiements.", "Le conseiller ouvre le compte."),
    ("fr", "actor", "1. Vérifier l’identité du client.\n2. Garder une copie.", "Le conseiller responsable :\n\n1. Vérifier l’identité du client.\n2. Garder une copie."),
    ("fr", "actor", "| Qui | Fait quoi |\n|-|-|\n|  | Ouvre le compte |", "| Qui | Fait quoi |\n|-|-|\n| Conseiller | Ouvre le compte |"),
    ("fr", "long", LONG["fr"] + "le dossier.", LONG["fr"][: len(LONG["fr"]) // 2] + "le dossier."),
]


@pytest.mark.parametrize(("language", "kind", "deserving", "plain"), CASES)
def test_a_sentence_is_remarked_and_its_better_wording_is_not(language, kind, deserving, plain):
    """GMP-2: what is not said as somebody's act, in the present, is asked about."""
    assert kinds(deserving, language) == [kind]
    assert kinds(plain, language) == []


@pytest.mark.parametrize(("language", "with_it", "without"), [
    ("en", "| Who | Does what |\n|-|-|\n| Adviser | Signs |\n", "The adviser signs.\n"),
    ("en", "## Who does what\n\nThe adviser signs.\n", "## Principle\n\nThe adviser signs.\n"),
    ("fr", "| Qui | Fait quoi |\n|-|-|\n| Conseiller | Signe |\n", "Le conseiller signe.\n"),
    ("fr", "## Qui fait quoi\n\nLe conseiller signe.\n", "## Principe\n\nLe conseiller signe.\n"),
])
def test_a_text_without_who_does_what_is_told_so(language, with_it, without):
    """FR-2: the levels of responsibility are written down, or the author is asked for them."""
    says = lambda text: "duties" in [one.kind for one in remarks(text, Context(language=language))]     # noqa: E731

    assert says(without) and not says(with_it)


@pytest.mark.parametrize(("every", "is_told"), [("soonish", True), ("when needed", True), ("12 months", False), ("tous les ans", False), ("", False)])
def test_how_often_it_is_reviewed_is_remarked_only_where_it_cannot_be_read(every, is_told):
    told = [one.params["every"] for one in remarks("Words.", Context(review_every=every)) if one.kind == "review"]

    assert told == [every] * is_told


@pytest.mark.parametrize(("language", "words"), [
    ("en", "See article L. 561-5."), ("en", "As ISO 9001 asks."), ("en", "Under Regulation (EU) 2016/679."),
    ("fr", "Voir l’article L. 561-5."), ("fr", "Selon le code monétaire et financier."), ("fr", "Le RGPD le demande."),
])
def test_a_text_that_names_no_regulation_is_told_so(language, words):
    told = lambda text, **more: "regulation" in [one.kind for one in remarks(text, Context(language=language, **more))]     # noqa: E731

    assert told("Nothing.") and not told(words) and not told("Nothing.", names_regulation=True)


def test_a_text_is_held_to_the_budget_of_its_space_and_only_there():
    text = "The adviser signs. " * 10

    assert kinds(text, words_budget=29) == ["budget"]
    assert kinds(text, words_budget=30) == kinds(text) == []


@pytest.mark.parametrize(("role", "known"), [("Branch manger", "Branch manager"), ("Advisor", "Adviser"), ("The brokers", "Broker"), ("Backoffice", "Back office")])
def test_a_role_near_to_a_known_one_is_asked_about(role, known):
    (remark,) = [one for one in remarks(f"| Who | What |\n|-|-|\n| {role} | Signs |\n", Context(roles=ROLES)) if one.kind == "role"]

    assert remark.quote == role and remark.params["known"] == known and remark.act == "use" and remark.line == 3


@pytest.mark.parametrize(("role", "roles"), [
    ("Adviser", ROLES), ("the adviser", ROLES), ("Notary", dict(list(ROLES.items())[:4])), ("Team B", {"team-a": "Team A"}), ("Level 2", {"level-1": "Level 1"}),
])
def test_a_known_role_and_a_first_one_are_not(role, roles):
    assert kinds(f"| Who | What |\n|-|-|\n| {role} | Signs |\n", roles=roles) == []


def test_a_new_role_is_noted_where_a_space_has_its_usual_names():
    (remark,) = [one for one in remarks("| Who | What |\n|-|-|\n| Notary | Signs |\n| Notary | Seals |\n", Context(roles=ROLES)) if one.kind == "role"]

    assert remark.quote == "Notary" and remark.act is None
    assert kinds("| Who | What |\n|-|-|\n| Notary | Signs |\n", roles=ROLES, own=frozenset({"notary"})) == []


def test_a_link_that_leads_nowhere_is_told_once():
    text = "## Who does what\n\n[there](a.md), [gone](b.md), [gone](b.md), KYC-001, KYC-002, [here](#who-does-what), [lost](#nothing), [out](https://x.example/b.md)\n"

    assert {(one.kind, one.name) for one in targets_of(text)} == {
        ("path", "a.md"), ("path", "b.md"), ("code", "KYC-001"), ("code", "KYC-002"), ("anchor", "who-does-what"), ("anchor", "nothing")
    }
    told = [one.quote for one in remarks(text, Context(dead=frozenset({"b.md", "KYC-002"}))) if one.kind == "link"]
    assert sorted(told) == ["#nothing", "KYC-002", "b.md"]


def test_a_paragraph_of_how_can_become_a_tip_only_beside_a_published_rule():
    text = "The branch manager decides.\n\nOpen Payments,\nclick Release.\n\nThe end.\n"
    (published,) = [one for one in remarks(text, Context(is_published=True)) if one.kind == "how"]
    (new,) = [one for one in remarks(text, Context()) if one.kind == "how"]

    assert (published.line, published.end_line, published.act) == (3, 4, "tip")
    assert new.act is None and new.sentence != published.sentence and new.key == published.key


def test_the_steps_of_how_in_a_list_are_one_remark():
    text = "The manager:\n\n1. Decides.\n2. Click Release.\n3. Click Confirm,\n   then Close.\n4. Signs.\n"
    (remark,) = [one for one in remarks(text, Context(is_published=True)) if one.kind == "how"]

    assert (remark.line, remark.end_line) == (4, 6)


def test_how_in_a_table_is_advised_in_words_only():
    text = "| Who | What |\n|-|-|\n| Adviser | Clicks Release |\n"
    (remark,) = [one for one in remarks(text, Context(is_published=True)) if one.kind == "how"]

    assert remark.act is None and remark.line == 3


def test_lines_are_those_of_the_whole_file():
    text = "---\ntitle: T\n---\n\n# T\n\nThe adviser signs.\nThe file must be\nkept.\n"

    assert [one.line for one in remarks(text, Context(skip=3)) if one.kind == "passive"] == [8]


def test_an_end_of_line_and_an_abbreviation_end_no_sentence():
    assert kinds("The adviser cites art. L. 561-5 of the code,\ne.g. before signing.") == []


def test_code_quotes_and_tables_are_not_read_as_prose():
    assert kinds("```\nThe file must be kept.\n```\n\n> The file must be kept.\n\n| A | B |\n|-|-|\n| x | The file must be kept. |\n") == []


@pytest.mark.parametrize("path", sorted(STARTER.glob("[kbp]*/*/*.md")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_starter_procedures_are_worded_as_the_check_would(path):
    text = path.read_text()

    assert kinds(text, "fr" if "language: fr" in text else "en", skip=text.split("\n---\n")[0].count("\n") + 2) == []


@pytest.mark.skipif(not CORPORA, reason="the corpora are not beside the project")
@pytest.mark.parametrize("bundle", CORPORA, ids=lambda bundle: bundle.stem)
def test_real_texts_are_spoken_of_calmly(bundle, tmp_path):
    subprocess.run(["git", "clone", "-q", str(bundle), str(tmp_path / "it")], check=True)
    words = told = 0
    for path in (tmp_path / "it").rglob("*.md"):
        text = path.read_text("utf-8", "replace")
        french = bundle.parent.name == "fr" or "fr" in path.parts
        told += len(kinds(text, "fr" if french else "en", is_published=True))
        words += len(text.split())
    assert 0 < told < words / 100


HOSTILE = [
    "a", " ", "a\n", "\n", "[", "[](", "[a](", "![", "*a ", "_", "_ ", "|", "|-", "a|b\n-|-\n\n", ">", "> ", "<", "<a ", "{%", "must be done ",
    "should ", "is not ", "doit être pas ", "be be ", "e.g. ", ". ", "ABC-001 ", "[a](b) ", "(", ", ", "article ", "Regulation ", "tick the the ",
    "The file must be sent. ", "- Check the file\n", "# ", "- ", "a\n-\n", "```\n", "a → ", "\\|", "ééé ", "- click here\n", "\u0000", "\u202e",
]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_makes_the_check_run_away(language):
    context = Context(language=language, is_published=True, roles={f"role-{n:05}": f"Role {n:05}" for n in range(200)})
    rows = "| Who | What |\n|-|-|\n" + "".join(f"| role number {n} | signs |\n" for n in range(30_000))
    for text in [*((piece * (1_000_000 // len(piece) + 1))[:1_000_000] for piece in HOSTILE), rows]:
        with ends():
            found = remarks(text, context)
        assert len(found) <= 500, repr(text[:20])


def test_a_text_far_too_long_is_read_to_a_line_and_says_so():
    long = "The file must be kept. " * (LONGEST_READ // 10)

    assert remarks(long, Context())[0].kind == "unread"
    assert "unread" not in kinds("The adviser signs.\n" * 1000)


def test_the_same_remark_has_the_same_key_and_another_quote_another():
    one, two, three = (remarks(text, Context()) for text in ("The file must be kept.", "# T\n\nThe file must be kept.", "The card must be kept."))
    key = lambda found: next(remark.key for remark in found if remark.kind == "passive")      # noqa: E731

    assert key(one) == key(two) != key(three)
