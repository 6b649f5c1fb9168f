// @ts-check

/** What a schedule sent: when, of which days, to whom, and what became of it. */

/** @import { ReportLetter, ReportMailing } from './contract.js' */

import { lang, t, tOr } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { periodText } from './period.js'

const TONES = /** @type {const} */ ({ waiting: 'warn', sending: 'neutral', sent: 'good', failed: 'bad' })

/**
 * @param {ReportMailing[]} rows @param {string} caption
 * @param {(instant: string) => string} at  Writes a moment in the portfolio's time zone.
 */
export function sentTable(rows, caption, at) {
  return dataTable({
    caption, rows, id: ({ key }) => key,
    columns: [
      { key: 'when', label: t('schedules.sent_when'), head: true, cell: (one) => html`${at(one.ended_at ?? one.due_at)}${one.asked_by ? html`<br><span class="small muted">${t('schedules.sent_asked', { name: one.asked_by.name || one.asked_by.id })}</span>` : nothing}` },
      { key: 'days', label: t('schedules.sent_days'), cell: (one) => html`${periodText(one, lang())}${one.days > one.days_there ? html`<br><span class="small muted">${t('schedules.sent_there', { there: one.days_there, days: one.days })}</span>` : nothing}` },
      { key: 'state', label: t('schedules.sent_state'), cell: (one) => html`${badge(t(`schedules.state.${one.state}`), TONES[one.state])}${one.problem ? html`<br><span class="small">${tOr(`schedules.problem.${one.problem}`, one.problem, { until: at(one.until) })}</span>` : nothing}` },
      { key: 'to', label: t('schedules.sent_to'), cell: (one) => html`<ul class="schedules-to">${one.letters.map(letter)}</ul>` },
    ],
  })
}

/** @param {ReportLetter} one */
function letter({ to, state, code }) {
  const why = code ? `: ${tOr(`schedules.code.${code}`, code)}` : ''
  return html`<li>${to} <span class="small muted">${t(`schedules.letter.${state}`)}${why}</span></li>`
}
