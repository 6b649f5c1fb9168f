// @ts-check

/** What each person earned in a month, by how late the debts were; with its sum, and as a file. */

/** @import { Column } from '../../core/ui/table.js' */
/** @import { CommissionRow, TeamCommission } from './contract.js' */

import { formatNumber, formatPpm, t } from '../../core/i18n.js'
import { formatForInput, formatMoney } from '../../core/money.js'
import { textField } from '../../core/ui/fields.js'
import { banner, card, emptyState } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { save, written } from './csv.js'

/**
 * @param {TeamCommission} found
 * @param {{ locale: string, month: string, personHref: (id: string) => string, onPerson: (id: string, event: Event) => void, onMonth: (month: string) => void, onExcel: () => void }} scene
 */
export function commissionsView(found, { locale, month, personHref, onPerson, onMonth, onExcel }) {
  const money = (/** @type {number | null} */ minor) => (minor === null ? '–' : formatMoney({ minor, currency: found.currency }, locale))
  const sum = total(found.rows)
  /** @type {Column<CommissionRow>[]} */
  const columns = [
    { key: 'who', label: t('team.who'), head: true, cell: ({ person, team }) => (person.id === '' ? html`<strong>${person.name}</strong>` : html`<a href=${personHref(person.id)} @click=${(/** @type {Event} */ event) => onPerson(person.id, event)}>${person.name}</a>${team ? html` <span class="small muted">${team}</span>` : nothing}`) },
    { key: 'earned', label: t('team.commission_earned'), align: 'end', cell: ({ earned_minor: minor }) => html`<strong>${money(minor)}</strong>` },
    { key: 'collected', label: t('team.collected'), align: 'end', cell: ({ collected_minor: minor, payments }) => html`${money(minor)}<br><span class="small muted">${t('team.payments_n', { n: formatNumber(payments) })}</span>` },
    ...bandsOf(found).map((band, at) => /** @type {Column<CommissionRow>} */ ({ key: `band${at}`, label: bandName(band), align: 'end', shown: 'wide', cell: ({ bands }) => html`${money(bands[at]?.earned_minor ?? null)}<br><span class="small muted">${money(bands[at]?.collected_minor ?? null)}</span>` })),
    { key: 'percent', label: t('team.commission_percent'), align: 'end', cell: ({ person, percent }) => (person.id === '' ? nothing : `${formatNumber(percent)} %`) },
  ]
  return html`<div class="toolbar no-print">
      ${textField({ name: 'month', label: t('team.commission_month'), required: true, type: 'month', value: month, onInput: (value) => { if (/^\d{4}-\d{2}$/.test(value)) onMonth(value) } })}
      ${found.rows.length === 0 ? nothing : html`<button type="button" class="button" @click=${() => save(teamCsv(found, locale), `comisiones-${found.month}.csv`)}>${t('team.commission_csv')}</button>
        <button type="button" class="button" @click=${onExcel}>${t('team.commission_xlsx')}</button>`}
    </div>
    ${found.rows.length === 0
      ? emptyState({ icon: 'coin', title: t(found.rules === null ? 'team.commission_no_rules' : 'team.commission_nobody'), body: t(found.rules === null ? 'team.commission_no_rules_body' : 'team.commission_nobody_body') })
      : html`${found.rows.some((row) => row.earned_minor === null) ? banner({ tone: 'warn', title: t('team.commission_incomplete') }) : nothing}
        ${card({ title: t('team.commission', { month: found.month }), id: 'commissions', tone: 'flush', lead: t('team.commission_lead', { from: found.rules?.from_month ?? '' }), body: dataTable({ caption: t('team.commission', { month: found.month }), columns, rows: [...found.rows, ...(found.rows.length > 1 ? [sum] : [])], id: ({ person }) => person.id }) })}`}`
}

/** One line of all; without amounts where one lacks them. @param {CommissionRow[]} rows @returns {CommissionRow} */
export function total(rows) {
  const added = (/** @type {(row: CommissionRow) => number | null | undefined} */ of) => rows.reduce((/** @type {number | null} */ sum, row) => {
    const value = of(row)
    return sum === null || value === null || value === undefined ? null : sum + value
  }, 0)
  const bands = rows.find((row) => row.bands.length > 0)?.bands ?? []
  return {
    person: { id: '', name: t('team.commission_total') }, team: '', percent: 100, goal_minor: null,
    payments: added((row) => row.payments) ?? 0, collected_minor: added((row) => row.collected_minor), earned_minor: added((row) => row.earned_minor),
    bands: bands.map((band, at) => ({ ...band, payments: added((row) => row.bands[at]?.payments) ?? 0, collected_minor: /** @type {number} */ (added((row) => row.bands[at]?.collected_minor)), earned_minor: /** @type {number} */ (added((row) => row.bands[at]?.earned_minor)) })),
  }
}

/** Everybody's month as a spreadsheet reads it. @param {TeamCommission} found @param {string} locale */
export function teamCsv(found, locale) {
  const amount = (/** @type {number | null | undefined} */ minor) => (minor === null || minor === undefined ? '' : formatForInput({ minor, currency: found.currency }, locale))
  const bands = bandsOf(found)
  const head = [t('team.who'), t('team.team'), t('team.payments'), t('team.collected'), t('team.commission_percent'), ...bands.flatMap((band) => [`${bandName(band)} · ${t('team.collected')}`, `${bandName(band)} · ${t('team.commission_earned')}`]), t('team.commission_earned')]
  const lines = [...found.rows, total(found.rows)].map((row) => [
    row.person.name, row.team, String(row.payments), amount(row.collected_minor), String(row.percent),
    ...bands.flatMap((_, at) => [amount(row.bands[at]?.collected_minor), amount(row.bands[at]?.earned_minor)]), amount(row.earned_minor),
  ])
  return written([head, ...lines], 2)
}

/** @param {TeamCommission} found */
const bandsOf = ({ rows }) => rows.find((row) => row.bands.length > 0)?.bands ?? []

/** @param {CommissionRow['bands'][number]} band */
const bandName = ({ up_to_days: days, ppm }) => `${days === null ? t('team.commission_later') : t('team.commission_up_to', { n: days })} (${formatPpm(ppm)})`
