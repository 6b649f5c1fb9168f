"""Forgetting a person on every store: emptied rows, freed keys, sums as they were."""

from datetime import timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.case import Address, CaseStatus, ContactKind, PointQuality
from chalicelib.domain.contact import AttemptState, Channel, ConsentState, Content, HoldReason
from chalicelib.domain.visit import Mark
from tests.builders import NOW, a_debt, a_draft, an_attempt, change_of, reopened

NAME, TAX, PHONE = "Zoraida Quetzal Marca", "ZQMA800101AB1", "+525598761234"
NUMBER = "7Q2M-0K4T"
DOOR = Address(
    address_id="", lines="Calle Marca 1", city="Marca", lat=19.4326, lng=-99.1332,
    cell="8a4995ba2847fff", quality=PointQuality.ROOFTOP,
)  # fmt: skip
SPOT = Mark(family="spot", value="19.43260,-99.13320", of="vis_1")


@pytest.fixture
def settled(stores):
    """A person who owes nothing, written to, with notes; gives the case's id."""
    pid = stores.portfolio.portfolio_id
    draft = a_draft(a_debt("F-1", pid), portfolio=stores.portfolio, name=NAME, tax_id=TAX)
    draft.put_contact(ContactKind.PHONE, PHONE, source="upload")
    draft.put_address(DOOR)
    draft.leave_mark(SPOT)
    stores.cases.commit(change_of(draft))
    case_id = draft.case_id
    said = Content(to=PHONE, text="Marca, buenas tardes")
    for step in (
        lambda d: [d.note(f"Nota {n} de Marca") for n in range(30)],
        lambda d: d.consent(ConsentState.REFUSED, source="call", words="Marca: no"),
        lambda d: d.hold("hol_1", HoldReason.ILLNESS, note="Marca, enferma"),
        lambda d: d.lift("hol_1"),
        lambda d: d.set_tags(["vip"]),
        lambda d: d.record(
            an_attempt("att_1", state=AttemptState.SENT, content=said, provider="aws",
                       provider_id="wamid.Marca", channel=Channel.WHATSAPP)
        ),
        lambda d: d.pay(100_000, paid_on=d.today, source="manual", reference="r-1"),
        lambda d: d.plan(an_attempt("att_2", not_before=NOW + timedelta(days=1))),
    ):  # fmt: skip
        changed(stores, case_id, step)
    return case_id


def changed(stores, case_id, step):
    draft = reopened(stores.cases.open(case_id), stores.portfolio)
    found = step(draft)
    change = draft.change()
    if change is not None:
        stores.cases.commit(change)
    return found


def forget(stores, case_id):
    def step(draft):
        return draft.forget(NUMBER, marks=lambda _: (), most_items=12)

    turns = 0
    while changed(stores, case_id, step):
        turns += 1
    return turns


def test_the_person_goes_and_the_account_stays(stores, settled):
    pid, before = stores.portfolio.portfolio_id, stores.cases.open(settled)
    sums = stores.counters.read(pid)

    turns = forget(stores, settled)
    file = stores.cases.open(settled)

    assert turns > 3, "in several changes: there is more than one may hold"
    assert "arca" not in repr(file).replace(repr(file.entries), "")
    assert (file.head.name, file.head.tax_id, file.head.erased) == ("", "", NUMBER)
    assert file.head.status is CaseStatus.SETTLED
    assert file.entries == before.entries
    assert stores.counters.read(pid) == sums
    assert timeline.verify(file.events, file.head.chain).ok
    assert [one.state for one in file.attempts] == [AttemptState.SENT, AttemptState.WITHDRAWN]


def test_nothing_finds_them_any_more(stores, settled):
    pid, cases = stores.portfolio.portfolio_id, stores.cases
    assert [head.case_id for head in cases.find(pid, "tax", TAX)] == [settled]

    forget(stores, settled)

    for kind, value in (("tax", TAX), ("phone", PHONE)):
        assert list(cases.find(pid, kind, value)) == []
    assert cases.case_of_message("aws", "wamid.Marca") is None
    assert [line.name for line in cases.list(pid, sort="name").items] == [""]


def test_a_second_time_changes_nothing(stores, settled):
    forget(stores, settled)
    once = stores.cases.open(settled)

    assert forget(stores, settled) == 0
    assert stores.cases.open(settled) == once
