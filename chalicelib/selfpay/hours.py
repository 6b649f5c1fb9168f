"""When a debtor wants to be contacted, as the page asks it: inside the law's hours only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.wish import ContactWish, DayKind
from chalicelib.selfpay.rights import Right

# Less than this a day is no offer to be reached, but a way to say no: channels are for that.
LEAST_MINUTES = 60
Windows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What can be chosen.

    Args:
        opens, closes: Whole hours, ``HH:00``; the first and last are the law's own bounds.
        days: Kinds of day on which the law allows contact at all.
        wish: What was chosen before.
    """

    opens: tuple[str, ...]
    closes: tuple[str, ...]
    days: tuple[DayKind, ...]
    wish: ContactWish

    @property
    def opens_at(self) -> str:
        return self.wish.opens_at or self.opens[0]

    @property
    def closes_at(self) -> str:
        return self.wish.closes_at or self.closes[-1]


def asked(rights: Iterable[Right], wish: ContactWish | None) -> Asked | None:
    """Say what can be chosen within the hours of the law; None where no law gives any."""
    open_on = _open_on(rights)
    every = [window for windows in open_on.values() for window in windows]
    if not every:
        return None
    first, last = min(start for start, _ in every), max(end for _, end in every)
    hours = [f"{hour:02}:00" for hour in range(25)]
    within = [hour for hour in hours if first < hour < last]
    return Asked(
        opens=(first, *within),
        closes=(*within, last),
        days=tuple(day for day in DayKind if open_on.get(day)),
        wish=wish or ContactWish(),
    )


def chosen(
    form: Mapping[str, str], offered: Asked, rights: Iterable[Right]
) -> tuple[ContactWish | None, str]:
    """
    Read what was chosen.

    Returns:
        (the wish, empty) or (None, why not as a code of the page's words).
    """
    opens, closes = form.get("opens_at", ""), form.get("closes_at", "")
    if opens not in offered.opens or closes not in offered.closes:
        return None, "choice"
    days = [day for day in offered.days if f"day_{day.value}" in form]
    wish = ContactWish(
        opens_at="" if opens == offered.opens[0] else opens,
        closes_at="" if closes == offered.closes[-1] else closes,
        not_on=tuple(day for day in offered.days if day not in days),
    )
    left = [
        min(_minutes(end), _minutes(closes)) - max(_minutes(start), _minutes(opens))
        for day, windows in _open_on(rights).items()
        if day in days
        for start, end in windows
    ]
    return (wish, "") if max(left, default=0) >= LEAST_MINUTES else (None, "no_hours")


def _open_on(rights: Iterable[Right]) -> dict[DayKind, list[tuple[str, str]]]:
    found: dict[DayKind, list[tuple[str, str]]] = {}
    known = {day.value: day for day in DayKind}
    for right in rights:
        for kind, windows in right.hours if right.code == "hours" else ():
            if kind in known:
                found.setdefault(known[kind], []).extend(windows)
    return found


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
