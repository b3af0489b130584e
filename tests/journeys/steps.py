"""What several journeys go through: writing a change, deciding it, choosing a password."""

from tests.journeys.person import Person
from tests.site import PASSWORD


def rewrite(author: Person, code: str, before: str, after: str) -> Person:
    """Open the editor of a procedure and put other words in place of some."""
    author.open(f"/procedures/{code}").follow("Write a change")
    text = author.field("Text in Markdown").input_value()
    assert before in text
    return author.fill("Text in Markdown", text.replace(before, after))


def send(author: Person, reason: str) -> str:
    """Say why, send a change for review, and return its path."""
    author.fill("Why this change?", reason).press("Send for review").sees("In review")
    return author.page.url


def choose_password(person: Person) -> Person:
    """Choose a first password on the account page."""
    person.open("/account").fill("New password", PASSWORD).press("Save the password")
    return person.sees("Your password is set. You were signed out everywhere else.")


def approve(approver: Person, change: str, password: str = PASSWORD) -> Person:
    """Approve a change with a password."""
    return approver.open(change).fill("Your password, once more", password).press("Approve")
