"""Cash after the door: handed in by one, counted by another, missing from nobody's debt."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.cash import DepositState, ReceiptState, series_of
from chalicelib.domain.device import Device
from chalicelib.domain.errors import (
    BadField,
    CashOwn,
    DepositCounted,
    DepositTaken,
    DeviceNotFound,
    NotAllowed,
    PortfolioNotFound,
    ReceiptNotFound,
    ReceiptVoid,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import CashLimits
from chalicelib.domain.scan import Given, ScanState
from chalicelib.services import cash_desk, cash_on_phone
from tests.builders import NOW
from tests.unit.services.test_cash_receiving import allow, paid
from tests.unit.services.test_cash_receiving import cash as taken
from tests.visit_world import ANA, Street

SUE = Actor(actor_id="user:sue", role=Role.SUPERVISOR, portfolios=("prt_test",))
PHONE = "dev_0000000001"
PID = "prt_test"


class Files:
    def post_form(self, key, **asked):
        return {"url": "https://s3", "fields": {"key": key}}

    def given(self, wanted, *, expires_s):
        return [Given(f"https://s3/{one.key}", ScanState.OFF) for one in wanted]


class Phones:
    revoked_at = None

    def get(self, device_id, person_id):
        if (device_id, person_id) != (PHONE, "ana"):
            return None
        return Device(
            device_id=PHONE, person_id="ana", name="", platform="", x="", y="", created_at=NOW,
            revoked_at=self.revoked_at,
        )  # fmt: skip


@pytest.fixture
def street():
    street = Street()
    allow(street, cash=CashLimits(hand_limit_minor=50_000))
    street.all = lambda: [street.portfolio]
    return street


@pytest.fixture
def book(street):
    return street.cases.cash


def on_phone(street, phones=None):
    return cash_on_phone.on_phone(
        PHONE, actor=ANA, devices=phones or Phones(), book=street.cases.cash, portfolios=street,
        now=NOW,
    )  # fmt: skip


def declare(street, amount_minor=30_000, actor=ANA, **values):
    asked = {
        "portfolio_id": PID, "at": NOW, "way": "bank", "reference": " 77 ", "note": "",
        "slip": ("a" * 64, 900), "now": NOW,
    } | values  # fmt: skip
    return cash_on_phone.declare(
        "dep_1", amount_minor=amount_minor, actor=actor, book=street.cases.cash, portfolios=street,
        files=Files(), **asked,
    )  # fmt: skip


def count(street, counted_minor, *, reason="", actor=SUE):
    return cash_desk.count(
        "dep_1", portfolio_id=PID, counted_minor=counted_minor, reason=reason, actor=actor,
        book=street.cases.cash, portfolios=street, now=NOW,
    )  # fmt: skip


def settle(street, amount_minor, key="k1", actor=SUE):
    return cash_desk.settle(
        PID, "ana", amount_minor=amount_minor, reason="Lo repuso.", key=key, actor=actor,
        book=street.cases.cash, portfolios=street, now=NOW,
    )  # fmt: skip


def void(street, key, actor=SUE, reason="No hubo pago."):
    return cash_desk.void(
        key, reason=reason, actor=actor, book=street.cases.cash, cases=street.cases,
        portfolios=street, now=NOW,
    )  # fmt: skip


def hand(street):
    return street.cases.cash.hand(PID, "ana")


def test_the_phone_learns_what_is_held_and_which_numbers_came(street):
    paid(street)
    paid(street, "vis_0000000002", cash=taken(3, 11_000))

    told = on_phone(street)

    assert (told["series"], told["last"], told["missing"]) == (series_of(PHONE, "ana"), 3, [2])
    (own,) = told["hands"]
    assert (own["held_minor"], own["limit_minor"], own["state"]) == (41_000, 50_000, "warn")


def test_a_revoked_phone_learns_nothing(street):
    phones = Phones()
    phones.revoked_at = NOW
    with pytest.raises(DeviceNotFound):
        on_phone(street, phones)


def test_what_is_declared_stays_in_the_hand_until_somebody_counts_it(street):
    paid(street)
    answer, new = declare(street)

    assert new
    assert answer["post"]["fields"]["key"] == "cash/prt_test/dep_1.jpg"
    assert (hand(street).held_minor, hand(street).declared_minor) == (30_000, 30_000)
    assert on_phone(street)["hands"][0]["answers_for_minor"] == 30_000

    assert count(street, 30_000).state is DepositState.COUNTED
    assert hand(street) == replace(hand(street), held_minor=0, declared_minor=0, owed_minor=0)
    assert street.file.head.balance_minor == 70_000


def test_declaring_twice_is_once_and_another_under_the_id_is_refused(street):
    paid(street)
    first, _ = declare(street)
    again, new = declare(street, now=NOW + timedelta(hours=1))

    assert (again["deposit"], new) == (first["deposit"], False)
    assert hand(street).declared_minor == 30_000
    with pytest.raises(DepositTaken):
        declare(street, 29_000)


def test_nobody_counts_their_own_cash(street):
    paid(street)
    boss = Actor(actor_id="user:ana", role=Role.ADMIN, portfolios=("*",))
    declare(street)

    with pytest.raises(CashOwn):
        count(street, 30_000, actor=boss)
    with pytest.raises(NotAllowed):
        count(street, 30_000, actor=replace(ANA, actor_id="user:beto"))
    with pytest.raises(PortfolioNotFound):
        count(street, 30_000, actor=replace(SUE, portfolios=("prt_other",)))
    assert hand(street).held_minor == 30_000


def test_what_is_missing_is_the_agents_and_not_the_debtors(street):
    paid(street)
    declare(street)
    with pytest.raises(BadField):
        count(street, 28_000)
    count(street, 28_000, reason="Faltaron dos billetes.")

    assert (hand(street).held_minor, hand(street).owed_minor) == (0, 2_000)
    assert hand(street).answers_for_minor == 2_000  # the limit goes on holding it against them
    assert street.file.head.balance_minor == 70_000


def test_what_is_too_much_is_owed_to_the_agent(street):
    paid(street)
    declare(street)
    count(street, 30_500, reason="Sobró.")
    assert hand(street).owed_minor == -500
    assert hand(street).answers_for_minor == 0
    assert settle(street, -500).owed_minor == 0


def test_a_count_repeated_changes_nothing_and_another_is_refused(street):
    paid(street)
    declare(street)
    assert count(street, 30_000) == count(street, 30_000)
    with pytest.raises(DepositCounted):
        count(street, 29_000, reason="Otra cuenta.")
    assert (hand(street).held_minor, hand(street).owed_minor) == (0, 0)


def test_a_difference_is_settled_once_by_somebody_else_and_never_beyond(street):
    paid(street)
    declare(street)
    count(street, 28_000, reason="Faltó.")

    with pytest.raises(CashOwn):
        settle(street, 1_000, actor=replace(SUE, actor_id="user:ana"))
    for wrong in (0, 2_001, -1):
        with pytest.raises(BadField):
            settle(street, wrong)
    assert settle(street, 1_500).owed_minor == 500
    assert settle(street, 1_500).owed_minor == 500  # the same request again
    assert settle(street, 500, key="k2").owed_minor == 0


def test_a_receipt_is_taken_back_by_somebody_else_with_a_reason(street, book):
    paid(street)
    number = taken()["number"]

    with pytest.raises(CashOwn):
        void(street, number, actor=replace(SUE, actor_id="user:ana"))
    with pytest.raises(BadField):
        void(street, number, reason=" ")
    with pytest.raises(ReceiptNotFound):
        void(street, number, actor=replace(SUE, portfolios=("prt_other",)))

    gone = void(street, number)

    assert (gone.state, gone.reason, gone.by) == (ReceiptState.VOID, "No hubo pago.", "user:sue")
    assert street.file.head.balance_minor == 100_000
    assert hand(street).held_minor == 0
    with pytest.raises(ReceiptVoid):
        void(street, number)


def test_a_payment_reversed_by_hand_is_not_reversed_again(street):
    paid(street)
    entry = next(e for e in street.file.entries if e.source == "cash")
    street.do(lambda draft: draft.reverse(entry.entry_id, reason="Error."))
    void(street, taken()["number"])
    assert street.file.head.balance_minor == 100_000
    assert hand(street).held_minor == 0


def tear(street, number, reason="Importe equivocado."):
    return cash_on_phone.void_unposted(
        number, device_id=PHONE, case_id=street.case_id, visit_id="vis_0000000001",
        amount_minor=5_000, at=NOW, reason=reason, actor=ANA, devices=Phones(),
        book=street.cases.cash, cases=street.cases, portfolios=street, now=NOW,
    )  # fmt: skip


def test_a_receipt_torn_up_on_the_phone_is_no_hole_and_no_money(street):
    number = taken(1)["number"]
    assert tear(street, number).state is ReceiptState.VOID
    assert tear(street, number).state is ReceiptState.VOID
    paid(street, cash=taken(2))

    assert on_phone(street)["missing"] == []
    assert hand(street).held_minor == 30_000
    with pytest.raises(BadField):
        tear(street, "AAAAAAAA-000001")


def test_tearing_up_what_became_money_leaves_it_as_it_is(street):
    paid(street)
    assert tear(street, taken()["number"]).state is ReceiptState.ISSUED
    assert hand(street).held_minor == 30_000


def test_the_panel_shows_who_holds_what_and_the_holes(street, book):
    paid(street)
    paid(street, "vis_0000000002", cash=taken(4, 5_000))
    declare(street)
    names = lambda ids: {one: one[5:].title() for one in ids}  # noqa: E731

    told = cash_desk.overview(
        PID, actor=SUE, book=book, portfolios=street, files=Files(), people=names
    )
    (own,) = told["hands"]
    assert (own["person"], own["held_minor"], own["can"]) == (
        {"id": "ana", "name": "Ana"}, 35_000, {"settle": True},
    )  # fmt: skip
    (deposit,) = told["deposits"]
    assert deposit["can"] == {"count": True}
    assert deposit["slip_url"].endswith("dep_1.jpg")

    (one,) = cash_desk.series(PID, actor=SUE, book=book, portfolios=street, people=names)["items"]
    assert [hole["number"][-6:] for hole in one["missing"]] == ["000002", "000003"]
    assert [receipt["can"]["void"] for receipt in one["receipts"]] == [True, True]

    lines = cash_desk.history(
        PID, person_id="ana", kind=None, first=None, last=None, cursor=None, limit=2, actor=SUE,
        book=book, cases=street.cases, portfolios=street, people=names,
    )  # fmt: skip
    assert len(lines["items"]) == 2
    assert lines["cursor"]
