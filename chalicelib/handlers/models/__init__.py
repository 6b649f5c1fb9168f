"""
What requests and answers look like, as pydantic models; imported only when one is needed.

Requests are validated with them. Answers are not (that would cost every GET), but the tests
hold every answer against its model, and the OpenAPI document is generated from both.
"""

import functools
import importlib
import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.domain.errors import BadField, Invalid, NotJson

MOST_NAMED = 20  # fields that one refusal names
# What a browser still counts exactly; beyond 64 bits no store of ours takes it either.
MOST_INTEGER = 2**53
_LONG = re.compile(rb"\d{16}")

REASONS = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "too_short": "too_short",
    "string_pattern_mismatch": "bad_format",
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_large",
    "less_than_equal": "too_large",
    "date_from_datetime_parsing": "not_a_date",
    "date_parsing": "not_a_date",
    "date_type": "not_a_date",
    "int_type": "not_a_number",
    "int_parsing": "not_a_number",
    "int_from_float": "not_a_number",
    "float_type": "not_a_number",
    "string_type": "not_text",
    "bool_type": "not_yes_or_no",
}


class Body(BaseModel):
    """A request: strict, so that ``"12"`` is not 12, and unknown fields are refused by name."""

    model_config = ConfigDict(
        extra="forbid", strict=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class Answer(BaseModel):
    """An answer: unknown fields are refused, so that the tests see an undocumented one."""

    model_config = ConfigDict(extra="forbid")


@functools.cache
def model(reference: str) -> type[BaseModel]:
    """Find ``module:Model`` under this package."""
    module, name = reference.split(":")
    found: type[BaseModel] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    return found


def parse(reference: str, raw: bytes, *, invalid: type[Invalid] | None = None) -> Any:
    """
    Check a JSON text against a model.

    Raises:
        NotJson: It is not JSON at all.
        BadField: The first thing wrong with it, by dotted path; *invalid*, if given, names them
            all in ``fields``.
    """
    try:
        parsed = model(reference).model_validate_json(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise NotJson from error
        found = [(one["loc"], REASONS.get(one["type"], "invalid")) for one in wrong]
    else:
        found = [(path, "too_large") for path in _uncounted(raw)]
        if not found:
            return parsed
    fields = [
        {"field": ".".join(str(part) for part in path) or "body", "reason": reason}
        for path, reason in found[:MOST_NAMED]
    ]
    if invalid is not None:
        raise invalid(fields=fields)
    raise BadField(**fields[0])


def _uncounted(raw: bytes) -> Iterator[tuple[str | int, ...]]:
    """The paths of integers that are too large to be anything that is counted here."""
    if _LONG.search(raw):
        yield from _too_large(json.loads(raw), ())


def _too_large(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _too_large(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _too_large(one, (*path, number))
    elif isinstance(value, int) and abs(value) > MOST_INTEGER:
        yield path
