"""
What requests and answers look like, as pydantic models; imported only when one is needed.

Requests are validated with them. Answers are not (that would cost every GET), but the tests
hold every answer against its model, and the OpenAPI document is generated from both.
"""

import functools
import importlib
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.domain.errors import BadField, Invalid, NotJson

MOST_NAMED = 20  # fields that one refusal names

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
        return model(reference).model_validate_json(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
    first = wrong[0]
    if first["type"] == "json_invalid":
        raise NotJson
    fields = [
        {
            "field": ".".join(str(part) for part in one["loc"]) or "body",
            "reason": REASONS.get(one["type"], "invalid"),
        }
        for one in wrong[:MOST_NAMED]
    ]
    if invalid is not None:
        raise invalid(fields=fields)
    raise BadField(**fields[0])
