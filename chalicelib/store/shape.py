"""Domain objects to DynamoDB items and back, compiled from the PynamoDB models."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from pynamodb.attributes import Attribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.store.attributes import DayAttribute, EnumAttribute
from chalicelib.store.table import CaseRow


class Shape:
    """
    A row class and the domain class it keeps, compiled once to go to and from DynamoDB JSON.

    An attribute named like a field of the domain class is read from the object itself; keys
    and what is renamed are given apart. A field that holds its default is left out.

    Args:
        row: The PynamoDB model: names, types and (de)serialisers of the attributes.
        made: The dataclass.
        key: The field that the sort key holds, with no attribute of its own.
        renamed: Attribute by field, where names differ.
    """

    def __init__(
        self,
        row: type[CaseRow],
        made: type[Any],
        *,
        key: str = "",
        renamed: dict[str, str] | None = None,
    ) -> None:
        self.made = made
        self.key = key
        attributes = row.get_attributes()
        names = {f.name: (renamed or {}).get(f.name, f.name) for f in fields(made)}
        kept = [f for f in fields(made) if names[f.name] in attributes and f.name != key]
        self._plan: list[tuple[str, str, str, Callable[[Any], str] | None, Any]] = []
        self._readers: dict[str, tuple[str, str, Callable[[Any], Any] | None]] = {}
        self._optional: dict[str, Any] = {}
        for field in kept:
            name = names[field.name]
            attribute = attributes[name]
            default = field.default
            if field.default_factory is not MISSING:
                default = field.default_factory()
            if default is MISSING and attribute.null:
                default = None
                self._optional[field.name] = None
            self._plan.append((field.name, name, attribute.attr_type, _writer(attribute), default))
            self._readers[name] = (field.name, attribute.attr_type, _reader(attribute))
        self._kind = {"S": attributes["kind"].get_discriminator(row)}  # type: ignore[attr-defined]

    def item(self, value: Any, **keys: str) -> dict[str, Any]:
        """Give the DynamoDB item of a domain object; *keys* are the row's own text attributes."""
        item: dict[str, Any] = {name: {"S": text} for name, text in keys.items()}
        item["kind"] = self._kind
        self._fill(value, item)
        return item

    @cached_property
    def _fill(self) -> Callable[[Any, dict[str, Any]], None]:
        """
        Put a domain object's attributes into an item: two lines of code a field, made once.

        An upload writes some eight items a debt; walking the plan for each took three times
        as long.
        """
        lines = ["def fill(value, item):"]
        known: dict[str, Any] = {}
        for n, (field, name, kind, write, default) in enumerate(self._plan):
            text = "it" if write is None else f"write{n}(it)"
            said = "it is not None"
            if default is not MISSING and default is not None:
                said += f" and it != default{n}"
            known |= {f"write{n}": write, f"default{n}": default}
            lines.append(f"    it = value.{field}")
            lines.append(f"    if {said}: item[{name!r}] = {{{kind!r}: {text}}}")
        exec("\n".join(lines), known)  # noqa: S102 - made of the names of our own classes' fields
        fill: Callable[[Any, dict[str, Any]], None] = known["fill"]
        return fill

    def read(self, item: dict[str, Any], **known: Any) -> Any:
        """Make the domain object of an item; *known* gives the fields the keys hold."""
        values = {**self._optional, **known}
        readers = self._readers
        for name, typed in item.items():
            reader = readers.get(name)
            if reader is not None:
                field, kind, read = reader
                values[field] = typed[kind] if read is None else read(typed[kind])
        return self.made(**values)


def _writer(attribute: Attribute[Any]) -> Callable[[Any], Any] | None:
    if type(attribute) in (UnicodeAttribute, BooleanAttribute):
        return None
    if type(attribute) is NumberAttribute:
        return str  # every number here is an integer
    if type(attribute) is DayAttribute:
        return date.isoformat
    if type(attribute) is EnumAttribute:
        return attrgetter("_value_")  # ``value`` is a property, in Python
    return attribute.serialize


def _reader(attribute: Attribute[Any]) -> Callable[[Any], Any] | None:
    if type(attribute) in (UnicodeAttribute, BooleanAttribute):
        return None
    if type(attribute) is NumberAttribute:
        return int
    return attribute.deserialize
