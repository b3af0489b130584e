"""Told to stop while it is written to: what is in flight is answered whole or not at all, and nothing acknowledged is lost."""

import random
import socket
import time

import pytest

from tests.crashes.killing import rounds
from tests.crashes.wiki_space import begin
from tests.running import Server


def stop(server: Server) -> None:
    assert server.stop() == 0


@pytest.mark.timeout(600)
def test_a_stop_under_load_loses_nothing_and_breaks_no_answer_off(tmp_path):
    texts, posts = rounds(tmp_path / "data", 4, random.Random(1789), end=stop)

    assert texts >= 4 and posts >= 4


@pytest.mark.timeout(120)
def test_a_request_that_is_half_sent_is_still_answered(tmp_path):
    server = Server(tmp_path / "data")
    token = begin(server)
    server.start()
    body = b'{"space": "notes", "texts": [{"markdown": "# Half sent"}]}'
    head = f"POST /api/v1/changes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"

    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.encode() + body[:20])
        time.sleep(0.5)                 # it is being read when the stop comes
        server.ask_to_stop()
        time.sleep(0.5)
        line.sendall(body[20:])
        answer = line.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 201 ") and b'"state":"draft"' in answer
    assert server.stop() == 0
