"""Every act that the code adds to a space's journal has words, so that none shows as a word of the code."""

import ast
from pathlib import Path

from audit.words import OTHER, WORDS, words
from discussions.care import PARTS

ROOT = Path(__file__).resolve().parent.parent.parent
# What is added to the site's chain and to no space's.
OF_THE_SITE = {
    "add_link", "add_person", "add_token", "appoint_administrator", "ask_verify", "back_up", "choose_email", "choose_team", "disable",
    "dismiss_administrator", "enable", "end_calendar_address", "export", "forget_password", "mail_again", "make_calendar_address",
    "make_employee", "make_guest", "plan_backups", "refuse_password", "refuse_sign_in", "rename", "reset_password", "restore",
    "revoke_token", "set_password", "sign_in", "sign_out", "sign_out_elsewhere", "try_mail",
}
_PASSED_ON = ("tell", "_record")    # verbs' own helpers, which take the act as an argument


def named(node: ast.AST) -> set[str]:
    """Return the acts that an expression can be: both sides of an if, and each part of a gap."""
    if isinstance(node, ast.IfExp):
        return named(node.body) | named(node.orelse)
    if isinstance(node, ast.JoinedStr):
        assert ast.unparse(node) == "f'gap_{part}'"
        return {f"gap_{part}" for part in PARTS}
    if isinstance(node, ast.Dict):
        return {one for value in node.values for one in named(value)}
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def acts(path: Path) -> set[str]:
    """Return the acts that a file names: given as `act=`, kept as `act` or `_ACTS`, or passed to a helper that adds them."""
    found, tree = set(), ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found |= {one for given in node.keywords if given.arg == "act" for one in named(given.value)}
            found |= {one for given in node.args if name in _PASSED_ON for one in named(given)}
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("act", "_ACTS"):
            found |= named(node.value)
    return found


def sources() -> list[Path]:
    apart = {"tests", "migrations", "benchmarks", "advice", "audit"}
    return [path for path in ROOT.glob("*/*.py") if path.parent.name not in apart and (path.parent / "__init__.py").exists()]


def test_every_act_of_a_space_has_words():
    used = {act for path in sources() for act in acts(path)}
    assert {"publish", "hide_post", "gap_cause", "useful", "propose", "set_visibility", "add_clause", "try_mail"} <= used
    assert used - OF_THE_SITE == set(WORDS)
    assert OF_THE_SITE <= used


def test_an_act_of_another_release_does_not_show_as_a_word_of_the_code():
    assert words("publish") != OTHER and words("conjure_up") == OTHER
    assert not [said for said in WORDS.values() if "_" in said]
