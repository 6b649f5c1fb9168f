"""What limits that are not saved yet would offer: for a case, or for a debt made up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import policy_rules
from chalicelib.domain.agreement_policy import AgreementLimits, AgreementRule
from chalicelib.domain.case import CaseFile, Debt
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.errors import BadField, CaseNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import agreement_offers, casework, portfolios
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.agreement_offers import Option
from chalicelib.services.casework import Cases

NOBODY = "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A debt that nobody has: minor units, and how many days it is past due."""

    principal_minor: int
    interest_minor: int = 0
    fees_minor: int = 0
    dpd: int = 0
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """
    Args:
        rule: Which of the rules holds, counted from 0; None where the portfolio's own limits do.
    """

    file: CaseFile
    portfolio: Portfolio
    rule: int | None
    limits: AgreementLimits
    options: tuple[Option, ...]


def preview(
    portfolio_id: str,
    *,
    limits: AgreementLimits,
    rules: Sequence[AgreementRule],
    example: Example | None = None,
    case_id: str = "",
    actor: Actor,
    cases: Cases,
    known: portfolios.Portfolios,
    now: datetime,
) -> Preview:
    """
    Say which rule would hold and what it would offer, by the code that offers it; saves nothing.

    Args:
        example, case_id: One of them.

    Raises:
        BadField: The limits make no sense, as on saving; or the example owes nothing.
        CaseNotFound: Not one of this portfolio.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    saved = portfolios.get(portfolio_id, actor=actor, portfolios=known)
    policies = replace(saved.policies, agreements=limits, agreement_rules=tuple(rules))
    portfolio = replace(saved, policies=policies)
    policy_rules.check(portfolio)
    if case_id:
        file, _ = casework.opened(case_id, actor=actor, cases=cases, portfolios=known)
        if file.head.portfolio_id != portfolio_id:
            raise CaseNotFound(case_id=case_id)
    elif example is not None:
        file = _made_up(example, portfolio, now)
    else:
        raise BadField(field="example", reason="missing")
    rule = agreement_offers.rule_of(file, portfolio, now=now)
    return Preview(
        file=file,
        portfolio=portfolio,
        rule=rule,
        limits=limits if rule is None else rules[rule].limits,
        options=agreement_offers.options(file, portfolio, now=now),
    )


def _made_up(example: Example, portfolio: Portfolio, now: datetime) -> CaseFile:
    """A case that owes just what the example says; what accrues by itself is left out."""
    policies = portfolio.policies
    still = replace(policies, moratory=replace(policies.moratory, annual_rate_ppm=0))
    draft = Draft.new(
        replace(portfolio, policies=still), NOBODY, name=NOBODY, actor="system", now=now
    )
    debt = Debt(
        debt_id=NOBODY,
        external_id=NOBODY,
        product=example.product,
        issued_on=None,
        due_on=local_day(now, portfolio.time_zone) - timedelta(days=example.dpd),
        instalments=(),
        stated_principal_minor=example.principal_minor,
        stated_interest_minor=example.interest_minor,
        stated_fees_minor=example.fees_minor,
    )
    draft.put_debt(debt, source="preview", reference=NOBODY)
    change = draft.change()
    if change is None or debt.stated_principal_minor + example.interest_minor <= 0:
        raise BadField(field="example.principal_minor", reason="nothing_owed")
    return after(None, change)
