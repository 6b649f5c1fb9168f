"""Domain objects to DynamoDB items and back, compiled from the PynamoDB models."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any

import orjson
from pynamodb.attributes import Attribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.store.attributes import (
    DayAttribute,
    DegreesAttribute,
    EnumAttribute,
    InstantAttribute,
)
from chalicelib.store.table import CaseRow

quoted = encode_basestring  # text as JSON, its letters as they are
# What a transaction does to one item: as DynamoDB says it, or that in ready JSON.
Operation = dict[str, Any] | orjson.Fragment


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
        self._plan: list[tuple[str, Attribute[Any], Any]] = []
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
            self._plan.append((field.name, attribute, default))
            self._readers[name] = (field.name, attribute.attr_type, _reader(attribute))
        self._kind = attributes["kind"].get_discriminator(row)  # type: ignore[attr-defined]

    def item(self, value: Any, **keys: str) -> dict[str, Any]:
        """Give the DynamoDB item of a domain object; *keys* are the row's own text attributes."""
        item: dict[str, Any] = orjson.loads(self.text(begun(keys["pk"]), value, keys, "}"))
        return item

    def text(self, start: str, value: Any, keys: Mapping[str, str], end: str) -> str:
        """
        Write the DynamoDB item of a domain object as JSON.

        A row becomes text at once: made as a tree of objects first, then written and taken
        apart again, the eight items of a debt took twice as long.

        Args:
            start: What ``begun`` gives, with what is to be before it; the rows of a case share it.
            keys: The row's own text attributes beside ``pk``, which is not looked at.
            end: The item's last brace, with what is to follow.
        """
        text = start
        for name, key in keys.items():
            if name != "pk":
                text += f',"{name}":{{"S":{quoted(key)}}}'
        return self._written(value, text, end)

    @cached_property
    def _written(self) -> Callable[[Any, str, str], str]:
        """
        Add a domain object's attributes to its row: code that is made once.

        One line writes all that is always there; what may be left out has a line each.
        """
        always, others = f',"kind":{{{{"S":"{self._kind}"}}}}', []
        known: dict[str, Any] = {"quoted": quoted}
        for n, (field, attribute, default) in enumerate(self._plan):
            form, known[f"write{n}"] = _form(attribute)
            form = form.replace("WRITE", f"write{n}")
            said = f',"{attribute.attr_name}":{{{{"{attribute.attr_type}":{form}}}}}'
            if default is MISSING:
                always += said.replace("IT", f"value.{field}")
                continue
            told = "it is not None" if default is None else f"it is not None and it != default{n}"
            known[f"default{n}"] = default
            others.append(f"    it = value.{field}")
            others.append(f"    if {told}: text += f'{said.replace('IT', 'it')}'")
        lines = ["def written(value, text, end):", f"    text += f'{always}'", *others]
        exec("\n".join([*lines, "    text += end", "    return text"]), known)  # noqa: S102 - made of the names of our own classes' fields
        written: Callable[[Any, str, str], str] = known["written"]
        return written

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


def begun(pk: str) -> str:
    """Begin an item's JSON with its partition key."""
    return f'{{"pk":{{"S":{quoted(pk)}}}'


# How values are written that cannot hold what JSON escapes.
_PLAIN: dict[type[Any], str] = {
    NumberAttribute: '"{IT}"',  # every number here is an integer
    DayAttribute: '"{IT.isoformat()}"',
    EnumAttribute: '"{IT._value_}"',  # ``value`` is a property, in Python
    InstantAttribute: '"{WRITE(IT)}"',
    DegreesAttribute: '"{WRITE(IT)}"',
}


def _form(attribute: Attribute[Any]) -> tuple[str, Callable[[Any], str] | None]:
    """Say how a value IT is written into a row's text, and the function WRITE if that has one."""
    kind = type(attribute)
    if kind is BooleanAttribute:
        return "{WRITE(IT)}", lambda it: "true" if it else "false"
    if kind is UnicodeAttribute:
        return "{quoted(IT)}", None
    if kind in _PLAIN:
        return _PLAIN[kind], attribute.serialize
    # Long as a rule, and full of quotes: JSON within JSON.
    return "{WRITE(IT)}", lambda it: orjson.dumps(attribute.serialize(it)).decode()


def _reader(attribute: Attribute[Any]) -> Callable[[Any], Any] | None:
    if type(attribute) in (UnicodeAttribute, BooleanAttribute):
        return None
    if type(attribute) is NumberAttribute:
        return int
    return attribute.deserialize
