"""A case read in pages while others change it: it is given as it stood at one moment, or not."""

import pytest

from chalicelib.domain.errors import CaseMoved
from chalicelib.store.cases import MOST_READINGS, CaseStore
from tests import engines
from tests.builders import a_debt, a_draft, a_portfolio, change_of, reopened

PORTFOLIO = "prt_pages"
DEBTS = 12


class SmallPages:
    """A wire whose pages hold three items, and between whose pages something may happen."""

    def __init__(self, wire):
        self._wire = wire
        self.between = lambda: None

    def query(self, body):
        for number, item in enumerate(self._wire.query(body | {"Limit": 3})):
            if number == 6:
                self.between()
            yield item

    def __getattr__(self, name):
        return getattr(self._wire, name)


@pytest.fixture(params=["moto", pytest.param("dynamodb", marks=pytest.mark.dynamodb_local)])
def wire(request):
    return engines.wire_to(request.getfixturevalue(f"{request.param}_endpoint"))


@pytest.fixture
def others(wire):
    return CaseStore(wire, cases=engines.CASES, work=engines.WORK, threads=1)


@pytest.fixture
def pages(wire):
    return SmallPages(wire)


@pytest.fixture
def ours(pages):
    return CaseStore(pages, cases=engines.CASES, work=engines.WORK, threads=1)


@pytest.fixture
def case_id(others, request):
    debts = [a_debt(f"{request.node.name}-{number}", PORTFOLIO) for number in range(DEBTS)]
    change = change_of(a_draft(*debts, portfolio=a_portfolio(PORTFOLIO), key=request.node.name))
    others.commit(change)
    return change.after.case_id


def add_debts(store, file, *folios):
    draft = reopened(file, a_portfolio(PORTFOLIO))
    for folio in folios:
        draft.put_debt(a_debt(folio, PORTFOLIO), source="upload", reference="upl_2")
    store.commit(draft.change())


def owed(file):
    return sum(entry.amount_minor for entry in file.entries)


@pytest.mark.parametrize("read", ["open", "open_many"])
def test_a_change_between_two_pages_is_wholly_seen(ours, others, pages, case_id, read):
    # Their ids are hashes: some sort before the place where the reading is overtaken.
    left = [f"{case_id}-{number}" for number in range(8)]

    def once():
        if left:
            add_debts(others, others.open(case_id), *left)
            left.clear()

    pages.between = once
    file = ours.open(case_id) if read == "open" else ours.open_many([case_id])[case_id]

    assert len(file.debts) == file.head.debts == DEBTS + 8
    assert owed(file) == file.head.balance_minor


def test_what_is_made_from_it_keeps_the_others_debts(ours, others, pages, case_id):
    folios = iter([f"{case_id}-{number}" for number in range(2)])

    def sometimes():
        folio = next(folios, None)
        if folio:
            add_debts(others, others.open(case_id), folio)

    pages.between = sometimes
    add_debts(ours, ours.open(case_id), f"{case_id}-ours")

    file = others.open(case_id)
    assert file.head.debts == len(file.debts) == DEBTS + 3
    assert file.head.balance_minor == owed(file)


@pytest.mark.parametrize("read", ["open", "open_many"])
def test_a_case_that_never_stands_still_is_refused(ours, others, pages, case_id, read):
    readings = []

    def each_time():
        readings.append(1)
        add_debts(others, others.open(case_id), f"{case_id}-{len(readings)}")

    pages.between = each_time
    with pytest.raises(CaseMoved):
        ours.open(case_id) if read == "open" else ours.open_many([case_id])
    assert len(readings) == MOST_READINGS
