"""What is shown of a portfolio's payments by providers, and what people decide about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.checkout import Checkout, CheckoutState
from chalicelib.domain.errors import BadField, CaseNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.received import Received, ReceivedStanding
from chalicelib.domain.reported import ReportedState
from chalicelib.domain.unmatched import UnmatchedState
from chalicelib.services import incoming, payment_reports, scans, unmatched
from chalicelib.services.access import MANAGERS, need_portfolio

MOST_WAITING = 100
# Whose payment ids may be searched for; the adapters' names, for ever in the ledger.
SOURCES = ("stripe", "mercado_pago", "bank", "sandbox")


class Page(Protocol):
    @property
    def items(self) -> Sequence[tuple[str, Any]]: ...
    @property
    def cursor(self) -> str | None: ...


class Cases(Protocol):
    def open(self, case_id: str) -> CaseFile: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...
    def case_of_payment(self, portfolio_id: str, source: str, reference: str) -> str | None: ...
    def received(
        self,
        portfolio_id: str,
        standings: Collection[ReceivedStanding],
        *,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page: ...
    def reported(
        self,
        portfolio_id: str,
        states: Collection[ReportedState],
        *,
        source: str = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page: ...
    def checkouts(
        self,
        portfolio_id: str,
        states: Collection[CheckoutState],
        *,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page: ...


def listed(
    portfolio_id: str,
    *,
    which: str,
    state: str | None,
    source: str,
    wanted: str,
    limit: int,
    cursor: str | None,
    actor: Actor,
    cases: Cases,
    tray: unmatched.Tray,
    files: scans.Gives,
    now: datetime,
) -> dict[str, Any]:
    """
    Page through payments, checkouts, what debtors say they paid, or the tray (this by id; the
    others the last one first).

    Args:
        which: ``received``, ``checkouts``, ``reported`` or ``unmatched``.
        state: One of the list's states; None for all.
        source: Where it was told, of what debtors report; empty for anywhere.
        wanted: A payment's id at its provider, exactly; found whatever its state.

    Raises:
        PortfolioNotFound, NotAllowed: Managers of the portfolio only.
        BadField: The list has no such state.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    items: list[dict[str, Any]]
    more: str | None = None
    if which == "unmatched":
        if state is not None:
            _one_of(UnmatchedState, state)
        found, more = tray.page(portfolio_id, limit=limit, cursor=cursor, state=state)
        items = [unmatched.shown(one) for one in found if wanted in ("", one.payment.payment_id)]
    elif which == "reported":
        among = tuple(ReportedState) if state is None else (_one_of(ReportedState, state),)
        page = cases.reported(portfolio_id, among, source=source, cursor=cursor, limit=limit)
        heads = cases.heads(case_id for case_id, _ in page.items)
        items = [payment_reports.line(case_id, one, heads, files) for case_id, one in page.items]
        more = page.cursor
    elif wanted:
        items = _searched(portfolio_id, wanted, cases)
    elif which == "checkouts":
        states = tuple(CheckoutState) if state is None else (_one_of(CheckoutState, state),)
        page = cases.checkouts(portfolio_id, states, cursor=cursor, limit=limit)
        heads = cases.heads(case_id for case_id, _ in page.items)
        items = [_checkout(case_id, one, heads, now) for case_id, one in page.items]
        more = page.cursor
    else:
        standings = (
            tuple(ReceivedStanding) if state is None else (_one_of(ReceivedStanding, state),)
        )
        page = cases.received(portfolio_id, standings, cursor=cursor, limit=limit)
        heads = cases.heads(case_id for case_id, _ in page.items)
        items = [_received(case_id, one, heads) for case_id, one in page.items]
        more = page.cursor
    waiting, _ = tray.page(
        portfolio_id, limit=MOST_WAITING, cursor=None, state=UnmatchedState.OPEN.value
    )
    return {"items": items, "cursor": more, "waiting": len(waiting[:MOST_WAITING])}


