"""Proving a portfolio: ledgers against heads, timelines against chains, counters against both."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.domain import agreement_sums, counters, coverage, effort, reliability, timeline
from chalicelib.domain.case import CaseFile, CounterMoves
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.ledger import balances
from chalicelib.services.case_search import Page

CASES_A_PAGE = 100


class AllCases(Protocol):
    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "due",
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]: ...
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


class Counters(Protocol):
    def read(self, portfolio_id: str) -> CounterMoves: ...
    def people(self, portfolio_id: str) -> dict[str, dict[str, int]]: ...
    def effort(self, portfolio_id: str, first: str, last: str) -> effort.Sums: ...
    def owners(self, portfolio_id: str) -> dict[str, int]: ...


@dataclass
class Report:
    """
    What was looked at, and everything that does not agree.

    Args:
        differences: ``{"what", "case_id" or "counter", "found", "should_be"}`` each; amounts
            are minor units.
    """

    portfolio_id: str
    cases: int = 0
    entries: int = 0
    events: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.differences


def portfolio(portfolio_id: str, *, cases: AllCases, stored: Counters, time_zone: str) -> Report:
    """
    Recompute a portfolio from its entries and events and compare it with what is stored.

    Every case is opened, page by page, so memory does not grow with the portfolio. While
    others write, cases may be seen before a change and counters after it: what differs then
    is settled by running it again.

    Args:
        time_zone: The portfolio's, whose days messages are counted on.
    """
    report = Report(portfolio_id)
    due: dict[str, int] = {}
    total = CounterMoves(totals={}, due=due, due_debts={}, days={})
    owners: Counter[str] = Counter()
    for file in _files(portfolio_id, cases):
        _check(file, report, time_zone)
        owners[counters.counts_for(file.head.owner, file.head.status)] += 1
        flows = CounterMoves(
            totals={},
            due={},
            due_debts={},
            days=_days(file, time_zone),
            people=reliability.by_person(file.promises),
            effort=effort.of_case(file, time_zone),
        )
        total = counters.merged([total, counters.contribution(file.head), flows])
    _compare(stored.read(portfolio_id), total, report)
    # By who answers for each, not by what its head says it counts for: that is what is proved.
    owners.pop("", None)
    _rows("owners", stored.owners(portfolio_id), owners, report)
    people = stored.people(portfolio_id)
    for person in sorted(people.keys() | total.people.keys()):
        found, should_be = people.get(person, {}), total.people.get(person, {})
        _rows(f"people.{person}", found, should_be, report)
    done = {
        key: figures
        for first, last in (("0000-00", "9999-12"), ("0000-00-00", "9999-12-31"))
        for key, figures in stored.effort(portfolio_id, first, last).items()
    }
    due_to_them = effort.with_months(total.effort)
    for key in sorted(done.keys() | due_to_them.keys()):
        _rows(f"effort.{key}", done.get(key, {}), due_to_them.get(key, {}), report)
    return report


def _days(file: CaseFile, time_zone: str) -> dict[str, dict[str, int]]:
    """Everything a case has put on its portfolio's days, of every kind that a draft counts."""
    return counters.joined(
        counters.flows(file.entries),
        counters.messages(file.attempts, time_zone),
        counters.visits(file.visits, time_zone),
        agreement_sums.by_day(file.agreements, time_zone),
        counters.disputes(file.disputes, time_zone),
        reliability.by_day(file.promises),
    )


def _files(portfolio_id: str, cases: AllCases) -> Iterator[CaseFile]:
    """Every case of the portfolio, and those that were merged into one of them."""
    cursor: str | None = None
    while True:
        page = cases.list(portfolio_id, sort="name", cursor=cursor, limit=CASES_A_PAGE)
        wanted = [line.case_id for line in page.items]
        while wanted:
            files = cases.open_many(wanted).values()
            yield from files
            wanted = [case_id for file in files for case_id in absorbed(file)]
        cursor = page.cursor
        if cursor is None:
            return


def absorbed(file: CaseFile) -> list[str]:
    """The cases that were merged into this one, and still are."""
    return [
        event.facts["from"]
        for event in file.events
        if event.kind == "case.absorbed" and not _taken_back(file, event.facts["merge_id"])
    ]


def _taken_back(file: CaseFile, merge_id: str) -> bool:
    return any(
        event.kind == "merge.undone" and event.facts.get("merge_id") == merge_id
        for event in file.events
    )


def _check(file: CaseFile, report: Report, time_zone: str) -> None:
    head = file.head
    report.cases += 1
    report.entries += len(file.entries)
    report.events += len(file.events)

    def differs(what: str, found: Any, should_be: Any) -> None:
        if found != should_be:
            report.differences.append(
                {"what": what, "case_id": head.case_id, "found": found, "should_be": should_be}
            )

    owed = balances(file.entries)
    differs(
        "case.balance", head.balance_minor, sum(balance.total_minor for balance in owed.values())
    )
    differs("case.buckets", sum(head.due_buckets.values()), head.balance_minor)
    alive = [debt for debt in file.debts if not debt.void]
    differs("case.debts", head.debts, len(alive))
    differs("case.bucket_debts", sum(head.due_debts.values()), len(alive))
    differs("entry.debt", sorted(owed.keys() - {debt.debt_id for debt in file.debts}), [])
    touched_on = coverage.contacted_on(file.attempts, file.visits, time_zone)
    differs("case.touched_on", head.touched_on, touched_on)
    proof = timeline.verify(file.events, head.chain)
    differs("timeline", proof.first_altered, None)


def _compare(stored: CounterMoves, total: CounterMoves, report: Report) -> None:
    for name in ("totals", "due", "due_debts"):
        _rows(name, getattr(stored, name), getattr(total, name), report)
    for day in sorted(stored.days.keys() | total.days.keys()):
        _rows(f"days.{day}", stored.days.get(day, {}), total.days.get(day, {}), report)


def _rows(
    family: str, found: Mapping[str, int], should_be: Mapping[str, int], report: Report
) -> None:
    for key in sorted(found.keys() | should_be.keys()):
        have, want = found.get(key, 0), should_be.get(key, 0)
        if have != want:
            report.differences.append(
                {
                    "what": "counter",
                    "counter": f"{family}.{key}",
                    "found": have,
                    "should_be": want,
                }
            )
