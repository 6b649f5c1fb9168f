// @ts-check

/** Each debt with what it is made of. */

/** @import { ChargeOffPieces } from './charge-off-view.js' */
/** @import { Debt, CasePage } from '../cases/contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { badge, card, emptyState, facts } from '../../core/ui/pieces.js'
import { cssVars, html, nothing } from '../../core/view.js'
import { lateness } from '../cases/words.js'
import { reasonLines, whenWords } from './forecast-words.js'
import { debtName, debtProduct, debtsInOrder, split } from './ledger.js'

/** So many debts are shown open; of more, only the oldest. */
const SHOWN_OPEN = 2

/** @param {CasePage} page @param {string} locale @param {ChargeOffPieces | null} chargeOff */
export function debtsCard({ debts, portfolio, forecast, no_forecast: silence }, locale, chargeOff) {
  return card({
    id: 'debts', title: tn('case.debts', debts.length), tone: 'flush',
    body: debts.length === 0
      ? emptyState({ icon: 'file', title: t('case.no_debts') })
      : html`${foretold(forecast, silence)}<div class="debts">${debtsInOrder(debts).map((debt, index) => debtRow(debt, index < SHOWN_OPEN, portfolio, locale, chargeOff))}</div>`,
  })
}

/** @param {CasePage['forecast']} forecast @param {CasePage['no_forecast']} silence */
function foretold(forecast, silence) {
  if (forecast === null) return silence === '' || silence === 'nothing_open' ? nothing : html`<p class="debts-forecast muted small">${t(`case.forecast.none.${silence}`)}</p>`
  return html`<div class="debts-forecast small"><p><strong>${t('case.forecast.title')}</strong>: ${t('case.forecast.any', { n: forecast.percent, days: forecast.days })}.</p>
    ${forecast.reasons.length === 0 ? nothing : html`<details><summary>${t('case.forecast.why')}</summary>${reasonLines(forecast.reasons)}</details>`}</div>`
}

/** @param {Debt} debt @param {boolean} open @param {CasePage['portfolio']} portfolio @param {string} locale @param {ChargeOffPieces | null} chargeOff */
function debtRow(debt, open, portfolio, locale, chargeOff) {
  const settled = debt.total_due.minor <= 0
  return html`<details class="debt ${debt.void ? 'is-void' : ''}" ?open=${open && !debt.void}>
    <summary>
      <span class="debt-what"><strong>${debtName(debt)}</strong>${debtProduct(debt) ? html`<span class="muted">${debtProduct(debt)}</span>` : nothing}
        ${debt.void ? badge(t('case.debt_void'), 'neutral') : settled ? badge(t('common.case_status.settled'), 'good') : nothing}
        ${debt.charge_off ? chargeOff?.mark(debt.charge_off) : nothing}</span>
      <span class="debt-late">${settled || debt.void ? nothing : lateness(debt.dpd, debt.band, portfolio.bands)}</span>
      ${debt.forecast === null ? nothing : html`<span class="debt-forecast small muted">${t('case.forecast.debt', { n: debt.forecast.percent, days: debt.forecast.days })}; ${whenWords(debt.forecast.expected, debt.dpd > 0)}</span>`}
      <span class="amount debt-total">${formatMoney(debt.total_due, locale)}</span>
    </summary>
    <div class="debt-body">
      ${splitBar(debt, locale)}
      ${facts([
        [t('case.due_on'), formatDate(debt.due_on, locale)],
        [t('case.issued_on'), debt.issued_on && formatDate(debt.issued_on, locale)],
        [t('case.balance'), formatMoney(debt.balance, locale)],
        [t('case.documents'), debt.documents.length > 0 ? debt.documents.join(', ') : null],
      ])}
      ${instalments(debt, locale)}
      ${debt.charge_off ? chargeOff?.facts(debt.charge_off) : nothing}
    </div>
  </details>`
}

/** @param {Debt} debt @param {string} locale */
function splitBar(debt, locale) {
  const parts = split(debt)
  return html`<div class="split-bar" aria-hidden="true">${parts.filter(({ share }) => share > 0).map(({ name, share }) => html`<span class="part-${name}" ${cssVars({ '--share': String(share) })}></span>`)}</div>
    <dl class="split-parts">${parts.map(({ name, minor }) => html`<div><dt><span class="swatch part-${name}" aria-hidden="true"></span>${t(`common.component.${name}`)}</dt><dd class="amount">${formatMoney({ minor, currency: debt.balance.currency }, locale)}</dd></div>`)}</dl>`
}

/** @param {Debt} debt @param {string} locale */
function instalments(debt, locale) {
  const { instalments: parts } = debt
  if (parts.length === 0) return nothing
  return html`<div class="table-wrap"><table class="table-plain">
    <caption class="visually-hidden">${t('case.instalments_of', { debt: debtName(debt) })}</caption>
    <thead><tr><th scope="col">${t('case.instalment')}</th><th scope="col">${t('case.due_on')}</th><th scope="col" class="cell-end">${t('case.amount')}</th><th scope="col" class="cell-end">${t('case.open')}</th></tr></thead>
    <tbody>${parts.map((part) => html`<tr><th scope="row">${part.number}</th><td>${formatDate(part.due_on, locale)}</td>
      <td class="cell-end">${formatMoney(part.amount, locale)}</td>
      <td class="cell-end">${part.open.minor > 0 ? formatMoney(part.open, locale) : html`<span class="muted">${t('case.instalment_paid')}</span>`}</td></tr>`)}</tbody>
  </table></div>`
}
