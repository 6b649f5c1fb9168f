// @ts-check

/** What became of agreements, by span, for the first page. */

/** @import { AgreementFigures, KpiFigures } from '../../core/contract.js' */

import { formatNumber, t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { card } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html } from '../../core/view.js'

const SPANS = /** @type {const} */ (['this_week', 'this_month', 'last_month'])

/**
 * The part of what matured that was kept; a dash while nothing has.
 * @param {number} part @param {number} whole
 */
export function kept(part, whole) {
  return whole === 0 ? '–' : formatNumber(part / whole, { style: 'percent', maximumFractionDigits: 0 })
}

/** Whether there is anything to tell. @param {KpiFigures['agreements']} figures */
export function told(figures) {
  return SPANS.some((span) => figures[span].offered + figures[span].accepted + figures[span].matured + figures[span].broken > 0)
}

/** @param {{ figures: KpiFigures['agreements'], title: string, id: string, locale: string }} facts */
export function agreementsCard({ figures, title, id, locale }) {
  /** @type {{ key: string, cell: (of: AgreementFigures) => string }[]} */
  const rows = [
    ...(/** @type {const} */ (['offered', 'accepted', 'completed', 'broken'])).map((key) => ({ key, cell: (/** @type {AgreementFigures} */ of) => formatNumber(of[key]) })),
    { key: 'agreed', cell: ({ agreed }) => formatMoney(agreed, locale, { whole: true }) },
    { key: 'kept', cell: (of) => t('home.agreements.kept_of', { kept: formatNumber(of.kept), matured: formatNumber(of.matured), share: kept(of.kept, of.matured) }) },
    { key: 'paid', cell: (of) => t('home.agreements.paid_of', { paid: formatMoney(of.paid, locale, { whole: true }), due: formatMoney(of.due, locale, { whole: true }), share: kept(of.paid.minor, of.due.minor) }) },
  ]
  return card({
    id, title, lead: t('home.agreements.lead'),
    body: told(figures)
      ? dataTable({
        caption: title, rows, id: ({ key }) => key,
        columns: [
          { key: 'what', label: t('home.agreements.what'), head: true, cell: ({ key }) => t(`home.agreements.${key}`) },
          ...SPANS.map((span) => ({ key: span, label: t(`home.agreements.${span}`), align: /** @type {const} */ ('end'), cell: (/** @type {typeof rows[number]} */ { cell }) => cell(figures[span]) })),
        ],
      })
      : html`<p class="muted">${t('home.agreements.none')}</p>`,
  })
}
