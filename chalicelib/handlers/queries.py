"""What may follow the question mark of an address: declared by each route, read as declared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.errors import BadField

MAX_LIMIT = 200
MAX_QUERY = 2000  # characters of one query parameter; cursors are the longest
MAX_DIGITS = 18
# Days that anybody may mean: beyond them, the days before and after one cannot be counted.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    One query parameter.

    Args:
        kind: ``str``, ``int``, ``date`` or ``degrees``; it is read as that.
        choices: If it is one of some; a function where they are a lazily imported module's.
    """

    name: str
    about: str
    kind: str = "str"
    choices: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    required: bool = False

    def one_of(self) -> tuple[str, ...]:
        return self.choices() if callable(self.choices) else self.choices


PAGE = (
    Query(name="limit", about=f"How many at most, 1 to {MAX_LIMIT}.", kind="int"),
    Query(name="cursor", about="Where the last page ended, as it was answered."),
)


def read_query(params: Mapping[str, str] | None, known: tuple[Query, ...]) -> dict[str, Any]:
    """
    Give the parameters that were sent, each read as its kind; blank ones count as not sent.

    Raises:
        BadField: One is unknown, missing, or not what it is to be.
    """
    sent = {name: text for name, text in (params or {}).items() if text != ""}
    names = {parameter.name: parameter for parameter in known}
    for name in sent:
        if name not in names:
            raise BadField(field=name, reason="unknown")
    for name, parameter in names.items():
        if parameter.required and name not in sent:
            raise BadField(field=name, reason="missing")
    return {name: _query_value(names[name], text) for name, text in sent.items()}


def _query_value(parameter: Query, text: str) -> Any:
    if len(text) > MAX_QUERY:
        raise BadField(field=parameter.name, reason="too_long")
    choices = parameter.one_of()
    if choices and text not in choices:
        raise BadField(field=parameter.name, reason="not_one_of", choices=list(choices))
    if parameter.kind == "date":
        return _date(parameter.name, text)
    if parameter.kind == "degrees":
        return _degrees(parameter.name, text)
    if parameter.kind != "int":
        return text
    if not text.removeprefix("-").isdecimal() or len(text) > MAX_DIGITS:
        raise BadField(field=parameter.name, reason="not_a_number")
    number = int(text)
    if parameter.name == "limit" and not 1 <= number <= MAX_LIMIT:
        raise BadField(field="limit", reason="out_of_range", least=1, most=MAX_LIMIT)
    return number


def _date(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadField(field=name, reason="not_a_date") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        least, most = FIRST_DAY.isoformat(), LAST_DAY.isoformat()
        raise BadField(field=name, reason="out_of_range", least=least, most=most)
    return day


def _degrees(name: str, text: str) -> float:
    try:
        degrees = float(text)
    except ValueError as error:
        raise BadField(field=name, reason="not_a_number") from error
    if not -180 <= degrees <= 180:
        raise BadField(field=name, reason="out_of_range", least=-180, most=180)
    return degrees
