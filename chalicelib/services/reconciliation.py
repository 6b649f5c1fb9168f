"""What webhooks missed: every provider is asked what a day brought, and all of it is posted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.payment import ProviderPayment, ProviderProblem
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.domain.portfolio import Portfolio

# A voucher's money, or a refund, may be told of a day late by the provider itself.
DAYS_BACK = 2


class Accounts(Protocol):
    def of_portfolio(self, portfolio_id: str) -> list[PaymentAccount]: ...


class Provider(Protocol):
    def list_day(self, day: date) -> Sequence[ProviderPayment]: ...


# Brings a payment of a portfolio to where it belongs; says what became of it, such as ``posted``.
Take = Callable[[ProviderPayment, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    accounts: Accounts
    provider: Callable[[PaymentAccount], Provider]
    take: Take


@dataclass(slots=True, kw_only=True)
class Report:
    """
    What asking one provider about one day came to.

    Args:
        outcomes: How many payments were ``posted`` (no webhook had), ``known``, ``unmatched``,
            ``ignored``.
        problem: Why it could not be asked; empty = it was.
        failed: Ids of payments that could not be posted now, by the name of the fault.
    """

    portfolio_id: str
    provider: str
    day: date
    outcomes: Counter[str] = field(default_factory=Counter)
    problem: str = ""
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problem and not self.failed


def day(portfolio: Portfolio, on: date, *, means: Means) -> Iterator[Report]:
    """
    Ask every provider of a portfolio what *on* brought, and post what nobody told of.

    Safe to repeat: what is known is known. One provider's failure does not keep the others from
    being asked, nor one payment's the next.
    """
    for account in means.accounts.of_portfolio(portfolio.portfolio_id):
        report = Report(portfolio_id=portfolio.portfolio_id, provider=account.provider, day=on)
        try:
            listed = means.provider(account).list_day(on)
        except ProviderProblem as problem:
            report.problem = problem.code
            yield report
            continue
        except Exception as error:
            # Keys that are gone, an answer in a new shape: the other accounts are asked all the
            # same, and this one is named.
            report.problem = type(error).__name__
            yield report
            continue
        for payment in listed:
            if not payment.payment_id:
                continue
            try:
                report.outcomes[means.take(payment, portfolio.portfolio_id)] += 1
            except Exception as error:
                # It is named and the day goes on; asked again, only what is missing is posted.
                report.failed[payment.payment_id] = type(error).__name__
        yield report


def lately(portfolios: Iterable[Portfolio], *, means: Means, now: datetime) -> Iterator[Report]:
    """Ask about the last days of every portfolio, by its own calendar: what the daily job does."""
    for portfolio in portfolios:
        today = now.astimezone(ZoneInfo(portfolio.time_zone)).date()
        for back in range(DAYS_BACK, 0, -1):
            yield from day(portfolio, today - timedelta(days=back), means=means)
