"""A supervisor has a kept report sent by e-mail, sees what was sent, and ends it."""

import pytest

from frontend.e2e.fake_schedules import a_mailing, mailings_of, schedules_of
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well
from frontend.e2e.test_reports import a_kept_report

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

SCHEDULE = {
    "schedule_id": "rsc_1",
    "report_id": "rep_1",
    "every": "month",
    "weekday": 1,
    "month_day": 31,
    "hour": 7,
    "days": "last_month",
    "file": "xlsx",
    "compare": True,
    "people": [
        {"id": "per_ana", "name": "Ana Torres", "reads": True, "stopped": False},
        {"id": "per_rita", "name": "Rita Paz", "reads": False, "stopped": False},
    ],
    "outside": [{"address": "jefa@banco.example", "stopped": True}],
    "mine": True,
    "state": "active",
    "next_at": "2026-11-30T13:00:00Z",
    "updated_by": {"id": "user:per_ana", "name": "Ana Torres"},
    "updated_at": "2026-11-22T18:00:00Z",
    "version": 1,
}


def opened(page: "sync_api.Page") -> "sync_api.Locator":
    a_kept_report(page, "Canales")
    page.get_by_role("button", name="Programar envío").click()
    dialog = page.get_by_role("dialog", name="Envíos de «Canales»")
    expect(dialog.get_by_role("button", name="Nuevo envío")).to_be_visible()
    return dialog


def there_is_one(api: FakeApi) -> None:
    schedules_of(api)["rsc_1"] = dict(SCHEDULE)


def asked(api: FakeApi, method: str) -> list[object]:
    return [
        call.body for call in api.calls if call.method == method and "report-schedules" in call.path
    ]


