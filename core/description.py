"""The OpenAPI 3.1 description of the JSON API, made from the endpoints and their models."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

if TYPE_CHECKING:
    from core.api import Endpoint

Shapes = dict[tuple[type, str], dict]
_JSON = "application/json"
_REFERENCE = "#/components/schemas/{model}"
_PROBLEM = {
    "type": "object",
    "description": "What is wrong, in words. Source: RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "The field that cannot be taken."},
        "present": {"type": "object", "description": "What the thing is now, where it moved."},
        "sides": {"type": "object", "description": "Both texts, where two touch."},
    },
}
_READING = (401, 403, 404, 422)
_WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 429)


def description(endpoints: Sequence["Endpoint"], *, title: str, prefix: str) -> dict:
    """Return the description of these calls."""
    shapes, definitions = _shapes(endpoints)
    paths: dict[str, dict] = {}
    for endpoint in endpoints:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.rule)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, shapes)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions | {"Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: "Endpoint", shapes: Shapes) -> dict:
    told: dict[str, Any] = {
        "operationId": _name(endpoint),
        "summary": endpoint.summary,
        "parameters": [_path_parameter(name) for name in re.findall(r"<(?:\w+:)?(\w+)>", endpoint.rule)] + _query_parameters(endpoint),
        "responses": _responses(endpoint, shapes),
    }
    if endpoint.method != "GET":
        told["security"] = [{"token": []}]
    if endpoint.body is not None:
        told["requestBody"] = {"required": True, "content": _json(shapes[endpoint.body, "validation"])}
    return told


def _name(endpoint: "Endpoint") -> str:
    return "_".join([endpoint.method.lower(), *re.findall(r"\w+", re.sub(r"<(?:\w+:)?(\w+)>", r"\1", endpoint.rule))])


def _path_parameter(name: str) -> dict:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(endpoint: "Endpoint") -> list[dict]:
    if endpoint.query is None:
        return []
    schema = endpoint.query.model_json_schema(mode="validation", ref_template=_REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(inner)}
        for name, inner in schema["properties"].items()
    ]


def _without_null(schema: dict) -> dict:
    # A parameter that may be left out is left out: the words "null" in an address are words.
    kinds = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return kinds[0] | {key: value for key, value in schema.items() if key not in ("anyOf", "default")}


def _responses(endpoint: "Endpoint", shapes: Shapes) -> dict:
    answered: dict[str, Any] = {"description": endpoint.summary}
    if endpoint.answer is not None:
        answered["content"] = _json(shapes[endpoint.answer, "serialization"])
    elif endpoint.media != _JSON:
        answered["content"] = {endpoint.media: {"schema": {"type": "string", "format": "binary"}}}
    refusals = _READING if endpoint.method == "GET" else _WRITING
    problem = {"application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    return {str(endpoint.status): answered} | {
        str(status): {"description": "A problem, in words.", "content": problem} for status in refusals
    }


def _json(schema: dict) -> dict:
    return {_JSON: {"schema": schema}}


def _shapes(endpoints: Sequence["Endpoint"]) -> tuple[Shapes, dict]:
    """Return where each model's schema is, and all the schemas."""
    asked = {(one.body, "validation") for one in endpoints if one.body is not None}
    answered = {(one.answer, "serialization") for one in endpoints if one.answer is not None}
    ordered = sorted(asked | answered, key=lambda pair: (pair[0].__name__, pair[1]))
    shapes, top = models_json_schema(ordered, ref_template=_REFERENCE)
    return shapes, top.get("$defs", {})
