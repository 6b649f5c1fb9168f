"""The way in: a link or what is typed, a second fact, and nothing told before it."""

import pytest

from tests.selfpay.conftest import PHONE, TAX_ID, Visitor

PERSONAL = ("José", "Pérez", "1,000", "1000", PHONE[-4:], TAX_ID[-4:], "F-D-1", "factura")


def test_a_link_asks_for_a_second_fact_and_shows_nothing_else(world, visitor):
    page = visitor.get(world.link())

    assert page.status == 200
    assert "La Esquina" in page.text
    assert not [one for one in PERSONAL if one in page.text]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]


@pytest.mark.parametrize("fact", ["1AB3", "1ab3", "5678", "56 78"])
def test_either_fact_lets_the_debtor_in(world, fact):
    visitor = Visitor(world.served)

    page = visitor.enter(world.link(), fact)

    assert page.path == "/pagar/cuenta"


def test_who_is_not_in_sees_no_account(visitor):
    assert visitor.get("/pagar/cuenta").path == "/pagar"


def test_the_door_on_a_small_phone(world, phone):
    phone.goto(world.link())
    phone.get_by_label("Últimos 4").fill(TAX_ID[-4:])
    phone.get_by_role("button", name="Entrar").click()

    phone.wait_for_url("**/pagar/cuenta")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
