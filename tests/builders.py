"""Ready-made objects: a test names only what it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain import defaults, ids
from chalicelib.domain.case import CaseChange, CaseFile, ContactKind, Debt, Instalment
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel, Direction
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.portfolio import Branding, Identification, MoratoryInterest, Portfolio

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
TODAY = date(2026, 11, 22)  # in Mexico City too
UPLOAD = "upl_test"
# What a portfolio has to state before its debtors are written to.
STATED = Identification(
    address="Av. Uno 11, Ciudad de México",
    phone="+52 55 5555 0100",
    complaints="www.condusef.gob.mx",
    payment_means="CLABE 0123 4567, con su número de cliente",
)


def a_portfolio(portfolio_id: str = "prt_test", country: str = "MX", **policies: Any) -> Portfolio:
    """A portfolio of Mexico City without tolerance or moratory interest, unless asked for."""
    land = defaults.country(country)
    base = defaults.policies(country)
    return Portfolio(
        portfolio_id=portfolio_id,
        name="Cartera de prueba",
        creditor="Mueblería La Esquina",
        country=country,
        currency=land.currencies[0],
        time_zone=land.time_zones[0],
        language=land.languages[0],
        branding=Branding(display_name="La Esquina"),
        identification=STATED,
        policies=replace(base, **{"tolerance_minor": 0} | policies),
        created_at=NOW,
        updated_at=NOW,
    )


def moratory(**values: Any) -> MoratoryInterest:
    """36 % a year over 360 days: 1,000.00 overdue accrue exactly 1.00 a day."""
    return MoratoryInterest(**{"annual_rate_ppm": 360_000, "day_count": 360} | values)


def a_debt(external_id: str = "F-1", portfolio_id: str = "prt_test", **values: Any) -> Debt:
    """1,000.00 of principal due on 2026-10-01."""
    due_on = values.pop("due_on", date(2026, 10, 1))
    base: dict[str, Any] = {
        "debt_id": ids.debt_id(portfolio_id, external_id),
        "external_id": external_id,
        "product": "factura",
        "issued_on": None,
        "due_on": due_on,
        "stated_principal_minor": 100_000,
        "upload_id": UPLOAD,
        "upload_outcome": "created",
    }
    return Debt(**base | values)


def in_instalments(number: int, amount_minor: int, first: date, **values: Any) -> Debt:
    """A debt of *number* instalments, thirty days apart."""
    plan = tuple(
        Instalment(number=i + 1, due_on=first + timedelta(days=30 * i), amount_minor=amount_minor)
        for i in range(number)
    )
    total = number * amount_minor
    return a_debt(
        **{"due_on": first, "instalments": plan, "stated_principal_minor": total} | values
    )


def a_draft(
    *debts: Debt,
    portfolio: Portfolio | None = None,
    key: str = "D-1",
    name: str = "José Pérez Ñandú",
    upload_id: str = UPLOAD,
    **values: Any,
) -> Draft:
    """A new case with *debts*, a phone and the name of an invented person, not yet taken."""
    portfolio = portfolio or a_portfolio()
    draft = Draft.new(
        portfolio,
        key,
        name=name,
        upload_id=upload_id,
        **{"actor": f"upload:{upload_id}", "now": NOW} | values,
    )
    draft.put_contact(ContactKind.PHONE, "+525512345678", source="upload")
    for debt in debts:
        draft.put_debt(debt, source="upload", reference=upload_id)
    return draft


def an_attempt(key: str = "att_1", **values: Any) -> Attempt:
    """A WhatsApp message of a strategy's step, planned for three hours from now."""
    base: dict[str, Any] = {
        "attempt_id": key,
        "channel": Channel.WHATSAPP,
        "direction": Direction.OUT,
        "state": AttemptState.PLANNED,
        "cause": Cause(kind="strategy", strategy="str_1@2", step="d-5", anchor=TODAY, variant="a"),
        "created_at": NOW,
        "contact_id": "con_1",
        "template_id": "reminder_friendly",
        "fallback": (Channel.SMS, Channel.EMAIL),
        "not_before": LATER,
    }
    return Attempt(**base | values)


def change_of(draft: Draft) -> CaseChange:
    change = draft.change()
    assert change is not None
    return change


def a_case(*debts: Debt, portfolio: Portfolio | None = None, **values: Any) -> CaseFile:
    """The same case as it is once committed; one debt of 1,000.00 unless given."""
    return after(None, change_of(a_draft(*(debts or (a_debt(),)), portfolio=portfolio, **values)))


def reopened(
    file: CaseFile, portfolio: Portfolio | None = None, now: datetime = NOW, actor: str = "user:ana"
) -> Draft:
    return Draft(file, portfolio or a_portfolio(), actor=actor, now=now)


def posted(file: CaseFile, *steps: Callable[[Draft], object], **values: Any) -> CaseFile:
    """The case after each of *steps*, each in a draft of its own."""
    for step in steps:
        draft = reopened(file, **values)
        step(draft)
        change = draft.change()
        file = after(file, change) if change else file
    return file


def pays(amount: int, reference: str = "r-1", **values: Any) -> Callable[[Draft], object]:
    return lambda draft: draft.pay(
        amount, **{"paid_on": TODAY, "source": "manual", "reference": reference} | values
    )
