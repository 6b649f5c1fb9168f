"""The laptop's pay page in a real browser, on a small phone: cards, the bank's step, a voucher."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.money import Money
from chalicelib.domain.payment import Ask, PaymentState
from tests.sandbox import served

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

SMALL = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def box():
    with served(lambda: datetime.now(UTC)) as found:
        yield found


@pytest.fixture(scope="module")
def page(box):
    from tests.e2e.browser import browsing

    with browsing(box.url, SMALL) as page:
        yield page


def started(box, key):
    # Where the payer goes back to is another origin, as on the deployed stack: the content
    # policy of the form has to let the redirect through.
    back = box.url.replace("127.0.0.1", "localhost") + "/simulador/pagos/"
    return box.provider().start(
        Ask(
            key=key, reference=f"cas_1.{key}", amount=Money(123450, "MXN"),
            title="Muebles La Esquina", language="es", country="MX", return_url=back,
            cancel_url=back, notify_url="", expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
    )  # fmt: skip


def test_a_card_is_refused_then_asks_for_a_code_then_pays(box, page):
    from tests.e2e.browser import look

    made = started(box, "chk_card")
    page.goto(made.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Muebles La Esquina")
    look(page, "sandbox-pay")
    page.get_by_label("Número de la tarjeta").fill("4000 0000 0000 0002")
    page.locator("#pay-card").click()
    expect(page.get_by_role("alert")).to_contain_text("No se cobró nada")
    look(page, "sandbox-declined")

    page.get_by_label("Número de la tarjeta").fill("4000 0025 0000 3155")
    page.locator("#pay-card").click()
    look(page, "sandbox-code")
    page.get_by_label("Código").fill("1234")
    page.locator("#confirm").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Pagos simulados")
    assert "localhost" in page.url
    assert box.provider().read(made.provider_id).state is PaymentState.PAID
    page.goto(made.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Este pago ya está hecho")


def test_a_number_is_paid_by_who_acts_as_the_cashier(box, page):
    from tests.e2e.browser import look

    made = started(box, "chk_cash")
    page.goto(made.url)
    page.locator("#pay-cash").click()
    number = page.locator("#voucher").inner_text()
    look(page, "sandbox-voucher")
    page.goto("/simulador/pagos/")
    look(page, "sandbox-board")
    row = page.locator("form").filter(has_text=number)
    row.get_by_role("button", name="Pagar").click()
    expect(row).to_contain_text("pagado")

    assert box.provider().read(made.provider_id).state is PaymentState.PAID
