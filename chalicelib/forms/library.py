"""The functions of the expression language that need nothing but their arguments."""

import math
import re
from collections.abc import Callable
from itertools import pairwise

from chalicelib.forms.values import (
    Value,
    date_text,
    date_time_text,
    days_of,
    number_of,
    text_of,
    time_of,
    truth_of,
)
from chalicelib.geo.distance import EARTH_RADIUS_M, metres_between
from chalicelib.geo.point import Point

MONTHS = {
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
}
DAYS = {  # from Thursday, the weekday of 1970-01-01
    "es": "jue vie sáb dom lun mar mié",
    "en": "Thu Fri Sat Sun Mon Tue Wed",
    "pt": "qui sex sáb dom seg ter qua",
}
_SPACES = re.compile(r"[ \t\r\n]+")


def divide(a: float, b: float) -> float:
    """
    Divide as floating-point hardware does, zero included.

    >>> divide(1.0, 0.0), divide(0.0, 0.0)
    (inf, nan)
    """
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1, b)


def remainder(a: float, b: float) -> float:
    """Give what is left, with the sign of *a*."""
    if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.fmod(a, b)


def formatted(value: Value, pattern: str, language: str) -> str:
    """
    Write a date as *pattern* says; ``%`` and one letter, as ODK has them.

    >>> formatted("2026-03-05", "%e/%n/%y %a %b", "es")
    '5/3/26 jue mar'
    """
    days = number_of(value)
    if math.isnan(days) or math.isinf(days):
        return ""
    moment = date_time_text(days)
    if not moment:
        return ""
    known = language if language in MONTHS else "en"
    parts = {
        "Y": moment[:4],
        "y": moment[2:4],
        "m": moment[5:7],
        "n": str(int(moment[5:7])),
        "b": MONTHS[known].split()[int(moment[5:7]) - 1],
        "d": moment[8:10],
        "e": str(int(moment[8:10])),
        "H": moment[11:13],
        "h": str(int(moment[11:13])),
        "M": moment[14:16],
        "S": moment[17:19],
        "3": moment[20:23],
        "a": DAYS[known].split()[math.floor(days) % 7],
        "%": "%",
    }
    return re.sub(r"%(.)", lambda found: parts.get(found[1], found[0]), pattern)


def _guarded(function: Callable[..., float]) -> Callable[[list[Value]], Value]:
    """Make a function of numbers give NaN or infinity where JavaScript does."""

    def guarded(values: list[Value]) -> float:
        numbers = [number_of(value) for value in values]
        if any(math.isnan(number) for number in numbers):
            return math.nan
        try:
            return float(function(*numbers))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return guarded


def _log(of: Callable[[float], float]) -> Callable[[list[Value]], Value]:
    return _guarded(lambda x: -math.inf if x == 0 else of(x))


def _whole(of: Callable[[float], int]) -> Callable[[list[Value]], Value]:
    return _guarded(lambda x: x if math.isinf(x) else of(x))


def _round(number: float, digits: float = 0) -> float:
    if math.isinf(number) or math.isnan(number):
        return number
    scale = float(f"1e{max(-15, min(15, int(digits)))}")  # exact, where ** may not be
    return math.floor(number * scale + 0.5) / scale


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    return math.pow(base, exponent)


def _numbers(values: list[Value]) -> list[float]:
    """The numbers of all arguments, lists taken apart; blanks do not count."""
    texts = [part for value in values for part in _each(value) if text_of(part) != ""]
    return [number_of(text) for text in texts]


def _each(value: Value) -> list[Value]:
    return [node.text() for node in value] if isinstance(value, list) else [value]


def _extreme(of: Callable[[list[float]], float]) -> Callable[[list[Value]], Value]:
    def extreme(values: list[Value]) -> float:
        numbers = _numbers(values)
        if not numbers or any(math.isnan(number) for number in numbers):
            return math.nan
        return of(numbers)

    return extreme


