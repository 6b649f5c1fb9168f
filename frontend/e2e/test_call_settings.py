"""Results, scripts and weights of a portfolio's calls: changed, tried, saved, put back."""

import pytest

from frontend.e2e.fake_calls import forecast_of
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


def opened(page: "sync_api.Page") -> "sync_api.Locator":
    page.goto("/panel/carteras/?id=prt_mx")
    own = page.locator("#calls")
    own.get_by_role("button", name="Ver resultados, guiones y pesos").click()
    expect(own.get_by_role("heading", name="Pesos de la fila")).to_be_visible()
    return own


def save(page: "sync_api.Page", api: FakeApi) -> dict:
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.get_by_text("Guardado.", exact=True)).to_be_visible()
    return next(c.body for c in reversed(api.calls) if c.method == "PATCH")["policies"]


def test_a_result_of_ones_own_is_made_and_a_base_one_is_hidden(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    expect(own.get_by_role("row", name="Pide que no se le llame")).to_contain_text("Siempre")
    own.get_by_role("checkbox", name="Ofrecer: Ocupado").uncheck()
    own.get_by_role("button", name="Agregar un resultado").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Dejar el resultado así").click()
    expect(dialog.get_by_text("Ponle nombre en los tres idiomas.")).to_be_visible()
    for language, name in (
        ("Español", "Paga un familiar"),
        ("English", "A relative pays"),
        ("Português", "Um parente paga"),
    ):
        dialog.get_by_label(f"Nombre ({language})").fill(name)
    dialog.get_by_label("Con quién").select_option("third")
    expect(dialog.get_by_role("checkbox", name="Una promesa")).to_have_count(0)
    dialog.get_by_role("checkbox", name="Una nota").check()
    dialog.get_by_role("checkbox", name="Sirve también en las visitas").check()
    looks_well(signed_in, "call-result-dialog")
    dialog.get_by_role("button", name="Dejar el resultado así").click()
    expect(own.get_by_role("row", name="Paga un familiar")).to_contain_text("Propio")

    sent = save(signed_in, api)["calls"]
    assert sent["hidden"] == ["busy"]
    (made,) = sent["results"]
    assert (made["code"], made["met"], made["wants"], made["visits"]) == (
        "paga_un_familiar",
        "third",
        ["note"],
        True,
    )


def test_a_script_says_nothing_of_the_debt_too_soon(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    own.get_by_label("Etapa").select_option("disputed")
    script = own.get_by_label("Guion, una línea por paso")
    expect(script).to_have_value(  # of the stage that was chosen
        "\n".join(
            [
                "Hola, habla {agent}, de parte de {brand}. ¿Hablo con {name}?",
                "Tenemos abierta una aclaración suya. No le llamo a cobrar eso: quiero saber si "
                "le falta decirnos algo.",
                "Lo que esté en aclaración no se cobra hasta que le respondamos por escrito.",
                "¿Le puedo ayudar con algo más? Gracias por su tiempo.",
            ]
        )
    )
    script.fill("Debe usted {total}")
    expect(own.get_by_text("La primera línea no puede hablar de la deuda.")).to_be_visible()
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Hay 1 dato por corregir")).to_be_visible()
    assert not [c for c in api.calls if c.method == "PATCH"]

    script.fill("¿Hablo con {name}?\nSu aclaración sigue abierta.")
    sent = save(signed_in, api)["calls"]["scripts"]
    assert sent == [
        {
            "stage": "disputed",
            "language": "es",
            "lines": ["¿Hablo con {name}?", "Su aclaración sigue abierta."],
        }
    ]
    own.get_by_role("button", name="Volver al guion de base").click()
    expect(own.get_by_text("Es el guion de base.")).to_be_visible()


def test_weights_are_tried_with_reasons_before_they_are_saved(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    own.get_by_label("Monto").fill("120")
    own.get_by_role("button", name="Ver los primeros 20 con estos pesos").click()

    first = own.get_by_role("listitem").filter(has_text="Teodoro Luna Paz")
    expect(first).to_contain_text("1. Teodoro Luna Paz")
    expect(first).to_contain_text("Sube 1")
    expect(first).to_contain_text("Monto frente a lo usual de la cartera (120)")
    expect(own.get_by_text("De todos los que están listos hoy: 2.")).to_be_visible()
    assert not [c for c in api.calls if c.method == "PATCH"]
    looks_well(signed_in, "call-settings")
    assert save(signed_in, api)["queue"]["weights"] == {"balance": 120}


def test_a_segment_has_a_quota_of_its_own_and_they_come_to_no_more_than_all(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    late = own.get_by_label("Mora tardía")
    expect(own.get_by_text("Hoy: 12 de 48 (25 %)")).to_be_visible()
    late.fill("70")
    own.get_by_label("Sin segmento").fill("40")
    expect(own.get_by_text("Las cuotas suman 110 %")).to_be_visible()
    own.get_by_label("Sin segmento").fill("")
    expect(own.get_by_text("Cuotas propias: 70 %")).to_be_visible()
    own.get_by_label("Cuota común").fill("5")
    looks_well(signed_in, "call-quotas")
    sent = save(signed_in, api)["queue"]
    assert sent["segment_parts"] == [{"segment": "seg_1", "percent": 70}]
    assert sent["least_percent"] == 5


def test_what_was_before_is_put_back_and_saved_as_a_change(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    own.get_by_label("Monto").fill("120")
    before = own.get_by_role("listitem").filter(has_text="lo cambió Ana Torres")
    before.get_by_role("button", name="Poner de vuelta").click()

    expect(own.get_by_label("Monto")).to_have_value("60")
    expect(own.get_by_role("checkbox", name="Ofrecer: Ocupado")).not_to_be_checked()
    sent = save(signed_in, api)
    assert (sent["queue"]["weights"]["balance"], sent["calls"]["hidden"]) == (60, ["busy"])
    assert sent["queue"]["weights"]["likely"] == 25


def test_on_a_phone_nothing_sticks_out(signed_in: "sync_api.Page") -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    own = opened(signed_in)
    own.get_by_role("button", name="Ver los primeros 20 con estos pesos").click()
    expect(own.get_by_text("De todos los que están listos hoy: 2.")).to_be_visible()
    looks_well(signed_in, "call-settings-phone")


def test_a_forecast_is_tried_against_rules_and_what_came_of_it_says_it_is_small(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    own.get_by_label("Se prueba contra").select_option("second")
    own.get_by_role("button", name="Guardar el pronóstico").click()
    expect(own.get_by_text("no hay ningún modelo desplegado")).to_be_visible()
    own.get_by_label("Se prueba contra").select_option("rules")
    own.get_by_label("Porcentaje de expedientes").fill("25")
    own.get_by_role("button", name="Guardar el pronóstico").click()
    expect(own.get_by_text("Pronóstico guardado.")).to_be_visible()
    sent = [c.body for c in api.calls if c.method == "PUT" and c.path.endswith("/forecast")][-1]
    assert sent == {"champion": "first", "challenger": "rules", "percent": 25, "version": 3}

    own.get_by_role("button", name="Ver qué resultó").click()
    table = own.get_by_role("table", name="Qué resultó por grupo")
    cases = table.get_by_role("row").filter(has_text="Expedientes")
    expect(cases.get_by_role("cell")).to_have_text(["400", "110"])
    expect(own.get_by_text("-6.0% [-13.0%, 2.0%]")).to_be_visible()
    expect(own.get_by_text("Con 1,005 expedientes cumplidos")).to_be_visible()
    looks_well(signed_in, "forecast-test")
    signed_in.set_viewport_size({"width": 390, "height": 844})
    looks_well(signed_in, "forecast-test-phone")

    # The rest of the portfolio is saved over the version that this made.
    own.get_by_role("checkbox", name="Ofrecer: Ocupado").uncheck()
    save(signed_in, api)
    assert next(c.body for c in reversed(api.calls) if c.method == "PATCH")["version"] == 4


def test_how_good_the_forecast_was_is_told_with_its_sample(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = opened(signed_in)
    own.get_by_role("button", name="Ver cómo acertó el modelo 1").click()

    expect(own.get_by_text("Dice más de lo que pasa")).to_be_visible()
    expect(own.get_by_text("117 expedientes con sus días cumplidos")).to_be_visible()
    expect(own.get_by_text("0.19; 0.19 sin pronóstico")).to_be_visible()
    table = own.get_by_role("table", name="Lo que dijo contra lo que pasó, por probabilidad")
    expect(table.get_by_role("rowheader")).to_have_text(
        ["20 a 30 de 100", "50 a 60 de 100", "80 a 90 de 100"]
    )
    few = table.get_by_role("row").filter(has_text="80 a 90")
    expect(few.locator(".muted")).to_have_count(3)
    groups = own.get_by_role("table", name="Lo que dijo contra lo que pasó, por grupo")
    expect(groups.get_by_role("rowheader").first).to_have_text("Deudas abiertas: 1")
    asked = [c.query for c in api.calls if c.path.endswith("/forecast-quality")]
    assert [one.get("cursor") for one in asked] == [None, "more"]
    looks_well(signed_in, "forecast-quality")
    signed_in.set_viewport_size({"width": 390, "height": 844})
    groups.scroll_into_view_if_needed()
    looks_well(signed_in, "forecast-quality-phone")


def test_where_no_model_is_yet_it_says_so_and_how_to_get_one(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    for model in forecast_of(api)["models"]:
        model.update(model_id=None, until=None)
    own = opened(signed_in)

    expect(own).to_contain_text("Todavía no hay un modelo del pronóstico: ordenan las reglas.")
    none = own.get_by_role("status").filter(has_text="no hay pronóstico que juzgar")
    expect(none).to_contain_text("./recobro predict history, train y serve")
    expect(none).to_contain_text("200 adeudos pagados")
    expect(own.get_by_role("button", name="Ver cómo acertó el modelo 1")).to_have_count(0)
    none.scroll_into_view_if_needed()
    looks_well(signed_in, "forecast-none")
    signed_in.set_viewport_size({"width": 390, "height": 844})
    none.scroll_into_view_if_needed()
    looks_well(signed_in, "forecast-none-phone")
