"""A repository takes its place whole or not at all, whoever dies or races while it is made."""

import fcntl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.locks import held
from wiki import making
from wiki.repository import Library, Repository


@pytest.fixture
def library(tmp_path) -> Library:
    return Library(tmp_path / "data", ZoneInfo("UTC"))


def fresh(library: Library) -> Repository:
    """A repository as a process that knows nothing of others sees it."""
    return Repository(library.data / "spaces" / "kyc.git", library.signer)


def publish(repository: Repository) -> str:
    id = repository.commit(None, {"a.md": repository.write_text("words\n")}, "One\n", author=("A", "a"), at=datetime.now(UTC))
    repository.move(None, id)
    return id


def is_whole(repository: Repository) -> bool:
    done = subprocess.run(["git", "-C", repository.path, "fsck", "--strict"], capture_output=True, check=False)
    return done.returncode == 0 and repository.is_made


def test_what_dies_while_it_is_made_leaves_its_place_free(library, monkeypatch):
    repository = fresh(library)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(making, "_configure", die)
        with pytest.raises(KeyboardInterrupt):
            repository.make()
    assert not repository.path.exists()
    repository.make()
    assert is_whole(repository) and repository.tip() is None


def test_one_that_an_earlier_version_left_half_made_is_made(library):
    repository = fresh(library)
    repository.path.mkdir(parents=True)
    for name in ("config", "config.lock"):
        (repository.path / name).touch()

    repository.make()
    assert is_whole(repository) and not (repository.path / "config.lock").exists()
    assert publish(repository) == repository.tip()


def test_one_that_holds_publications_is_never_replaced(library):
    repository = fresh(library)
    repository.make()
    tip = publish(repository)
    (repository.path / "procedures.lock").unlink()
    (repository.path / "config.lock").touch()

    repository.make()
    assert is_whole(repository) and repository.tip() == tip


def test_of_several_that_make_it_at_once_one_takes_the_place(library):
    library.signer      # its key is made once
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fresh(library).make(), range(8)))

    assert is_whole(fresh(library)) and sorted(path.name for path in (library.data / "spaces").iterdir()) == ["kyc.git", "making.lock"]


def test_what_somebody_who_died_left_aside_goes_when_the_next_is_made(library):
    left = library.data / "spaces" / ".kyc.git.making-left" / "kyc.git"
    left.mkdir(parents=True)

    fresh(library).make()

    assert is_whole(fresh(library)) and not left.parent.exists()


def test_who_makes_one_late_leaves_alone_what_was_published_meanwhile(library, monkeypatch):
    """Who found it half made waits while another finishes it and publishes: it is not taken away."""
    late, waiting = fresh(library), threading.Event()
    late.path.mkdir(parents=True)
    real = fcntl.flock

    def flock(file, how):
        waiting.set()
        real(file, how)

    with held(late.path.parent / "making.lock"):
        monkeypatch.setattr(fcntl, "flock", flock)
        thread = threading.Thread(target=late.make)
        thread.start()
        assert waiting.wait(60)
        making._make_alone(late.path, library.signer.allowed_signers, lambda: True)
        tip = publish(fresh(library))
    thread.join(60)

    assert is_whole(late) and late.tip() == tip