def _sum(values: list[Value]) -> float:
    total = 0.0
    for number in _numbers(values):
        total += number  # in order, as JavaScript adds
    return total


def _join(values: list[Value]) -> str:
    return text_of(values[0]).join(text_of(part) for value in values[1:] for part in _each(value))


def _substr(values: list[Value]) -> str:
    """Cut from a place (0 first) to a place; negative ones count from the end."""
    text = text_of(values[0])
    start = _index(number_of(values[1]), len(text))
    end = _index(number_of(values[2]), len(text)) if len(values) > 2 else len(text)
    return text[start:end]


def _substring(values: list[Value]) -> str:
    """Cut as XPath does: from a place (1 first), so many letters."""
    text, start = text_of(values[0]), _round(number_of(values[1]))
    end = start + _round(number_of(values[2])) if len(values) > 2 else math.inf
    return "".join(letter for at, letter in enumerate(text, start=1) if start <= at < end)


def _index(number: float, length: int) -> int:
    if math.isnan(number):
        return 0
    place = int(max(-1e9, min(1e9, number)))
    return max(0, place + length) if place < 0 else min(place, length)


def _translate(values: list[Value]) -> str:
    text, old, new = (text_of(value) for value in values)
    table = {ord(letter): new[at] if at < len(new) else None for at, letter in _firsts(old)}
    return text.translate(table)


def _firsts(old: str) -> list[tuple[int, str]]:
    return [(at, letter) for at, letter in enumerate(old) if old.index(letter) == at]


def _regex(values: list[Value]) -> bool:
    text, pattern = text_of(values[0]), text_of(values[1])
    return len(text) <= number_of(values[2]) and bool(re.fullmatch(pattern, text, re.ASCII))


def _chosen(value: Value) -> list[str]:
    return [name for name in _SPACES.split(text_of(value)) if name]


def _selected(values: list[Value]) -> bool:
    wanted = text_of(values[1]).strip(" \t\r\n")
    names = _chosen(values[0])
    return wanted in names if wanted else not names


def _selected_at(values: list[Value]) -> str:
    names, place = _chosen(values[0]), number_of(values[1])
    return names[int(place)] if 0 <= place < len(names) else ""


def _distance(values: list[Value]) -> float:
    """Measure the way along points, in metres: of a trace, of nodes, or of arguments."""
    points = _points([text_of(part) for value in values for part in _each(value)])
    if points is None:
        return math.nan
    return sum((metres_between(a, b) for a, b in pairwise(points)), 0.0)


def _points(texts: list[str]) -> list[Point] | None:
    """Read places; None when one is none."""
    points: list[Point] = []
    for text in ";".join(texts).split(";"):
        numbers = [number_of(part) for part in text.split()]
        if not numbers:
            continue
        try:
            points.append(Point(numbers[0], numbers[1]))
        except (ValueError, IndexError):
            return None
    return points


def _area(values: list[Value]) -> float:
    """Measure what a closed line encloses on the sphere, in square metres."""
    points = _points([text_of(part) for part in _each(values[0])])
    if points is None:
        return math.nan
    total = 0.0
    for at, here in enumerate(points):
        there = points[(at + 1) % len(points)]
        sines = math.sin(math.radians(here.lat)) + math.sin(math.radians(there.lat))
        total += math.radians(there.lng - here.lng) * (2.0 + sines)
    return abs(total) * EARTH_RADIUS_M * EARTH_RADIUS_M / 2.0


def _geofence(values: list[Value]) -> bool:
    """Say whether a place is inside a closed line, by the even-odd rule on plain degrees."""
    place = _points([text_of(values[0])])
    ring = _points([text_of(part) for part in _each(values[1])])
    if not place or not ring:
        return False
    here, inside = place[0], False
    for at, a in enumerate(ring):
        b = ring[at - 1]
        if (a.lat > here.lat) != (b.lat > here.lat) and here.lng < (b.lng - a.lng) * (
            here.lat - a.lat
        ) / (b.lat - a.lat) + a.lng:
            inside = not inside
    return inside


