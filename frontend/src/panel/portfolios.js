// @ts-check

/** Portfolios: the list, making one (`?id=nueva`), and changing one (`?id=...`). */

import { formatNumber, lang, localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { icon } from '../core/ui/icons.js'
import { badge, card, emptyState, pageHead } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { cssVars, html, mountView, nothing } from '../core/view.js'
import { createPortfolio } from './portfolio-create.js'
import { editPortfolio } from './portfolio-editor.js'
import { start } from './shell.js'

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Context } from './shell.js' */

const NEW = 'nueva'

start((context) => {
  const id = context.params.get('id')
  if (id === NEW) return createPortfolio(context)
  return id === null ? listPortfolios(context) : editPortfolio(context, id)
}, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function listPortfolios({ root, portfolios }) {
  const all = await portfolios()
  const create = html`<a class="button button-primary" href=${pathTo('portfolios', { id: NEW })}>${icon('plus')}${t('portfolios.create')}</a>`
  mountView(root, () => html`
    ${pageHead({ title: t('portfolios.title'), lead: t('portfolios.lead'), actions: all.length === 0 ? nothing : create })}
    ${all.length === 0
      ? emptyState({
        icon: 'portfolio', title: t('portfolios.empty_title'), body: t('portfolios.empty_body'),
        steps: [t('portfolios.empty_step_1'), t('portfolios.empty_step_2'), t('portfolios.empty_step_3')], actions: create,
      })
      : card({ tone: 'flush', body: table(all) })}`)
}

/** @param {Portfolio[]} rows */
function table(rows) {
  return dataTable({
    caption: t('portfolios.title'),
    rows,
    id: ({ portfolio_id }) => portfolio_id,
    columns: [
      {
        key: 'name', label: t('portfolios.name'), head: true,
        cell: (each) => html`<div class="portfolio-name"><span class="portfolio-swatch" ${cssVars({ '--swatch': each.branding.colour })}></span>
          <div><a href=${pathTo('portfolios', { id: each.portfolio_id })}>${each.name}</a>${each.archived ? html` ${badge(t('portfolios.archived'))}` : nothing}<small>${each.creditor}</small></div></div>`,
      },
      { key: 'country', label: t('portfolios.country'), cell: (each) => countryName(each.country) },
      { key: 'cases', label: t('portfolios.cases'), align: 'end', cell: (each) => formatNumber(each.kpis?.cases ?? 0) },
      { key: 'balance', label: t('portfolios.balance'), align: 'end', cell: (each) => (each.kpis ? money(each.kpis.balance, each) : '–') },
      { key: 'overdue', label: t('portfolios.overdue'), align: 'end', cell: (each) => (each.kpis ? money(each.kpis.overdue, each) : '–') },
      {
        key: 'go', label: t('portfolios.go_to'), align: 'end', shown: 'wide',
        cell: (each) => html`<div class="row row-end">${shortcut('cases', each)}${shortcut('uploads', each)}</div>`,
      },
    ],
  })
}

/** @param {'cases' | 'uploads'} page @param {Portfolio} portfolio */
function shortcut(page, { portfolio_id: cartera, name }) {
  const words = t(`common.title.${page}`)
  return html`<a href=${pathTo(page, { cartera })} aria-label="${words}: ${name}">${words}</a>`
}

/** @param {import('../core/contract.js').Money} amount @param {Portfolio} portfolio */
function money(amount, { country }) {
  return formatMoney(amount, localeFor(country), { code: true, whole: true })
}

/** @param {string} code */
function countryName(code) {
  return new Intl.DisplayNames(lang(), { type: 'region' }).of(code) ?? code
}
