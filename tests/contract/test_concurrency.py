"""Many at once on AWS's own engine: whatever the order, the ledger is exact."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.people import Actor, Role
from chalicelib.services import ledger, verify
from chalicelib.store.cases import CaseStore
from chalicelib.store.counters import CounterStore
from tests import engines
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, moratory
from tests.builders import a_portfolio as portfolio_of

pytestmark = pytest.mark.dynamodb_local

THREADS = 8
PAYMENTS = 12


@pytest.fixture
def stores(dynamodb_endpoint):
    wire = engines.wire_to(dynamodb_endpoint, pool=THREADS)
    return (
        CaseStore(wire, cases=engines.CASES, work=engines.WORK, threads=THREADS),
        CounterStore(wire, engines.WORK),
    )


def test_eight_at_once_post_the_same_and_different_payments(stores):
    cases, counters = stores
    portfolio = portfolio_of("prt_crowd", moratory=moratory())

    class Portfolios:
        def get(self, _):
            return portfolio

    debts = [a_debt("F-1", "prt_crowd"), a_debt("F-2", "prt_crowd")]
    change = change_of(a_draft(*debts, portfolio=portfolio))
    cases.commit(change)
    ana = Actor(actor_id="user:ana", role=Role.ADMIN, portfolios=("*",))

    def post(number):
        """Every payment is delivered by all eight, each beginning with another one."""
        for step in range(PAYMENTS):
            reference = (number + step) % PAYMENTS
            while True:
                try:
                    ledger.post_payment(
                        change.after.case_id,
                        amount_minor=100 + reference,
                        paid_on=TODAY,
                        reference=f"r-{reference}",
                        actor=ana,
                        cases=cases,
                        portfolios=Portfolios(),
                        now=NOW,
                    )
                    break
                except CaseMoved:  # eight on one case: what a client would answer by trying again
                    continue

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(post, range(THREADS)))

    file = cases.open(change.after.case_id)
    paid = [entry for entry in file.entries if entry.kind is EntryKind.PAYMENT]
    assert sorted(entry.reference for entry in paid) == sorted(f"r-{n}" for n in range(PAYMENTS))
    assert sum(entry.amount_minor for entry in paid) == -sum(100 + n for n in range(PAYMENTS))
    assert file.head.balance_minor == sum(entry.amount_minor for entry in file.entries)
    assert file.head.version == 1 + PAYMENTS
    assert timeline.verify(file.events, file.head.chain).ok
    day = counters.read("prt_crowd").days[TODAY.isoformat()]
    assert day == {"paid_minor": sum(100 + n for n in range(PAYMENTS)), "payments": PAYMENTS}
    assert verify.portfolio(
        "prt_crowd", cases=cases, stored=counters, time_zone="America/Mexico_City"
    ).ok


def test_two_workers_writing_the_same_chunk_write_it_once(stores):
    cases, counters = stores
    portfolio = portfolio_of("prt_chunk")
    changes = [
        change_of(a_draft(a_debt(f"F-{n}", "prt_chunk"), portfolio=portfolio, key=f"D-{n}"))
        for n in range(60)
    ]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(cases.commit_many, [changes, changes])

    written = [one is None for one in first], [one is None for one in second]
    assert [a + b for a, b in zip(*written, strict=True)] == [1] * 60
    report = verify.portfolio(
        "prt_chunk", cases=cases, stored=counters, time_zone="America/Mexico_City"
    )
    assert (report.ok, report.cases, report.entries) == (True, 60, 60)
