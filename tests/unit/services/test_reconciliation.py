"""The day's reconciliation: what webhooks missed is posted, what fails is named."""

from datetime import UTC, date, datetime

from chalicelib.domain.payment import PaymentState, ProviderPayment, ProviderProblem
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.services import reconciliation
from tests.builders import a_portfolio

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)  # still the 21st in Mexico


def paid(payment_id):
    return ProviderPayment(
        provider="stripe", state=PaymentState.PAID, amount_minor=1, currency="MXN",
        payment_id=payment_id,
    )  # fmt: skip


class World:
    """Two providers: one lists three payments, of which one is known and one cannot be posted."""

    def __init__(self):
        self.asked, self.ledger = [], {"pi_known"}
        self.broken = {"pi_broken"}

    def of_portfolio(self, portfolio_id):
        return [
            PaymentAccount(portfolio_id=portfolio_id, provider=name, changed_at=NOW, changed_by="x")
            for name in ("mercado_pago", "stripe")
        ]

    def provider(self, account):
        world = self

        class Provider:
            def list_day(self, day):
                world.asked.append((account.provider, day))
                if account.provider == "mercado_pago":
                    raise ProviderProblem("credentials")
                return [paid("pi_known"), paid("pi_broken"), paid("pi_missed"), paid("")]

        return Provider()

    def take(self, payment, portfolio_id):
        if payment.payment_id in self.broken:
            raise RuntimeError
        known = payment.payment_id in self.ledger
        self.ledger.add(payment.payment_id)
        return "known" if known else "posted"

    @property
    def means(self):
        return reconciliation.Means(accounts=self, provider=self.provider, take=self.take)


def test_what_nobody_told_of_is_posted_and_what_fails_is_named():
    world = World()

    wrong, report = reconciliation.day(a_portfolio(), DAY, means=world.means)

    assert (wrong.provider, wrong.problem, wrong.ok) == ("mercado_pago", "credentials", False)
    assert dict(report.outcomes) == {"known": 1, "posted": 1}
    assert report.failed == {"pi_broken": "RuntimeError"}
    assert not report.ok


def test_an_account_that_cannot_even_be_opened_keeps_no_other_from_being_asked(monkeypatch):
    world = World()
    good = world.provider

    def provider(account):
        if account.provider == "mercado_pago":
            raise LookupError("its keys are gone")
        return good(account)

    monkeypatch.setattr(world, "provider", provider)
    wrong, report = reconciliation.day(a_portfolio(), DAY, means=world.means)

    assert (wrong.problem, report.outcomes["posted"]) == ("LookupError", 1)


def test_asked_again_only_what_is_missing_is_posted():
    world = World()
    list(reconciliation.day(a_portfolio(), DAY, means=world.means))
    world.broken.clear()

    _, report = reconciliation.day(a_portfolio(), DAY, means=world.means)

    assert dict(report.outcomes) == {"known": 2, "posted": 1}
    assert report.ok


def test_the_daily_job_asks_about_the_days_of_the_portfolios_calendar():
    world = World()
    list(reconciliation.lately([a_portfolio()], means=world.means, now=NOW))

    assert {day for _, day in world.asked} == {date(2026, 11, 19), date(2026, 11, 20)}
