"""
The day a debtor names, of all the ways of naming one.

Our own words first (weekdays, *quincena*, end of the month, fifth working day), then
``dateparser`` for whatever else looks like a date.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.conversation.words import WORDS, Language, Words

FRIDAY, SATURDAY = 5, 6
HALF_MONTH = 15
_DAY = r"(?P<day>[12]?\d|3[01])"
_YEAR = r"(?P<year>(?:20)?\d\d)"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """
    Args:
        span: Where in the folded text it stood, so that its digits are not read as money.
    """

    on: date
    span: tuple[int, int]


def find(folded: str, language: Language, today: date, *, past: bool = False) -> FoundDate | None:
    """
    Find the first day named in a folded message.

    Args:
        past: Read what could be either as gone by ("the 15th" of somebody who has paid).
    """
    words = WORDS[language]
    for reader in _READERS:
        for found in reader(folded, words, today, past):
            return found
    return _by_library(folded, language, today, past=past)


def _relative(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    del past  # they say themselves which side of today they are on
    for pattern, days in words.relative:
        for match in re.finditer(rf"\b(?:{pattern})\b", folded):
            yield FoundDate(today + timedelta(days=days), match.span())


def _counted(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    del past
    number = r"(?P<n>\d{1,3}|" + "|".join(sorted(words.numbers, key=len, reverse=True)) + ")"
    for template, sign in ((words.ago_n, -1), (words.in_n, 1)):
        for unit, kind in words.units:
            pattern = template.format(n=number, unit=f"(?:{unit})")
            for match in re.finditer(rf"\b{pattern}\b", folded):
                count = words.numbers.get(match["n"]) or int(match["n"])
                yield FoundDate(_moved(today, sign * count, kind), match.span())


def _moved(today: date, count: int, kind: str) -> date:
    if kind == "day":
        return today + timedelta(days=count)
    if kind == "week":
        return today + timedelta(weeks=count)
    return _same_day(today, count)


def _written(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    """5 de diciembre, dec 5th, 5/12, 2026-12-05."""
    iso = r"(?<!\d)(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"
    for match in re.finditer(iso, folded):
        yield from _dated(match, int(match["month"]), today, past)
    for month, names in enumerate(words.months, start=1):
        named = (
            rf"\b{_DAY}(?:st|nd|rd|th|o|ro)?(?: of| de| del|-)?[ -]?(?:{names})\b\.?"
            rf"(?:,? (?:de |del )?{_YEAR}\b)?",
            rf"\b(?:{names})\.? {_DAY}(?:st|nd|rd|th)?\b(?!\s*[:.]\d)(?:,? (?P<year>20\d\d)\b)?",
        )
        for pattern in named:
            for match in re.finditer(pattern, folded):
                yield from _dated(match, month, today, past)
    numeric = (
        rf"(?<![\d/.,$-])(?P<a>\d{{1,2}})(?P<s>[/-])(?P<b>\d{{1,2}})(?:(?P=s){_YEAR})?(?![\d/])"
    )
    for match in re.finditer(numeric, folded):
        day, month = int(match["a"]), int(match["b"])
        if (words.month_first and day <= 12) or month > 12:
            day, month = month, day
        yield from _dated(match, month, today, past, day=day)


def _dated(
    match: re.Match[str], month: int, today: date, past: bool, *, day: int | None = None
) -> Iterator[FoundDate]:
    day = int(match["day"]) if day is None else day
    given = match["year"]
    try:
        if given:
            year = int(given) + (2000 if len(given) == 2 else 0)
            yield FoundDate(date(year, month, day), match.span())
            return
        this_year = date(today.year, month, day)
    except ValueError:
        return
    shift = 0
    if past and this_year > today:
        shift = -1
    elif not past and this_year < today:
        shift = 1
    yield FoundDate(_year_moved(this_year, shift), match.span())


def _year_moved(day: date, years: int) -> date:
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


def _half_months(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    """The 15th and the last of a month: the days on which most of Mexico is paid."""
    for match in re.finditer(rf"\b(?:{words.half_month})\b", folded):
        yield FoundDate(_pay_day(today, past=past), match.span())


def _pay_day(today: date, *, past: bool) -> date:
    ends = [today.replace(day=1) - timedelta(days=1)]
    for months in (0, 1):
        first = _same_day(today.replace(day=1), months)
        ends += [first.replace(day=HALF_MONTH), _last_of(first)]
    if past:
        return max(day for day in ends if day <= today)
    return min(day for day in ends if day > today)


def _month_parts(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    del past
    for match in re.finditer(rf"\b(?:{words.month_end})\b", folded):
        yield FoundDate(_last_of(today), match.span())
    for match in re.finditer(rf"\b(?:{words.month_start})\b", folded):
        yield FoundDate(_same_day(today.replace(day=1), 1), match.span())
    for match in re.finditer(rf"\b(?:{words.month_middle})\b", folded):
        middle = today.replace(day=HALF_MONTH)
        yield FoundDate(middle if middle >= today else _same_day(middle, 1), match.span())
    for match in re.finditer(rf"\b(?:{words.weekend})\b", folded):
        ahead = (SATURDAY - today.isoweekday()) % 7
        yield FoundDate(today + timedelta(days=ahead or 7), match.span())
    for match in re.finditer(rf"\b(?:{words.working_day})\b", folded):
        nth = int(match["nth"] or 5)
        yield FoundDate(_working_day(today, nth), match.span())


def _working_day(today: date, nth: int) -> date:
    """The nth Monday-to-Friday day of a month, of this one or, once past, of the next."""
    for months in (0, 1):
        first = _same_day(today.replace(day=1), months)
        days = (first + timedelta(days=i) for i in range(31))
        working = [day for day in days if day.isoweekday() <= FRIDAY]
        found = working[min(nth, len(working)) - 1]
        if found >= today:
            return found
    raise AssertionError("a later month always has the day")


def _days_of_month(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    """The 30th; el 15 del próximo mes."""
    number = (
        r"(?P<day>[12]?\d|3[01])(?:ro|ero|o|st|nd|rd|th)?\b(?![/%:])(?![.,]\d)"
        rf"(?! ?(?:{words.money}|{words.thousand})\b)"
    )
    weekday = "|".join(pattern for pattern, _ in words.weekdays)
    pattern = "|".join(
        (
            words.day_of_month.format(d=number),
            rf"(?:{weekday}) (?:el |dia |the )?{number.replace('<day>', '<day_after>')}",
        )
    )
    for match in re.finditer(rf"\b(?:{pattern})(?P<next>{words.next_month})?", folded):
        day = int(match["day"] or match["day_after"])
        if not day:
            continue
        if match["next"]:
            yield FoundDate(_in_month(_same_day(today.replace(day=1), 1), day), match.span())
            continue
        here = _in_month(today, day)
        if past and here > today:
            here = _in_month(_same_day(today.replace(day=1), -1), day)
        elif not past and here < today:
            here = _in_month(_same_day(today.replace(day=1), 1), day)
        yield FoundDate(here, match.span())


def _weekdays(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    for pattern, weekday in words.weekdays:
        whole = rf"\b{words.before_weekday}(?:{pattern})\b(?P<next>{words.next_week})?"
        for match in re.finditer(whole, folded):
            ahead = (weekday - today.isoweekday()) % 7
            if match["next"]:
                monday = today + timedelta(days=8 - today.isoweekday())
                yield FoundDate(monday + timedelta(days=weekday - 1), match.span())
            elif past:
                yield FoundDate(today - timedelta(days=(7 - ahead) % 7 or 7), match.span())
            else:
                yield FoundDate(today + timedelta(days=ahead or 7), match.span())


def _spans_ahead(folded: str, words: Words, today: date, past: bool) -> Iterator[FoundDate]:
    del past
    for match in re.finditer(rf"\b(?:{words.a_week_on})\b", folded):
        yield FoundDate(today + timedelta(weeks=1), match.span())
    for match in re.finditer(rf"\b(?:{words.a_month_on})\b", folded):
        yield FoundDate(_same_day(today, 1), match.span())


_Reader = Callable[[str, Words, date, bool], Iterator[FoundDate]]
# The more is said, the earlier it is tried: "viernes 27 de noviembre" is a date, not a weekday.
_READERS: tuple[_Reader, ...] = (
    _written,
    _counted,
    _half_months,
    _month_parts,
    _days_of_month,
    _weekdays,
    _relative,
    _spans_ahead,
)


def _by_library(folded: str, language: Language, today: date, *, past: bool) -> FoundDate | None:
    """Ask ``dateparser``, and believe it only where letters and digits stand together."""
    if not re.search(r"\d", folded) or not re.search(r"[a-z]", folded):
        return None
    from dateparser.search import search_dates  # a quarter of a second at first use

    found = search_dates(
        folded,
        languages=[str(language)],
        settings={
            "RELATIVE_BASE": datetime(today.year, today.month, today.day),  # noqa: DTZ001
            "PREFER_DATES_FROM": "past" if past else "future",
            "REQUIRE_PARTS": ["day", "month"],
            "PARSERS": ["absolute-time"],
        },
    )
    for text, moment in found or []:
        if re.search(r"[a-z]", text) and re.search(r"\d", text):
            at = folded.find(text)
            return FoundDate(moment.date(), (at, at + len(text)))
    return None


def _same_day(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return _in_month(date(year, month + 1, 1), day.day)


def _in_month(month: date, day: int) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _last_of(day: date) -> date:
    return _in_month(day, 31)
