"""R11: no more file descriptors: what cannot be done is said, and everything comes back by itself."""

import os
import resource
import socket
import time

import pytest

from tests.crashes.wiki_space import begin, publish, texts_in_history
from tests.faults.breaking import says_why
from tests.running import Server


@pytest.fixture
def few(site):
    """Leave this process so many descriptors and no more, for a while."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held: list[int] = []

    def leave(count: int) -> None:
        release()
        top = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (top + 40, hard))
        try:
            while True:
                held.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            for descriptor in [held.pop() for _ in range(count)]:
                os.close(descriptor)

    def release() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        while held:
            os.close(held.pop())

    leave.release = release
    yield leave
    release()


@pytest.mark.parametrize("left", [0, 1, 2, 3, 5, 8])
def test_with_few_descriptors_left_nothing_is_half_done(site, few, left):
    few(left)
    answers = [site.publish(f"# Few {left}\n\nWords.\n"), site.say(f"Few {left}.")]
    page = site.bank.browser_of_reader.get("/procedures/KYC-001")
    few.release()

    for answer in answers:
        assert answer.status_code in (200, 201) or says_why(answer, 503), answer.text
    assert page.status_code in (200, 503) and "Traceback" not in page.text
    site.can_be_read()
    assert site.publish(f"# Many {left}\n").status_code == 200
    site.is_whole()


@pytest.mark.timeout(240)
def test_a_server_that_ran_out_of_descriptors_answers_again_once_some_are_free(tmp_path):
    server = Server(tmp_path / "data")
    token = begin(server)
    server.start(descriptors=48)
    try:
        kept = {"# Before\n"}
        assert publish(server, token, "# Before\n")[0] == 200
        idle = [_idle(server) for _ in range(120)]
        for number in range(3):
            text = f"# During {number}\n"
            status, _ = publish(server, token, text)
            assert status in (0, 200, 503), status
            kept |= {text} if status == 200 else set()
        for one in idle:
            one and one.close()

        deadline = time.monotonic() + 60
        while publish(server, token, "# After\n")[0] != 200:
            assert time.monotonic() < deadline, "the server did not come back"
            time.sleep(0.2)
        assert kept <= texts_in_history(server, token)
        assert server.flask("verify").returncode == 0
    finally:
        server.stop()


def _idle(server):
    try:
        return socket.create_connection(("127.0.0.1", server.port), timeout=2)
    except OSError:
        return None
