"""
Records with something in every field, whose texts can be found again wherever they turn up.

Whatever is text is a marker of its own, unless it is named as an id or a code: a field that is
added tomorrow is marked without anybody thinking of it.
"""

import base64
import hashlib
import types
import typing
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

LAT, LNG = 19.7391846, -99.7391846
NUMBER = 7_391_846
_POSITIONS = {"lat": LAT, "lng": LNG}
_SHORTEST = 16  # letters of a digest that is told in part


@dataclass
class Marks:
    """
    Args:
        codes: What is no marker: values by class and field, ``*`` for every field of that name.
        at: What every moment is; days are its day.
        made: The markers that were given out, by the field they stand in.
    """

    codes: Mapping[tuple[str, str], Any]
    at: datetime
    made: dict[str, str] = field(default_factory=dict)

    def filled(self, cls: type[Any], **given: Any) -> Any:
        """Make a record of *cls* and of all it holds; what is *given* stands as it is."""
        hints = typing.get_type_hints(cls)
        values = dict(given)
        for one in fields(cls):
            if one.init and one.name not in values:
                values[one.name] = self._value(hints[one.name], cls.__name__, one.name)
        return cls(**values)

    def marker(self, where: str) -> str:
        """Give the marker of a field, with letters, accents and digits that nothing else has."""
        number = len(self.made) + 1
        return self.made.setdefault(where, f"Zoraïda Ñúx{number:03d} +52 {NUMBER}{number:03d}")

    def _value(self, hint: Any, cls: str, name: str) -> Any:
        for key in ((cls, name), ("*", name)):
            if key in self.codes:
                return self.codes[key]
        kinds = typing.get_args(hint)
        origin = typing.get_origin(hint)
        if origin in (typing.Union, types.UnionType):
            kept = next(one for one in kinds if one is not type(None))
            return self._value(kept, cls, name)
        if origin is tuple:
            several = kinds[:1] if kinds[-1] is Ellipsis else kinds
            return tuple(self._value(one, cls, f"{name}.{n}") for n, one in enumerate(several))
        if origin in (dict, Mapping):
            return {"said": self._value(kinds[1], cls, f"{name}.said")}
        if hint in (Any, object, str):
            return self.marker(f"{cls}.{name}")
        return self._plain(hint, name)

    def _plain(self, hint: Any, name: str) -> Any:
        if is_dataclass(hint):
            return self.filled(hint)  # type: ignore[arg-type]
        if issubclass(hint, Enum):
            return next(iter(hint))
        if hint in (date, datetime):
            return self.at if hint is datetime else self.at.date()
        return hint(_POSITIONS.get(name, hint is not bool))  # a file of one byte, an amount of one


def forms(marker: str) -> Iterator[str]:
    """
    Give a text as it might lie somewhere: as it is, by other letters, its digits, as base64 and as
    a digest without salt.
    """
    bare = "".join(
        one for one in unicodedata.normalize("NFD", marker) if not unicodedata.combining(one)
    )
    written = {marker, marker.lower(), marker.upper(), bare, bare.lower(), bare.upper()}
    written |= {one.replace(" ", "") for one in written}
    digits = "".join(one for one in marker if one.isdigit())
    yield from written
    yield digits[-10:]  # of a phone, whatever is before it
    for one in {*written, digits, digits[-10:], f"+{digits}", marker.strip()}:
        raw = one.encode()
        yield base64.b64encode(raw).decode().rstrip("=")
        yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
        yield raw.hex()
        for make in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            digest = make(raw, usedforsecurity=False)
            yield digest.hexdigest()[:_SHORTEST]
            yield base64.b64encode(digest.digest()).decode()[:_SHORTEST]


def places(resolution: int, cell_of: Any) -> Collection[str]:
    """Give where the markers' point is, as it might be told."""
    exact = [f"{abs(one):.3f}" for one in (LAT, LNG)]
    exact += [str(int(abs(one) * 100_000)) for one in (LAT, LNG)]
    return (*exact, *(cell_of(LAT, LNG, size) for size in range(9, resolution + 1)))
