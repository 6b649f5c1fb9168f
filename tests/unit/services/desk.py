"""A supervisor's desk: one portfolio on fakes, with what every use case asks for."""

from chalicelib.domain.people import Actor, Role
from chalicelib.services import cases as use
from chalicelib.services import kpis, ledger
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, change_of
from tests.counter_fakes import MemoryCounters
from tests.fakes import MemoryCases

PID = "prt_test"
ANA = Actor(actor_id="user:ana", role=Role.SUPERVISOR, portfolios=(PID,))
LUIS = Actor(actor_id="user:luis", role=Role.AGENT, portfolios=(PID,))
STRANGER = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_other",))


class Desk:
    """One portfolio with its stores, and the ports every use case asks for."""

    def __init__(self, **policies):
        self.portfolio = a_portfolio(PID, **policies)
        self.cases = MemoryCases()
        self.counters = MemoryCounters(self.cases)

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == PID else None

    def ports(self, actor=ANA, **values):
        return {"actor": actor, "cases": self.cases, "portfolios": self} | values

    def made(self, key="D-1", *debts, **values):
        debts = debts or (a_debt(f"{key}-1"),)
        change = change_of(a_draft(*debts, portfolio=self.portfolio, key=key, **values))
        self.cases.commit(change)
        return change.after.case_id

    def pay(self, case_id, amount=500, reference="r-1", actor=ANA, paid_on=TODAY, **values):
        return ledger.post_payment(
            case_id, amount_minor=amount, paid_on=paid_on, reference=reference, now=NOW,
            **self.ports(actor), **values,
        )  # fmt: skip

    def page(self, case_id, actor=ANA, now=NOW):
        return use.page(case_id, now=now, **self.ports(actor))

    def listed(self, q="", actor=ANA, **values):
        return use.listed(PID, q=q, now=NOW, **self.ports(actor), **values)

    def kpis(self, now=NOW):
        return kpis.of_portfolio(PID, actor=ANA, portfolios=self, counters=self.counters, now=now)
