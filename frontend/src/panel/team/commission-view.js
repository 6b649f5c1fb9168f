// @ts-check

/** What a person earned in a month, payment by payment; nothing where no rule holds. */

/** @import { Commission } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { formatNumber, formatPpm, t } from '../../core/i18n.js'
import { formatForInput, formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { badge, banner, card, facts } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { save, written } from './csv.js'

/** @param {Commission} found @param {string} locale */
export function commissionView(found, locale) {
  if (found.rules === null) return nothing
  const money = (/** @type {{ minor: number, currency: string }} */ amount) => formatMoney(amount, locale)
  return card({
    title: t('team.commission', { month: found.month }), id: 'commission', tone: 'flush',
    lead: t('team.commission_lead', { from: found.rules.from_month }),
    actions: html`<button type="button" class="button no-print" @click=${() => save(csvOf(found, locale), `comision-${found.month}.csv`)}>${t('team.commission_csv')}</button>`,
    body: html`${found.more ? banner({ tone: 'warn', title: t('team.commission_more', { n: found.lines.length }) }) : nothing}
      ${facts([
        [t('team.commission_earned'), found.earned === null ? null : html`<strong>${money(found.earned)}</strong>`],
        [t('team.collected'), found.collected === null ? null : money(found.collected)],
        [t('team.commission_goal'), found.goal === null ? t('team.commission_no_goal') : money(found.goal)],
        [t('team.commission_percent'), `${formatNumber(found.percent)} %`],
      ])}
      ${dataTable({
        caption: t('team.commission', { month: found.month }), rows: found.lines, id: ({ entry_id: id }) => id,
        columns: [
          { key: 'who', label: t('team.case'), head: true, cell: (one) => html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>` },
          { key: 'day', label: t('team.day'), cell: ({ day }) => formatDate(day, locale) },
          { key: 'late', label: t('team.late'), align: 'end', cell: ({ late_days: late }) => (late === null ? '–' : formatNumber(late)) },
          { key: 'amount', label: t('team.collected'), align: 'end', cell: (one) => html`${money(one.collected)} ${one.reversal ? badge(t('team.reversal'), 'warn') : nothing}` },
          { key: 'rate', label: t('team.commission_rate'), align: 'end', cell: ({ ppm }) => formatPpm(ppm) },
          { key: 'earned', label: t('team.commission_earned'), align: 'end', cell: ({ earned }) => money(earned) },
        ],
      })}`,
  })
}

/**
 * The lines as a spreadsheet reads them; a text that would be a formula is none.
 * @param {Commission} found @param {string} locale
 */
export function csvOf({ lines }, locale) {
  const head = ['team.case', 'team.day', 'team.late', 'team.collected', 'team.commission_rate', 'team.commission_earned'].map((key) => t(key))
  const rows = lines.map((one) => [
    one.name, one.day, String(one.late_days ?? ''), formatForInput(one.collected, locale), String(one.ppm / 10_000), formatForInput(one.earned, locale),
  ])
  return written([head, ...rows])
}
