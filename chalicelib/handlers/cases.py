"""Cases: lists and search, the page of one, and everything a person does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import agreement_policy
    from chalicelib.domain import case as case_types
    from chalicelib.domain import portfolio as portfolio_types
    from chalicelib.services import (
        case_filters,
        case_pages,
        cases,
        ledger,
        notes,
        promises,
        statements,
    )

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)


def _states() -> tuple[str, ...]:
    every = case_types.CaseStatus
    return tuple(status.value for status in every if status is not every.VOID)


def _rhythms() -> tuple[str, ...]:
    return tuple(each.value for each in agreement_policy.Frequency)


LIST = "/portfolios/{portfolio_id}/cases"
ONE = "/cases/{case_id}"
FILTERS = (
    web.Query(
        name="q", about="Words of the name, a tax id, phone, e-mail, or the creditor's own id."
    ),
    web.Query(
        name="sort",
        about="`-` turns it round; `due` is the default. `touched`: cases that owe, the longest"
        " without contact first.",
        choices=lambda: case_filters.SORTS,
    ),
    web.Query(name="band", about="Code of one of the portfolio's ageing bands."),
    web.Query(name="min_minor", about="Least balance, in the smallest unit.", kind="int"),
    web.Query(name="max_minor", about="Largest balance, in the smallest unit.", kind="int"),
    web.Query(name="city", about="Without regard to case and accents."),
    web.Query(name="status", about="State of the case.", choices=_states),
    web.Query(name="tag", about="One tag."),
    web.Query(name="owner", about="Who answers for it: a person's id; `none` = nobody."),
    web.Query(
        name="untouched_days",
        about="Owes, and nobody turned to its debtor for so many days, 1 to 365; `touched` is then"
        " the default order.",
        kind="int",
    ),
    web.Query(
        name="charged_off",
        about="Whether any debt is charged off and owes.",
        choices=lambda: case_filters.YES_NO,
    ),
)
LANGUAGE = web.Query(
    name="language", about="The debtor's; the portfolio's if none.", choices=("es", "en", "pt")
)
KIND = web.Query(name="kind", about="A kind of event, or a family of kinds such as `payment.`.")


@web.route(bp, f"GET {LIST}", answer="cases:Lines", query=(*FILTERS, *web.PAGE))
def list_cases(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List or search a portfolio's cases."""
    asked = call.query
    return cases.listed(
        portfolio_id,
        q=asked.get("q", ""),
        sort=asked.get("sort", ""),
        band=asked.get("band", ""),
        untouched_days=asked.get("untouched_days"),
        where=case_filters.columns(asked),
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
        read_phone=wiring.read_phone,
        people=wiring.actor_names,
    )


@web.route(bp, f"GET {ONE}", answer="cases:CasePage")
def get(call: web.Call, case_id: str) -> dict[str, Any]:
    """Open a case: debts, contacts, ledger, promises, notes and the newest of its timeline."""
    page = _opened(call, case_id)
    call.looked("case.opened", page["case"]["portfolio_id"], case_id=case_id)
    return page


def _opened(call: web.Call, case_id: str) -> dict[str, Any]:
    return cases.page(
        case_id,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
        people=wiring.actor_names,
    )


@web.route(bp, f"GET {ONE}/timeline", answer="cases:Timeline", query=(KIND, *web.PAGE))
def timeline(call: web.Call, case_id: str) -> dict[str, Any]:
    """Page through everything that ever happened to a case, newest first."""
    return cases.timeline_page(
        case_id,
        kind=call.query.get("kind", ""),
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        people=wiring.actor_names,
    )


@web.route(bp, f"GET {ONE}/verification", answer="cases:Verification")
def verification(call: web.Call, case_id: str) -> dict[str, Any]:
    """Prove that a timeline is whole, or name the first altered event."""
    return cases.verification(
        case_id, actor=call.actor, cases=wiring.cases(), portfolios=wiring.portfolios()
    )


def _again(call: web.Call, _receipt: dict[str, Any], path: dict[str, str]) -> dict[str, Any]:
    return _opened(call, path["case_id"])


