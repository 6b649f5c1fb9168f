"""A receipt's QR: signed by the phone, checked by anybody, silent about the debtor."""

from dataclasses import replace

import pytest

from chalicelib.domain.cash import series_of
from chalicelib.domain.device import Device
from chalicelib.domain.errors import ReceiptNotFound, TooManyAttempts
from chalicelib.domain.one_time_code import OneTimeCode
from chalicelib.domain.people import Person, Role
from chalicelib.domain.visit import Cash
from chalicelib.services import cash_checking, cash_desk
from tests.builders import NOW
from tests.unit.services.test_cash_receiving import allow, paid
from tests.visit_world import ANA, Phone, Street

DEVICE = "dev_0000000001"
NUMBER = f"{series_of(DEVICE, 'ana')}-000001"


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def street():
    street = Street()
    allow(street)
    return street


class World:
    def __init__(self, phone, *, turns=True):
        self.phone, self.turns = phone, turns

    def of(self, device_id):
        x, y = self.phone.jwk["x"], self.phone.jwk["y"]
        return [
            Device(device_id=DEVICE, person_id=one, name="", platform="", x=x, y=y, created_at=NOW)
            for one in ("beto", "ana")
            if device_id == DEVICE
        ]

    def take(self, name, **_):
        return self.turns

    def get(self, person_id):
        return Person(
            person_id=person_id, email="", name="Ana Pérez", role=Role.AGENT, portfolios=()
        )


def token(phone, words=f"{NUMBER}.30000.MXN.1795370400"):
    return f"{words}.{phone.signed_text(words, DEVICE)}"


def shown(street, phone, text, **world):
    there = World(phone, **world)
    return cash_checking.shown(
        text, asker="1.2.3.4", devices=there, book=street.cases.cash, people=there,
        portfolios=street, turns=there, now=NOW,
    )  # fmt: skip


def test_a_receipt_is_checked_before_anything_of_it_has_come(street, phone):
    told = shown(street, phone, token(phone))
    assert (told["state"], told["number"], told["amount"]) == (
        "waiting", NUMBER, {"minor": 30_000, "currency": "MXN"},
    )  # fmt: skip
    assert (told["taken_by"], told["creditor"]) == ("Ana Pérez", "")


def test_it_is_credited_once_the_visit_is_in_and_void_when_taken_back(street, phone):
    paid(street)
    told = shown(street, phone, token(phone))
    assert (told["state"], told["creditor"]) == ("credited", "Mueblería La Esquina")
    assert "José" not in str(told)
    cash_desk.void(
        NUMBER, reason="Error.", actor=replace(ANA, actor_id="user:sue", role=Role.SUPERVISOR),
        book=street.cases.cash, cases=street.cases, portfolios=street, now=NOW,
    )  # fmt: skip
    assert shown(street, phone, token(phone))["state"] == "void"


def test_a_paper_that_says_something_else_than_came_is_told(street, phone):
    paid(street)
    words = f"{NUMBER}.90000.MXN.1795370400"
    assert shown(street, phone, token(phone, words))["state"] == "other"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda phone: token(phone).replace("30000", "30001"),
        lambda phone: token(Phone()),
        lambda phone: token(phone, "AAAAAAAA-000001.30000.MXN.1795370400"),
        lambda phone: token(phone, f"{NUMBER}.x.MXN.1"),
        lambda phone: "a.b",
        lambda phone: "",
    ],
)
def test_what_no_phone_of_ours_signed_is_nothing(street, phone, wrong):
    with pytest.raises(ReceiptNotFound):
        shown(street, phone, wrong(phone))


def test_who_tries_many_is_stopped(street, phone):
    with pytest.raises(TooManyAttempts):
        shown(street, phone, token(phone), turns=False)


def test_a_code_proves_just_its_receipt_and_amount():
    code = OneTimeCode(
        code_id="otc_1", case_id="cas_1", purpose="cash", subject=NUMBER, asked_by="user:ana",
        asked_at=NOW, expires_at=NOW, amount_minor=500, used_at=NOW,
    )  # fmt: skip
    kept = {"otc_1": code, "otc_2": replace(code, used_at=None)}
    taken = Cash(number=NUMBER, amount_minor=500, at=NOW, code_id="otc_1")

    def proved(case_id="cas_1", **values):
        return cash_checking.taken_proved(case_id, replace(taken, **values), codes=kept)

    assert proved()
    assert not proved("cas_2")
    assert not proved(amount_minor=501)
    assert not proved(number=NUMBER.replace("1", "2"))
    assert not proved(code_id="otc_2")
    assert not proved(code_id="")
