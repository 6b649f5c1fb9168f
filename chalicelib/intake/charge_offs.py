"""What a row says of a charge-off: a status, a day, an amount, or some of them."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.charge_off import Booked
from chalicelib.intake.names import fold

FIELDS = frozenset({"charged_off", "charged_off_on", "charged_off_amount"})


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """The statuses that say it is charged off, and that it is not, folded."""
    raw = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {said: frozenset(words) for said, words in raw.items()}


def booked(v: dict[str, Any], most_minor: int, refuse: Callable[[str, str], None]) -> Booked:
    """
    Say what the columns that a file has of charge-offs come to in a row.

    Where all of them are empty, the debt is not charged off. A status decides; without one, a day
    does; an amount alone is refused, for it may be of any day.

    Args:
        v: The row's values, of all of ``FIELDS``.
        most_minor: No debt is larger.
        refuse: Is told field and code of what is wrong; what is given back then is of no use.

    >>> told = {"charged_off": "Castigado", "charged_off_on": None, "charged_off_amount": None}
    >>> booked(told, 10**15, print)
    Booked(charged_off=True, on=None, amount_minor=None)
    >>> booked(told | {"charged_off": "quizá"}, 10**15, print).charged_off
    charged_off charge_off.unknown_status
    False
    """
    on: date | None = v["charged_off_on"]
    minor = v["charged_off_amount"] or None
    status = fold(v["charged_off"])
    yes, no = status in _words()["yes"], status in _words()["no"]
    if minor is not None and minor < 0:
        refuse("charged_off_amount", "money.not_positive")
    elif minor is not None and minor > most_minor:
        refuse("charged_off_amount", "money.too_large")
    if status and not yes and not no:
        refuse("charged_off", "charge_off.unknown_status")
    elif no and (on is not None or minor is not None):
        refuse("charged_off", "charge_off.contradicts")
    elif not status and on is None and minor is not None:
        refuse("charged_off_on", "charge_off.day_missing")
    if yes or (not status and on is not None):
        return Booked(charged_off=True, on=on, amount_minor=minor)
    return Booked(charged_off=False)
