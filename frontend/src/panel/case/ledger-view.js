// @ts-check

/** The ledger: every movement with the balance after it. */

/** @import { Column } from '../../core/ui/table.js' */
/** @import { CasePage, Entry } from '../cases/contract.js' */
/** @import { Line } from './ledger.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { badge, card } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { COMPONENTS, debtNamed, isReversible, lines } from './ledger.js'

const SHOWN_FIRST = 12

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {boolean} facts.all
 * @param {() => void} facts.onAll
 * @param {(entry: Entry) => void} facts.onReverse
 */
export function ledgerCard({ page, locale, all, onAll, onReverse }) {
  const { entries, debts, can } = page
  const newest = lines(entries).reverse()
  const shown = all ? newest : newest.slice(0, SHOWN_FIRST)
  const several = debts.length > 1
  /** @type {Column<Line>[]} */
  const columns = [
    { key: 'day', label: t('case.day'), cell: (line) => html`<span class="nowrap">${formatDate(line.effective_on, locale)}</span>` },
    { key: 'what', label: t('case.concept'), head: true, cell: (line) => concept(line, several ? debtNamed(debts, line.debt_id) : '') },
    { key: 'amount', label: t('case.amount'), align: 'end', cell: (line) => html`<span class="amount ${line.amount.minor < 0 ? 'is-credit' : ''}">${formatMoney(line.amount, locale)}</span>${splitText(line, locale)}` },
    { key: 'balance', label: t('case.balance'), align: 'end', cell: (line) => formatMoney({ minor: line.balance_minor, currency: line.amount.currency }, locale) },
    ...(can.reverse ? [{
      key: 'act', label: t('case.action'), align: /** @type {const} */ ('end'),
      cell: (/** @type {Line} */ line) => (isReversible(line) ? html`<button type="button" class="link-button" @click=${() => onReverse(line)}>${t('case.act.reverse')}<span class="visually-hidden"> ${t(`case.entry.${line.kind}`)} ${formatMoney(line.amount, locale)}</span></button>` : nothing),
    }] : []),
  ]
  return card({
    id: 'ledger', title: t('case.ledger'), tone: 'flush', lead: t('case.ledger_lead'),
    body: entries.length === 0
      ? html`<p class="muted padded">${t('case.no_entries')}</p>`
      : html`<div class="ledger">${dataTable({ caption: t('case.ledger'), columns, rows: shown, id: ({ entry_id: id }) => id })}</div>
        ${newest.length > shown.length ? html`<div class="padded"><button type="button" class="button button-small" @click=${onAll}>${tn('case.show_all', newest.length)}</button></div>` : nothing}`,
  })
}

/** @param {Line} line @param {string} debt */
function concept(line, debt) {
  const words = [debt, line.kind === 'payment' && line.reference ? t('case.event_reference', { reference: line.reference }) : '', tOr(`case.entry_reason.${line.reason}`, line.reason)].filter(Boolean)
  return html`<span class="row concept">${t(`case.entry.${line.kind}`)}${line.reversed_by ? badge(t('case.reversed'), 'warn') : nothing}${line.recovered ? badge(t('case.recovered'), 'neutral') : nothing}</span>
    ${words.length > 0 ? html`<span class="muted small concept-note">${words.join(' · ')}</span>` : nothing}`
}

/** Only where an entry is of more than one part. @param {Line} line @param {string} locale */
function splitText(line, locale) {
  const parts = COMPONENTS.filter((name) => line[name].minor !== 0)
  if (parts.length === 0 || (parts.length === 1 && parts[0] === 'principal')) return nothing
  return html`<span class="muted small split-note">${parts.map((name) => `${t(`common.component.${name}`)} ${formatMoney(line[name], locale)}`).join(' · ')}</span>`
}
