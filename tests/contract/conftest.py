"""One contract, three stores: memory, moto, and DynamoDB Local (AWS's own engine)."""

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.domain.portfolio import Portfolio
from chalicelib.store.cases import CaseStore
from chalicelib.store.cash import CashStore
from chalicelib.store.counters import CounterStore
from tests import engines
from tests.builders import a_draft, a_portfolio, change_of
from tests.contract.made_cases import debt
from tests.counter_fakes import MemoryCounters
from tests.fakes import MemoryCases


@dataclass
class Stores:
    cases: Any
    counters: Any
    portfolio: Portfolio
    cash: Any


@pytest.fixture(scope="session")
def moto_server():
    with engines.moto() as endpoint:
        yield endpoint


@pytest.fixture
def moto_endpoint(moto_server):
    """Empty tables for each test: moto copies all of them for every transaction."""
    engines.make_empty_tables(moto_server)
    return moto_server


@pytest.fixture(scope="session")
def dynamodb_endpoint():
    with engines.dynamodb() as endpoint:
        engines.make_tables(endpoint)
        yield endpoint


@pytest.fixture(
    params=["memory", "moto", pytest.param("dynamodb", marks=pytest.mark.dynamodb_local)]
)
def engine(request):
    return request.param


_made = iter(range(10**6))


@pytest.fixture
def portfolio():
    """A portfolio of its own for each test: they share tables."""
    return a_portfolio(f"prt_{next(_made)}")


@pytest.fixture
def told_unspent():
    """The changes of which who keeps the budgets was told."""
    return []


@pytest.fixture
def stores(engine, portfolio, request, told_unspent):
    if engine == "memory":
        cases = MemoryCases()
        cases.unspent = told_unspent.extend
        return Stores(cases, MemoryCounters(cases), portfolio, cases.cash)
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return Stores(
        # moto's transactions are not safe against each other: one at a time there.
        CaseStore(
            wire,
            cases=engines.CASES,
            work=engines.WORK,
            threads=1 if engine == "moto" else 4,
            unspent=told_unspent.extend,
        ),
        CounterStore(wire, engines.WORK),
        portfolio,
        CashStore(wire, engines.WORK),
    )


@pytest.fixture
def cases(stores):
    return stores.cases


@pytest.fixture
def make(stores):
    """Commit a new case; the debts are named ``<key>-<n>``."""

    def made(key="D-1", *debts, **values):
        portfolio = stores.portfolio
        debts = debts or (debt(portfolio, f"{key}-1"),)
        change = change_of(a_draft(*debts, portfolio=portfolio, key=key, **values))
        stores.cases.commit(change)
        return stores.cases.open(change.after.case_id)

    return made
