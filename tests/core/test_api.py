import json

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel, ConfigDict, Field

from core import api
from core.api import Endpoint, PageQuery, page_of


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    words: str = Field(max_length=20)
    times: int = Field(1, ge=1, le=9)
    inner: list[dict[str, str]] = Field([], max_length=3)


class Said(BaseModel):
    said: str


def say(name: str, body: Words) -> dict:
    """Say some words."""
    return {"said": f"{name}: {body.words * body.times}"}


def look(query: PageQuery) -> dict:
    """Look at a page."""
    return page_of(["x"], 7, query)


def touch(name: str) -> dict:
    """Touch a thing."""
    return {"said": name}


@pytest.fixture
def calls(app):
    made = api.blueprint(
        [
            Endpoint("POST", "/try/<name>", say, body=Words, answer=Said, status=201),
            Endpoint("GET", "/try", look, query=PageQuery),
            Endpoint("POST", "/try/<name>/touch", touch, answer=Said),
        ],
        admit=lambda endpoint: None, title="Try",
    )
    made.name = "trying"
    made.url_prefix = "/api/trying"
    app.extensions["csrf"].exempt(made)
    app.register_blueprint(made)
    return app.test_client()


def post(calls, body, **more):
    return calls.post("/api/trying/try/anne", data=body if isinstance(body, (str, bytes)) else json.dumps(body), **{"content_type": "application/json"} | more)


def test_a_valid_body_becomes_the_argument(calls):
    answer = post(calls, {"words": "é", "times": 2})

    assert answer.status_code == 201 and answer.json == {"said": "anne: éé"}


@pytest.mark.parametrize(("body", "field"), [
    ({}, "words"), ({"words": 1}, "words"), ({"words": None}, "words"), ({"words": ["x"]}, "words"), ({"words": "x" * 21}, "words"),
    ({"words": "x", "times": "2"}, "times"), ({"words": "x", "times": True}, "times"), ({"words": "x", "times": 1.5}, "times"),
    ({"words": "x", "times": 0}, "times"), ({"words": "x", "times": 10}, "times"), ({"words": "x", "admin": True}, "admin"),
    ({"words": "a\x00b"}, "words"), ({"words": "x", "inner": [{"a": "\x00"}]}, "inner.0.a"), ({"words": "x", "inner": [{"a": 1}]}, "inner.0.a"),
])
def test_a_field_out_of_range_is_422_and_named(calls, body, field):
    answer = post(calls, body)

    assert answer.status_code == 422 and answer.json["field"] == field and answer.json["detail"].endswith(".")


def test_what_is_too_long_is_told_with_its_length(calls):
    assert post(calls, {"words": "é" * 1021}).json["detail"] == "At most 20 characters; these are 1,021."
    assert post(calls, {"words": "x", "inner": [{}] * 4}).json["detail"] == "At most 3 entries; these are 4."
    assert post(calls, {"words": "é" * 20, "inner": [{}] * 3}).status_code == 201


@pytest.mark.parametrize("body", ["", "{", "nope", b"\xff\xfe", "[" * 5000, '{"words": "\\ud800"}', "{'words': 'x'}"])
def test_what_is_not_json_is_400(calls, body):
    assert post(calls, body).status_code == 400


@pytest.mark.parametrize("body", ["[]", "7", "null", '"x"'])
def test_json_that_is_no_object_is_422(calls, body):
    assert post(calls, body).status_code == 422


def test_words_about_nul_are_only_words(calls):
    assert post(calls, {"words": "\\u0000 is NUL"}).status_code == 201


def test_another_content_type_is_415(calls):
    assert post(calls, {"words": "x"}, content_type="text/plain").status_code == 415


def test_a_call_without_a_body_takes_none_or_an_empty_one(calls):
    path = "/api/trying/try/anne/touch"

    assert calls.post(path).status_code == calls.post(path, json={}).status_code == 200
    assert calls.post(path, json={"state": "published"}).status_code == 422


def test_a_list_has_its_four_fields(calls):
    assert calls.get("/api/trying/try?page=3&page_size=2").json == {"items": ["x"], "total": 7, "page": 3, "page_size": 2}


def test_a_strange_path_is_not_there(calls):
    for name in ("a%00", "a%20b", "%2e%2e", "a" * 200, "é"):
        assert calls.post(f"/api/trying/try/{name}/touch").status_code == 404


def test_the_description_is_valid_openapi(app):
    described = app.test_client().get("/api/v1/openapi.json").json

    validate(described)
    assert described["openapi"].startswith("3.1")


def test_every_call_is_described_with_its_shapes(app):
    described = app.test_client().get("/api/v1/openapi.json").json
    calls = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/") and rule.endpoint != "api.openapi"]

    assert sum(len(path) for path in described["paths"].values()) == len(calls)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert any(status.startswith("2") for status in operation["responses"])
    names = [operation["operationId"] for operations in described["paths"].values() for operation in operations.values()]
    assert len(set(names)) == len(names)
