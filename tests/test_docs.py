"""What the documents say is held to the code."""

import re
import tomllib
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[a-z0-9-]+", line).group().lower() for line in requirements}


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    said = (ROOT / "docs" / "dependencies.md").read_text()
    runs, tests = said.split("## What tests need besides")

    assert names(project["project"]["dependencies"]) == set(re.findall(r"^\| ([a-z0-9-]+) \|", runs, re.M)) - {"package"}
    written = {name.strip() for row in re.findall(r"^\| ([a-z0-9-, ]+) \|", tests, re.M) for name in row.split(",")}
    assert names(project["dependency-groups"]["test"]) == written - {"package"}


def test_locks_carry_hashes_and_no_registry():
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "http" not in text and "index-url" not in text
        pinned = re.findall(r"^[a-z0-9][^\n]*==", text, re.M)
        assert pinned and text.count("--hash=sha256:") >= len(pinned)


def test_every_setting_is_in_the_readme():
    used = set(re.findall(r'take\("([A-Z_]+)"', (ROOT / "core" / "settings.py").read_text()))

    assert used
    for name in used:
        assert f"PROCEDURES_{name}" in (ROOT / "README.md").read_text(), name


def test_every_command_is_in_the_readme(app):
    known = {name: command for name, command in app.cli.commands.items() if name != "translate"}
    words = [
        f"{name} {one}" if one else name
        for name, command in known.items()
        for one in (command.commands if isinstance(command, click.Group) else [""])
    ]

    said = (ROOT / "README.md").read_text()
    assert "spaces archive" in words
    for word in words:
        assert f"`flask {word}" in said, word
