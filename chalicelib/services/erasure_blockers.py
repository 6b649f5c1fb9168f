"""What is still open on a person's cases, so that nothing of them may be erased yet."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.agreements import WAITING, AgreementState
from chalicelib.domain.assignment import AssignmentState
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.cash import Deposit, DepositState, Receipt, ReceiptState
from chalicelib.domain.charge_off import undecided
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.correction import CorrectionState
from chalicelib.domain.data_request import DataRequest
from chalicelib.domain.days import local_day
from chalicelib.domain.erasure import Blocked, Blocker
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.reported import ReportedState
from chalicelib.domain.visit import Standing
from chalicelib.services.corrections import Corrections

MOST_WAITING = 500  # corrections of a portfolio that wait; more are not looked through
IN_COURT = frozenset({HoldReason.LEGAL})


class Cash(Protocol):
    def receipt(self, key: str) -> Receipt | None: ...
    def deposits(self, portfolio_id: str) -> list[Deposit]: ...


class Requests(Protocol):
    def of_case(self, portfolio_id: str, case_id: str) -> list[DataRequest]: ...


def blockers(
    one: DataRequest,
    files: Mapping[str, CaseFile],
    portfolio: Portfolio,
    *,
    cash: Cash,
    corrections: Corrections,
    requests: Requests,
    now: datetime,
) -> list[Blocker]:
    """List what is open, case by case; nothing where all of it may be erased."""
    waiting, _ = corrections.page(
        portfolio.portfolio_id,
        limit=MOST_WAITING,
        cursor=None,
        state=CorrectionState.WAITING.value,
    )
    undecided_of = {each.case_id for each in waiting}
    today = local_day(now, portfolio.time_zone)
    found = []
    for case_id, file in files.items():
        head = file.head
        reasons = list(_of_case(file, portfolio, today, now)) if _alive(file) else []
        if case_id in undecided_of:
            reasons.append((Blocked.DECISION, None))
        if _in_hand(file, portfolio, cash):
            reasons.append((Blocked.CASH, None))
        others = requests.of_case(portfolio.portfolio_id, case_id)
        if any(each.live and each.request_id != one.request_id for each in others):
            reasons.append((Blocked.REQUEST, None))
        found += [
            Blocker(
                case_id=case_id,
                name=head.name,
                reason=reason,
                amount_minor=minor,
                currency=head.currency,
            )
            for reason, minor in dict.fromkeys(reasons)
        ]
    return found


# Private


def _alive(file: CaseFile) -> bool:
    return file.head.status is not CaseStatus.VOID


def _of_case(
    file: CaseFile, portfolio: Portfolio, today: date, now: datetime
) -> Iterator[tuple[Blocked, int | None]]:
    head, tolerance = file.head, portfolio.policies.tolerance_minor
    if head.oldest_due_on is not None or head.balance_minor > tolerance:
        yield Blocked.OWES, head.balance_minor
    if head.balance_minor < -tolerance:
        yield Blocked.CREDIT, -head.balance_minor
    in_force = {*WAITING, AgreementState.ACTIVE}
    if any(agreement.state in in_force for agreement in file.agreements):
        yield Blocked.AGREEMENT, None
    if any(dispute.live for dispute in file.disputes):
        yield Blocked.DISPUTE, None
    reported = any(each.state is ReportedState.WAITING for each in file.reported)
    if reported or any(each.live_at(now) or each.left_open for each in file.checkouts):
        yield Blocked.PAYMENT, None
    planned = any(
        each.state is AssignmentState.PLANNED and each.day >= today for each in file.assignments
    )
    if planned or any(visit.standing is Standing.REVIEW for visit in file.visits):
        yield Blocked.VISIT, None
    if any(hold.reason in IN_COURT and hold.active_on(today) for hold in file.holds):
        yield Blocked.HOLD, None
    if any(undecided(debt.charge_offs) is not None for debt in file.debts):
        yield Blocked.DECISION, None


def _in_hand(file: CaseFile, portfolio: Portfolio, cash: Cash) -> bool:
    """Whether cash was taken that its agent has not handed in, and had counted, since."""
    taken = [
        (visit.person_id, visit.report.cash)
        for visit in file.visits
        if visit.report.cash is not None
    ]
    if not taken:
        return False
    counted = _counted(cash.deposits(portfolio.portfolio_id))
    for person_id, money in taken:
        last = counted.get(person_id)
        if last is not None and last >= money.at:
            continue
        receipt = cash.receipt(money.number)
        if receipt is None or receipt.state is not ReceiptState.VOID:
            return True
    return False


def _counted(deposits: Iterable[Deposit]) -> dict[str, datetime]:
    """When each agent last handed in what was then counted."""
    last: dict[str, datetime] = {}
    for each in deposits:
        if each.state is DepositState.COUNTED:
            last[each.person_id] = max(each.declared_at, last.get(each.person_id, each.declared_at))
    return last
