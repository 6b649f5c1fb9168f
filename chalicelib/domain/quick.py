"""Records that are made by the hundred thousand: frozen as any, and quickly made."""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

_T = TypeVar("_T")


def quick(made: type[_T]) -> type[_T]:
    """
    Give a frozen dataclass with slots an ``__init__`` that fills slots as if it were not.

    All its fields are parameters. The library's own asks ``object.__setattr__`` to look every
    name up, which takes three times as long: an upload makes some 260 fields a debt, and spent an
    eighth of its time on that. A record is born open, of a class with the same slots and no
    guard, where an assignment is one step of the interpreter, and is closed when it is full.
    Nothing else changes: signature, defaults, ``__post_init__``, and that it is frozen. It is not
    to be inherited from.

    >>> from dataclasses import dataclass, replace
    >>> @quick
    ... @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> replace(Point(x=1), y=2)
    Point(x=1, y=2)
    """
    known: dict[str, Any] = {
        "missing": MISSING,
        "_closed": made,
        "_opened": type(made.__name__, made.__bases__, {"__slots__": made.__slots__}),  # type: ignore[attr-defined]
        "_turn": object.__dict__["__class__"].__set__,  # past the guard of what is closed
        "_new": object.__new__,
    }
    signature, body = ["self"], ["    _turn(self, _opened)"]
    in_order = sorted(fields(made), key=lambda field: bool(field.kw_only))  # type: ignore[arg-type]
    for number, field in enumerate(in_order):
        if field.kw_only and "*" not in signature:
            signature.append("*")
        said, value = _written(field, number, known)
        signature.append(said)
        body.append(f"    self.{field.name} = {value}")
    body.append("    self.__class__ = _closed")
    if hasattr(made, "__post_init__"):
        body.append("    self.__post_init__()")
    exec(f"def __init__({', '.join(signature)}):\n" + "\n".join(body), known)  # noqa: S102 - made of the names of our own classes' fields
    init = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    init.__annotations__ = made.__init__.__annotations__
    made.__init__ = init  # type: ignore[method-assign]
    made.__replace__ = _replacing(made, in_order, known)  # type: ignore[attr-defined]
    return made


def replaced(record: _T, **changes: Any) -> _T:
    """
    Make the record that is like a quick one but for what is given.

    As ``dataclasses.replace``, which looks at every field anew and takes three times as long.

    >>> from dataclasses import dataclass
    >>> @quick
    ... @dataclass(frozen=True, slots=True)
    ... class Point:
    ...     x: int
    ...     y: int
    >>> replaced(Point(1, 5), y=2)
    Point(x=1, y=2)
    """
    other: _T = record.__replace__(**changes)  # type: ignore[attr-defined]
    return other


def _replacing(
    made: type[Any], in_order: list[Field[Any]], known: dict[str, Any]
) -> Callable[..., Any]:
    """Make what ``copy.replace`` calls in later Pythons; *known* has the open class."""
    signature = [f"{field.name}=missing" for field in in_order]
    body = ["    _it = _new(_opened)"]
    body += [
        f"    _it.{field.name} = self.{field.name} if {field.name} is missing else {field.name}"
        for field in in_order
    ]
    body.append("    _it.__class__ = _closed")
    if hasattr(made, "__post_init__"):
        body.append("    _it.__post_init__()")
    lines = [f"def __replace__(self, {', '.join(signature)}):", *body]
    exec("\n".join([*lines, "    return _it"]), known)  # noqa: S102 - made of the names of our own classes' fields
    replace: Callable[..., Any] = known["__replace__"]
    return replace


def _written(field: Field[Any], number: int, known: dict[str, Any]) -> tuple[str, str]:
    """Write a field as a parameter, and as the value of its slot; *known* gets what they name."""
    name = field.name
    if field.default_factory is not MISSING:
        known[f"make{number}"] = field.default_factory
        return f"{name}=missing", f"make{number}() if {name} is missing else {name}"
    if field.default is not MISSING:
        known[f"default{number}"] = field.default
        return f"{name}=default{number}", name
    return name, name
