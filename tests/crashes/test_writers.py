"""Eight writers at once into one space: what was acknowledged is there, what was refused says why."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crashes.wiki_space import begin, commits, publish, texts_in_history
from tests.running import Server

WRITERS, EACH = 8, 25


@pytest.mark.timeout(240)
def test_eight_writers_lose_nothing(tmp_path):
    server = Server(tmp_path / "data")
    token = begin(server)
    server.start()
    try:
        publish(server, token, "# Shared\n\nfirst\n")

        def write(writer: int) -> list[tuple[str, int, object]]:
            texts = [f"# Text {writer} of {number}\n\nwords\n" for number in range(EACH)]
            return [(text, *publish(server, token, text, "NOTES-001" if number % 5 == 0 else None)) for number, text in enumerate(texts)]

        with ThreadPoolExecutor(WRITERS) as pool:
            answers = [answer for part in pool.map(write, range(WRITERS)) for answer in part]

        acknowledged = {text for text, status, _ in answers if status == 200}
        assert len(acknowledged) >= WRITERS * EACH * 0.8
        for _, status, told in answers:
            assert status == 200 or (status == 409 and told["detail"]), told
        assert acknowledged <= texts_in_history(server, token)
        assert commits(server) == len(acknowledged) + 1
        assert server.flask("verify").returncode == 0
    finally:
        server.stop()
