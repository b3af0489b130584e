"""The frame of the JSON API: calls are declared as endpoints; here they get validation, answers and a description."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import UnsupportedMediaType

from core import clock, text
from core.description import description
from core.errors import Invalid, N_, Problem, TooLong

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Endpoint:
    """One call: its rule's `<names>`, its `query` and its `body`, validated, become the function's arguments."""

    method: str
    rule: str
    function: Callable[..., Any]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    media: str = "application/json"     # of the answer; anything else is a whole response that the function makes
    takes_files: bool = False           # its body may be as large as files are

    @property
    def summary(self) -> str:
        """The first sentence of the function's docstring."""
        return (self.function.__doc__ or "").strip().split("\n")[0]


def _written_day(value: Any) -> date:
    # Left alone, a number is read as seconds since 1970, and a time as its day.
    try:
        return text.day(value, field="")
    except (Invalid, TypeError):
        raise PydanticCustomError("date_parsing", "not a day") from None


def _written_number(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?(0|[1-9][0-9]*)", value):
        raise PydanticCustomError("int_parsing", "not a whole number")
    return value


Day = Annotated[date, Field(strict=False), BeforeValidator(_written_day)]
Number = Annotated[int, BeforeValidator(_written_number)]


class PageQuery(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    page: Number = Field(1, ge=1, le=1_000_000)
    page_size: Number = Field(50, ge=1, le=1000)


def page_of(items: Sequence, total: int, query: PageQuery) -> dict:
    """Return one page of a list, with the number there are in all."""
    return {"items": list(items), "total": total, "page": query.page, "page_size": query.page_size}


def blueprint(endpoints: Sequence[Endpoint], *, admit: Callable[[Endpoint], None], title: str) -> Blueprint:
    """Return the API with these calls and its own description; `admit` is asked before anything else is looked at.

    What `admit` raises is the answer.
    """
    calls = Blueprint("api", __name__, url_prefix=PREFIX)
    for number, endpoint in enumerate(endpoints):
        calls.add_url_rule(endpoint.rule, f"call_{number}", _view(endpoint, admit), methods=[endpoint.method])
    # Made when somebody asks: it takes a quarter of a start.
    described = cache(lambda: json.dumps(description(endpoints, title=title, prefix=PREFIX), ensure_ascii=False))
    calls.add_url_rule("/openapi.json", "openapi", lambda: Response(described(), mimetype="application/json"))
    return calls


def _view(endpoint: Endpoint, admit: Callable[[Endpoint], None]) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        admit(endpoint)
        given: dict[str, Any] = dict(path)
        query = _query(endpoint.query)
        if endpoint.query is not None:
            given["query"] = query
        body = _body(endpoint.body)
        if endpoint.body is not None:
            given["body"] = body
        told = endpoint.function(**given)
        return told if isinstance(told, Response) else _answer(told, endpoint.status)

    view.takes_files = endpoint.takes_files
    return view


def _query(model: type[BaseModel] | None) -> BaseModel | None:
    given = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid(N_("Give this once."), field=name)
        if "\x00" in values[0]:
            raise Invalid(N_("This holds a NUL character, which cannot be kept."), field=name)
        given[name] = values[0]
    return _validated(model or _Nothing, lambda known: known.model_validate_strings(given))


def _body(model: type[BaseModel] | None) -> BaseModel | None:
    if request.method in ("GET", "HEAD"):
        return None
    raw = request.get_data()
    if not raw and model is None:
        return None
    if request.mimetype != "application/json":
        raise UnsupportedMediaType()
    body = _validated(model or _Nothing, lambda known: known.model_validate_json(raw))
    if b"\\u0000" in raw:
        _refuse_nul(body.model_dump())
    return body


def _refuse_nul(value: Any, field: str = "") -> None:
    if isinstance(value, str) and "\x00" in value:
        raise Invalid(N_("This holds a NUL character, which cannot be kept."), field=field or None)
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        _refuse_nul(inner, f"{field}.{name}" if field else str(name))


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Malformed(Problem):
    """A body that is not JSON."""

    status = 400

    def __init__(self):
        super().__init__(N_("This is not JSON that can be read."))


def _validated(model: type[BaseModel], read: Callable[[type[BaseModel]], BaseModel]) -> BaseModel:
    try:
        return read(model)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _problem(first) from None


def _problem(error: dict) -> Problem:
    kind, field = error["type"], ".".join(str(part) for part in error["loc"]) or None
    context = error.get("ctx", {})
    if kind == "json_invalid":
        return Malformed()
    if kind == "literal_error":
        return Invalid(N_("This must be one of %(expected)s."), field=field, expected=context["expected"])
    if kind == "string_too_long":
        return TooLong(field=field, limit=context["max_length"], length=len(error["input"]))
    if kind == "too_long":
        return Invalid(N_("At most %(limit)s entries; these are %(length)s."), field=field, limit=context["max_length"], length=context["actual_length"])
    for bound, words in _BOUNDS.items():
        if bound in context:
            return Invalid(words, field=field, limit=context[bound])
    return Invalid(_WORDS.get(kind, N_("This value cannot be taken.")), field=field)


_BOUNDS = {
    "ge": N_("At least %(limit)s."),
    "le": N_("At most %(limit)s."),
    "min_length": N_("At least %(limit)s characters."),
}

_WORDS = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("There is no field of this name."),
    "string_type": N_("This must be text."),
    "int_type": N_("This must be a whole number."),
    "int_parsing": N_("This must be a whole number."),
    "int_from_float": N_("This must be a whole number."),
    "bool_type": N_("This must be true or false."),
    "list_type": N_("This must be a list."),
    "date_type": N_("Give the day as year-month-day, such as 2026-03-31."),
    "date_parsing": N_("Give the day as year-month-day, such as 2026-03-31."),
    "date_from_datetime_parsing": N_("Give the day as year-month-day, such as 2026-03-31."),
    "date_from_datetime_inexact": N_("Give the day as year-month-day, such as 2026-03-31."),
    "model_attributes_type": N_("This must be an object with fields."),
    "model_type": N_("This must be an object with fields."),
}


def _answer(told: Any, status: int) -> Response:
    if isinstance(told, Response):
        return told
    document = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return Response(document, status=status, mimetype="application/json")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return clock.rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no shape in JSON")