def test_a_report_is_had_sent_to_a_person_and_to_somebody_outside(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = opened(signed_in)
    expect(dialog.get_by_text("Este informe no se envía a nadie.")).to_be_visible()
    dialog.get_by_role("button", name="Nuevo envío").click()
    expect(dialog.get_by_label("Teo Barrientos")).to_have_count(0)  # an agent reads no reports

    dialog.get_by_role("button", name="Guardar envío").click()
    expect(dialog.get_by_text("Elige al menos a una persona")).to_be_visible()
    dialog.get_by_label("Carla Ríos").check()
    outside = dialog.get_by_label("Correos de fuera", exact=False)
    outside.fill("jefa@banco")
    dialog.get_by_role("button", name="Guardar envío").click()
    expect(dialog.get_by_text("No es un correo: jefa@banco")).to_be_visible()
    outside.fill("Jefa@banco.example, otra@banco.example\njefa@banco.example")
    dialog.get_by_label("Cada cuánto").select_option("month")
    dialog.get_by_label("Día del mes").select_option(label="El último")
    dialog.get_by_label("Hora").select_option(label="7:00")
    dialog.get_by_label("De qué días").select_option("last_month")
    dialog.get_by_label("Archivo").select_option("xlsx")
    dialog.get_by_role("button", name="Guardar envío").click()

    expect(dialog.get_by_text("El último día de cada mes a las 7:00")).to_be_visible()
    expect(dialog.get_by_text("Para Carla Ríos, jefa@banco.example, otra@")).to_be_visible()
    expect(dialog.get_by_text("Próximo: 30 nov 2026")).to_be_visible()
    assert asked(api, "POST") == [
        {
            "report_id": "rep_1",
            "every": "month",
            "weekday": 1,
            "month_day": 31,
            "hour": 7,
            "days": "last_month",
            "file": "xlsx",
            "compare": True,
            "state": "active",
            "people": ["per_carla"],
            "outside": ["jefa@banco.example", "otra@banco.example"],
        }
    ]


def test_it_is_paused_goes_on_is_changed_and_deleted_when_one_is_sure(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    there_is_one(api)
    dialog = opened(signed_in)
    dialog.get_by_role("button", name="Pausar").click()
    expect(dialog.get_by_text("En pausa")).to_be_visible()
    dialog.get_by_role("button", name="Reanudar").click()
    expect(dialog.get_by_text("Próximo:")).to_be_visible()
    assert [body["state"] for body in asked(api, "PUT")] == ["paused", "active"]  # type: ignore[index]

    dialog.get_by_role("button", name="Cambiar").click()
    expect(dialog.get_by_label("Rita Paz")).to_be_checked()
    expect(dialog.get_by_text("Ya no administra la cartera")).to_be_visible()
    dialog.get_by_label("Rita Paz").uncheck()
    dialog.get_by_label("Cada cuánto").select_option("week")
    dialog.get_by_label("Día", exact=True).select_option(label="viernes")
    dialog.get_by_role("button", name="Guardar envío").click()
    expect(dialog.get_by_text("Cada viernes a las 7:00")).to_be_visible()

    dialog.get_by_role("button", name="Borrar envío").click()
    sure = signed_in.get_by_role("dialog", name="¿Borrar este envío?")
    sure.get_by_role("button", name="Cancelar").click()
    expect(dialog.get_by_text("Cada viernes a las 7:00")).to_be_visible()
    dialog.get_by_role("button", name="Borrar envío").click()
    sure.get_by_role("button", name="Borrar envío").click()
    expect(dialog.get_by_text("Este informe no se envía a nadie.")).to_be_visible()


def test_one_sends_it_to_oneself_and_says_no_to_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    there_is_one(api)
    dialog = opened(signed_in)
    expect(dialog.get_by_text("Rita Paz (ya no ve la cartera)")).to_be_visible()
    dialog.get_by_role("button", name="Enviarme ahora").click()
    expect(dialog.get_by_text("Te llegará en unos minutos.")).to_be_visible()
    dialog.get_by_role("button", name="Dejar de recibirlo").click()
    expect(dialog.get_by_text("Ana Torres (no se le envía")).to_be_visible()
    dialog.get_by_role("button", name="Volver a recibirlo").click()
    expect(dialog.get_by_role("button", name="Dejar de recibirlo")).to_be_visible()


def test_what_was_sent_says_to_whom_and_what_was_wrong(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    there_is_one(api)
    waits = a_mailing(
        key="k2", state="waiting", problem="report_mail.not_yet", ended_at=None, letters=[],
        days=0, days_there=0,
    )  # fmt: skip
    part = a_mailing(key="k3", days_there=4, to="2026-11-19")
    mailings_of(api).extend([waits, a_mailing(), part])
    dialog = opened(signed_in)
    dialog.get_by_role("button", name="Qué se envió").click()
    rows = dialog.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Se espera hasta 24 nov 2026")
    expect(rows.nth(2)).to_contain_text("Ana Torres enviado")
    expect(rows.nth(2)).to_contain_text("ya no ve la cartera")
    expect(rows.nth(2)).to_contain_text("no se pudo enviar: todo es de pocos expedientes")
    expect(rows.nth(3)).to_contain_text("4 de 7 días con datos")
    dialog.get_by_role("button", name="Volver a los envíos").click()
    expect(dialog.get_by_role("button", name="Nuevo envío")).to_be_visible()


def test_a_change_over_somebody_elses_is_refused_in_words(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    there_is_one(api)
    dialog = opened(signed_in)
    schedules_of(api)["rsc_1"]["version"] = 2
    dialog.get_by_role("button", name="Pausar").click()
    expect(dialog.get_by_text("El envío cambió mientras tanto.")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_dialog_fits_and_axe_finds_nothing(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    there_is_one(api)
    mailings_of(api).append(a_mailing())
    dialog = opened(signed_in)
    looks_well(signed_in, f"schedules-{width}")
    dialog.get_by_role("button", name="Qué se envió").click()
    expect(dialog.get_by_role("row").nth(1)).to_contain_text("Ana Torres")
    looks_well(signed_in, f"schedules-sent-{width}")
    dialog.get_by_role("button", name="Volver a los envíos").click()
    dialog.get_by_role("button", name="Nuevo envío").click()
    dialog.get_by_role("button", name="Guardar envío").click()
    expect(dialog.get_by_text("Elige al menos a una persona")).to_be_visible()
    looks_well(signed_in, f"schedules-form-{width}")
