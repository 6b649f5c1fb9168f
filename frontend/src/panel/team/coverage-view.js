// @ts-check

/** Cases that nobody turned to for days: how many by band, and which first. */

/** @import { Column } from '../../core/ui/table.js' */
/** @import { Coverage } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { formatNumber, t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { selectField } from '../../core/ui/fields.js'
import { card, emptyState } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { PARAM } from '../chosen-portfolio.js'

export const DAYS = [3, 7, 15, 30, 60]

/** Add a page's bands to what was counted. @param {Coverage} known @param {Coverage} more @returns {Coverage} */
export function summed(known, more) {
  const bands = known.bands.map((band) => {
    const other = more.bands.find(({ code }) => code === band.code)
    return { ...band, cases: band.cases + (other?.cases ?? 0), never: band.never + (other?.never ?? 0) }
  })
  const fresh = more.bands.filter(({ code }) => !known.bands.some((band) => band.code === code))
  return { ...known, bands: [...bands, ...fresh], cursor: more.cursor }
}

/** @param {Coverage} found @param {{ portfolioId: string, locale: string, busy: boolean, onDays: (days: number) => void, onMore: () => void }} scene */
export function coverageView(found, { portfolioId, locale, busy, onDays, onMore }) {
  const all = found.bands.reduce((sum, { cases }) => sum + cases, 0)
  const listOf = (band = '') => pathTo('cases', { [PARAM]: portfolioId, band, untouched_days: String(found.days), sort: 'touched' })
  /** @type {Column<Coverage['bands'][number]>[]} */
  const bands = [
    { key: 'band', label: t('team.band'), head: true, cell: ({ code }) => code || t('team.no_band') },
    { key: 'cases', label: t('team.cases'), align: 'end', cell: ({ code, cases }) => (cases === 0 || code === '' ? formatNumber(cases) : html`<a href=${listOf(code)}>${formatNumber(cases)}</a>`) },
    { key: 'never', label: t('team.never'), align: 'end', cell: ({ never }) => formatNumber(never) },
  ]
  /** @type {Column<Coverage['items'][number]>[]} */
  const first = [
    { key: 'case', label: t('team.case'), head: true, cell: (one) => html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>` },
    { key: 'balance', label: t('team.balance'), align: 'end', cell: ({ balance }) => formatMoney(balance, locale) },
    { key: 'touched', label: t('team.touched'), cell: ({ touched_on: day }) => (day === null ? t('team.not_once') : formatDate(day, locale)) },
  ]
  return html`<div class="toolbar no-print">${selectField({ name: 'days', label: t('team.days'), required: true, value: String(found.days), options: DAYS.map((n) => ({ value: String(n), label: t('team.days_n', { n }) })), onInput: (value) => onDays(Number(value)) })}</div>
    ${all === 0 && found.cursor === null ? emptyState({ icon: 'check', title: t('team.covered'), body: t('team.covered_body') }) : html`
    ${card({
      title: t('team.untouched', { n: `${formatNumber(all)}${found.cursor === null ? '' : '+'}` }), id: 'untouched', lead: t('team.untouched_lead'), tone: 'flush',
      actions: html`${found.cursor === null ? nothing : html`<button type="button" class="button" ?disabled=${busy} @click=${onMore}>${t('team.count_on')}</button>`}<a class="button button-primary" href=${listOf()}>${t('team.see_all')}</a>`,
      body: dataTable({ caption: t('team.coverage'), columns: bands, rows: found.bands, id: ({ code }) => code, busy }),
    })}
    ${found.items.length === 0 ? nothing : card({ title: t('team.first'), id: 'first', lead: t('team.first_lead'), tone: 'flush', body: dataTable({ caption: t('team.first'), columns: first, rows: found.items, id: ({ case_id: id }) => id }) })}`}`
}
