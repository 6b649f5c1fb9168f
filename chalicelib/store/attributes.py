"""How values lie in a row: PynamoDB attributes for days, instants, enums and small structures."""

import base64
import zlib
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeVar

import orjson
from pynamodb.attributes import Attribute
from pynamodb.constants import NUMBER, STRING

from chalicelib.domain.case import Instalment
from chalicelib.domain.contact import Channel
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.timeline import ChainHead

_E = TypeVar("_E", bound=Enum)


class DayAttribute(Attribute[date]):
    """A date as ``yyyy-mm-dd``."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


@lru_cache(maxsize=64)
def instant_text(value: datetime) -> str:
    """Write an instant as ISO 8601 in UTC, always with microseconds, so that text sorts."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


class InstantAttribute(Attribute[datetime]):
    """An aware instant as ISO 8601 in UTC, always with microseconds, so that text sorts."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return instant_text(value)

    def deserialize(self, value: str) -> datetime:
        return datetime.fromisoformat(value)


class EnumAttribute(Attribute[_E], Generic[_E]):
    """An enum's value, which is text."""

    attr_type = STRING

    def __init__(self, kind: type[_E], **options: Any) -> None:
        super().__init__(**options)
        self._kind = kind

    def serialize(self, value: _E) -> str:
        return str(value.value)

    def deserialize(self, value: str) -> _E:
        return self._kind(value)


class DegreesAttribute(Attribute[float]):
    attr_type = NUMBER

    def serialize(self, value: float) -> str:
        return repr(value)

    def deserialize(self, value: str) -> float:
        return float(value)


class JsonAttribute(Attribute[Any]):
    """A small structure as JSON text: one attribute to write and read instead of a tree of them."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:
        return orjson.dumps(value).decode()

    def deserialize(self, value: str) -> Any:
        return orjson.loads(value)


class TextsAttribute(JsonAttribute):
    """A tuple of texts."""

    def deserialize(self, value: str) -> tuple[str, ...]:
        return tuple(orjson.loads(value))


class InstalmentsAttribute(JsonAttribute):
    """Instalments as ``[[number, due_on, amount_minor], ...]``."""

    def serialize(self, value: tuple[Instalment, ...]) -> str:
        rows = [[part.number, part.due_on.isoformat(), part.amount_minor] for part in value]
        return orjson.dumps(rows).decode()

    def deserialize(self, value: str) -> tuple[Instalment, ...]:
        return tuple(
            Instalment(number=number, due_on=date.fromisoformat(due_on), amount_minor=minor)
            for number, due_on, minor in orjson.loads(value)
        )


class ChannelsAttribute(JsonAttribute):
    """A tuple of channels."""

    def deserialize(self, value: str) -> tuple[Channel, ...]:
        return tuple(Channel(name) for name in orjson.loads(value))


class PairsAttribute(JsonAttribute):
    """A tuple of pairs of texts as JSON text."""

    def deserialize(self, value: str) -> tuple[tuple[str, str], ...]:
        return tuple((name, text) for name, text in orjson.loads(value))


class PartAttribute(JsonAttribute):
    """A dataclass as JSON text; what is long (an e-mail's HTML) is deflated."""

    LONG = 1_500

    def __init__(self, made: type[Any], **options: Any) -> None:
        super().__init__(**options)
        self._made = made

    def serialize(self, value: Any) -> str:
        text = orjson.dumps(to_plain(value))
        if len(text) < self.LONG:
            return text.decode()
        return base64.b64encode(zlib.compress(text)).decode()

    def deserialize(self, value: str) -> Any:
        deflated = not value.startswith("{")
        text = zlib.decompress(base64.b64decode(value)) if deflated else value
        return from_plain(self._made, orjson.loads(text))


class PartsAttribute(JsonAttribute):
    """A tuple of dataclasses of one kind as JSON text."""

    def __init__(self, made: type[Any], **options: Any) -> None:
        super().__init__(**options)
        self._made = made

    def serialize(self, value: Any) -> str:
        return orjson.dumps(to_plain(value)).decode()

    def deserialize(self, value: str) -> Any:
        return tuple(from_plain(self._made, one) for one in orjson.loads(value))


class ChainAttribute(Attribute[ChainHead]):
    """The head of a timeline as ``<seq>#<hash>``."""

    attr_type = STRING

    def serialize(self, value: ChainHead) -> str:
        return f"{value.seq}#{value.hash}"

    def deserialize(self, value: str) -> ChainHead:
        seq, _, digest = value.partition("#")
        return ChainHead(seq=int(seq), hash=digest)
