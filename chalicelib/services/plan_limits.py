"""How much of a plan may go: quotas of segments and days, the budgets of day and month."""

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from chalicelib.domain import prices
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.unspent import Unspent
from chalicelib.strategies.facts import Facts
from chalicelib.strategies.model import Evaluation, Playbook, Segment, Strategy
from chalicelib.strategies.validation import PRICED


class Allowances(Protocol):
    def grant(
        self,
        portfolio_id: str,
        name: str,
        amounts: Sequence[int],
        *,
        most: int | None,
        part: str = "",
        part_most: int | None = None,
        now: datetime,
    ) -> int:
        """
        Grant as many of *amounts*, from the first, as still fit under *most*, and those of the
        *part* under *part_most*: of both or of neither.
        """
        ...

    def give_back(
        self, portfolio_id: str, name: str, amount: int, *, part: str = "", now: datetime
    ) -> None:
        """Take back part of what was granted; what never was is not."""
        ...

    def used(self, portfolio_id: str, name: str, part: str = "") -> int: ...


class Bids(Protocol):
    """Cases that want a place in a segment's quota of a day, the best score first."""

    def place(
        self, portfolio_id: str, day: date, bids: Sequence[tuple[str, int, str]], *, now: datetime
    ) -> None:
        """Note (segment, score, case) bids. Safe to repeat."""
        ...

    def best(self, portfolio_id: str, day: date, segment_id: str, *, most: int) -> list[str]:
        """The case ids of the best bids, in order."""
        ...

    def drop(self, portfolio_id: str, day: date, segment_id: str, case_ids: Sequence[str]) -> None:
        """Forget bids that have got their place. Safe to repeat."""
        ...


