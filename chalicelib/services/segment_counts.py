"""How many cases each segment has, counted while it is being written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain import ageing
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.case_list import CaseLine
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import from_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import STAFF, Portfolios, open_portfolio
from chalicelib.strategies import rules
from chalicelib.strategies.facts import Facts, facts_of
from chalicelib.strategies.model import Playbook, Segment
from chalicelib.strategies.playbook import segment_of

# What a line of a list says; a rule on anything else needs the case itself.
LINE_FIELDS = frozenset(
    {"days_from_due", "band", "balance", "debts", "tags", "city", "days_since_payment",
     "promise_open"}
)  # fmt: skip
MOST_LINES = 4_000
MOST_CASES = 240
PAGE = 500


class Cases(casework.ListedCases, Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """
    Args:
        counts: Cases by segment id; ``""`` = in none.
        balances: What they owe, in minor units.
        seen: How many cases were looked at.
        sampled: Whether those are only a part of the portfolio's, the first by name.
    """

    counts: Mapping[str, int]
    balances: Mapping[str, int]
    seen: int
    sampled: bool


def count(
    portfolio_id: str,
    segments: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    portfolios: Portfolios,
    cases: Cases,
    now: datetime,
) -> Counts:
    """
    Count the owing cases of each segment, each case in the first that holds.

    Names have nothing to do with debts, so the first by name stand for a portfolio too large
    to be counted at once.

    Raises:
        BadField: A rule that cannot be answered.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    read = tuple(from_plain(Segment, dict(each)) for each in segments)
    for number, segment in enumerate(read):
        if reason := rules.problem(segment.rule):
            raise BadField(field=f"segments.{number}.rule", reason=reason)
    playbook = Playbook(portfolio_id=portfolio_id, segments=read)
    today = local_day(now, portfolio.time_zone)
    asked = set().union(*(rules.fields_of(segment.rule) for segment in read))
    by_line = asked <= LINE_FIELDS
    most = MOST_LINES if by_line else MOST_CASES
    lines, whole = _owing(portfolio_id, cases, most)
    if by_line:
        facts = [_facts(line, portfolio, today) for line in lines]
    else:
        opened = cases.open_many(line.case_id for line in lines)
        facts = [facts_of(file, portfolio, today) for file in opened.values()]
    counts: Counter[str] = Counter()
    balances: Counter[str] = Counter()
    for one in facts:
        found = segment_of(playbook, one)
        key = found.segment_id if found else ""
        counts[key] += 1
        balances[key] += int(one.values["balance"])
    return Counts(counts=counts, balances=balances, seen=len(facts), sampled=not whole)


def _owing(portfolio_id: str, cases: Cases, most: int) -> tuple[list[CaseLine], bool]:
    """Read owing cases in the order of their names; and whether those are all."""
    found: list[CaseLine] = []
    cursor: str | None = None
    while True:
        page = cases.list(portfolio_id, sort="name", cursor=cursor, limit=PAGE)
        found += [line for line in page.items if line.oldest_due_on is not None]
        cursor = page.cursor
        if cursor is None:
            return found[:most], len(found) <= most
        if len(found) >= most:
            return found[:most], False


def _facts(line: CaseLine, portfolio: Portfolio, today: date) -> Facts:
    band = ageing.band_of(line.oldest_due_on, today, portfolio.policies.bands)
    paid_on = line.last_payment_on
    due_on = line.oldest_due_on
    return Facts(
        case_id=line.case_id,
        today=today,
        status=line.status,
        anchor=due_on,
        paused_days=0,
        held_until=None,
        held=line.status is CaseStatus.HELD,
        promise=None,
        bands=portfolio.policies.bands,
        channels={},
        values={
            "days_from_due": None if due_on is None else ageing.days_from_due(due_on, today),
            "band": band.code if band else None,
            "balance": line.balance_minor,
            "debts": line.debts,
            "tags": frozenset(line.tags),
            "city": line.city,
            "days_since_payment": None if paid_on is None else (today - paid_on).days,
            # A held case may have an open promise too: its line does not say.
            "promise_open": line.status is CaseStatus.PROMISED,
        },
    )
