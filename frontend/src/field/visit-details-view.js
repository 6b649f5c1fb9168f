// @ts-check

/** What a result asks for: a promise, a payment that was reported, a dispute, new ways to reach. */

import { formatDate } from '../core/dates.js'
import { lang, localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { checkField, moneyField, selectField, textArea, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { html, nothing } from '../core/view.js'
import { newId } from './ids.js'
import { dispositionOf, promiseDays } from './visit.js'
import { photoField } from './visit-photo-field.js'

/** @import { Visit, Want } from './types' */
/** @import { Desk } from './visit-view.js' */

const CHANNELS = ['visit', 'call', 'whatsapp', 'sms', 'email', 'letter']
const DISPUTES = ['not_mine', 'already_paid', 'wrong_amount', 'identity_theft', 'other']
/** What is being typed into the fields of amounts. @type {Record<string, string | undefined>} */
let typed = {}
let ofVisit = ''

/** @type {[Want, (desk: Desk) => unknown][]} */
const PARTS = [['promise', promisePart], ['payment_report', paymentPart], ['dispute', disputePart], ['contacts', contactsPart], ['address', addressPart], ['opt_outs', optOutsPart], ['note', notePart]]

/** @param {Desk} at */
export function detailsStep(at) {
  if (ofVisit !== at.visit.visit_id) [typed, ofVisit] = [{}, at.visit.visit_id]
  const wants = dispositionOf(at.visit, at.portfolio)?.wants ?? []
  return html`<h1 tabindex="-1">${t('visit.details')}</h1>${PARTS.filter(([want]) => wants.includes(want)).map(([, part]) => part(at))}`
}

/** @param {Desk} at @param {string} name */
function faultOf({ desk }, name) {
  const fault = desk.faults[name]
  return fault === undefined ? undefined : t(fault)
}

/** @param {Desk} at */
function promisePart(at) {
  const { desk, visit, portfolio } = at
  const { first, last } = promiseDays(portfolio, Date.now())
  const locale = localeFor(portfolio.country)
  const promise = visit.promise ?? { promise_id: newId('prm'), amount_minor: null, due_on: '' }
  const set = (/** @type {Partial<NonNullable<Visit['promise']>>} */ part) => void desk.change((one) => { one.promise = { ...promise, ...one.promise, ...part } })
  const least = portfolio.promise.least_minor > 0 ? t('visit.amount_least', { amount: formatMoney({ minor: portfolio.promise.least_minor, currency: portfolio.currency }, locale) }) : ''
  return html`<fieldset class="card"><legend class="card-legend">${t('field.promise')}</legend>
    ${moneyField({
      name: 'promise-amount', label: t('visit.amount'), hint: least, minor: promise.amount_minor, text: typed.promise, currency: portfolio.currency, locale, required: true,
      error: faultOf(at, 'amount'), onInput: (minor, text) => { typed.promise = text; set({ amount_minor: minor }) },
    })}
    ${textField({
      name: 'promise-day', label: t('visit.day'), hint: t('visit.day_hint', { last: formatDate(last, lang()) }), type: 'date', value: promise.due_on, min: first, max: last, required: true,
      error: faultOf(at, 'due_on'), onInput: (due_on) => set({ due_on }),
    })}</fieldset>`
}

/** @param {Desk} at */
function paymentPart(at) {
  const { desk, visit, portfolio } = at
  const { first } = promiseDays(portfolio, Date.now())
  const paid = visit.payment_report ?? { amount_minor: null, paid_on: first, reference: '', photo_id: null }
  const set = (/** @type {Partial<NonNullable<Visit['payment_report']>>} */ part) => void desk.change((one) => { one.payment_report = { ...paid, ...one.payment_report, ...part } })
  return html`<fieldset class="card"><legend class="card-legend">${t('visit.payment')}</legend>
    <p class="hint">${t(portfolio.cash_allowed ? 'visit.payment_lead_cash' : 'visit.payment_lead')}</p>
    ${moneyField({
      name: 'paid-amount', label: t('visit.amount'), minor: paid.amount_minor, text: typed.paid, currency: portfolio.currency, locale: localeFor(portfolio.country), required: true,
      error: faultOf(at, 'paid_amount'), onInput: (minor, text) => { typed.paid = text; set({ amount_minor: minor }) },
    })}
    ${textField({ name: 'paid-on', label: t('visit.paid_on'), type: 'date', value: paid.paid_on, max: first, required: true, error: faultOf(at, 'paid_on'), onInput: (paid_on) => set({ paid_on }) })}
    ${textField({ name: 'paid-reference', label: t('visit.reference'), value: paid.reference, maxlength: 60, onInput: (reference) => set({ reference }) })}
    ${photoField(desk, visit, { kind: 'receipt', label: t('visit.photo_receipt') })}</fieldset>`
}

/** @param {Desk} at */
function disputePart(at) {
  const { desk, visit } = at
  const dispute = visit.dispute ?? { kind: '', text: '' }
  const set = (/** @type {Partial<typeof dispute>} */ part) => void desk.change((one) => { one.dispute = { ...dispute, ...one.dispute, ...part } })
  return html`<fieldset class="card"><legend class="card-legend">${t('visit.dispute')}</legend>
    ${selectField({
      name: 'dispute', label: t('visit.dispute_kind'), value: dispute.kind, required: true, error: faultOf(at, 'dispute'),
      options: [{ value: '', label: t('visit.choose') }, ...DISPUTES.map((kind) => ({ value: kind, label: t(`visit.dispute_of.${kind}`) }))],
      onInput: (kind) => set({ kind }),
    })}
    ${textArea({ name: 'dispute-text', label: t('visit.dispute_text'), value: dispute.text, maxlength: 1000, onInput: (text) => set({ text }) })}</fieldset>`
}

/** @param {Desk} at */
function contactsPart(at) {
  const { desk, visit } = at
  const change = desk.change.bind(desk)
  const add = (/** @type {'phone' | 'email'} */ kind) => void change((one) => { one.contacts = [...one.contacts, { kind, value: '', party: 'debtor' }] })
  return html`<fieldset class="card"><legend class="card-legend">${t('visit.contacts')}</legend>
    ${visit.contacts.map(({ kind, value }, i) => html`<div class="contact-row">${textField({
      name: `contact-${i}`, label: t(`visit.contact.${kind}`), type: kind === 'phone' ? 'tel' : 'email', inputmode: kind === 'phone' ? 'tel' : 'email', value, maxlength: 120, required: true,
      error: faultOf(at, 'contacts'), onInput: (text) => void change((one) => { one.contacts = one.contacts.map((old, n) => (n === i ? { ...old, value: text } : old)) }),
    })}<button type="button" class="icon-button" aria-label="${t('common.delete')} ${i + 1}" @click=${() => void change((one) => { one.contacts = one.contacts.filter((_, n) => n !== i) })}>${icon('trash')}</button></div>`)}
    <div class="button-row"><button type="button" class="button" @click=${() => add('phone')}>${icon('phone')}${t('visit.add_phone')}</button>
    <button type="button" class="button" @click=${() => add('email')}>${icon('mail')}${t('visit.add_email')}</button></div></fieldset>`
}

/** @param {Desk} at */
function addressPart(at) {
  const { desk, visit } = at
  const address = visit.new_address ?? { lines: '', city: visit.address?.city ?? '', lat: null, lng: null }
  const set = (/** @type {Partial<typeof address>} */ part) => void desk.change((one) => { one.new_address = { ...address, ...one.new_address, ...part } })
  const { latest } = at.app.places
  return html`<fieldset class="card"><legend class="card-legend">${t('visit.new_address')}</legend>
    ${textArea({ name: 'address-lines', label: t('visit.address_lines'), value: address.lines, rows: 2, maxlength: 300, error: faultOf(at, 'address'), onInput: (lines) => set({ lines }) })}
    ${textField({ name: 'address-city', label: t('visit.city'), value: address.city, maxlength: 120, onInput: (city) => set({ city }) })}
    ${latest === null ? nothing : html`<button type="button" class="button button-block" aria-pressed=${address.lat === null ? 'false' : 'true'}
      @click=${() => set(address.lat === null ? { lat: latest.lat, lng: latest.lng } : { lat: null, lng: null })}>${icon('pin')}${t(address.lat === null ? 'visit.address_here' : 'visit.address_point_kept')}</button>`}</fieldset>`
}

/** @param {Desk} at */
function notePart(at) {
  return textArea({ name: 'note', label: t('visit.note'), value: at.visit.note, maxlength: 2000, required: true, error: faultOf(at, 'note'), onInput: (note) => void at.desk.change((one) => { one.note = note }) })
}

/** What the debtor wants to be spared: kept at once, whatever else the visit comes to. @param {Desk} at */
function optOutsPart(at) {
  const { desk, visit } = at
  const chosen = visit.opt_outs ?? []
  const fault = faultOf(at, 'opt_outs')
  return html`<fieldset class="card"><legend class="card-legend">${t('visit.opt_outs')}</legend><p class="hint">${t('visit.opt_outs_hint')}</p>
    ${CHANNELS.map((channel) => checkField({
      name: `opt-out-${channel}`, label: t(`contact.channel.${channel}`), checked: chosen.includes(channel),
      onInput: (on) => void desk.change((one) => { one.opt_outs = CHANNELS.filter((name) => (name === channel ? on : (one.opt_outs ?? []).includes(name))) }),
    }))}
    ${fault ? html`<p class="field-error">${icon('warning')}${fault}</p>` : nothing}</fieldset>`
}