def decided(
    portfolio_id: str,
    payment_id: str,
    *,
    action: str,
    case_id: str | None,
    debt_id: str | None,
    answer: str,
    actor: Actor,
    tray: unmatched.Tray,
    providers: unmatched.Providers,
    means: incoming.Means,
    files: scans.Gives,
    now: datetime,
) -> dict[str, Any]:
    """
    Do what a person decided about a payment; see ``services.unmatched``, ``payment_reports``.

    Raises:
        BadField: No case is named where one is needed.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    if action == "send_back":
        done = unmatched.send_back(
            portfolio_id, payment_id, actor=actor, tray=tray, providers=providers, now=now
        )
        return {"item": done}
    if action == "bring":
        done = unmatched.bring(
            portfolio_id, payment_id, actor=actor, tray=tray, means=means, now=now
        )
        return {"item": done}
    if not case_id:
        raise BadField(field="case_id", reason="missing")
    if action in ("found", "not_found"):
        moved, reported = payment_reports.settle(
            portfolio_id,
            case_id,
            payment_id,
            found=action == "found",
            answer=answer,
            actor=actor,
            cases=means.cases,
            portfolios=means.portfolios,
            now=now,
        )
        heads = {case_id: moved.head}
        return {"item": payment_reports.line(case_id, reported, heads, files)}
    if action == "assign":
        done = unmatched.assign(
            portfolio_id,
            payment_id,
            case_id=case_id,
            debt_id=debt_id,
            actor=actor,
            tray=tray,
            means=means,
            now=now,
        )
        return {"item": done}
    file = means.cases.open(case_id)
    if file.head.portfolio_id != portfolio_id:
        raise CaseNotFound(case_id=case_id)
    given = unmatched.give_back_over(
        case_id, payment_id, actor=actor, providers=providers, means=means, now=now
    )
    return {"item": _received(case_id, given, {case_id: file.head})}


# Private


def _one_of(kind: Any, state: str) -> Any:
    known = [one.value for one in kind]
    if state not in known:
        raise BadField(field="state", reason="not_one_of", choices=known)
    return kind(state)


def _searched(portfolio_id: str, wanted: str, cases: Cases) -> list[dict[str, Any]]:
    items = []
    for source in SOURCES:
        case_id = cases.case_of_payment(portfolio_id, source, wanted)
        if case_id is not None:
            file = cases.open(case_id)
            heads = {case_id: file.head}
            items += [
                _received(case_id, one, heads)
                for one in file.received
                if (one.payment.provider, one.payment.payment_id) == (source, wanted)
            ]
    return items


def _received(case_id: str, one: Received, heads: Mapping[str, CaseHead]) -> dict[str, Any]:
    payment = one.payment
    currency = payment.currency
    return {
        "kind": "received",
        "received_id": one.received_id,
        "case_id": case_id,
        "name": heads[case_id].name if case_id in heads else "",
        "provider": payment.provider,
        "payment_id": payment.payment_id,
        "method": payment.method,
        "amount": {"minor": payment.amount_minor, "currency": currency},
        "kept": {"minor": payment.kept_minor, "currency": currency},
        "over": {"minor": one.over_minor, "currency": currency},
        "state": one.standing.value,
        "paid_at": to_plain(payment.paid_at),
        "at": to_plain(one.at),
        "checkout_id": one.checkout_id,
        "backs": [
            {
                "kind": back.kind.value,
                "amount": {"minor": back.amount_minor, "currency": currency},
                "at": to_plain(back.at),
                "reason": back.reason,
                "returned": back.returned,
            }
            for back in payment.backs
        ],
    }


def _checkout(
    case_id: str, one: Checkout, heads: Mapping[str, CaseHead], now: datetime
) -> dict[str, Any]:
    return {
        "kind": "checkout",
        "checkout_id": one.checkout_id,
        "case_id": case_id,
        "name": heads[case_id].name if case_id in heads else "",
        "provider": one.provider,
        "method": one.method,
        "pays": one.target.pays.value,
        "amount": {"minor": one.amount_minor, "currency": one.currency},
        "paid": {"minor": one.paid_minor, "currency": one.currency},
        "state": one.shown_at(now).value,
        "started_at": to_plain(one.started_at),
        "started_by": one.started_by,
        "expires_at": to_plain(one.expires_at),
        "problem": one.problem,
    }
