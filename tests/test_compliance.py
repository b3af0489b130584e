"""The table of duties is held to the tests: a test that it names exists and carries the duty, and none is left out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_DUTY = re.compile(r"\b(ISO|P11|A11|GMP|FR|SOX|REC|DOC)-(\d+)\b|_(iso|p11|a11|gmp|fr|sox|rec|doc)_(\d+)(?![0-9])")
_ROW = re.compile(r"^\| ((?:ISO|P11|A11|GMP|FR|SOX|REC|DOC)-\d+) \|(.*)\|$", re.M)


def rows() -> dict[str, list[str]]:
    return {duty: [cell.strip() for cell in cells.split(" | ")] for duty, cells in _ROW.findall((ROOT / "docs" / "compliance.md").read_text())}


def carried(text: str) -> set[str]:
    return {f"{(big or small).upper()}-{one or two}" for big, one, small, two in _DUTY.findall(text)}


def names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    assigned = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    return assigned | {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_each_test_that_a_duty_names_is_there():  # A11-1
    named = {duty: cells[2] for duty, cells in rows().items() if cells[2] != "–"}

    assert len(named) > 30
    for duty, test in named.items():
        file, _, function = test.partition("::")
        assert (ROOT / file).exists(), (duty, file)
        assert not function or function in names(ROOT / file), (duty, test)


def test_every_duty_of_the_list_is_a_row_answered_or_not():
    listed = {"ISO": 14, "P11": 20, "A11": 13, "GMP": 3, "FR": 8, "SOX": 7, "REC": 5, "DOC": 1}

    assert set(rows()) == {f"{text}-{number}" for text, last in listed.items() for number in range(1, last + 1)}


def test_each_test_that_a_duty_names_carries_it():
    for duty, (_, _, test, _) in rows().items():
        if test != "–":
            file, _, function = test.partition("::")
            assert duty in carried(marked(ROOT / file, function)), (duty, test)


def marked(path: Path, function: str) -> str:
    """Return where a test says which duties it is about: its first line and its words, or those of the file for all of it."""
    text = path.read_text()
    tree = ast.parse(text)
    node = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function), None)
    if node is None:
        return ast.get_docstring(tree) or ""
    return "\n".join([*text.splitlines()[node.lineno - 1 : node.body[0].lineno - 1], ast.get_docstring(node) or ""])


def test_each_duty_that_a_test_carries_is_in_the_table():
    known = rows()

    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path.name != "test_compliance.py":
            assert carried(path.read_text()) <= set(known), path


def test_a_duty_without_a_test_says_whose_it_is():
    for duty, (asked, where, test, left) in rows().items():
        assert asked and where, duty
        assert test != "–" or left != "–" or where.startswith(("not applicable", "–")), duty
