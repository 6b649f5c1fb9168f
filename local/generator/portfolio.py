"""The two portfolios of the demo: loans in pesos, invoices in dollars, all in Mexico City."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from local.generator import facts
from local.generator.bulk import AGES
from local.generator.lines import Line
from local.generator.people import Debtor, people, second_spelling, shops

COUNTRY = "MX"
PESO_DEBTORS, DOLLAR_DEBTORS = 310, 85
TWINS = 3  # people who appear under two client numbers, for the merge proposals
PRODUCTS = ("Crédito personal", "Crédito de nómina", "Tarjeta Jacaranda", "Crédito para moto")


@dataclass(frozen=True, slots=True)
class DemoPortfolio:
    """
    Args:
        slug: Names its files: ``pesos`` or ``dolares``.
        settings: What differs from the country's defaults in the body of ``POST /portfolios``.
        lines: Rows of the debts file, in its order.
        facts: What happened after the file: payments, notes, promises.
        strategies: Ready-made ones that work it; a case gets the first that is for it.
    """

    slug: str
    settings: dict[str, Any]
    lines: tuple[Line, ...]
    facts: facts.Facts
    strategies: tuple[str, ...]


def pesos(today: date, seed: int) -> DemoPortfolio:
    """Consumer loans of an invented lender: moratory interest, instalments, every band."""
    chance = Random(f"pesos {seed}")  # noqa: S311 - invented data, not secrets
    debtors = people(PESO_DEBTORS, COUNTRY, chance)
    lines: list[Line] = []
    for debtor in debtors:
        for _ in range(chance.choices((1, 2, 3), (74, 20, 6))[0]):
            lines += _loan(debtor, len(lines), today, chance)
    lines += [
        line
        for number, debtor in enumerate(chance.sample(debtors, TWINS))
        for line in _loan(second_spelling(debtor, number), 9_000 + number, today, chance)
    ]
    return DemoPortfolio(
        slug="pesos",
        settings={
            "name": "Préstamos personales CDMX",
            "creditor": "Crédito Jacaranda, S.A. de C.V., SOFOM E.N.R.",
            "currency": "MXN",
            "branding": {
                "display_name": "Crédito Jacaranda",
                "colour": "#5b3a8e",
                "contact_line": "cobranza@jacaranda.example",
            },
            "identification": {
                "agency": "Despacho Horizonte Claro, S.C.",
                "registration": "REDECO 0000",
                "address": "Calle Inventada 100, Col. Centro, Ciudad de México",
                "phone": "55 5555 0100",
                "email": "cobranza@jacaranda.example",
                "complaints": "www.condusef.gob.mx, 55 5340 0999",
                "payment_means": "CLABE 000000000000000000 a nombre del acreedor, con su contrato",
            },
            "policies": {
                "moratory": {"annual_rate_ppm": 360_000, "day_count": 360, "grace_days": 3},
                "tolerance_minor": 2_000,
            },
        },
        lines=tuple(lines),
        facts=facts.later(lines, "JAC", today, chance, exact=False),
        strategies=(
            *("promise_follow_up", "instalment_plan", "preventive"),
            *("early", "late", "charged_off"),
        ),
    )


def dollars(today: date, seed: int) -> DemoPortfolio:
    """Invoices of an invented wholesaler to small shops: no interest, paid exactly."""
    chance = Random(f"dolares {seed}")  # noqa: S311 - invented data, not secrets
    lines: list[Line] = []
    for shop in shops(DOLLAR_DEBTORS, chance):
        for _ in range(chance.choices((1, 2, 3, 4, 6), (25, 30, 25, 12, 8))[0]):
            due_on = today - timedelta(days=_age(chance))
            amount = int(145_000 * chance.lognormvariate(0, 0.7))
            lines.append(
                Line(
                    debtor=shop,
                    folio=f"FE-{24_310 + len(lines)}",
                    product="Mayoreo",
                    issued_on=due_on - timedelta(days=chance.choice((15, 30, 45, 60))),
                    due_on=due_on,
                    principal_minor=amount,
                    interest_minor=0,
                    fees_minor=0,
                )
            )
    return DemoPortfolio(
        slug="dolares",
        settings={
            "name": "Facturas a comercios (USD)",
            "creditor": "Mayoreo Ocelote, S.A. de C.V.",
            "currency": "USD",
            "branding": {
                "display_name": "Mayoreo Ocelote",
                "colour": "#8a4b08",
                "contact_line": "credito@ocelote.example",
            },
            "identification": {
                "address": "Av. Inventada 200, Monterrey",
                "phone": "81 5555 0200",
                "email": "credito@ocelote.example",
                "complaints": "www.gob.mx/profeco, 55 5568 8722",
                "payment_means": "Cuenta 0000000000 a nombre del acreedor, con su folio",
            },
            "policies": {"moratory": {"annual_rate_ppm": 0}, "tolerance_minor": 50},
        },
        lines=tuple(lines),
        facts=facts.later(lines, "OCE", today, chance, exact=True),
        strategies=("promise_follow_up", "three_reminders"),
    )


def both(today: date, seed: int = 1) -> Sequence[DemoPortfolio]:
    """Make the whole demo; the same day and seed give the same demo."""
    return pesos(today, seed), dollars(today, seed)


def _age(chance: Random) -> int:
    """Days past due, negative when not due yet, spread like a real portfolio's."""
    first, last, _ = chance.choices(AGES, [weight for _, _, weight in AGES])[0]
    return chance.randint(first, last)


def _loan(debtor: Debtor, number: int, today: date, chance: Random) -> list[Line]:
    """One loan: a single amount due, or the monthly instalments that are still owed."""
    product = chance.choice(PRODUCTS)
    folio = f"CR-{100_200 + number * 7}"
    due_on = today - timedelta(days=_age(chance))
    principal = int(850_000 * chance.lognormvariate(0, 0.75))
    fees = chance.choice((0, 0, 0, 25_000, 40_000))
    if chance.random() < 0.78:
        return [
            Line(
                debtor=debtor,
                folio=folio,
                product=product,
                issued_on=due_on - timedelta(days=chance.choice((90, 180, 360))),
                due_on=due_on,
                principal_minor=principal,
                interest_minor=principal * chance.randint(0, 18) // 100,
                fees_minor=fees,
            )
        ]
    count = chance.randint(3, 6)
    part = principal // count
    return [
        Line(
            debtor=debtor,
            folio=folio,
            product=product,
            issued_on=due_on - timedelta(days=60),
            due_on=due_on + timedelta(days=30 * place),
            principal_minor=part,
            interest_minor=part * 9 // 100,
            fees_minor=fees if place == 0 else 0,
            instalment=place + 1,
        )
        for place in range(count)
    ]
