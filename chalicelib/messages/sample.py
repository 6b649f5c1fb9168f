"""The facts of an invented debtor, who has everything a text may speak of: to try texts on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.bank_references import EXAMPLE
from chalicelib.domain.case import CaseFile, CaseHead, CaseStatus
from chalicelib.domain.offer import OFFER_DAYS
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.timeline import ChainHead
from chalicelib.messages import facts, identification
from chalicelib.messages.facts import DebtFacts, MessageFacts
from chalicelib.messages.formats import Amount

_NAMES = {"es": "María Elena Robles", "en": "Mary Ellen Brooks", "pt": "Maria Helena Ramos"}
# Minor units that look like money in the currency; most have centavos.
_SCALE = {"CLP": 10, "PYG": 80, "COP": 2_000, "CRC": 300, "ARS": 600, "CLF": 10}


def sample(
    portfolio: Portfolio,
    *,
    language: str,
    today: date,
    required: Sequence[str] = (),
    first_contact: bool = False,
) -> MessageFacts:
    """
    Make up facts in a portfolio's country and currency.

    Args:
        required: What the country wants a message to state, as its rule pack names it.
    """
    currency = portfolio.currency
    scale = _SCALE.get(currency, 100)

    def money(units: int) -> Amount:
        return Amount(units * scale, currency)

    now = datetime.combine(today, time(18), tzinfo=UTC)
    base = facts.build(
        _nobody(portfolio, _NAMES[language], now),
        portfolio,
        now=now,
        language=language,
        links=facts.EXAMPLE_LINKS,
        pay_to=EXAMPLE,
        required=required,
    )
    debts = (
        _debt("C-10482", today, late=18, split=(money(1_250), money(85), money(25))),
        _debt("C-10977", today, late=4, split=(money(480), money(0), money(0))),
    )
    split: dict[str, Any] = {
        "total": money(1_840),
        "principal": money(1_730),
        "interest": money(0),
        "moratory": money(85),
        "fees": money(25),
    }
    return replace(
        base,
        **split,
        first_contact=first_contact,
        overdue=money(1_840),
        due_amount=money(1_840),
        due_on=debts[0].due_on,
        days_late=18,
        reference=debts[0].reference,
        product=debts[0].product,
        debts=debts,
        debts_count=len(debts),
        promise_amount=money(600),
        promise_on=today + timedelta(days=3),
        payment_amount=money(300),
        paid_on=today - timedelta(days=1),
        payment_reference="R-20931",
        instalment_number=4,
        instalment_count=12,
        instalment_amount=money(310),
        instalment_on=today + timedelta(days=5),
        offer_amount=money(1_290),
        offer_saving=money(550),
        offer_until=today + timedelta(days=OFFER_DAYS),
        identification=identification.by_channel(
            portfolio.identification,
            required,
            language=language,
            locale=base.locale,
            first_contact=first_contact,
            said=split
            | {
                "creditor": base.creditor,
                "agency": base.agency,
                "agent": base.agent,
                "reference": debts[0].reference,
                "today": base.today,
            },
        ),
    )


def _debt(
    reference: str, today: date, *, late: int, split: tuple[Amount, Amount, Amount]
) -> DebtFacts:
    principal, moratory, fees = split
    return DebtFacts(
        reference=reference,
        product="",
        due_on=today - timedelta(days=late),
        days_late=late,
        total=Amount(sum(part.minor for part in split), principal.currency),
        principal=principal,
        interest=Amount(0, principal.currency),
        moratory=moratory,
        fees=fees,
    )


def _nobody(portfolio: Portfolio, name: str, now: datetime) -> CaseFile:
    head = CaseHead(
        case_id="",
        portfolio_id=portfolio.portfolio_id,
        currency=portfolio.currency,
        debtor_key="",
        name=name,
        tax_id="",
        status=CaseStatus.OPEN,
        balance_minor=0,
        oldest_due_on=None,
        due_buckets={},
        city="",
        tags=(),
        debts=0,
        version=0,
        chain=ChainHead(),
        created_at=now,
        updated_at=now,
    )
    return CaseFile(
        head=head, debts=(), contacts=(), addresses=(), entries=(), promises=(), events=()
    )
