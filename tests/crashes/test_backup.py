"""Backups while twenty people write: every one is a whole site. `benchmarks.backups` takes twenty."""

import pytest

from tests.crashes.backing_up import rounds


@pytest.mark.timeout(900)
def test_every_backup_taken_while_twenty_people_write_is_a_whole_site(tmp_path):
    texts, approvals, posts = rounds(tmp_path, 5)

    assert texts >= 10 and approvals >= 2 and posts >= 5     # enough was written for the backups to mean something
