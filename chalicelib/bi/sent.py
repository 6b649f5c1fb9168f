"""Reading what was sent as JSON: each value held to what it has to be, refused by its name."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Band

LONGEST = 120  # characters of a value


def text(told: Mapping[str, Any], name: str, *, empty: bool = False) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise BadField(field=name, reason="not_text")
    if not value and not empty:
        raise BadField(field=name, reason="missing")
    if len(value) > LONGEST:
        raise BadField(field=name, reason="too_long")
    return value


def yes(told: Mapping[str, Any], name: str, *, usual: bool) -> bool:
    value = told.get(name, usual)
    if not isinstance(value, bool):
        raise BadField(field=name, reason="not_yes_or_no")
    return value


def number(told: Mapping[str, Any], name: str, *, usual: int) -> int:
    value = told.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadField(field=name, reason="not_a_number")
    return value


def items(told: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = told.get(name, [])
    if not isinstance(value, (list, tuple)):
        raise BadField(field=name, reason="invalid")
    return value


def texts(told: Mapping[str, Any], name: str, *, under: str = "") -> tuple[str, ...]:
    values = items(told, name)
    for at, value in enumerate(values):
        if not isinstance(value, str):
            raise BadField(field=f"{under}{name}.{at}", reason="not_text")
    return tuple(values)


def day(told: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text(told, name))
    except ValueError as error:
        raise BadField(field=name, reason="not_a_date") from error


def band(told: Any, at: int) -> Band:
    if not isinstance(told, Mapping):
        raise BadField(field=f"bands.{at}", reason="invalid")
    bounds = {}
    for name in ("from_dpd", "to_dpd"):
        value = told.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise BadField(field=f"bands.{at}.{name}", reason="not_a_number")
        bounds[name] = value
    return Band(code=text(told, "code"), **bounds)
