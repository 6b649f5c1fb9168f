// @ts-check

/** The dialog in which an agreement is worked out: options side by side, or an offer of one's own. */

/** @import { Problem } from '../../core/problem.js' */
/** @import { Api } from '../../core/api.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { AgreementKind, Frequency, Offer, Offered, Option, Simulation } from './contract.js' */

import { newKey } from '../../core/api.js'
import { formatDate } from '../../core/dates.js'
import { Form } from '../../core/form.js'
import { t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { checkField, moneyField, selectField, textArea, textField } from '../../core/ui/fields.js'
import { banner, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { breachText, kindText, schedule } from './words.js'

const KINDS = /** @type {const} */ (['plan', 'settlement', 'extension', 'restructure', 'refinance'])
const PPM_A_PERCENT = 10_000

/** @param {string} percent */
const ppm = (percent) => Math.round(Number(percent.replace(',', '.')) * PPM_A_PERCENT) || 0

/**
 * @param {{ api: Api, page: CasePage, locale: string, channel?: string }} scene  By what way it was come to.
 * @returns {Promise<CasePage | undefined>}  The case with the new agreement on it.
 */
export function makeDialog({ api, page, locale, channel = 'panel' }) {
  const path = `/cases/${encodeURIComponent(page.case.case_id)}`
  const currency = page.portfolio.currency
  const key = newKey()
  const running = page.agreements.some(({ state }) => state === 'active')
  let paint = () => {}
  const state = {
    offered: /** @type {Offered | null} */ (null),
    problem: /** @type {Problem | null} */ (null),
    busy: false,
    reason: '',
    kind: /** @type {AgreementKind} */ (running ? 'restructure' : 'plan'),
  }
  const form = new Form({
    affordable: /** @type {number | null} */ (null), affordable_text: '', instalments: '6', frequency: 'monthly',
    down: /** @type {number | null} */ (null), down_text: '', first_on: '', principal: '0', interest: '0', fees: '0', capitalise: false,
  }, () => paint())

  /** @returns {Offer} */
  function offer() {
    const { values } = form
    return {
      instalments: Number(values.instalments) || 0, frequency: /** @type {Frequency} */ (values.frequency),
      down_payment_minor: values.down, first_on: values.first_on || null,
      discount_principal_ppm: ppm(values.principal), discount_interest_ppm: ppm(values.interest), discount_fees_ppm: ppm(values.fees),
      affordable_minor: values.affordable,
      capitalise: mayCapitalise() && values.capitalise,
    }
  }

  /** Whether interest may become principal: only by new terms, only where the portfolio says so. */
  const mayCapitalise = () => state.kind === 'restructure' && state.offered?.limits.capitalise === true

  /** @param {boolean} own */
  async function simulate(own) {
    state.busy = true
    state.problem = null
    paint()
    try {
      state.offered = await api.post(`${path}/agreement-simulations`, { kind: state.kind, affordable_minor: form.values.affordable, ...(own ? { offer: offer() } : {}) })
    } catch (error) {
      state.problem = asProblem(error)
    }
    state.busy = false
    paint()
  }

  return openDialog({
    title: t('agreements.make'), size: 'wide',
    body: (handle) => {
      paint = handle.update
      if (state.offered === null && state.problem === null && !state.busy) void Promise.resolve().then(() => simulate(false))

      /** @param {Offer} wanted @param {AgreementKind} kind @param {string} reason */
      async function propose(wanted, kind, reason) {
        state.busy = true
        paint()
        try {
          handle.close(await api.post(`${path}/agreements`, { kind, offer: wanted, channel, reason }, { key: `${key}-${kind}-${JSON.stringify(wanted).length}` }))
        } catch (error) {
          state.problem = asProblem(error)
          state.busy = false
          paint()
        }
      }

      /** @param {Option} one */
      const option = (one) => html`<section class="agreement-option">
        <h3>${kindText(one.kind)}</h3>
        ${figures(one)}
        <button type="button" class="button button-primary" ?disabled=${state.busy} @click=${() => propose(one.offer, one.kind, '')}>${t('agreements.choose')}</button>
      </section>`

      const own = state.offered?.simulation ?? null
      return html`${state.problem ? problemBanner(state.problem) : nothing}
        ${moneyField({ name: 'affordable', label: t('agreements.affordable'), hint: t('agreements.affordable_hint'), minor: form.values.affordable, currency, locale, text: form.values.affordable_text, onInput: (minor, text) => { form.values.affordable_text = text; form.set('affordable', minor) } })}
        <div class="button-row"><button type="button" class="button" ?disabled=${state.busy} @click=${() => simulate(false)}>${t('agreements.compare')}</button></div>
        ${state.offered === null ? skeleton(4) : state.offered.options.length === 0
          ? banner({ tone: 'info', title: t(running ? 'agreements.running' : 'agreements.no_options') })
          : html`<div class="agreement-options" role="group" aria-label=${t('agreements.options')}>${state.offered.options.map(option)}</div>`}
        <details class="stack"><summary>${t('agreements.own')}</summary>
          <form class="form" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void simulate(true) }}>
            ${ownFields()}
            <div class="button-row"><button class="button" ?disabled=${state.busy}>${t('agreements.simulate')}</button></div>
          </form>
          ${own ? html`<section class="agreement-option" aria-live="polite">${figures(own)}
            ${own.breaches.length === 0
              ? html`<button type="button" class="button button-primary" ?disabled=${state.busy} @click=${() => propose(own.offer, state.kind, '')}>${t('agreements.choose')}</button>`
              : beyond(own, propose)}</section>` : nothing}
        </details>`
    },
  })

  function ownFields() {
    const { values } = form
    /** @param {'principal' | 'interest' | 'fees'} name */
    const percent = (name) => textField({ name: `less-${name}`, label: t(`agreements.less.${name}`), inputmode: 'decimal', suffix: '%', value: values[name], onInput: (value) => form.set(name, value) })
    return html`
      ${selectField({ name: 'kind', label: t('agreements.kind_label'), value: state.kind, options: KINDS.map((value) => ({ value, label: kindText(value) })), onInput: (kind) => { state.kind = /** @type {AgreementKind} */ (kind); paint() } })}
      ${textField({ name: 'instalments', type: 'number', min: '0', max: '120', label: t('agreements.instalments'), hint: t('agreements.instalments_hint'), value: values.instalments, onInput: (value) => form.set('instalments', value) })}
      ${selectField({ name: 'frequency', label: t('agreements.frequency'), value: values.frequency, options: ['weekly', 'fortnightly', 'monthly'].map((value) => ({ value, label: t(`agreements.every.${value}`) })), onInput: (value) => form.set('frequency', value) })}
      ${moneyField({ name: 'down', label: t('agreements.down'), hint: t('agreements.down_hint'), minor: values.down, currency, locale, text: values.down_text, onInput: (minor, text) => { values.down_text = text; form.set('down', minor) } })}
      ${textField({ name: 'first_on', type: 'date', label: t('agreements.first_on'), value: values.first_on, onInput: (value) => form.set('first_on', value) })}
      ${percent('principal')}${percent('interest')}${percent('fees')}
      ${mayCapitalise() ? checkField({ name: 'capitalise', label: t('agreements.capitalise'), hint: t('agreements.capitalise_hint'), checked: values.capitalise, onInput: (checked) => form.set('capitalise', checked) }) : nothing}`
  }

  /** @param {Simulation} one */
  function figures(one) {
    const plan = one.shares.filter(({ number }) => number > 0)
    const first = plan[0] ?? one.shares[0]
    return html`<p class="figure">${formatMoney(one.to_pay, locale)}</p>
      ${one.discount.total.minor > 0 ? html`<p>${t('agreements.saves', { amount: formatMoney(one.discount.total, locale) })}</p>` : nothing}
      ${first ? html`<p class="muted">${tn('agreements.payments', one.shares.length)} · ${t('agreements.from', { day: formatDate(first.due_on, locale) })}</p>` : nothing}
      <details><summary>${t('agreements.schedule')}</summary>${schedule(one.shares, locale)}</details>`
  }

  /** @param {Simulation} own @param {(offer: Offer, kind: AgreementKind, reason: string) => Promise<void>} propose */
  function beyond(own, propose) {
    const counter = own.counter
    return html`${banner({ tone: 'warn', title: t('agreements.beyond'), body: html`<ul>${own.breaches.map((one) => html`<li>${breachText(one, currency, locale)}</li>`)}</ul>` })}
      ${counter ? html`<h4>${t('agreements.counter')}</h4>${figures(counter)}
        <button type="button" class="button" ?disabled=${state.busy} @click=${() => propose(counter.offer, state.kind, '')}>${t('agreements.choose_counter')}</button>` : html`<p>${t('agreements.more_time')}</p>`}
      ${textArea({ name: 'reason', label: t('agreements.why'), hint: t('agreements.why_hint'), rows: 2, maxlength: 500, value: state.reason, onInput: (reason) => { state.reason = reason; paint() } })}
      <button type="button" class="button" ?disabled=${state.busy || state.reason.trim() === ''} @click=${() => propose(own.offer, state.kind, state.reason.trim())}>${t('agreements.ask')}</button>`
  }
}