def _checklist(values: list[Value], weights: list[float] | None = None) -> bool:
    """Say whether enough of the later values hold, and not too many; -1 is no limit."""
    least, most = number_of(values[0]), number_of(values[1])
    total = 0.0
    for at, value in enumerate(values[2:]):
        if truth_of(value):
            total += 1.0 if weights is None else weights[at]
    return (least < 0 or total >= least) and (most < 0 or total <= most)


def _weighted(values: list[Value]) -> bool:
    weights = [number_of(weight) for weight in values[3::2]]
    return _checklist([*values[:2], *values[2::2][: len(weights)]], weights)


def _date(values: list[Value]) -> str:
    days = number_of(values[0])
    return "" if math.isnan(days) or math.isinf(days) else date_text(days)


def _date_time(values: list[Value]) -> str:
    days = number_of(values[0])
    return "" if math.isnan(days) or math.isinf(days) else date_time_text(days)


def _decimal_time(values: list[Value]) -> float:
    text = text_of(values[0])
    return time_of(text.partition("T")[2] or text)


def _before(values: list[Value]) -> str:
    text, mark = text_of(values[0]), text_of(values[1])
    return text.partition(mark)[0] if mark and mark in text else ""


def _after(values: list[Value]) -> str:
    text, mark = text_of(values[0]), text_of(values[1])
    if not mark:
        return text
    return text.partition(mark)[2]


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "true": lambda _: True,
    "false": lambda _: False,
    "not": lambda v: not truth_of(v[0]),
    "boolean": lambda v: truth_of(v[0]),
    "boolean-from-string": lambda v: text_of(v[0]) in ("true", "1"),
    "number": lambda v: number_of(v[0]),
    "int": _whole(int),
    "floor": _whole(math.floor),
    "ceiling": _whole(math.ceil),
    "round": _guarded(_round),
    "abs": _guarded(abs),
    "pow": _guarded(_power),
    "sqrt": _guarded(math.sqrt),
    "exp": _guarded(math.exp),
    "exp10": _guarded(lambda x: math.pow(10, x)),
    "log": _log(math.log),
    "log10": _log(math.log10),
    "sin": _guarded(math.sin),
    "cos": _guarded(math.cos),
    "tan": _guarded(math.tan),
    "asin": _guarded(math.asin),
    "acos": _guarded(math.acos),
    "atan": _guarded(math.atan),
    "atan2": _guarded(math.atan2),
    "pi": lambda _: math.pi,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "string": lambda v: text_of(v[0]),
    "concat": lambda v: "".join(text_of(part) for value in v for part in _each(value)),
    "join": _join,
    "string-length": lambda v: float(len(text_of(v[0]))),
    "substr": _substr,
    "substring": _substring,
    "substring-before": _before,
    "substring-after": _after,
    "contains": lambda v: text_of(v[1]) in text_of(v[0]),
    "starts-with": lambda v: text_of(v[0]).startswith(text_of(v[1])),
    "ends-with": lambda v: text_of(v[0]).endswith(text_of(v[1])),
    "translate": _translate,
    "normalize-space": lambda v: " ".join(_chosen(v[0])),
    "upper-case": lambda v: text_of(v[0]).upper(),
    "lower-case": lambda v: text_of(v[0]).lower(),
    "regex": _regex,
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": lambda v: float(len(_chosen(v[0]))),
    "count": lambda v: float(len(v[0])) if isinstance(v[0], list) else math.nan,
    "count-non-empty": lambda v: float(sum(1 for part in _each(v[0]) if text_of(part))),
    "date": _date,
    "date-time": _date_time,
    "decimal-date-time": lambda v: days_of(text_of(v[0])),
    "decimal-time": _decimal_time,
    "distance": _distance,
    "area": _area,
    "enclosed-area": _area,
    "geofence": _geofence,
    "checklist": _checklist,
    "weighted-checklist": _weighted,
}