def _change(
    path: str, *, body: str, method: str = "POST", status: int = 201
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A route that changes a case and answers its page; a repeat answers the page alone."""
    repeat = _again if method == "POST" else None
    return web.route(
        bp,
        f"{method} {ONE}{path}",
        body=body,
        answer="cases:CasePage",
        status=status,
        repeat=repeat,
    )


@_change("/payments", body="cases:NewPayment")
def pay(call: web.Call, case_id: str) -> dict[str, Any]:
    """Record money received; it is allocated by the portfolio's policy."""
    return _page(
        call,
        ledger.post_payment(
            case_id,
            amount_minor=call.body.amount_minor,
            paid_on=call.body.paid_on,
            reference=call.body.reference,
            method=call.body.method,
            debt_id=call.body.debt_id,
            **call.casework,
        ),
    )


@_change("/adjustments", body="cases:NewAdjustment")
def adjust(call: web.Call, case_id: str) -> dict[str, Any]:
    """Correct one component of a debt by a signed amount."""
    return _page(
        call,
        ledger.adjust(
            case_id,
            debt_id=call.body.debt_id,
            component=portfolio_types.Component(call.body.component),
            amount_minor=call.body.amount_minor,
            reason=call.body.reason,
            key=call.key,
            **call.casework,
        ),
    )


@_change("/waivers", body="cases:NewWaiver")
def waive(call: web.Call, case_id: str) -> dict[str, Any]:
    """Forgive part of a debt."""
    return _page(
        call,
        ledger.waive(
            case_id,
            debt_id=call.body.debt_id,
            component=portfolio_types.Component(call.body.component),
            amount_minor=call.body.amount_minor,
            reason=call.body.reason,
            key=call.key,
            **call.casework,
        ),
    )


@_change("/reversals", body="cases:NewReversal")
def reverse(call: web.Call, case_id: str) -> dict[str, Any]:
    """Undo an entry of the ledger to the cent."""
    return _page(
        call,
        ledger.reverse(
            case_id, entry_id=call.body.entry_id, reason=call.body.reason, **call.casework
        ),
    )


@_change("/notes", body="cases:NewNote")
def note(call: web.Call, case_id: str) -> dict[str, Any]:
    """Write a note; whom it mentions finds that among their tasks, and in an e-mail if wanted."""
    changed = notes.add(
        case_id,
        call.body.text,
        key=call.key,
        mentions=call.body.mentions,
        people=wiring.people(),
        boxes=wiring.notice_boxes(),
        **call.casework,
    )
    return _page(call, changed)


@_change("/tags", body="cases:Tags", method="PUT", status=200)
def tag(call: web.Call, case_id: str) -> dict[str, Any]:
    """Replace the case's tags."""
    return _page(call, notes.set_tags(case_id, call.body.tags, **call.casework))


@_change("/language", body="cases:SpokenLanguage", method="PUT", status=200)
def speak(call: web.Call, case_id: str) -> dict[str, Any]:
    """Note in which language the debtor wants to be written to; empty takes the note away."""
    return _page(call, notes.set_language(case_id, call.body.language, **call.casework))


@_change("/promises", body="cases:NewPromise")
def promise(call: web.Call, case_id: str) -> dict[str, Any]:
    """Record a promise to pay, or several; they take the place of what is open."""
    return _page(
        call,
        promises.make(
            case_id,
            amount_minor=call.body.amount_minor,
            due_on=call.body.due_on,
            channel=call.body.channel,
            then=[(part.amount_minor, part.due_on) for part in call.body.then],
            key=call.key,
            **call.casework,
        ),
    )


@web.route(
    bp,
    f"GET {ONE}/promise-dates",
    answer="cases:ProposedPromises",
    query=(
        web.Query(name="amount_minor", about="All together.", kind="int", required=True),
        web.Query(name="first_on", about="Day of the first.", kind="date", required=True),
        web.Query(name="frequency", about="How far apart.", choices=_rhythms, required=True),
        web.Query(name="parts", about="How many, 1 to 12.", kind="int", required=True),
    ),
)
def promise_dates(call: web.Call, case_id: str) -> dict[str, Any]:
    """Say on which working days promises in parts would fall, and of how much; changes nothing."""
    query = call.query
    parts, portfolio = promises.in_parts(
        case_id,
        amount_minor=query["amount_minor"],
        first_on=query["first_on"],
        frequency=agreement_policy.Frequency(query["frequency"]),
        parts=query["parts"],
        **call.casework,
    )
    return {
        "items": [
            {
                "amount": {"minor": one.amount_minor, "currency": portfolio.currency},
                "due_on": one.due_on.isoformat(),
                "meant_for": one.meant_for.isoformat(),
            }
            for one in parts
        ]
    }


@_change("/promises/{promise_id}", body="cases:ChangePromise", method="PATCH", status=200)
def cancel_promise(call: web.Call, case_id: str, promise_id: str) -> dict[str, Any]:
    """Cancel an open promise."""
    return _page(call, promises.cancel(case_id, promise_id, **call.casework))


def _page(call: web.Call, changed: tuple[CaseFile, Portfolio]) -> dict[str, Any]:
    file, portfolio = changed
    return case_pages.page_of(
        file, portfolio, actor=call.actor, now=call.now, people=wiring.actor_names
    )


@web.route(bp, f"GET {ONE}/statement", answer="common:Link", query=(LANGUAGE,))
def statement(call: web.Call, case_id: str) -> dict[str, Any]:
    """Make the account statement as of today; answers a short-lived address of the PDF."""
    url = statements.make(
        case_id,
        language=call.query.get("language", ""),
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        files=wiring.export_files(),
        now=call.now,
    )
    call.looked("statement.taken", "", case_id=case_id)
    return {"url": url}
