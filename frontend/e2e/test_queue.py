"""A caller's screen: the next case and why, the call, its result, and nothing left unwritten."""

import re

import pytest

from frontend.e2e.fake_agreements import an_agreement, simulation
from frontend.e2e.fake_calls import queue_of
from frontend.e2e.fake_cases import page_of
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/cola/?cartera=prt_mx"


# Headless, nothing takes a number: the question which program should then swallows what is
# pressed. What would be dialled is kept instead.
DIALLED = """
addEventListener('click', (event) => {
  if (!event.target.href?.startsWith('tel:')) return
  event.preventDefault()
  sessionStorage.setItem('dialled', event.target.href)
}, true)
"""


def take(page: "sync_api.Page") -> None:
    page.add_init_script(DIALLED)
    page.goto(PAGE)
    page.get_by_role("button", name="Siguiente").click()
    expect(page.get_by_role("heading", name="Teléfonos")).to_be_visible()


def begin(page: "sync_api.Page") -> None:
    page.get_by_role("button", name="Llamar").click()
    expect(page.get_by_role("heading", name="Resultado de la llamada")).to_be_visible()


def sent(api: FakeApi, method: str, end: str) -> list[dict]:
    return [one.body for one in api.calls if one.method == method and one.path.endswith(end)]


def test_an_empty_screen_says_how_it_goes(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()
    expect(signed_in.get_by_text("Sin resultado no hay siguiente.")).to_be_visible()
    board = signed_in.get_by_role("table")
    expect(board.get_by_role("row", name="Mora temprana 12 30")).to_be_visible()
    expect(board.get_by_role("row", name="Los demás 500+ 4")).to_be_visible()


def test_the_next_case_comes_with_its_reasons_and_a_script(signed_in: "sync_api.Page") -> None:
    take(signed_in)
    expect(signed_in.get_by_text("Promesa incumplida hace 1 día", exact=True)).to_be_visible()
    expect(signed_in.get_by_text("Nadie ha hablado con él")).to_be_visible()
    expect(signed_in.get_by_text("Buena hora en su zona")).to_be_visible()
    expect(signed_in.get_by_text("Contestó un mensaje de voz a las 10:32")).to_be_visible()
    expect(signed_in.get_by_text("Suma 132 puntos")).to_be_visible()
    expect(signed_in.get_by_text("de parte de La Esquina")).to_be_visible()
    expect(signed_in.get_by_text("Se puede llamar hasta")).to_be_visible()


def test_the_forecast_is_told_with_its_reasons_or_that_there_is_none(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    take(signed_in)
    expect(signed_in.get_by_text("Sin pronóstico: sabemos poco de cómo paga")).to_be_visible()
    api.silence = "no_model"  # type: ignore[attr-defined]
    signed_in.reload()
    none = "Sin pronóstico: esta instalación todavía no tiene un modelo; ordenan las reglas."
    expect(signed_in.get_by_text(none)).to_be_visible()
    reason = {
        "code": "paid_before",
        "speaks_for": False,
        "debts": 4,
        "late": 3,
        "mean_days": 12,
    }
    days = {"usual": 12, "low": 5, "high": 20}
    api.forecast = {  # type: ignore[attr-defined]
        "percent": 35,
        "days": 15,
        "expected": days,
        "reasons": [reason],
    }
    signed_in.reload()
    told = signed_in.get_by_text("Pronóstico: 35 de 100 de que pague completa al menos una deuda")
    expect(told).to_contain_text("La deuda más antigua: se espera unos 12 días después de vencer")
    expect(told).to_contain_text("entre 5 y 20 días después, en 3 de cada 5 casos")
    expect(signed_in.get_by_text("Pagó antes 4 deudas, 3 con atraso")).to_be_visible()
    expect(signed_in.get_by_text("en contra", exact=True)).to_be_visible()


def test_a_call_ends_with_a_result_and_then_the_next(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    take(signed_in)
    begin(signed_in)
    assert signed_in.evaluate("sessionStorage.getItem('dialled')") == "tel:+522222431190"
    signed_in.get_by_role("button", name="Terminar llamada").click()
    expect(signed_in.get_by_text("Elige cómo terminó la llamada.")).to_be_visible()
    assert sent(api, "PUT", "/calls/att_call") == []

    signed_in.get_by_role("radio", name="No contesta").check()
    signed_in.get_by_role("button", name="Terminar llamada").click()

    expect(signed_in.get_by_text("Conviene probar otra vez en 3 h")).to_be_visible()
    (body,) = sent(api, "PUT", "/calls/att_call")
    assert (body["disposition"], body["call_back_at"]) == ("no_answer", None)
    signed_in.get_by_role("button", name="Volver a intentar").click()
    expect(signed_in.get_by_text("Conviene probar otra vez")).to_have_count(0)
    (again,) = sent(api, "POST", "/queue/cas_1")
    assert (again["action"], again["mine"]) == ("callback", False)
    signed_in.get_by_role("button", name="Siguiente").click()
    expect(signed_in.get_by_role("heading", name="Ahora no hay a quién llamar")).to_be_visible()


def test_an_open_call_is_there_after_the_page_was_loaded_again(
    signed_in: "sync_api.Page",
) -> None:
    take(signed_in)
    begin(signed_in)
    asked = []
    signed_in.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    signed_in.wait_for_timeout(1_100)  # dialling leaves nothing for a second, and asks nothing
    signed_in.reload()

    expect(signed_in.get_by_role("heading", name="Resultado de la llamada")).to_be_visible()
    expect(signed_in.get_by_role("timer")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Siguiente")).to_have_count(0)
    assert asked == ["beforeunload"]


def test_an_open_call_brings_its_own_portfolio(signed_in: "sync_api.Page", api: FakeApi) -> None:
    take(signed_in)
    begin(signed_in)
    signed_in.wait_for_timeout(1_100)  # dialling leaves nothing for a second, and asks nothing
    signed_in.on("dialog", lambda dialog: dialog.accept())
    signed_in.goto(PAGE.replace("prt_mx", "prt_co"))  # picked on another page meanwhile
    signed_in.get_by_role("radio", name="No contesta").check()
    signed_in.get_by_role("button", name="Terminar llamada").click()
    signed_in.get_by_role("button", name="Volver a intentar").click()
    expect(signed_in.get_by_text("Conviene probar otra vez")).to_have_count(0)
    assert "/portfolios/prt_mx/queue/cas_1" in [call.path for call in api.calls]


def test_a_turn_of_another_portfolio_is_not_taken_up(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    take(signed_in)
    signed_in.goto(PAGE.replace("prt_mx", "prt_co"))
    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()
    assert [call.path for call in api.calls if "prt_co/queue/next" in call.path] == []


def test_a_promise_is_recorded_in_place(signed_in: "sync_api.Page", api: FakeApi) -> None:
    take(signed_in)
    begin(signed_in)
    signed_in.get_by_role("radio", name="Promete pagar").check()
    signed_in.get_by_role("button", name="Terminar llamada").click()
    expect(signed_in.get_by_text("Registra primero la promesa.")).to_be_visible()

    signed_in.get_by_role("button", name="Promesa").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Importe").fill("500")
    dialog.get_by_label("Pagará el").fill("2030-01-15")
    dialog.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    signed_in.get_by_role("button", name="Terminar llamada").click()

    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()
    assert [one["disposition"] for one in sent(api, "PUT", "/calls/att_call")] == ["promise"]


@pytest.mark.parametrize("name", ["Promesa", "Convenio", "Aclaración", "Enlace de pago"])
def test_what_is_agreed_is_written_without_leaving_the_call(
    signed_in: "sync_api.Page", name: str
) -> None:
    take(signed_in)
    begin(signed_in)
    signed_in.get_by_role("button", name=name, exact=True).click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog).to_be_visible()
    # A text that the page did not bring is shown by its name, "area.word".
    assert not re.search(r"\b[a-z]+\.[a-z_.]+\b", dialog.inner_text())
    signed_in.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(signed_in.get_by_role("heading", name="Resultado de la llamada")).to_be_visible()


def test_a_plan_is_agreed_and_accepted_during_the_call(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    take(signed_in)
    begin(signed_in)
    signed_in.get_by_label("Acuerda un convenio").check()
    signed_in.get_by_role("button", name="Terminar llamada").click()
    expect(signed_in.get_by_text("Registra primero el convenio.")).to_be_visible()

    signed_in.get_by_role("button", name="Convenio", exact=True).click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Proponer esta").first.click()
    expect(dialog.get_by_role("heading", name="Aceptar con prueba")).to_be_visible()
    looks_well(signed_in, "call-agreement")
    dialog.get_by_role("button", name="Mandar código").click()
    dialog.get_by_label("Código que dicta el deudor").fill("123456")
    dialog.get_by_role("button", name="Poner en vigor").click()
    expect(dialog).to_have_count(0)
    expect(signed_in.get_by_role("button", name="Convenio ✓")).to_be_visible()
    signed_in.get_by_role("button", name="Terminar llamada").click()
    expect(signed_in.get_by_role("heading", name="Resultado de la llamada")).to_have_count(0)

    (made,) = sent(api, "POST", "/agreements")
    assert made["channel"] == "call"
    assert [one["disposition"] for one in sent(api, "PUT", "/att_call")] == ["agrees"]


def test_what_was_proposed_before_is_accepted_in_the_call(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page_of(api)["agreements"].append(an_agreement("agr_1", "plan", simulation(3)))
    take(signed_in)
    begin(signed_in)
    signed_in.get_by_role("button", name="Aceptar con prueba").click()
    expect(signed_in.get_by_role("dialog")).to_be_visible()
    signed_in.keyboard.press("Escape")

    expect(signed_in.get_by_role("button", name="Convenio", exact=True)).to_be_visible()


def test_a_call_back_wants_its_hour(signed_in: "sync_api.Page", api: FakeApi) -> None:
    take(signed_in)
    begin(signed_in)
    signed_in.get_by_role("radio", name="Pide que le llamen después").check()
    signed_in.get_by_role("button", name="Terminar llamada").click()
    expect(signed_in.get_by_text("Di cuándo hay que llamarle.")).to_be_visible()
    signed_in.get_by_label("Llamarle el").fill("2030-01-15T10:30")
    signed_in.get_by_role("button", name="Terminar llamada").click()

    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()
    (body,) = sent(api, "PUT", "/calls/att_call")
    assert body["call_back_at"].startswith("2030-01-15T")
    assert body["mine"] is True


def test_the_exchange_rings_where_there_is_one(signed_in: "sync_api.Page", api: FakeApi) -> None:
    api.dialer = ""
    take(signed_in)
    begin(signed_in)

    expect(signed_in.get_by_text("La central está llamando")).to_be_visible()
    assert len(sent(api, "POST", "/calls/att_call")) == 1
    assert signed_in.evaluate("sessionStorage.getItem('dialled')") is None
    expect(signed_in.get_by_role("radio", name="Promete pagar")).to_be_focused()


def test_an_exchange_that_refuses_says_why_and_leaves_the_number(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.dialer = "agent_unknown"
    take(signed_in)
    begin(signed_in)

    expect(signed_in.get_by_text("No tienes usuario en Connect con tu correo")).to_be_visible()
    signed_in.get_by_role("link", name="Marcar").click()
    assert signed_in.evaluate("sessionStorage.getItem('dialled')").startswith("tel:+")


def test_the_whole_way_by_keys(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.add_init_script(DIALLED)
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()
    signed_in.keyboard.press("n")
    expect(signed_in.get_by_role("heading", name="Teléfonos")).to_be_visible()
    signed_in.keyboard.press("c")
    expect(signed_in.get_by_role("radio", name="Promete pagar")).to_be_focused()
    signed_in.get_by_role("radio", name="Ocupado").focus()
    signed_in.keyboard.press("Space")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text("Conviene probar otra vez en 1 h")).to_be_visible()
    assert [one["disposition"] for one in sent(api, "PUT", "/calls/att_call")] == ["busy"]


def test_quick_keys_can_be_turned_off(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_text("Teclas", exact=True).click()
    signed_in.get_by_label("Usar teclas rápidas").uncheck()
    signed_in.get_by_role("heading", level=1).click()
    signed_in.keyboard.press("n")
    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()
    assert sent(api, "POST", "/queue/next") == []


def test_a_case_is_skipped_with_a_reason(signed_in: "sync_api.Page", api: FakeApi) -> None:
    take(signed_in)
    signed_in.get_by_role("button", name="Saltar hoy").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("radio", name="Lo conozco en persona").check()
    dialog.get_by_role("button", name="Saltar hoy").click()
    expect(signed_in.get_by_role("heading", name="Ahora no hay a quién llamar")).to_be_visible()
    assert sent(api, "POST", "/queue/cas_1") == [{"action": "skip", "reason": "known"}]


def test_who_may_not_be_called_has_no_button(signed_in: "sync_api.Page", api: FakeApi) -> None:
    queue_of(api)
    for way in api.reach["ways"]:  # type: ignore[attr-defined]
        way.update(allowed=False, reason_code="OUTSIDE_HOURS")
    take(signed_in)
    expect(signed_in.get_by_role("button", name="Llamar")).to_have_count(0)
    expect(signed_in.locator("#phones .channel-not").first).to_be_visible()
