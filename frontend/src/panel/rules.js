// @ts-check

/** What applies to contact in a portfolio, in plain words; an admin makes it tighter. */

/** @import { Limits, RulesPage } from './rules/contract.js' */
/** @import { Portfolio } from '../core/contract.js' */
/** @import { Context } from './shell.js' */

import { Form } from '../core/form.js'
import { localeFor, t } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { asProblem } from '../core/problem.js'
import { banner, emptyState, pageHead, problemBanner, skeleton } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { lawCards } from './rules/law-view.js'
import { ownForm, ownWords } from './rules/own-view.js'
import { checkLimits } from './rules/words.js'
import { start } from './shell.js'

start(open)

/** @param {Context} context */
async function open({ root, api, params, portfolios }) {
  const known = await portfolios()
  const state = {
    portfolio: chosenPortfolio(known, params),
    page: /** @type {RulesPage | null} */ (null),
    problem: /** @type {ReturnType<typeof asProblem> | null} */ (null),
    form: /** @type {Form<Limits> | null} */ (null),
    adding: { day: '', most: '', period: 'iso_week' },
  }
  const ask = latest()
  const view = mountView(root, page)
  await read()

  async function read() {
    const current = ask()
    const asked = state.portfolio
    if (asked === null) return
    Object.assign(state, { page: null, problem: null, form: null })
    view.update()
    try {
      const found = /** @type {RulesPage} */ (await api.get(pathOf(asked)))
      if (!current()) return
      state.page = found
      state.form = new Form(found.limits, () => view.update())
    } catch (error) {
      if (!current()) return
      state.problem = asProblem(error)
    }
    view.update()
  }

  async function save() {
    const { form, page: shown, portfolio } = state
    if (form === null || shown === null || portfolio === null) return
    const saved = await form.submit(
      (contact) => api.patch(`/portfolios/${encodeURIComponent(portfolio.portfolio_id)}`, { version: shown.version, policies: { contact } }),
      checkLimits,
    )
    if (saved === undefined) return
    toast(t('rules.saved'))
    await read()
  }

  function page() {
    const { portfolio, page: shown, form, problem } = state
    return html`${pageHead({
      title: t('rules.title'), lead: t('rules.lead'),
      actions: portfolioPicker({ portfolios: known, chosen: portfolio, onPick: (picked) => { state.portfolio = picked; void read() } }),
    })}
    ${portfolio === null ? emptyState({ title: t('rules.no_portfolio') })
      : problem !== null ? problemBanner(problem, () => void read())
        : shown === null || form === null ? skeleton()
          : html`<div class="split"><div class="stack">
              ${shown.rules === null ? banner({ tone: 'warn', title: t('rules.no_pack') }) : nothing}
              ${shown.rules === null ? nothing : lawCards(shown.rules, localeFor(shown.country))}</div>
            <div class="stack">${shown.can.tighten
              ? ownForm({ form, adding: state.adding, rules: shown.rules, country: shown.country, locale: localeFor(shown.country), paint: () => view.update(), onSave: () => void save() })
              : ownWords(shown, localeFor(shown.country))}</div></div>`}`
  }
}

/** @param {Portfolio} portfolio */
function pathOf({ portfolio_id: id }) {
  return `/portfolios/${encodeURIComponent(id)}/contact-rules`
}
