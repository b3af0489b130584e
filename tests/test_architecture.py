"""Imports run one way: what the code imports is held to the table in docs/architecture.md."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def table() -> dict[str, set[str]]:
    text = (ROOT / "docs" / "architecture.md").read_text()
    rows = re.findall(r"^\| (\w+) \| ([\w, –]+) \|$", text.split("may import of ours")[1].split("\n\n")[0], re.M)
    return {package: {name.strip() for name in names.split(",")} - {"–"} for package, names in rows}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def files(package: str) -> list[Path]:
    single = ROOT / f"{package}.py"
    return [single] if single.exists() else sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", sorted(table()))
def test_a_package_imports_only_what_the_table_allows(package):
    ours = set(table())
    sources = files(package)
    assert sources

    for path in sources:
        assert imported(path) & ours <= table()[package] | {package}, path


@pytest.mark.parametrize(
    "package",
    ["core", "accounts", "search", "advice", "wiki", "discussions", "receipts", "paper", "regulations", "reviews", "insights", "audit", "notices", "running", "keeping"],
)
def test_verbs_know_no_web_framework(package):
    edges = re.compile(r"(views|web|frames|answered|languages|problems|assets|api|edge|fragments|commands|panel|catalogue|server|forms|ledger|captions|binding|margins|letters|wording|shapes|unread|unsaved)\.py$")

    for path in files(package):
        if not edges.search(path.name):
            assert not imported(path) & {"flask", "flask_login", "flask_wtf", "flask_babel"}, path


def test_the_transaction_ends_in_one_place():
    committing = [
        path.relative_to(ROOT).as_posix()
        for package in table()
        for path in files(package)
        if re.search(r"session\.commit\(\)", path.read_text())
    ]

    assert committing == ["core/database.py"]
