// @ts-check

/** A person's day act by act: what a supervisor talks over with them. */

/** @import { Column } from '../../core/ui/table.js' */
/** @import { Act, CreditedPayment, PersonDay } from './contract.js' */

import { addDays, formatDate, formatInstant } from '../../core/dates.js'
import { formatNumber, lang, t, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { textField } from '../../core/ui/fields.js'
import { badge, card, emptyState, facts } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { hours } from './words.js'

/** @param {PersonDay} day @param {{ locale: string, onDay: (day: string) => void }} scene */
export function personView(day, { locale, onDay }) {
  const { figures } = day
  /** @param {string} at */
  const when = (at) => html`<time datetime=${at}>${formatInstant(at, locale, day.time_zone)}</time>`
  /** @type {Column<Act>[]} */
  const columns = [
    { key: 'at', label: t('team.at'), cell: ({ at }) => when(at) },
    { key: 'what', label: t('team.what'), head: true, cell: (act) => html`${t(`team.act.${act.kind}`)} · <a href=${pathTo('case', { id: act.case_id })}>${act.name || t('common.nameless')}</a>` },
    { key: 'result', label: t('team.result'), cell: (act) => html`${resultOf(act)} ${act.verified === null ? nothing : badge(t(act.verified ? 'team.verified' : 'team.unverified'), act.verified ? 'good' : 'warn')}${act.amount ? html` ${formatMoney(act.amount, locale)}` : nothing}${act.due_on ? html` <span class="small muted">${t('team.for_day', { day: formatDate(act.due_on, locale) })}</span>` : nothing}` },
    { key: 'lasted', label: t('team.lasted'), align: 'end', shown: 'wide', cell: ({ at, ended_at: end, kind }) => (end === null || kind === 'promise' || kind === 'message' ? '–' : hours((Date.parse(end) - Date.parse(at)) / 1000)) },
  ]
  /** @type {Column<CreditedPayment>[]} */
  const paid = [
    { key: 'who', label: t('team.case'), head: true, cell: (one) => html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>` },
    { key: 'amount', label: t('team.collected'), align: 'end', cell: (one) => html`${formatMoney(one.amount, locale)} ${one.reversal ? badge(t('team.reversal'), 'warn') : nothing}` },
    { key: 'late', label: t('team.late'), align: 'end', cell: ({ late_days: late }) => (late === null ? '–' : formatNumber(late)) },
  ]
  return html`<div class="toolbar no-print">
      <button type="button" class="button" @click=${() => onDay(addDays(day.date, -1))}>${t('team.day_before')}</button>
      ${textField({ name: 'day', label: t('team.day'), required: true, type: 'date', value: day.date, max: day.today, onInput: (value) => { if (value !== '' && value <= day.today) onDay(value) } })}
      <button type="button" class="button" ?disabled=${day.date >= day.today} @click=${() => onDay(addDays(day.date, 1))}>${t('team.day_after')}</button>
    </div>
    ${card({
      title: formatDate(day.date, locale, 'long'), id: 'day',
      body: facts([
        [t('team.calls'), `${formatNumber(figures.calls)} · ${hours(figures.talk_s)}`],
        [t('team.rpc'), formatNumber(figures.rpc)],
        [t('team.promises'), `${formatNumber(figures.promises)} · ${formatMoney(figures.promised, locale)}`],
        [t('team.visits_verified'), `${formatNumber(figures.visits_verified)} / ${formatNumber(figures.visits)}`],
        [t('team.collected'), formatMoney(figures.collected, locale)],
        ...day.shifts.map(({ started_at: from, ended_at: to }) => /** @type {[string, unknown]} */ ([t('team.shift'), html`${when(from)} – ${to ? when(to) : t('team.open_shift')}`])),
      ]),
    })}
    ${card({
      title: t('team.acts'), id: 'acts', lead: day.more ? t('team.acts_more', { n: day.acts.length }) : undefined, tone: day.acts.length > 0 ? 'flush' : undefined,
      body: day.acts.length === 0 ? emptyState({ icon: 'clock', title: t('team.no_acts'), body: t('team.no_acts_body') })
        : dataTable({ caption: t('team.acts'), columns, rows: day.acts, id: (act) => `${act.kind}${act.case_id}${act.at}` }),
    })}
    ${day.payments.length === 0 ? nothing : card({ title: t('team.payments'), id: 'payments', lead: t('team.payments_lead'), tone: 'flush', body: dataTable({ caption: t('team.payments'), columns: paid, rows: day.payments, id: ({ entry_id: id }) => id }) })}`
}

/** @param {Act} act */
function resultOf(act) {
  if (act.label !== null) return act.label[lang()] ?? act.label.es
  return tOr(`team.state.${act.result}`, act.result)
}
