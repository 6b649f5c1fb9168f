// @ts-check

/**
 * The dialog in which a promise is noted, or several made together. The dates of a series are the
 * server's: only it knows the country's holidays, and what it shows is what is then promised.
 */

/** @import { Form } from '../../core/form.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { ProposedPromise } from '../cases/contract.js' */
/** @import { Scene } from './dialogs.js' */

import { todayIn, formatDate } from '../../core/dates.js'
import { t, tn, tOr } from '../../core/i18n.js'
import { formatForInput, formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { banner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import * as acts from './acts.js'
import { amountField, formDialog, pathOf } from './dialogs.js'

const MOST_PARTS = 12
/** How long typing has to rest before dates are asked for. */
const REST_MS = 250
const RHYTHMS = /** @type {const} */ (['weekly', 'fortnightly', 'monthly'])

/** @param {Scene} scene */
export function promiseDialog(scene) {
  const { api, page, locale } = scene
  const today = todayIn(new Date(), page.portfolio.time_zone)
  const due = page.case.total_due
  const open = page.promises.filter(({ state }) => state === 'open')
  const dates = {
    /** What they were asked for; another query makes them stale. */
    query: '',
    items: /** @type {ProposedPromise[] | null} */ (null),
    problem: /** @type {Problem | null} */ (null),
  }

  /** The dates that go with what is typed now; asks for them once typing rests. @param {Form<acts.PromiseDraft>} form */
  function look(form) {
    const query = acts.seriesQuery(form.values, { today })
    if (query === dates.query) return
    Object.assign(dates, { query, items: null, problem: null })
    if (query === '') return
    setTimeout(async () => {
      if (query !== dates.query) return
      const found = await api.get(`${pathOf(page)}/promise-dates?${query}`).then(({ items }) => ({ items }), (error) => ({ problem: asProblem(error) }))
      if (query !== dates.query) return
      Object.assign(dates, found)
      form.change(() => {})
    }, REST_MS)
  }

  return formDialog({
    scene, title: t('case.act.promise'), submit: t('caseacts.promise_submit'),
    values: /** @type {acts.PromiseDraft} */ ({ amount_minor: null, amount_text: '', due_on: '', channel: 'phone', parts: '1', frequency: 'weekly' }),
    check: (values) => acts.checkPromise(values, { today, dates: dates.items }),
    send: (values, key) => api.post(`${pathOf(page)}/promises`, acts.promiseBody(values, dates.items), { key }),
    fields: (form) => {
      look(form)
      const several = form.values.parts !== '1'
      return html`
        ${open.length > 0 ? banner({ tone: 'info', title: t('caseacts.replaces', { amount: formatMoney(open[0].amount, locale), day: formatDate(open[0].due_on, locale) }) }) : nothing}
        ${amountField(form, scene, due.minor > 0 ? html`<button type="button" class="link-button" @click=${() => {
          form.values.amount_text = formatForInput(due, locale)
          form.set('amount_minor', due.minor)
        }}>${t('caseacts.whole', { amount: formatMoney(due, locale) })}</button>` : undefined)}
        <div class="form-grid">
          ${selectField({ name: 'parts', label: t('caseacts.promise_parts'), required: true, value: form.values.parts, error: form.errors.parts, options: Array.from({ length: MOST_PARTS }, (_, n) => ({ value: String(n + 1), label: n === 0 ? t('caseacts.promise_once') : tn('caseacts.promise_in', n + 1) })), onInput: (parts) => form.set('parts', parts) })}
          ${several ? selectField({ name: 'frequency', label: t('agreements.frequency'), required: true, value: form.values.frequency, options: RHYTHMS.map((value) => ({ value, label: t(`agreements.every.${value}`) })), onInput: (frequency) => form.set('frequency', frequency) }) : nothing}
          ${textField({ name: 'due_on', type: 'date', label: t(several ? 'caseacts.promise_first_on' : 'caseacts.promise_on'), required: true, min: today, value: form.values.due_on, error: form.errors.due_on, onInput: (day) => form.set('due_on', day) })}
          ${selectField({ name: 'channel', label: t('caseacts.channel'), required: true, value: form.values.channel, options: acts.CHANNELS.map((channel) => ({ value: channel, label: t(`case.channel.${channel}`) })), onInput: (channel) => form.set('channel', channel) })}
        </div>
        ${several ? seriesOf() : nothing}`
    },
  })

  function seriesOf() {
    return html`<section class="example" aria-live="polite" aria-label=${t('caseacts.promise_dates')}>
      <p class="example-title">${t('caseacts.promise_dates')}</p>
      ${dates.problem ? html`<p class="field-error">${refusal(dates.problem)}</p>`
        : dates.items === null ? html`<p class="muted small">${t(dates.query === '' ? 'caseacts.promise_dates_lack' : 'common.loading')}</p>`
          : html`<ol class="plain-list">${dates.items.map((one) => html`<li><strong>${formatMoney(one.amount, locale)}</strong> · ${formatDate(one.due_on, locale, 'long')}
            ${one.due_on === one.meant_for ? nothing : html`<span class="muted small">${t('caseacts.promise_moved', { day: formatDate(one.meant_for, locale, 'long') })}</span>`}</li>`)}</ol>`}
    </section>`
  }

  /** @param {Problem} problem */
  function refusal(problem) {
    const { reason, most } = problem.details
    if (reason === 'too_many') return tn('caseacts.promise_too_many', Number(most))
    return problem.code === 'request.bad_field' ? tOr(`errors.reason.${reason}`, problem.text) : problem.text
  }
}
