// @ts-check

/** @import { Mentions } from './mentions.js' */
/** @import { Form } from '../../core/form.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { CasePage, PromiseToPay } from '../cases/contract.js' */

import { formatDate, formatInstant, todayIn } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { textArea } from '../../core/ui/fields.js'
import { badge, card, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { MAX_NOTE } from './acts.js'
import { actorName } from './events.js'

/** @type {Record<PromiseToPay['state'], Tone>} */
const TONES = { open: 'info', kept: 'good', partial: 'warn', broken: 'bad', cancelled: 'neutral', replaced: 'neutral' }
const SHOWN_NOTES = 3

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {(promise: PromiseToPay) => void} facts.onCancel
 */
export function promisesCard({ page, locale, onCancel }) {
  if (page.promises.length === 0) return nothing
  const newest = [...page.promises].sort((a, b) => (a.made_at < b.made_at ? 1 : -1))
  const today = todayIn(new Date(), page.portfolio.time_zone)
  return card({
    id: 'promises', title: t('case.promises'),
    body: html`${reliable(page)}<ul class="promises">${newest.map((promise) => html`<li>
      <div class="row row-between"><strong class="amount">${formatMoney(promise.amount, locale)}</strong>${promise.state === 'open' && promise.last_day < today ? badge(t('case.promise_state.overdue'), 'bad') : badge(t(`case.promise_state.${promise.state}`), TONES[promise.state])}</div>
      <div class="row row-between"><span class="muted small">${t('case.promise_for', { day: formatDate(promise.due_on, locale) })}${promise.channel ? ` · ${tOr(`case.channel.${promise.channel}`, promise.channel)}` : ''}${partOf(promise, page.promises)}</span>
        ${promise.state === 'open' && page.can.promise ? html`<button type="button" class="link-button small" @click=${() => onCancel(promise)}>${t('case.act.cancel_promise')}</button>` : nothing}</div>
    </li>`)}</ul>`,
  })
}

/** Which part of a series it is. @param {PromiseToPay} promise @param {PromiseToPay[]} all */
function partOf({ promise_id, series_id }, all) {
  if (!series_id) return ''
  const series = all.filter((one) => one.series_id === series_id).sort((a, b) => (a.due_on < b.due_on ? -1 : 1))
  return ` · ${t('case.promise_part', { n: series.findIndex((one) => one.promise_id === promise_id) + 1, of: series.length })}`
}

/** How far this debtor keeps promises, and of how many that is known. @param {CasePage} page */
function reliable({ reliability }) {
  const { score, kept, matured, partial } = reliability
  if (score === null) return nothing
  const tone = score >= 60 ? 'good' : score >= 35 ? 'warn' : 'bad'
  return html`<p class="row row-between"><span class="muted small">${t('case.reliability_of', { kept, matured, partial })}</span>${badge(t('case.reliability', { score }), tone)}</p>`
}

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {Form<{ text: string }>} facts.form
 * @param {() => void} facts.onSave
 * @param {Mentions | null} facts.mentions  Null until somebody types an `@`.
 * @param {(event: Event) => void} facts.onType
 */
export function notesCard({ page, locale, form, onSave, mentions, onType }) {
  const notes = page.notes.slice(0, SHOWN_NOTES)
  if (!page.can.note && notes.length === 0) return nothing
  return card({
    id: 'notes', title: t('case.notes'),
    body: html`
      ${page.can.note ? html`<form class="form" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onSave() }}
        @input=${onType} @keydown=${(/** @type {KeyboardEvent} */ event) => mentions?.key(event)}>
        ${form.problem ? problemBanner(form.problem) : nothing}
        ${textArea({ name: 'note-text', label: t('case.note_label'), required: true, rows: 2, maxlength: MAX_NOTE, value: form.values.text, error: form.errors.text, onInput: (text) => form.set('text', text) })}
        ${mentions?.view() ?? nothing}
        <div class="button-row"><button class="button" ?disabled=${form.busy || form.values.text.trim() === ''}>${t('case.note_save')}</button></div>
      </form>` : nothing}
      ${notes.length === 0 ? nothing : html`<ul class="notes">${notes.map((note) => html`<li><p>${note.personal.text ?? t('case.erased')}</p>
        <p class="muted small">${actorName(note.actor)} · ${formatInstant(note.at, locale, page.portfolio.time_zone)}</p></li>`)}</ul>`}`,
  })
}
