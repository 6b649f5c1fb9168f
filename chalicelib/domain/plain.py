"""Dataclasses to JSON-safe values and back: one shape for rows, queues and answers."""

import dataclasses
import enum
import functools
import types
import typing
from datetime import UTC, date, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:  # noqa: PLR0911 (one line per kind of value)
    """
    Make *value* JSON-safe: dataclasses by field name, instants as ISO UTC with ``Z``.

    >>> from chalicelib.domain.portfolio import Band
    >>> to_plain(Band(code="0", from_dpd=None, to_dpd=0))
    {'code': '0', 'from_dpd': None, 'to_dpd': 0}
    >>> to_plain(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [to_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _names(type(value))}
    raise TypeError(f"no plain form for {type(value).__name__}")


def from_plain(kind: type[T], plain: dict[str, Any]) -> T:
    """
    Build the dataclass *kind* from what ``to_plain`` made of it.

    Fields that are absent take their defaults, and unknown ones are dropped, so that rows
    written by an older or a newer version can be read.

    >>> from chalicelib.domain.portfolio import Band
    >>> from_plain(Band, {"code": "0", "from_dpd": None, "to_dpd": 0, "later": 1})
    Band(code='0', from_dpd=None, to_dpd=0)

    A tuple of some length is read part by part:

    >>> _read(tuple[str, tuple[str, ...]], ["channel", ["call", "sms"]])
    ('channel', ('call', 'sms'))

    >>> _read(frozenset[str], ["maya"])
    frozenset({'maya'})
    """
    hints = _hints(kind)  # type: ignore[arg-type]  # mypy: a class of unknown type may be unhashable
    return kind(**{name: _read(hints[name], plain[name]) for name in hints if name in plain})


def instant(at: datetime) -> str:
    """
    Write an aware instant as ISO UTC, with ``Z`` and only the precision it has.

    >>> instant(datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC))
    '2026-01-02T03:04:05.000600Z'
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {name: hints[name] for name in _names(kind)}


def _read(hint: Any, plain: Any) -> Any:  # noqa: PLR0911 (one line per kind of hint)
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        if plain is None:
            return None
        (inner,) = (arm for arm in typing.get_args(hint) if arm is not types.NoneType)
        return _read(inner, plain)
    if origin is tuple:
        items = typing.get_args(hint)
        if items[-1] is Ellipsis:
            return tuple(_read(items[0], each) for each in plain)
        return tuple(_read(item, each) for item, each in zip(items, plain, strict=False))
    if origin is frozenset:
        return frozenset(_read(typing.get_args(hint)[0], each) for each in plain)
    if origin is dict:
        item = typing.get_args(hint)[1]
        return {key: _read(item, each) for key, each in plain.items()}
    if not isinstance(hint, type):
        return plain
    if dataclasses.is_dataclass(hint):
        return from_plain(hint, plain)
    if issubclass(hint, enum.Enum):
        return hint(plain)
    if hint is datetime:
        return datetime.fromisoformat(plain)
    if hint is date:
        return date.fromisoformat(plain)
    if hint is int and not isinstance(plain, bool):
        return int(plain)
    return plain