# What a message by a channel in a country is reckoned to cost before it is written, in millionths
# of the currency of ``domain.prices``.
Price = Callable[[Channel, str], int]
# How much of each channel a message usually takes; what went out is counted as it really was.
USUAL_UNITS = {Channel.SMS: 2, Channel.CALL: 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plays:
    """What a portfolio does: read once for many cases."""

    portfolio: Portfolio
    playbook: Playbook
    strategies: tuple[Strategy, ...]

    def price(self, channel: Channel, country: str) -> int:
        """Reckon what a message of usual length costs this portfolio."""
        return usual_price(channel, country, self.playbook.own_prices)


@dataclass(slots=True)
class Looked:
    """A case that was looked at: the draft of what it gets, with what may still be refused."""

    file: CaseFile
    draft: Draft
    facts: Facts
    segment: Segment | None
    evaluation: Evaluation
    look_again_on: date | None
    messages: list[Attempt] = field(default_factory=list)

    @property
    def case_id(self) -> str:
        return self.file.head.case_id

    @property
    def score(self) -> int:
        return int(self.facts.values.get("score") or 0)


def usual_price(
    channel: Channel, country: str, own: Mapping[str, int] = MappingProxyType({})
) -> int:
    """
    Reckon what a message of usual length costs, in millionths of a US dollar.

    >>> usual_price(Channel.SMS, "MX")
    40000
    """
    return prices.cost(channel, country, USUAL_UNITS.get(channel, 1), own)[0]


def list_prices(portfolio: Portfolio) -> list[dict[str, Any]]:
    """What a unit of each channel costs in a country whose portfolio states no own price."""
    channels = (channel for channel in Channel if channel.value in PRICED)
    listed = ((channel, prices.price(channel, portfolio.country)) for channel in channels)
    return [
        {"channel": channel.value, "unit": one.unit, "micros": one.micros, "basis": one.basis}
        for channel, one in listed
    ]


def quota_name(day: date, segment_id: str) -> str:
    """What a segment's messages of a day are counted under."""
    return f"quota#{day.isoformat()}#{segment_id}"


def budget_name(day: date) -> str:
    """What the cost of a month is counted under."""
    return f"budget#{day:%Y-%m}"


def budget_part(day: date) -> str:
    """What the cost of a day is counted under, within its month."""
    return f"day_{day:%d}"


def give_back_unspent(
    unspent: Iterable[Unspent],
    portfolio: Portfolio,
    playbook: Playbook | None,
    *,
    allowances: Allowances,
    price: Price | None = None,
    now: datetime,
) -> None:
    """
    Return what the budgets granted to a strategy's messages that ended without having gone.

    Not safe to repeat: told once of each, by the commit that ended it.

    Args:
        price: What it was granted by; what messages usually cost this portfolio if None.
    """
    if playbook is None or not playbook.has_budget:
        return
    price = price or functools.partial(usual_price, own=playbook.own_prices)
    sums: Counter[tuple[str, str]] = Counter()
    for one in unspent:
        day = local_day(one.planned_at, portfolio.time_zone)
        sums[budget_name(day), budget_part(day)] += price(one.channel, portfolio.country)
    for (name, part), amount in sums.items():
        allowances.give_back(portfolio.portfolio_id, name, amount, part=part, now=now)


@dataclass(slots=True, kw_only=True)
class Purse:
    """
    The limits of one batch of cases.

    Args:
        awarded: Whether these cases have won their places in their segments' quotas.
    """

    plays: Plays
    allowances: Allowances
    bids: Bids
    awarded: bool = False
    price: Price
    today: date
    now: datetime
    spent: dict[str, int] = field(default_factory=dict)

    def share(self, looked: Sequence[Looked]) -> int:
        """
        Let through what the quotas of the day and the budgets of day and month still hold.

        Who is of a segment with a quota bids for a place, and waits until every case of the day
        has; see ``plan_agenda.award``. What gets no place or has no room waits for tomorrow.

        Returns:
            How many messages wait.
        """
        by_segment: dict[str, list[Looked]] = {}
        for one in looked:
            if one.messages and one.segment is not None:
                by_segment.setdefault(one.segment.segment_id, []).append(one)
        waiting = 0
        for group in by_segment.values():
            group.sort(key=lambda one: (-one.score, one.case_id))
            for one in group[self._let_through(group) :]:
                waiting += len(one.messages)
                one.messages.clear()
                one.look_again_on = self.today + timedelta(days=1)
        return waiting

    def give_back(self, one: Looked) -> None:
        """Return what was granted to a case that could not be committed."""
        if not one.messages or one.segment is None:
            return
        if one.segment.daily_quota is not None:
            self._return(quota_name(self.today, one.segment.segment_id), len(one.messages))
        if cost := self.spent.pop(one.case_id, 0):
            self._return(budget_name(self.today), cost, budget_part(self.today))

    def _let_through(self, group: Sequence[Looked]) -> int:
        segment = group[0].segment
        if segment is None or segment.daily_quota is None or self.awarded:
            return self._granted(group)
        self.bids.place(
            self.plays.portfolio.portfolio_id,
            self.today,
            [(segment.segment_id, one.score, one.case_id) for one in group],
            now=self.now,
        )
        return 0

    def _granted(self, group: Sequence[Looked]) -> int:
        """How many of a segment's cases, from the first, may have their messages."""
        segment, playbook = group[0].segment, self.plays.playbook
        granted = len(group)
        quota = segment.daily_quota if segment else None
        name = quota_name(self.today, segment.segment_id) if segment else ""
        ones = [len(one.messages) for one in group]
        if quota is not None:
            granted = self._grant(name, ones, most=quota)
        country = self.plays.portfolio.country
        if not playbook.has_budget or granted == 0:
            return granted
        costs = [
            sum(self.price(message.channel, country) for message in one.messages)
            for one in group[:granted]
        ]
        affordable = self._grant(
            budget_name(self.today),
            costs,
            most=playbook.monthly_budget_micros,
            part=budget_part(self.today),
            part_most=playbook.daily_budget_micros,
        )
        if quota is not None and affordable < granted:
            self._return(name, sum(ones[affordable:granted]))
        self.spent |= {
            one.case_id: cost for one, cost in zip(group[:affordable], costs, strict=False)
        }
        return affordable

    def _grant(
        self,
        name: str,
        amounts: Sequence[int],
        *,
        most: int | None,
        part: str = "",
        part_most: int | None = None,
    ) -> int:
        return self.allowances.grant(
            self.plays.portfolio.portfolio_id,
            name,
            amounts,
            most=most,
            part=part,
            part_most=part_most,
            now=self.now,
        )

    def _return(self, name: str, amount: int, part: str = "") -> None:
        self.allowances.give_back(
            self.plays.portfolio.portfolio_id, name, amount, part=part, now=self.now
        )
