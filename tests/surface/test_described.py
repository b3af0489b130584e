"""The API against its own description, with calls that a machine makes up: in shape and out of it, as an author and as nobody."""

import logging

import hypothesis
import pytest
import schemathesis
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as described

from tests.surface.bank import RULE

EXAMPLES = 6
CHECKS = [
    checks.not_a_server_error, described.status_code_conformance, described.content_type_conformance,
    described.response_schema_conformance, described.negative_data_rejection,
]
GENERATED = hypothesis.settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)


@pytest.fixture(scope="module")
def known(standing_bank):
    """What an address can name that is there, by the collection that it stands in."""
    bank = standing_bank
    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    bank.publish({"markdown": RULE})
    change, thread = bank.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}), bank.ask()
    return {"spaces": "kyc", "procedures": "KYC-001", "changes": change["id"], "threads": thread["id"], "posts": thread["posts"][0]["id"]}


def calls(app, known):
    """Yield every call of the API, with its address as it comes and, where it names something, with what is there."""
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        call = found.ok()
        yield call, {}
        for one in call.path_parameters:
            collection = next(part for part in call.path.split("/")[3:] if part != "administration")
            if one.name in ("slug", "code", "id") and collection in known:
                yield call, {"path_parameters": {one.name: known[collection]}}


def send(made, headers):
    """Send some of the calls that could be made, and hold every answer to the description."""

    @GENERATED
    @hypothesis.given(case=made)
    def each(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    each()


def test_calls_in_shape_are_answered_as_described(standing_bank, known):
    for call, given in calls(standing_bank.app, known):
        send(call.as_strategy(**given), {"Authorization": f"Bearer {standing_bank('author').token}"})


def test_calls_out_of_shape_are_refused_as_described(standing_bank, known):
    for call, given in calls(standing_bank.app, known):
        if call.body or call.query:       # in an address alone, nothing is out of shape: it is there or it is not
            send(call.as_strategy(generation_mode=GenerationMode.NEGATIVE, **given), {"Authorization": f"Bearer {standing_bank('author').token}"})


def test_nobody_is_answered_as_described(standing_bank, known):
    for call, given in calls(standing_bank.app, known):
        send(call.as_strategy(**given), {})
