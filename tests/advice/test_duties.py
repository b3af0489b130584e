"""Who does what is read where it can be read with certainty, whatever the order and the language of the heads."""

import re
import subprocess
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from advice.blocks import blocks
from advice.duties import duties_of
from advice.folding import folded

STARTER = Path(__file__).resolve().parent.parent.parent / "procedures"
CORPORA = sorted((Path(__file__).resolve().parents[2].parent / "shared" / "data" / "corpora").glob("*/*.bundle"))


def read(text):
    return [(duty.role, duty.task, duty.delay) for duty in duties_of(text)]


@pytest.mark.parametrize("heads", [
    "Who | Does what | By when", "Role | Task | Deadline", "Actor | Action | Within", "Qui | Fait quoi | Quand",
    "Acteur | Tâche | Délai", "RESPONSABLE | ÉTAPE | Échéance", "**Who** | *What* | When", "The role | The task | The delay",
])
def test_a_table_is_read_by_its_heads(heads):
    text = f"| {heads} |\n|---|:-:|--:|\n| Adviser | Sees the original. | Before any signature |\n"

    assert read(text) == [("Adviser", "Sees the original.", "Before any signature")]


def test_columns_may_stand_in_any_order_among_others():
    text = "| N° | By when | Tool | What | Who |\n|-|-|-|-|-|\n| 1 | At once | Phone | Blocks the card \\| account | **Call centre** |\n"

    assert read(text) == [("Call centre", "Blocks the card | account", "At once")]


@pytest.mark.parametrize("heads", ["Product | Price", "Who | Since when", "What | By when", "Who | Who | What", "Date | Task"])
def test_other_tables_ask_nothing(heads):
    width = heads.count("|") + 1

    assert read(f"| {heads} |\n|{'-|' * width}\n|{' x |' * width}\n") == []


def test_a_row_without_role_or_task_is_no_duty():
    assert read("| Who | What |\n|-|-|\n|  | Opens the account |\n| Adviser |  |\n| Adviser | Signs |\n") == [("Adviser", "Signs", "")]


@pytest.mark.parametrize(("line", "expected"), [
    ("Adviser → sees the original document → before any signature", ("Adviser", "sees the original document", "before any signature")),
    ("- Back-office -> contrôle le nom -> le jour même", ("Back-office", "contrôle le nom", "le jour même")),
    ("- **Adviser**: sees the original (before any signature)", ("Adviser", "sees the original", "before any signature")),
    ("- **Adviser:** keeps a copy (see the annex)", ("Adviser", "keeps a copy (see the annex)", "")),
    ("- **Conseiller** : voit l’original (avant toute signature).", ("Conseiller", "voit l’original", "avant toute signature")),
])
def test_lines_under_a_heading_that_says_who_are_read(line, expected):
    assert read(f"## Who does what\n\n{line}\n") == [expected] == read(f"## Qui fait quoi ?\n\n{line}\n")


@pytest.mark.parametrize("line", [
    "- **Note**: the register is public", "Settings → Users → All", "File → Save", "The adviser sees the original, before any signature.",
])
def test_lines_elsewhere_are_not_taken_for_duties(line):
    assert read(f"## Settings\n\n{line}\n") == []


def test_arrows_with_a_task_in_words_and_a_delay_are_read_anywhere():
    assert read("Adviser → sees the original document → before any signature\n") != []


def test_code_is_not_read():
    table = "| Who | What |\n|-|-|\n| Adviser | Signs |\n"

    assert read(f"```\n{table}```\n") == [] == read("\n".join("    " + line for line in table.splitlines()))
    assert read(table) != []


@pytest.mark.parametrize(("one", "other"), [
    ("Adviser", "the adviser"), ("L’agence", "agence"), ("Équipe conformité", "equipe conformite"), ("Branch  manager:", "Branch manager"),
])
def test_spellings_of_a_role_have_one_name(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize("role", ["合规", "Ответственный", "!", "x" * 300, "Back office — Paris", "Α team", "..", "é"])
def test_every_role_has_a_name_that_fits_an_address(role):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,127}", folded(role))


def test_roles_of_other_alphabets_stay_apart():
    assert folded("合规") != folded("客服")


def test_every_procedure_of_the_starter_site_says_who():
    texts = [path.read_text() for path in STARTER.glob("*/*/*.md") if "Who does what" in path.read_text() or "Qui fait quoi" in path.read_text()]

    assert len(texts) > 20
    assert all(len(duties_of(text)) == text.count("\n| ") - 1 for text in texts)


def cells_by_markdown_it(text):
    """The cells of every table, as the renderer sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [tokens[at + 1].content for at, token in enumerate(tokens) if token.type in ("th_open", "td_open")]


@pytest.mark.skipif(not CORPORA, reason="the corpora are not beside the project")
def test_tables_are_read_as_they_are_rendered(tmp_path):
    compared = 0
    for bundle in CORPORA:
        folder = tmp_path / bundle.stem
        subprocess.run(["git", "clone", "-q", str(bundle), str(folder)], check=True)
        for path in folder.rglob("*.md"):
            text = path.read_text("utf-8", "replace").replace("\r\n", "\n")
            if "|-" not in text and "| -" not in text or text.startswith("---"):
                continue
            ours = sum(len(row.cells) for block in blocks(text) for row in block.rows)
            assert ours == len(cells_by_markdown_it(text)), path.name
            compared += ours
    assert compared > 200
