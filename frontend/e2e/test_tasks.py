"""People do what they are asked to: find it, take it, put it off, say what was done, undo."""

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/tareas/"
NOBODY = "/panel/tareas/?ver=nobody&cartera=prt_mx"
CASE = "/panel/expedientes/caso/?id=cas_1"


def sent(api: FakeApi, method: str = "PATCH") -> list[object]:
    return [c.body for c in api.calls if c.method == method and "/tasks" in c.path]


def row(page: "sync_api.Page", name: str) -> "sync_api.Locator":
    return page.get_by_role("row").filter(has_text=name)


def test_what_is_late_comes_first_and_is_counted_beside_the_navigation(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    rows = signed_in.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ofelia Ibarra Montes")
    expect(rows.first).to_contain_text("2 días tarde")
    expect(rows.first).to_contain_text("La pide Carla Ríos")
    expect(rows.nth(1)).to_contain_text("Hoy")
    counter = signed_in.locator(".side-nav [data-late]")
    expect(counter).to_have_text("1")
    expect(counter).to_have_accessible_name("1 tarea atrasada")


def test_one_says_what_was_done_and_takes_it_back(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    row(signed_in, "Ofelia").get_by_role("button", name="Hecha").click()
    dialog = signed_in.get_by_role("dialog", name="¿Qué se hizo?")
    dialog.get_by_label("Qué se hizo").fill("Mandó la copia por correo")
    dialog.get_by_role("button", name="Marcar como hecha").click()
    expect(row(signed_in, "Ofelia")).to_contain_text("Mandó la copia por correo")
    expect(signed_in.locator(".side-nav [data-late]")).to_be_hidden()

    row(signed_in, "Ofelia").get_by_role("button", name="Deshacer").click()
    expect(row(signed_in, "Ofelia").get_by_role("button", name="Hecha")).to_be_visible()
    expect(signed_in.locator(".side-nav [data-late]")).to_have_text("1")
    assert sent(api) == [
        {"state": "done", "outcome": "Mandó la copia por correo"},
        {"state": "open"},
    ]


def test_a_free_one_is_taken_by_keyboard_alone(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(NOBODY)
    expect(signed_in.get_by_role("table").locator("tbody tr")).to_have_count(2)
    expect(row(signed_in, "Hugo Prieto")).to_contain_text("Contestó un mensaje de voz: 20 nov")
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("j")
    expect(signed_in.get_by_role("link", name="Hugo Prieto")).to_be_focused()
    signed_in.keyboard.press("t")
    expect(row(signed_in, "Hugo Prieto")).to_contain_text("Ana Torres")
    signed_in.get_by_role("link", name="Hugo Prieto").focus()
    signed_in.keyboard.press("z")
    expect(row(signed_in, "Hugo Prieto")).to_contain_text("Nadie todavía")
    assert sent(api) == [{"owner": "per_ana"}, {"owner": ""}]


def test_one_is_put_off_and_given_to_a_colleague(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.clock.set_fixed_time("2026-11-22T18:00:00Z")  # a day that is over is not set again
    signed_in.goto(PAGE)
    row(signed_in, "Rubén Salas").get_by_role("button", name="Aplazar").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="En una semana").click()
    expect(row(signed_in, "Rubén Salas")).to_contain_text("Tarea aplazada")
    row(signed_in, "Marta Güemes").get_by_role("button", name="Dar a…").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Quién").select_option(label="Teo Barrientos")
    dialog.get_by_role("button", name="Asignar").click()
    expect(row(signed_in, "Marta Güemes")).to_contain_text("Teo Barrientos")
    put_off, given = sent(api)
    assert list(put_off) == ["due_on"]  # type: ignore[call-overload]
    assert given == {"owner": "per_teo"}


def test_the_team_s_and_a_kind_are_asked_for_and_stay_in_the_address(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("link", name="De mi equipo").click()
    expect(row(signed_in, "Inés Roldán")).to_contain_text("Teo Barrientos")
    signed_in.get_by_label("Qué", exact=True).select_option(label="Llamar")
    expect(signed_in.get_by_role("table").locator("tbody tr")).to_have_count(1)
    assert "ver=team" in signed_in.url
    assert "tipo=call" in signed_in.url
    signed_in.reload()
    expect(signed_in.get_by_role("table").locator("tbody tr")).to_have_count(1)


def test_a_colleague_is_mentioned_by_keyboard_and_a_name_of_nobody_is_said(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(CASE)
    note = signed_in.get_by_label("Nota nueva")
    note.press_sequentially("Ojo @te")
    expect(signed_in.get_by_role("option", name="Teo Barrientos")).to_be_visible()
    note.press("Enter")
    expect(note).to_have_value("Ojo @Teo Barrientos ")
    note.press_sequentially("y @carl")
    expect(signed_in.get_by_role("option", name="Carla Ríos")).to_be_visible()
    note.press("Escape")
    expect(signed_in.locator(".mention-list")).to_have_count(0)
    note.press_sequentially(" @zutano")
    expect(signed_in.get_by_text("Nadie con ese nombre")).to_be_visible()
    signed_in.get_by_role("button", name="Guardar nota").click()
    expect(note).to_have_value("")
    (wrote,) = [c.body for c in api.calls if c.path.endswith("/notes")]
    assert wrote == {"text": "Ojo @Teo Barrientos y @carl @zutano", "mentions": ["per_teo"]}


def test_an_empty_list_says_where_tasks_come_from(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "?tipo=legal")
    expect(signed_in.get_by_role("heading", name="No tienes tareas")).to_be_visible()
    expect(signed_in.get_by_text("qué, quién y para cuándo")).to_be_visible()


def test_a_task_is_asked_for_from_the_case_and_reopened_there(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(CASE)
    card = signed_in.locator("#tasks")
    card.get_by_role("button", name="Nueva tarea").click()
    dialog = signed_in.get_by_role("dialog", name="Nueva tarea")
    dialog.get_by_role("button", name="Crear tarea").click()
    expect(dialog.get_by_text("Escribe qué hay que hacer.")).to_be_visible()
    dialog.get_by_label("Qué hay que hacer").fill("Ver si cambió de domicilio")
    dialog.get_by_label("Quién").select_option(label="Teo Barrientos")
    dialog.get_by_role("button", name="Crear tarea").click()
    expect(card).to_contain_text("Ver si cambió de domicilio")
    expect(card).to_contain_text("Teo Barrientos")
    (made,) = sent(api, "POST")
    assert (made["kind"], made["owner"]) == ("other", "per_teo")  # type: ignore[index]

    card.get_by_role("button", name="Descartar").first.click()
    expect(card).to_contain_text("Descartada")
    card.get_by_role("button", name="Reabrir").click()
    expect(card.get_by_role("button", name="Reabrir")).to_have_count(0)
    expect(signed_in.locator("#timeline")).to_contain_text("Se pidió: otra cosa")
