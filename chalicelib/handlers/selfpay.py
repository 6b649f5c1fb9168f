"""The debtor's account as pages: what is owed and why, who asks, rights, papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.domain.errors import (
    CaseNotFound,
    DebtNotFound,
    DocumentNotValid,
    PaperNotFound,
)
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import agreements
    from chalicelib.domain.cash import Word
    from chalicelib.selfpay import account as accounts
    from chalicelib.selfpay import asker, forms, papers, plans, rights, speaking
    from chalicelib.services import (
        agreement_offers,
        cash_words,
        creditor_papers,
        payment_reports,
        self_service,
        statements,
    )

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio

LINK_EXPIRES_S = 300
# What a debtor can do whatever the case is like; the others depend on it.
ALWAYS = frozenset(
    {"ya-pague", "aclarar", "documentos", "mis-datos", "solicitud", "contacto", "chat"}
)
WHILE_OWING = frozenset({"plan", "promesa", "no-puedo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A case opened for its debtor, and what every page of it uses."""

    file: CaseFile
    portfolio: Portfolio
    account: accounts.Account
    agreement: plans.AgreementView | None
    tools: dict[str, Any]


def look(call: DebtorCall) -> Look:
    """Open the case of the session; everything a page shows is read off this one moment."""
    file = wiring.cases().open(call.case_id)
    portfolio = wiring.portfolios().get(file.head.portfolio_id)
    if portfolio is None:
        raise CaseNotFound(case_id=call.case_id)
    account = accounts.build(file, portfolio, now=call.now, language=call.language)
    steps = ALWAYS if account.settled else ALWAYS | WHILE_OWING
    if not account.settled and wiring.payment_methods(portfolio.portfolio_id):
        steps |= {"pago"}
    known = agreements.in_force(file.agreements)
    tolerance = portfolio.policies.tolerance_minor
    agreement = plans.signed(file, known, tolerance_minor=tolerance) if known else None
    tools = speaking.tools(portfolio, call.language, steps=steps)
    return Look(file=file, portfolio=portfolio, account=account, agreement=agreement, tools=tools)


def show(
    call: DebtorCall, seen: Look, template: str, *, status: int = 200, **view: Any
) -> Response:
    """Answer a page of the account."""
    shown = seen.tools | {"account": seen.account, "form": forms.EMPTY} | view
    return call.page(template, status=status, **shown)


def desk(call: DebtorCall) -> self_service.Desk:
    """The debtor before their own case, with this form's key."""
    return self_service.Desk(
        case_id=call.case_id,
        by=call.actor.actor_id,
        key=call.key,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


@debtor_page("GET /pagar/cuenta")
def account(call: DebtorCall) -> Response:
    seen = look(call)
    unheard = [
        one
        for one in cash_words.of_case(seen.file, book=wiring.cash(), now=call.now)
        if one.word is Word.OPEN
    ]
    return show(
        call,
        seen,
        "account",
        agreement=seen.agreement,
        offer=_discount(call, seen),
        cash=sum(one.amount_minor for one in unheard),
        looked_for=payment_reports.answered(seen.file, call.now),
    )


def _discount(call: DebtorCall, seen: Look) -> plans.PlanView | None:
    """The most that is forgiven to who pays all at once, where anything is: as it can be signed."""
    for one in agreement_offers.options(seen.file, seen.portfolio, now=call.now):
        if one.kind is agreements.AgreementKind.SETTLEMENT and one.simulation.saved_minor > 0:
            return plans.offered(one.kind, one.simulation, seen.portfolio.currency)
    return None


@debtor_page("GET /pagar/deuda/{item}")
def debt(call: DebtorCall, debt_id: str) -> Response:
    """Show where one debt comes from, its instalments and its proof."""
    seen = look(call)
    found = seen.account.debt(debt_id)
    if found is None:
        raise DebtNotFound(debt_id=debt_id)
    proofs = papers.proofs(seen.file, seen.portfolio, debt_id)
    return show(call, seen, "debt", debt=found, proofs=proofs)


@debtor_page("GET /pagar/prueba/{item}")
def proof(call: DebtorCall, paper_id: str) -> Response:
    """Lead to a document of the creditor that the debtor may see, for some minutes."""
    link = creditor_papers.for_debtor(look(call).file, paper_id, wiring.evidence_files())
    if link is None:
        raise PaperNotFound(paper_id=paper_id)
    return call.download(link)


@debtor_page("GET /pagar/derechos")
def law(call: DebtorCall) -> Response:
    seen = look(call)
    return show(
        call,
        seen,
        "rights",
        rights=rights.build(seen.portfolio),
        complaints=seen.portfolio.identification.complaints,
    )


@debtor_page("GET /pagar/quien")
def who(call: DebtorCall) -> Response:
    seen = look(call)
    return show(call, seen, "who", asker=asker.build(seen.portfolio))


@debtor_page("GET /pagar/documentos")
def documents(call: DebtorCall) -> Response:
    seen = look(call)
    issued = papers.build(seen.file, seen.portfolio)
    return show(call, seen, "documents", step="documentos", issued=issued)


@debtor_page("GET /pagar/documentos/{item}")
def document(call: DebtorCall, document_id: str) -> Response:
    """Lead to a document that was issued, or make the statement as of today (``estado``)."""
    seen = look(call)
    if document_id == "estado":
        name, body = statements.pdf(seen.file, seen.portfolio, language=call.language, now=call.now)
        key = f"statements/{call.portfolio_id}/{call.case_id}/{name}"
        files = wiring.export_files()
        files.write(key, body, content_type="application/pdf")
        return call.download(files.link(key, filename=name, expires_s=LINK_EXPIRES_S))
    found = next((one for one in seen.file.documents if one.document_id == document_id), None)
    if found is None:
        raise DocumentNotValid
    link = wiring.evidence_files().link(
        found.key, filename=found.filename, expires_s=LINK_EXPIRES_S
    )
    return call.download(link)
