// @ts-check

/** Questionnaires of a portfolio, one of them opened, and what a visit can come to. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { FormLine } from './questionnaires/contract.js' */
/** @import { Context } from './shell.js' */

import { t } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { emptyState, pageHead, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { formsList, noForms } from './questionnaires/list-view.js'
import { downloadStarter, sendFile } from './questionnaires/upload.js'
import { start } from './shell.js'

start(async (context) => {
  const portfolios = await context.portfolios()
  const portfolio = chosenPortfolio(portfolios, context.params)
  const id = context.params.get('id')
  if (portfolio === null || id === null) return showList(context, portfolios, portfolio)
  const { showForm } = await import('./questionnaires/detail.js')
  return showForm(context, portfolio, id)
}, { roles: ['admin', 'supervisor'] })

/** @param {Context} context @param {Portfolio[]} portfolios @param {Portfolio | null} first */
async function showList(context, portfolios, first) {
  const { root, api, params } = context
  let portfolio = first
  const results = params.get('vista') === 'resultados'
  /** @type {FormLine[] | null} */
  let lines = null
  /** @type {import('../core/problem.js').Problem | null} */
  let problem = null
  /** @type {{ template: () => unknown } | null} */
  let catalogue = null
  const ask = latest()
  const view = mountView(root, page)
  await load()

  async function load() {
    const current = ask()
    if (portfolio === null) return
    const asked = portfolio
    lines = null
    catalogue = null
    problem = null
    view.update()
    try {
      if (results) {
        const { openCatalogue } = await import('./questionnaires/catalogue.js')
        const opened = await openCatalogue(api, asked, () => view.update())
        if (!current()) return
        catalogue = opened
      } else {
        const { items } = await api.get(`/portfolios/${asked.portfolio_id}/forms`)
        if (!current()) return
        lines = items
      }
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    view.update()
  }

  /** @param {Portfolio | null} picked */
  function onPick(picked) {
    portfolio = picked
    void load()
  }

  async function send() {
    if (portfolio === null) return
    const made = await sendFile({ api, portfolioId: portfolio.portfolio_id, form: null })
    if (made !== undefined) window.location.assign(pathTo('questionnaires', { cartera: portfolio.portfolio_id, id: made.form_id }))
  }

  function page() {
    const id = portfolio?.portfolio_id
    return html`${pageHead({
        title: t('questionnaires.title'), lead: t('questionnaires.lead'),
        actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick })}
          ${id === undefined || results ? nothing : html`<button type="button" class="button" @click=${() => downloadStarter(api, id)}>${icon('download')}${t('questionnaires.starter')}</button>
            <button type="button" class="button button-primary" @click=${send}>${icon('upload')}${t('questionnaires.send')}</button>`}`,
      })}
      ${id === undefined ? nothing : tabs(t('questionnaires.title'), [
        { key: 'forms', label: t('questionnaires.tab.forms'), href: pathTo('questionnaires', { cartera: id }) },
        { key: 'results', label: t('questionnaires.tab.results'), href: pathTo('questionnaires', { cartera: id, vista: 'resultados' }) },
      ], results ? 'results' : 'forms')}
      ${id === undefined ? emptyState({ title: t('questionnaires.no_portfolio') })
        : problem !== null ? problemBanner(problem, () => void load())
          : results ? (catalogue === null ? skeleton(8) : catalogue.template())
            : lines === null ? skeleton(6)
              : lines.length === 0 ? noForms({ onStarter: () => downloadStarter(api, id), onSend: () => void send() })
                : formsList(id, lines)}`
  }
}
