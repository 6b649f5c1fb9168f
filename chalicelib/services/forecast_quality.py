"""
How good the forecast was: what was told of cases, kept as it was told, against what came of them.

The first chance told of a case in a month of the portfolio's calendar is kept with its day
(``services.forecast_tellings``), as an enrolment that has the chance in the place of the arm.
Whether something was paid in full within the days it spoke of is counted from the ledger, when
asked.
"""

import base64
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseStatus, Debt
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.experiment import Enrolment, share
from chalicelib.domain.forecast_test import MODELS
from chalicelib.domain.foretold import TENTHS, kept_as, tenth
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.prediction import forecast
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio

MONTHS = 3  # this one and those before it
# Cases are opened to count, in an order that has nothing to do with them: so many a request, and
# so many a month, which is a sample where there are more.
MOST_CASES, AT_ONCE, MOST_A_MONTH = 400, 100, 2_000
LEAST, LEAST_OF_A_BIN = 100, 30  # fewer are shown grey and say nothing
DRIFTED = 0.25
BIN = TENTHS
MOST_PRODUCTS = 8
_PRODUCT = "product:"
_HALF = 0.5  # a case in every bin, or one that is empty by chance would be a drift by itself


class Told(Protocol):
    def enrolled(
        self, portfolio_id: str, strategy: str, *, after: str = ""
    ) -> Iterator[Enrolment]: ...


class Cases(Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


@dataclass(slots=True)
class Counted:
    """
    What was counted so far.

    Args:
        month, last: Where counting goes on: how many months back, and behind which case.
        at: Cases of that month so far.
        told: By month, the newest first: how many chances in each tenth.
        paid, unpaid: By chance in per cent: cases whose days are over.
        groups: By what and which: cases, sum of the chances, paid.
        sampled: Whether there was more than is counted.
    """

    month: int = 0
    last: str = ""
    at: int = 0
    told: list[list[int]] = field(default_factory=lambda: [[0] * BIN for _ in range(MONTHS)])
    paid: dict[str, int] = field(default_factory=dict)
    unpaid: dict[str, int] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)
    sampled: bool = False


