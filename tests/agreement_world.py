"""One case under agreements whose days go by, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain import agreements
from chalicelib.domain.agreement import Offer
from chalicelib.domain.agreement_policy import AgreementLimits
from chalicelib.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    Proof,
    ProofKind,
)
from chalicelib.domain.case import CaseFile
from chalicelib.domain.counters import joined
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import agreement_offers
from tests.builders import NOW, a_case, a_debt, a_portfolio

PROOF = Proof(kind=ProofKind.CODE, reference="otc_1")
GENEROUS = AgreementLimits(
    min_down_payment_ppm=0,
    max_discount_principal_ppm=500_000,
    max_discount_interest_ppm=1_000_000,
)
SIX = Offer(instalments=4, down_payment_minor=0)


def owing(**values: Any) -> Any:
    """1,000.00 of principal, 200.00 of interest, 50.00 of fees."""
    base = {"stated_interest_minor": 20_000, "stated_fees_minor": 5_000}
    return a_debt(**base | values)


class World:
    """One case whose days go by."""

    def __init__(self, *debts: Any, **policies: Any) -> None:
        limits = policies.pop("agreements", GENEROUS)
        self.portfolio: Portfolio = a_portfolio(agreements=limits, **policies)
        self.file: CaseFile = a_case(*(debts or (owing(),)), portfolio=self.portfolio)
        self.now: datetime = NOW
        self.paid = 0
        self.days: dict[str, dict[str, int]] = {}  # the counters, moved by every change

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def total(self) -> int:
        return sum(entry.amount_minor for entry in self.file.entries)

    def do(self, step: Any) -> None:
        draft = Draft(self.file, self.portfolio, actor="user:ana", now=self.now)
        step(draft)
        change = draft.change()
        if change is not None:
            self.file = after(self.file, change)
            self.days = joined(self.days, change.counters.days)

    def on(self, day: date) -> None:
        self.now = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)

    def agree(
        self,
        offer: Offer = SIX,
        kind: AgreementKind = AgreementKind.PLAN,
        name: str = "agr_1",
        debt_ids: Sequence[str] = (),
    ) -> Agreement:
        def step(draft: Draft) -> None:
            found = agreement_offers.simulate(
                self.file, self.portfolio, offer, kind=kind, debt_ids=debt_ids, now=self.now
            )
            drawn = agreement_offers.drawn_up(
                self.file,
                self.portfolio,
                found,
                agreement_id=name,
                kind=kind,
                debt_ids=debt_ids,
                by="user:ana",
                now=self.now,
            )
            draft.propose(replace(drawn, state=AgreementState.PROPOSED))
            draft.sign(name, PROOF)

        self.do(step)
        return self.agreement(name)

    def agreement(self, name: str = "agr_1") -> Agreement:
        return next(one for one in self.file.agreements if one.agreement_id == name)

    def pay(self, minor: int, reference: str = "", on: date | None = None) -> None:
        self.paid += minor
        key = reference or f"p{self.paid}"
        self.do(
            lambda draft: draft.pay(minor, paid_on=on or self.today, source="manual", reference=key)
        )

    def settle(self) -> None:
        self.do(lambda draft: draft.settle_agreements())

    def told(self, family: str = "agreement.") -> list[str]:
        return [event.kind for event in self.file.events if event.kind.startswith(family)]

    def standing(self, name: str = "agr_1") -> agreements.AgreementStanding:
        return agreements.standing(self.agreement(name), self.file.entries)


def less(principal: int = 0, interest: int = 0, fees: int = 0, **values: Any) -> Offer:
    base: dict[str, Any] = {"instalments": 4, "down_payment_minor": 0}
    return Offer(
        discount_principal_ppm=principal,
        discount_interest_ppm=interest,
        discount_fees_ppm=fees,
        **base | values,
    )
