"""One thing done to many cases from their list: counted, confirmed, followed, undone."""

import re
from typing import Any

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/expedientes/?cartera=prt_mx"


def asked(api: FakeApi, method: str) -> list[Any]:
    return [call.body for call in api.calls if call.method == method and "/bulk-jobs" in call.path]


def opened(page: "sync_api.Page", address: str = LIST) -> "sync_api.Locator":
    page.goto(address)
    expect(page.locator("tbody th a").first).to_be_visible()
    page.get_by_role("button", name="Acciones").click()
    return page.get_by_role("dialog")


def test_all_that_match_are_done_once_the_number_is_typed(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = opened(signed_in)
    dialog.get_by_label("Qué hacer").select_option("tag")
    dialog.get_by_role("button", name="Contar").click()
    expect(dialog.get_by_label("Etiquetas")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Etiquetas").fill("inundación, norte")
    dialog.get_by_role("button", name="Contar").click()

    expect(dialog.get_by_text("Son 130 expedientes.")).to_be_visible()
    expect(dialog.get_by_text("1 · no se puede: En pausa")).to_be_visible()
    do_it = dialog.get_by_role("button", name="Hacerlo en 130 expedientes")
    expect(do_it).to_be_disabled()
    dialog.get_by_label("Escribe 130").fill("13")
    expect(do_it).to_be_disabled()
    dialog.get_by_label("Escribe 130").fill("130")
    do_it.click()

    expect(dialog.get_by_text("Terminada")).to_be_visible()
    expect(dialog.locator("dl")).to_contain_text("127")
    expect(dialog.get_by_role("link", name=re.compile("CSV"))).to_be_visible()
    [posted] = asked(api, "POST")
    assert posted == {"action": "tag", "tags": ["inundación", "norte"], "sort": "due"}
    assert asked(api, "PATCH") == [{"do": "begin", "count": 130}]


def test_only_ticked_rows_and_then_undone(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(LIST)
    page.get_by_role("button", name="Marcar varios").click()
    boxes = page.locator("tbody input[type=checkbox]")
    for number in range(3):
        boxes.nth(number).check()
    expect(page.get_by_text("3 marcados")).to_be_visible()
    page.get_by_role("button", name="Acciones").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sobre los 3 expedientes marcados.")
    dialog.get_by_label("Responsable").select_option("per_teo")
    dialog.get_by_role("button", name="Contar").click()
    dialog.get_by_role("button", name="Hacerlo en 3 expedientes").click()
    expect(dialog.get_by_text("Terminada")).to_be_visible()
    dialog.get_by_role("button", name="Deshacer").click()

    expect(dialog.get_by_text("Deshecha")).to_be_visible()
    expect(dialog.get_by_text("1 · sin cambio: cambió después")).to_be_visible()
    [posted] = asked(api, "POST")
    assert (posted["person_id"], len(posted["case_ids"])) == ("per_teo", 3)
    assert [body["do"] for body in asked(api, "PATCH")] == ["begin", "undo"]


def test_a_job_that_was_left_is_found_again(signed_in: "sync_api.Page", api: FakeApi) -> None:
    dialog = opened(signed_in, LIST + "&status=held")
    expect(dialog).to_contain_text("que dejan los filtros")
    dialog.get_by_label("Qué hacer").select_option("release")
    dialog.get_by_role("button", name="Contar").click()
    expect(dialog.get_by_role("button", name=re.compile("Hacerlo"))).to_be_visible()
    dialog.get_by_role("button", name="Cerrar").last.click()
    expect(dialog).to_have_count(0)
    signed_in.get_by_role("button", name="Acciones").click()
    dialog.get_by_text("Acciones recientes").click()
    dialog.get_by_role("button", name=re.compile("Levantar la pausa")).click()

    expect(dialog.get_by_text("Levantar la pausa (Decisión de supervisión)")).to_be_visible()


def test_cases_are_handed_out_evenly_and_the_preview_says_how_many_to_whom(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = opened(signed_in, LIST + "&untouched_days=7")
    dialog.get_by_label("Qué hacer").select_option("hand_out")
    dialog.get_by_label("Carla Ríos").check()
    dialog.get_by_role("button", name="Contar").click()
    expect(dialog.get_by_text("Elige al menos dos personas.")).to_be_visible()
    dialog.get_by_label("Nora Aguilar Campos").check()
    dialog.get_by_role("button", name="Contar").click()
    expect(dialog.get_by_text("Nora Aguilar Campos no puede ver esta cartera.")).to_be_visible()
    dialog.get_by_label("Nora Aguilar Campos").uncheck()
    dialog.get_by_label("Teo Barrientos").check()
    dialog.get_by_role("button", name="Contar").click()

    shares = dialog.get_by_role("table")
    expect(shares).to_be_visible()
    rows = [row.split("\t") for row in shares.inner_text().splitlines()[1:]]
    count = int(rows[-1][2])
    assert rows[0] == ["Persona", "Tiene", "Recibe", "Cede", "Tendrá"]
    assert [row[:2] for row in rows[1:]] == [
        ["Carla Ríos", "12"], ["Teo Barrientos", "45"], ["Total", "57"],
    ]  # fmt: skip
    assert abs(int(rows[1][4]) - int(rows[2][4])) <= 1 or rows[2][2] == "0"
    expect(dialog.get_by_text("2 de la lista no deben nada")).to_be_visible()
    expect(dialog.get_by_text("Repartir parejo entre Carla Ríos y Teo Barrientos")).to_be_visible()
    if count >= 50:
        dialog.get_by_label(f"Escribe {count}").fill(str(count))
    dialog.get_by_role("button", name=f"Hacerlo en {count}").click()
    expect(dialog.get_by_text("Terminada")).to_be_visible()
    _, posted = asked(api, "POST")
    assert posted["person_ids"] == ["per_carla", "per_teo"]
    assert posted["untouched_days"] == 7


@pytest.mark.parametrize("width", [390, 1440])
def test_handing_out_fits_and_axe_finds_nothing(signed_in: "sync_api.Page", width: int) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    dialog = opened(signed_in)
    dialog.get_by_label("Qué hacer").select_option("hand_out")
    for name in ("Carla Ríos", "Teo Barrientos"):
        dialog.get_by_label(name).check()
    looks_well(signed_in, f"bulk-hand-out-{width}")
    dialog.get_by_role("button", name="Contar").click()
    expect(dialog.get_by_role("table")).to_be_visible()
    looks_well(signed_in, f"bulk-hand-out-ready-{width}")


def test_an_agent_is_not_offered_it(page: "sync_api.Page", api: FakeApi, server: Server) -> None:
    sign_in_by_cookie(page.context, api, server, "per_carla")
    page.goto(LIST)
    expect(page.locator("tbody th a").first).to_be_visible()

    expect(page.get_by_role("button", name="Acciones")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_dialog_fits_and_axe_finds_nothing(signed_in: "sync_api.Page", width: int) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    dialog = opened(signed_in)
    dialog.get_by_label("Qué hacer").select_option("message")
    looks_well(signed_in, f"bulk-form-{width}")
    dialog.get_by_label("Qué hacer").select_option("hold")
    dialog.get_by_role("button", name="Contar").click()
    expect(dialog.get_by_text("Son 130 expedientes.")).to_be_visible()
    looks_well(signed_in, f"bulk-ready-{width}")
