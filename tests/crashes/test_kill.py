"""Kill -9 of every process, twenty times: the next start needs no hand."""

import random

import pytest

from tests.crashes.killing import rounds


@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_when_every_process_is_killed(tmp_path):
    texts, posts = rounds(tmp_path / "data", 20, random.Random(2012))

    assert texts >= 10 and posts >= 10      # enough was written for the kills to mean something
