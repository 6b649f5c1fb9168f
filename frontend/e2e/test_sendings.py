"""Messages on their way, as the people who answer for them see and settle them."""

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_cases import page_of, tell
from frontend.e2e.fake_messages import messages
from frontend.e2e.fake_site import FakeApi, Server

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/envios/?cartera=prt_mx"


def test_the_tray_is_read_state_by_state(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("row", name="Ofelia Ibarra Montes")).to_contain_text("Domingo")
    expect(signed_in.get_by_text("USD 9.87").or_(signed_in.get_by_text("US$9.87"))).to_be_visible()
    today = signed_in.locator(".kpi").filter(has_text="Costo de hoy")
    expect(today).to_contain_text("2.00")
    expect(today).to_contain_text("de USD 2.00")
    signed_in.get_by_role("link", name="No salieron 1").click()
    expect(signed_in.get_by_role("row", name="Marta Güemes")).to_contain_text(
        "El número o correo no existe"
    )
    signed_in.get_by_role("link", name="No permitidos 0").click()
    expect(signed_in.get_by_text("Nada se ha negado")).to_be_visible()


def test_a_message_says_why_it_went_and_what_it_said(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&estado=failed")
    signed_in.get_by_role("link", name="Marta Güemes").click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Mensaje a Marta Güemes")
    expect(signed_in.get_by_text("Tres recordatorios, versión 1")).to_be_visible()
    strategy = signed_in.get_by_role("link", name="Tres recordatorios")
    expect(strategy).to_have_attribute("href", "/panel/estrategias/?cartera=prt_mx&id=str_1")
    for words in ("5 días después: vencimiento", "art. 17 bis 4", "MX/1@2026-01-01/strict"):
        expect(signed_in.get_by_text(words, exact=True)).to_be_visible()
    expect(signed_in.get_by_text("Hola, su cuota venció el martes.")).to_be_visible()
    file = signed_in.get_by_role("link", name="estado-de-cuenta.pdf")
    expect(file).to_have_attribute("href", "/_s3/sent.pdf")


def test_a_message_says_that_it_waits_for_the_next_days_budget(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.messages = messages()  # type: ignore[attr-defined]
    api.messages["att_1"]["reason_code"] = "DAY_BUDGET_USED"  # type: ignore[attr-defined]
    signed_in.goto("/panel/envios/mensaje/?caso=cas_1&id=att_1")
    expect(signed_in.get_by_text("No permitido: Se agotó el presupuesto del día")).to_be_visible()


def test_what_failed_is_tried_again(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/envios/mensaje/?caso=cas_1&id=att_3")
    signed_in.get_by_role("button", name="Intentar de nuevo").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Intentar de nuevo").click()
    expect(signed_in.get_by_text("Puesto en la fila.")).to_be_visible()
    assert [c.path for c in api.calls if c.method == "POST"][-1].endswith("/att_3/retry")


def test_what_hangs_is_settled_by_a_person(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/envios/mensaje/?caso=cas_1&id=att_2")
    signed_in.get_by_role("button", name="No salió").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="No salió").click()
    expect(signed_in.get_by_text("Una persona averiguó que no salió")).to_be_visible()
    assert [c.body for c in api.calls if c.method == "PUT"] == [{"went": False}]


def test_what_waits_is_taken_back(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/envios/mensaje/?caso=cas_1&id=att_1")
    expect(signed_in.get_by_text("No permitido: Domingo")).to_be_visible()
    signed_in.get_by_role("button", name="Retirar").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Retirar").click()
    expect(signed_in.get_by_text("Lo retiró una persona")).to_be_visible()


def test_what_a_queue_gave_up_on_goes_back(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    banner = signed_in.get_by_text("La cola «mensajes» apartó 3 trabajos")
    expect(banner).to_be_visible()
    signed_in.get_by_role("button", name="Devolver a la cola").click()
    expect(signed_in.get_by_text("3 trabajos devueltos.")).to_be_visible()
    expect(banner).to_be_hidden()


def test_an_agent_does_not_ask_for_queues(
    page: "sync_api.Page", api: FakeApi, server: Server
) -> None:
    agent = next(p for p in api.people if p["role"] == "agent" and p["status"] == "active")
    sign_in_by_cookie(page.context, api, server, agent["person_id"])
    page.goto(PAGE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Envíos")
    page.wait_for_load_state("networkidle")
    assert "/dead-letters" not in [c.path for c in api.calls]


def test_the_timeline_of_a_case_leads_to_the_message(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    facts = {
        "attempt_id": "att_1", "channel": "whatsapp",
        "cause": "strategy", "strategy": "str_1@1", "step": "before",
    }  # fmt: skip
    tell(page_of(api), "attempt.sent", facts=facts)
    signed_in.goto("/panel/expedientes/caso/?id=cas_1")
    expect(
        signed_in.get_by_text("Tres recordatorios (versión 1): 5 días antes: vencimiento")
    ).to_be_visible()
    links = signed_in.get_by_role("link", name="Ver el mensaje")
    expect(links.first).to_have_attribute("href", "/panel/envios/mensaje/?caso=cas_1&id=att_1")


def test_a_certified_letter_keeps_the_posts_number(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/envios/mensaje/?caso=cas_1&id=att_4")
    signed_in.get_by_label("Número de correo certificado").fill("RR123456789MX")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Número guardado.")).to_be_visible()
    assert [c.body for c in api.calls if c.method == "PUT"] == [{"tracking": "RR123456789MX"}]


def test_a_day_without_letters_says_so(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_label("Cartas del día").fill("2026-11-20")
    signed_in.get_by_role("button", name="Descargar para imprimir").click()
    expect(signed_in.get_by_text("Ese día no se escribió ninguna carta.")).to_be_visible()
    assert [c.body for c in api.calls if c.path.endswith("/letter-batches")] == [
        {"day": "2026-11-20"}
    ]
