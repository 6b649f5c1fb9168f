"""What holds for every page: accessible, inside its screen, inside its weight."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.domain.ids import derived_id
from frontend.e2e.conftest import FRONTEND, sign_in_by_cookie, watch
from frontend.e2e.fake_api import DIST
from frontend.e2e.fake_site import FakeApi, Server

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
APPEARANCE = ["color-contrast", "target-size", "scrollable-region-focusable"]
# What a translation can break: a name that is not there. Structure and colours are the same.
NAMES = [
    "aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-toggle-field-name",
    "button-name", "document-title", "empty-heading", "empty-table-header", "html-has-lang",
    "html-lang-valid", "image-alt", "input-button-name", "label", "landmark-unique", "link-name",
    "select-name", "svg-img-alt",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}
# Lighthouse begins to complain of a document at 1,400 elements.
MOST_ELEMENTS = 1400
BUDGET_BYTES = 60 * 1024
FIELD_BUDGET_BYTES = 40 * 1024  # on a cheap phone, by 3G

# The stand-in's first questionnaire: its id comes of its portfolio and key.
FORM = derived_id("frm", "prt_mx", "first")
PAGES = {
    page["name"]: page for page in json.loads((FRONTEND / "pages/pages.json").read_text())["pages"]
}
# A page that shows different things for different addresses is looked at in each.
VIEWS = {name: [page["path"]] for name, page in PAGES.items()}
VIEWS["home"] += ["/panel/?cartera=prt_mx"]
VIEWS["cases"] += ["/panel/expedientes/?cartera=prt_mx&q=zzz&status=held"]
VIEWS["case"] = ["/panel/expedientes/caso/?id=cas_1"]
VIEWS["conversations"] += [
    f"/panel/conversaciones/?cartera=prt_mx&id=cnv_{number}" for number in (1, 2)
]
VIEWS["conversations"] += ["/panel/conversaciones/?cartera=prt_mx&bandeja=desconocidos&id=cnv_3"]
VIEWS["map"] += [
    f"/panel/mapa/?{view}" for view in ("agente=per_teo", "vista=tabla", "vista=zonas")
]
VIEWS["sendings"] = ["/panel/envios/?cartera=prt_mx", "/panel/envios/?cartera=prt_mx&estado=denied"]
VIEWS["sending"] = [f"/panel/envios/mensaje/?caso=cas_1&id=att_{n}" for n in (1, 2, 3, 4)]
VIEWS["upload"] = [
    f"/panel/cargas/carga/?cartera=prt_mx&id=upl_{name}"
    for name in ("map", "run", "ready", "done", "bad")
]
VIEWS["strategies"] = [f"/panel/estrategias/?cartera=prt_mx{more}" for more in ("", "&id=str_1")]
VIEWS["templates"] += [
    f"/panel/plantillas/?cartera=prt_mx&texto=reminder_firm.{channel}.es"
    for channel in ("whatsapp", "sms", "email", "call")
]
VIEWS["routes"] = [
    f"/panel/rutas/?cartera=prt_mx&ver={tab}" for tab in ("rutas", "asignar", "equipo")
]
VIEWS["visits"] = [
    f"/panel/visitas/?cartera=prt_mx{more}" for more in ("", "&estado=devices", "&estado=points")
]
VIEWS["cash"] = [
    f"/panel/caja/?cartera=prt_mx{more}"
    for more in ("", "&ver=words", "&ver=receipts", "&ver=history")
]
VIEWS["visit"] = ["/panel/visitas/visita/?caso=cas_1&id=vis_1"]
VIEWS["payments"] = [
    f"/panel/pagos/?cartera=prt_mx{more}"
    for more in ("", "&ver=unmatched", "&ver=checkouts", "&ver=back", "&q=none")
]
VIEWS["team"] = [
    f"/panel/equipo/?cartera=prt_mx{more}" for more in ("", "&ver=coverage", "&persona=per_ana")
]
VIEWS["figures"] = [
    f"/panel/indicadores/?cartera=prt_mx{more}"
    for more in (
        "",
        *(
            f"&ver={tab}"
            for tab in (
                "recovery",
                "ageing",
                "cost",
                "strategy",
                "hours",
                "places",
                "boards",
                "reports",
                "slice",
            )
        ),
    )
]
VIEWS["tasks"] = [f"/panel/tareas/{more}" for more in ("", "?ver=nobody&cartera=prt_mx")]
VIEWS["queue"] = ["/panel/cola/?cartera=prt_mx"]
VIEWS["disputes"] = [f"/panel/disputas/?cartera=prt_mx{more}" for more in ("", "&estado=ended")]
VIEWS["dispute"] = [f"/panel/disputas/aclaracion/?caso=cas_{n}&id=dsp_{n}" for n in (1, 2)]
VIEWS["requests"] = [f"/panel/datos/?cartera=prt_mx{more}" for more in ("", "&estado=ended")]
VIEWS["request"] = [f"/panel/datos/solicitud/?cartera=prt_mx&id=drq_{n}" for n in (1, 2)]
VIEWS["questionnaires"] = [
    f"/panel/cuestionarios/?cartera=prt_mx{more}"
    for more in (
        "",
        "&vista=resultados",
        *(f"&id={FORM}&ver={tab}" for tab in ("preview", "edit", "versions", "use")),
    )
]
VIEWS["shared_report"] = ["/informe/", "/informe/#shr_any", "/informe/#shr_none"]
VIEWS["slice"] = ["/entrega/", "/entrega/#prt_mx.rcb_none"]
VIEWS["portfolios"] += ["/panel/carteras/?id=prt_mx", "/panel/carteras/?id=nueva"]


def localised(path: str, language: str) -> str:
    return path if language == "es" else f"/{language}{path}"


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_page_has_nothing_for_axe_to_find(
    browser: "sync_api.Browser", server: Server, api: FakeApi, name: str, language: str
) -> None:
    """
    All rules on a desktop in light; what depends on colour and size again on a dark phone of
    360 px, where nothing may stick out either. In a translation the rules about names, and the
    size of the target and the phone again, for words are longer or shorter.
    """
    translated = language != "es"
    axe = AXE.read_text("utf-8")
    complaints: list[str] = []
    found: list[str] = []
    context = browser.new_context(base_url=server.url, color_scheme="light", viewport=DESKTOP)
    if name != "signin":
        sign_in_by_cookie(context, api, server)
    page = context.new_page()
    watch(page, complaints)
    for path in VIEWS[name]:
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light")
        page.goto(localised(path, language))
        page.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
        elements = page.evaluate("() => document.querySelectorAll('*').length")
        if elements > MOST_ELEMENTS:
            found.append(f"{path}: {elements} elements")
        page.evaluate(axe)
        found += findings(page, f"{path} desktop, light", NAMES if translated else RULES)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        found += findings(
            page, f"{path} phone, dark", ["target-size"] if translated else APPEARANCE
        )
        sticks_out = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if sticks_out > 0:
            found.append(f"{path}: sticks out by {sticks_out} px at {PHONE['width']}")
    context.close()
    assert found == []
    assert complaints == []


def findings(page: "sync_api.Page", where: str, rules: list[str]) -> list[str]:
    result = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{where}: {violation['id']} {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def test_first_loads_stay_inside_their_weight(built_site: Path) -> None:
    """Scripts, styles, texts and HTML of each page, as brotli sends them."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    script = FRONTEND / "scripts" / "weigh.mjs"
    answer = subprocess.run([node, script, "--json"], check=True, capture_output=True)
    weights = json.loads(answer.stdout)
    assert len(weights) == 3 * len(PAGES)
    heavy = {url: weight for url, weight in weights.items() if weight > budget(url)}
    assert heavy == {}


def budget(url: str) -> int:
    return FIELD_BUDGET_BYTES if "/campo/" in url else BUDGET_BYTES


def test_every_file_named_by_a_page_is_there(built_site: Path) -> None:
    manifest = json.loads((DIST / "manifest.json").read_text())
    listed = {file["path"] for file in manifest["files"]}
    wanted = {file for page in manifest["pages"] for file in page["first_load"]}
    assert wanted <= listed
    assert all((DIST / path).is_file() for path in listed)
    # What may be cached for ever must carry its content's hash in its name.
    assert all(f["path"].startswith("assets/") for f in manifest["files"] if f["immutable"])
