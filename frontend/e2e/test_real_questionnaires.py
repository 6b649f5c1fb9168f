"""Every real questionnaire that loads is filled in the browser; the server takes what it gives."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.services import form_answers
from chalicelib.services.questionnaires import SentFile
from frontend.e2e.fake_forms import desk
from frontend.e2e.fake_site import FakeApi
from tests.shared import needs_shared
from tests.unit.forms.test_real_forms import ACCEPTED, FOLDER, NOT_RUN, TABLE, TABLES

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, needs_shared]
expect = sync_api.expect

LOADED = [name for name in ACCEPTED if name not in NOT_RUN or name in TABLES]

# Answer what is on the screen as a person would: by taps and typing, until nothing is asked.
FILL = """async () => {
  const turn = () => new Promise((done) => setTimeout(done, 0))
  const typed = {
    date: ['2026-11-23', '2020-01-31'], time: ['10:30'], 'datetime-local': ['2026-11-22T10:30'],
    month: ['2026-05'], range: ['5', '20'],
    text: ['Ana', '3', '250', '20', '2', '12.5', '16', '2026', '+52 55 1234 5678', '5512345678',
      'ana@example.com', '7501031311309'],
  }
  async function type(field, kind) {
    for (const value of [...(typed[kind] ?? typed.text), '']) {
      field.value = value
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.dispatchEvent(new Event('change', { bubbles: true }))
      await turn()
      if (!field.closest('.ask').querySelector('.field-error')) return
    }
  }
  const done = new WeakSet()
  for (const add of document.querySelectorAll('.ask-group > .ask-act')) {
    add.click()
    await turn()
  }
  for (let round = 0; round < 5; round += 1) {
    for (const ask of document.querySelectorAll('.ask')) {
      if (!ask.isConnected || done.has(ask)) continue
      const one = (selector) => ask.querySelector(selector)
      const field = one('input:not([type=radio], [type=checkbox], [type=search]), textarea')
      const choice = one('.ask-cards input, .ask-chips input, .ask-card input')
      const blank = field && (field.value === '' || field.type === 'range' || one('.field-error'))
      if (one('output.ask-given') || one('input:checked')) done.add(ask)
      else if (blank) await type(field, field.type)
      else if (field) continue
      else if (one('select')) {
        const list = one('select')
        if (list.value === '' && list.options.length > 1) {
          list.selectedIndex = 1
          list.dispatchEvent(new Event('change', { bubbles: true }))
        }
      } else if (choice) choice.click()
      else {
        const acts = /geo|punto/.test(ask.textContent) ? 4 : 1
        for (let n = 0; n < acts; n += 1) {
          one('button')?.click()
          await turn()
          await turn()
        }
        done.add(ask)
      }
      await turn()
    }
    if (round > 1) document.querySelector('.questionnaire .ask-bar button')?.click()
    await turn()
  }
}"""


@pytest.mark.parametrize("file", LOADED)
def test_a_real_questionnaire_is_filled_and_taken(
    signed_in: "sync_api.Page", api: FakeApi, file: str
) -> None:
    page, made = signed_in, desk(api)
    tables = dict.fromkeys(TABLES.get(file, []), TABLE)
    sent = SentFile(filename=file, content=(FOLDER / file).read_bytes(), tables=tables)
    form = made.send("prt_mx", sent, file)
    page.goto(f"/panel/cuestionarios/?cartera=prt_mx&id={form.form_id}")
    expect(page.locator(".questionnaire")).to_be_visible()

    page.evaluate(FILL)

    expect(page.get_by_text("Está completo")).to_be_visible()
    answers = json.loads(page.locator(".answers").text_content() or "")
    portfolio = made.get("prt_mx")
    assert portfolio is not None
    at = datetime.now(ZoneInfo("UTC"))
    checked = form_answers.check(
        portfolio, form.form_id, form.latest, answers, forms=made.forms, at=at
    )
    asks = any(
        item["kind"] != "note" for item in made.forms.version("prt_mx", form.form_id, 1)[1]["items"]
    )
    assert (checked.refusals, checked.conflict) == ((), "form.older")
    assert bool(answers) == asks
