"""How a command acts: in one transaction, as nobody in particular, and a problem is its last word."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from core.errors import Problem
from core.web import site


@contextmanager
def acting() -> Iterator[Session]:
    """Give a transaction to a command; a problem becomes its sentence and the exit code 1."""
    try:
        with site().database.transaction() as session:
            yield session
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