def quality(
    portfolio_id: str,
    *,
    model: str,
    actor: Actor,
    portfolios: Portfolios,
    enrolments: Told,
    cases: Cases,
    now: datetime,
    cursor: str | None = None,
) -> dict[str, Any]:
    """
    Count how good what a model told of a portfolio's cases was, this month and the two before.

    Args:
        model: One of ``MODELS``: what is deployed under that name.
        cursor: Of the answer before: it carries what was counted so far.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: No such model, or no cursor of ours.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    if model not in MODELS:
        raise BadField(field="model", reason="not_one_of")
    deployed = forecast.deployed(model)
    counted = _opened(cursor) if cursor else Counted()
    today = local_day(now, portfolio.time_zone)
    months = list(itertools.islice(_months(today), MONTHS))
    left = MOST_CASES if deployed else 0
    while deployed and left > 0 and counted.month < MONTHS:
        named = kept_as(deployed.model_id, months[counted.month])
        reading = enrolments.enrolled(portfolio_id, named, after=counted.last)
        most = min(left, MOST_A_MONTH - counted.at)
        some = list(itertools.islice(reading, most + 1))
        more, some = len(some) > most, some[:most]
        _count(counted, some, cases, today)
        left -= len(some)
        counted.at += len(some)
        if some:
            counted.last = some[-1].case_id
        if not more or counted.at >= MOST_A_MONTH:
            counted.sampled |= more
            counted.month, counted.last, counted.at = counted.month + 1, "", 0
    on = deployed is not None and counted.month < MONTHS
    return {
        "model": model,
        "model_id": deployed.model_id if deployed else None,
        "until": to_plain(deployed.until) if deployed else None,
        "days": forecast.WITHIN_DAYS,
        "months": [
            {"month": f"{month:%Y-%m}", "cases": sum(told)}
            for month, told in zip(months, counted.told, strict=True)
        ],
        "sampled": counted.sampled,
        **_figures(counted),
        "cursor": _sealed(counted) if on else None,
    }


# Private


def _months(today: date) -> Iterator[date]:
    """The first day of this month, and of those before it."""
    day = today.replace(day=1)
    while True:
        yield day
        day = (day - timedelta(days=1)).replace(day=1)


def _count(counted: Counted, some: list[Enrolment], cases: Cases, today: date) -> None:
    for one in some:
        counted.told[counted.month][tenth(int(one.arm))] += 1
    over = [one for one in some if _until(one.since) < today]
    for first in range(0, len(over), AT_ONCE):
        part = over[first : first + AT_ONCE]
        files = cases.open_many(one.case_id for one in part)
        for one in part:
            file = files.get(one.case_id)
            if file is None or file.head.status is CaseStatus.VOID:
                continue  # undone or merged: nobody was asked for it
            paid, groups = _came_of(file, one.since)
            side = counted.paid if paid else counted.unpaid
            side[one.arm] = side.get(one.arm, 0) + 1
            for key in _known_groups(groups, counted.groups):
                sums = counted.groups.setdefault(key, [0, 0, 0])
                sums[0] += 1
                sums[1] += int(one.arm)
                sums[2] += paid


def _known_groups(groups: list[str], counted: Mapping[str, list[int]]) -> Iterator[str]:
    """The groups, of products only so many: the rest is one, without a name."""
    products = sum(key.startswith(_PRODUCT) for key in counted)
    for key in groups:
        many = key not in counted and products >= MOST_PRODUCTS
        yield _PRODUCT if many and key.startswith(_PRODUCT) else key


def _until(since: date) -> date:
    return since + timedelta(days=forecast.WITHIN_DAYS)


def _came_of(file: CaseFile, since: date) -> tuple[bool, list[str]]:
    """Whether a debt that was open on a day was paid in full in time; and the case's groups."""
    settled = [(debt, _settled_on(file, debt)) for debt in file.debts if not debt.void]
    was_open = [(debt, on) for debt, on in settled if on is None or on >= since]
    before = len(settled) - len(was_open)
    oldest = min(
        (debt for debt, _ in was_open), key=lambda one: (one.due_on, one.debt_id), default=None
    )
    paid = any(on is not None and on <= _until(since) for _, on in was_open)
    groups = [
        "open_debts:" + _several(len(was_open)),
        "paid_debts:" + ("5+" if before >= 5 else "2-4"),
    ]
    if oldest is not None and oldest.product:
        groups.append(f"{_PRODUCT}{oldest.product[:40]}")
    return paid, groups


def _several(number: int) -> str:
    return "1" if number <= 1 else "2-4" if number < 5 else "5+"


def _settled_on(file: CaseFile, debt: Debt) -> date | None:
    """The day on which payments that stand reached what a debt came to; None while they do not."""
    undone = reversals(file.entries)
    own = [
        one
        for one in file.entries
        if one.debt_id == debt.debt_id
        and one.kind is not EntryKind.REVERSAL
        and one.entry_id not in undone
    ]
    owed = sum(one.amount_minor for one in own if one.kind is not EntryKind.PAYMENT)
    payments = sorted(
        (one.effective_on, -one.amount_minor) for one in own if one.kind is EntryKind.PAYMENT
    )
    for day, minor in payments:
        owed -= minor
        if owed <= 0:
            return day
    return None


