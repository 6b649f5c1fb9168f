"""An answer of the portfolio or tab that was left is never painted over the newer one."""

import json

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

# The answers to what matches wait until they are let go, and then tell other words and a shorter
# list, or refuse. What the page makes of an answer, it makes in the same turn.
HELD = """
([pattern, refused]) => {
  const real = window.fetch
  const wanted = new RegExp(pattern)
  const waiting = []
  let [holding, flying, seen] = [true, 0, null]
  window.held = () => waiting.length
  window.fetch = async (input, init) => {
    const hold = holding && wanted.test(`${init?.method ?? 'GET'} ${input}`)
    flying += 1
    const answer = await real(input, init).finally(() => { flying -= 1 })
    const { status, headers } = answer
    const told = await answer.json().catch(() => null)
    const json = async () => {
      init?.signal?.throwIfAborted() // the line ends with the rest of the answer on its way
      return told
    }
    if (!hold) return { status, ok: answer.ok, headers, json }
    await new Promise((go) => waiting.push(go))
    const other = (key, value) => {
      if (key === 'items') return value.slice(0, 1)
      return typeof value === 'string' && value.includes(' ') ? 'LATE' : value
    }
    const late = JSON.parse(JSON.stringify(refused ? { code: 'late.answer' } : told), other)
    const body = async () => (await json(), late)
    return { status: refused ? 409 : 200, ok: !refused, headers, json: body }
  }
  const text = () => document.querySelector('main').innerText
  const turn = () => new Promise((done) => setTimeout(done))
  window.settled = () => {
    const still = flying === 0 && document.querySelector('main [aria-busy=true]') === null
    const before = seen
    seen = text()
    return still && before === seen
  }
  window.letGo = async () => {
    holding = false
    await import(document.documentElement.dataset.refusals) // the words for a refusal
    for (const go of waiting) go()
    do await turn(); while (flying > 0)
    await turn()
    return [seen, text()]
  }
}
"""

MX = "/portfolios/prt_mx/"
PAGES = {
    "approvals": ("/panel/aprobaciones/", f"{MX}approvals"),
    "approvals of agreements": ("/panel/aprobaciones/", r"agreement-approvals\?.*prt_mx"),
    "cases": ("/panel/expedientes/", f"{MX}cases"),
    "cash": ("/panel/caja/", r"/cash\?.*prt_mx"),
    "cash: words": ("/panel/caja/?ver=words", r"/cash/receipts\?.*prt_mx"),
    "cash: receipts": ("/panel/caja/?ver=receipts", r"/cash/series\?.*prt_mx"),
    "cash: history": ("/panel/caja/?ver=history", r"/cash/moves\?.*prt_mx"),
    "conversations": ("/panel/conversaciones/", f"{MX}conversations"),
    "disputes": ("/panel/disputas/", r"/disputes\?.*prt_mx"),
    "figures": ("/panel/indicadores/", f"{MX}figures"),
    "figures: hours": ("/panel/indicadores/?ver=hours", f"{MX}(figures|contact-rules)"),
    "figures: segments": ("/panel/indicadores/?ver=hours", f"{MX}strategies"),
    "figures: places": ("/panel/indicadores/?ver=places", f"{MX}figures"),
    "figures: boards": ("/panel/indicadores/?ver=boards", f"{MX}figures"),
    "figures: reports": ("/panel/indicadores/?ver=reports", f"{MX}(figures|reports)"),
    "home": ("/panel/", f"{MX}(kpis|reliability)"),
    "merges": ("/panel/cargas/duplicados/", f"{MX}merge-proposals"),
    "payments": ("/panel/pagos/", f"{MX}payments"),
    "questionnaires": ("/panel/cuestionarios/", f"{MX}forms"),
    "questionnaires: results": ("/panel/cuestionarios/?vista=resultados", MX),
    "queue": ("/panel/cola/", f"GET .*{MX}queue"),
    "routes": ("/panel/rutas/", f"{MX}strategies"),
    "rules": ("/panel/reglas/", f"{MX}contact-rules"),
    "sendings": ("/panel/envios/", f"{MX}messages"),
    "sendings: figures": ("/panel/envios/", f"{MX}outbox"),
    "strategies": ("/panel/estrategias/", f"{MX}strategies"),
    "tasks": ("/panel/tareas/?ver=team", r"/tasks\?.*prt_mx"),
    "team": ("/panel/equipo/", f"{MX}boards"),
    "team: coverage": ("/panel/equipo/?ver=coverage", f"{MX}untouched"),
    "team: commissions": ("/panel/equipo/?ver=commissions", f"{MX}commissions"),
    "templates": ("/panel/plantillas/", f"{MX}templates"),
    "uploads": ("/panel/cargas/", f"{MX}uploads"),
    "visits": ("/panel/visitas/", r"/visits\?.*prt_mx"),
    "visits: points": ("/panel/visitas/?estado=points", r"/visit-points\?.*prt_mx"),
}


def open_held(page: "sync_api.Page", path: str, pattern: str, *, refused: bool = False) -> None:
    page.add_init_script(f"({HELD})({json.dumps([pattern, refused])})")
    page.goto(f"{path}{'&' if '?' in path else '?'}cartera=prt_mx")


def leave(page: "sync_api.Page") -> None:
    """Go to the other portfolio while answers of the first are held, and until it is all there."""
    page.wait_for_function("() => window.held() > 0")
    page.locator("select[name=portfolio]").select_option("prt_co")
    page.wait_for_function("() => window.settled()", polling=200)


@pytest.mark.parametrize("refused", [False, True], ids=["told", "refused"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_an_answer_of_the_portfolio_that_was_left_changes_nothing(
    signed_in: "sync_api.Page", name: str, refused: bool
) -> None:
    path, pattern = PAGES[name]
    open_held(signed_in, path, pattern, refused=refused)
    leave(signed_in)
    before, after = signed_in.evaluate("() => window.letGo()")
    assert after == before


@pytest.mark.parametrize("refused", [False, True], ids=["told", "refused"])
@pytest.mark.parametrize("held", ["/queue/next", "/cases/cas_1/calls"])
def test_a_case_to_call_is_not_shown_in_another_portfolio(
    signed_in: "sync_api.Page", api: FakeApi, held: str, refused: bool
) -> None:
    open_held(signed_in, "/panel/cola/", held, refused=refused)
    signed_in.get_by_role("button", name="Siguiente").click()
    leave(signed_in)
    before, after = signed_in.evaluate("() => window.letGo()")
    assert after == before
    expect(signed_in.get_by_role("heading", name="Listo para llamar")).to_be_visible()

    signed_in.get_by_role("button", name="Siguiente").click()  # it is not as if it were still asked
    expect(signed_in.get_by_role("heading", name="Teléfonos")).to_be_visible()
    asked = [call.path for call in api.calls if call.path.endswith("/queue/next")]
    assert asked == ["/portfolios/prt_mx/queue/next", "/portfolios/prt_co/queue/next"]


def test_a_tab_that_was_left_does_not_fill_the_one_that_is_open(
    signed_in: "sync_api.Page",
) -> None:
    open_held(signed_in, "/panel/pagos/", r"list=received(?!&)")
    signed_in.wait_for_function("() => window.held() > 0")
    signed_in.get_by_role("link", name="Sin identificar").click()
    signed_in.wait_for_function("() => window.settled()", polling=200)
    before, after = signed_in.evaluate("() => window.letGo()")
    assert after == before