def _figures(counted: Counted) -> dict[str, Any]:
    paid, unpaid = ({int(k): n for k, n in side.items()} for side in (counted.paid, counted.unpaid))
    hits, misses = sum(paid.values()), sum(unpaid.values())
    number = hits + misses
    predicted = _mean(paid, unpaid) if number else None
    observed = share(hits, number) if number else None
    drift = _drift(counted.told)
    squares = sum(n * (1 - p / 100) ** 2 for p, n in paid.items())
    squares += sum(n * (p / 100) ** 2 for p, n in unpaid.items())
    verdict = "small"
    if number >= LEAST and observed is not None and predicted is not None:
        high, low = predicted > observed.high, predicted < observed.low
        verdict = "high" if high else "low" if low else "good"
    return {
        "cases": number,
        "paid": hits,
        "predicted": predicted,
        "observed": asdict(observed) if observed else None,
        "auc": _auc(paid, unpaid),
        "brier": round(squares / number, 4) if number else None,
        "usual_brier": round(hits * misses / number**2, 4) if number else None,
        "verdict": verdict,
        "bins": [_bin(low, paid, unpaid) for low in range(0, 100, BIN)],
        "groups": _groups(counted.groups),
        "drift": drift,
        "drifted": drift is not None and drift > DRIFTED,
    }


def _mean(paid: Mapping[int, int], unpaid: Mapping[int, int]) -> float:
    number = sum(paid.values()) + sum(unpaid.values())
    total = sum(p * n for side in (paid, unpaid) for p, n in side.items())
    return round(total / number / 100, 4)


def _bin(low: int, paid: Mapping[int, int], unpaid: Mapping[int, int]) -> dict[str, Any]:
    top = low + BIN if low + BIN < 100 else 101
    here = [{p: n for p, n in side.items() if low <= p < top} for side in (paid, unpaid)]
    hits, number = sum(here[0].values()), sum(here[0].values()) + sum(here[1].values())
    return {
        "low": low,
        "high": low + BIN,
        "cases": number,
        "predicted": _mean(*here) if number else None,
        "observed": asdict(share(hits, number)) if number else None,
        "small": number < LEAST_OF_A_BIN,
    }


def _groups(groups: Mapping[str, list[int]]) -> list[dict[str, Any]]:
    products = [key for key in groups if key.startswith(_PRODUCT)]
    products.sort(key=lambda key: (-groups[key][0], key))
    shown = sorted(groups.keys() - set(products)) + products
    return [
        {
            "by": key.partition(":")[0],
            "name": key.partition(":")[2],
            "cases": number,
            "predicted": round(told / number / 100, 4),
            "observed": asdict(share(hits, number)),
            "small": number < LEAST_OF_A_BIN,
        }
        for key in shown
        for number, told, hits in [groups[key]]
    ]


def _auc(paid: Mapping[int, int], unpaid: Mapping[int, int]) -> float | None:
    """How often who paid had been told the higher chance of two; ties count half."""
    hits, misses = sum(paid.values()), sum(unpaid.values())
    if not hits or not misses:
        return None
    below, won = 0, 0.0
    for percent in range(101):
        none = unpaid.get(percent, 0)
        won += paid.get(percent, 0) * (below + none / 2)
        below += none
    return round(won / hits / misses, 4)


def _drift(told: list[list[int]]) -> float | None:
    """Population stability index: the newest month with enough cases against the oldest."""
    large = [one for one in told if sum(one) >= LEAST]
    if len(large) < 2:
        return None
    now, then = _shares(large[0]), _shares(large[-1])
    return round(sum((a - b) * math.log(a / b) for a, b in zip(now, then, strict=True)), 4)


def _shares(told: list[int]) -> list[float]:
    return [(n + _HALF) / (sum(told) + _HALF * len(told)) for n in told]


def _sealed(counted: Counted) -> str:
    return base64.urlsafe_b64encode(
        json.dumps(asdict(counted), ensure_ascii=False).encode()
    ).decode()


def _opened(cursor: str) -> Counted:
    try:
        found = Counted(**json.loads(base64.urlsafe_b64decode(cursor)))
        if not 0 <= found.month < MONTHS or len(found.told) != MONTHS:
            raise ValueError
        for side in (found.paid, found.unpaid):
            if not all(0 <= int(key) <= 100 and isinstance(n, int) for key, n in side.items()):
                raise ValueError
        return found
    except (ValueError, TypeError, AttributeError):
        raise BadField(field="cursor", reason="bad_format") from None
