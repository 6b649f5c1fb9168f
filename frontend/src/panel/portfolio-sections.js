// @ts-check

/** The plainer sections of a portfolio. Each is a function from the editor to a template. */

import { formatNumber, formatPpm, LANGUAGES, lang, t, tn } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { checkField, fieldError, radioField, selectField, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { facts } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { moratoryInterest } from './interest.js'
import { zoneName } from './portfolio-words.js'

/** @import { Component, Portfolio } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

/** A thousand per cent a year; higher is a slip of the decimal point. */
const MAX_RATE_PPM = 10_000_000
const MIN_RADIUS_M = 20
const MAX_RADIUS_M = 2000
const MOST_ADDRESSES = 10

/** @param {Editor} editor */
export function generalSection({ form, country }) {
  const { values, errors } = form
  const regions = new Intl.DisplayNames(lang(), { type: 'region' })
  return html`<div class="form-grid">
      ${textField({ name: 'name', label: t('portfolios.name'), hint: t('portfolios.name_hint'), required: true, maxlength: 120, value: values.name, error: errors.name, onInput: (value) => form.set('name', value) })}
      ${textField({ name: 'creditor', label: t('portfolios.creditor'), hint: t('portfolios.creditor_hint'), required: true, maxlength: 120, value: values.creditor, error: errors.creditor, onInput: (value) => form.set('creditor', value) })}
      ${selectField({
        name: 'time_zone', label: t('portfolios.time_zone'), required: true, value: values.time_zone, error: errors.time_zone,
        options: (country?.time_zones ?? [values.time_zone]).map((zone) => ({ value: zone, label: zoneName(zone) })), onInput: (value) => form.set('time_zone', value),
      })}
      ${selectField({
        name: 'language', label: t('portfolios.language'), required: true, value: values.language, error: errors.language,
        options: LANGUAGES.map((code) => ({ value: code, label: t(`common.language_name.${code}`) })), onInput: (value) => form.set('language', /** @type {any} */ (value)),
      })}
    </div>
    ${facts([
      [t('portfolios.country'), regions.of(values.country)],
      [t('portfolios.currency'), values.currency],
      [t('portfolios.tax_ids'), country?.tax_ids.map((id) => id.toUpperCase()).join(', ')],
    ])}
    ${checkField({
      name: 'policies.best_hour', label: t('portfolios.best_hour'), hint: t('portfolios.best_hour_hint'), checked: values.policies.best_hour,
      onInput: (value) => form.change(({ policies }) => { policies.best_hour = value }),
    })}
    ${checkField({ name: 'archived', label: t('portfolios.archive'), hint: t('portfolios.archive_hint'), checked: values.archived, onInput: (value) => form.set('archived', value) })}`
}

/** @param {Editor} editor */
export function allocationSection({ form, locale }) {
  const order = form.values.policies.allocation_order
  /** @param {number} from @param {number} to */
  const move = (from, to) => form.change(({ policies }) => {
    const [component] = policies.allocation_order.splice(from, 1)
    policies.allocation_order.splice(to, 0, component)
  })
  return html`<ol class="order-list">${order.map((component, i) => html`<li>
      <span class="order-number">${i + 1}</span><span class="grow">${t(`common.component.${component}`)}</span>
      <button type="button" class="icon-button" ?disabled=${i === 0} aria-label=${t('portfolios.move_up', { name: t(`common.component.${component}`) })} @click=${() => move(i, i - 1)}>${icon('up')}</button>
      <button type="button" class="icon-button" ?disabled=${i === order.length - 1} aria-label=${t('portfolios.move_down', { name: t(`common.component.${component}`) })} @click=${() => move(i, i + 1)}>${icon('down')}</button>
    </li>`)}</ol>
    ${allocationExample(form.values, locale)}`
}

/** Example amounts, in whole units of the currency: what is owed of each, and what is paid. */
const EXAMPLE_OWED = /** @type {Record<Component, number>} */ ({ fees: 100, interest: 300, principal: 1000 })
const EXAMPLE_PAID = 600

/** @param {Portfolio} portfolio @param {string} locale */
function allocationExample({ policies, currency }, locale) {
  const unit = unitOf(currency)
  let left = EXAMPLE_PAID
  const parts = policies.allocation_order.map((component) => {
    const paid = Math.min(left, EXAMPLE_OWED[component])
    left -= paid
    return { component, owed: EXAMPLE_OWED[component], paid }
  })
  /** @param {number} units */
  const money = (units) => formatMoney({ minor: units * unit, currency }, locale, { whole: true })
  return html`<div class="example" aria-live="polite"><p class="example-title">${t('portfolios.example')}</p>
    <p>${t('portfolios.allocation_example', { amount: money(EXAMPLE_PAID) })}</p>
    <table class="table-plain"><thead><tr><th scope="col">${t('portfolios.component')}</th><th scope="col" class="cell-end">${t('portfolios.owed')}</th><th scope="col" class="cell-end">${t('portfolios.paid')}</th><th scope="col" class="cell-end">${t('portfolios.left')}</th></tr></thead>
    <tbody>${parts.map(({ component, owed, paid }) => html`<tr><th scope="row">${t(`common.component.${component}`)}</th><td class="cell-end">${money(owed)}</td><td class="cell-end">${money(paid)}</td><td class="cell-end">${money(owed - paid)}</td></tr>`)}</tbody></table></div>`
}

/** How many minor units one whole unit of the currency has, for examples in round figures. @param {string} currency */
function unitOf(currency) {
  return { CLP: 1000, PYG: 1000, CLF: 10_000, COP: 100_000 }[currency] ?? 100
}

/** What the worked example starts from; the reader may change it, nothing of it is saved. */
const example = { principal: 0, days: 45 }

/** @param {Editor} editor */
export function interestSection({ form, drafts, locale, paint }) {
  const { currency, policies: { moratory, charge_off: chargeOff } } = form.values
  const { errors } = form
  if (example.principal === 0) example.principal = 10_000 * unitOf(currency)
  return html`<div class="form-grid">
      ${drafts.percent({
        name: 'policies.moratory.annual_rate_ppm', label: t('portfolios.annual_rate'), hint: t('portfolios.annual_rate_hint'), locale, max: MAX_RATE_PPM,
        value: moratory.annual_rate_ppm, error: errors['policies.moratory.annual_rate_ppm'],
        onInput: (value) => form.change(({ policies }) => { policies.moratory.annual_rate_ppm = value ?? 0 }, 'policies.moratory.annual_rate_ppm'),
      })}
      ${drafts.field({
        name: 'policies.moratory.grace_days', label: t('portfolios.grace_days'), hint: t('portfolios.grace_days_hint'), locale, max: 365, suffix: t('portfolios.days_unit'),
        value: moratory.grace_days, error: errors['policies.moratory.grace_days'],
        onInput: (value) => form.change(({ policies }) => { policies.moratory.grace_days = value ?? 0 }, 'policies.moratory.grace_days'),
      })}
      ${radioField({
        name: 'policies.moratory.day_count', label: t('portfolios.day_count'), value: String(moratory.day_count), error: errors['policies.moratory.day_count'],
        options: ['360', '365'].map((days) => ({ value: days, label: t(`portfolios.day_count.${days}`) })),
        onInput: (value) => form.change(({ policies }) => { policies.moratory.day_count = Number(value) }),
      })}
      ${drafts.percent({
        name: 'policies.moratory.cap_ppm', label: t('portfolios.cap'), hint: t('portfolios.cap_hint'), locale, max: MAX_RATE_PPM, optional: true,
        value: moratory.cap_ppm, error: errors['policies.moratory.cap_ppm'],
        onInput: (value) => form.change(({ policies }) => { policies.moratory.cap_ppm = value }, 'policies.moratory.cap_ppm'),
      })}
      ${drafts.field({
        name: 'policies.charge_off.after_days', label: t('portfolios.charge_off_days'), hint: t('portfolios.charge_off_days_hint'), locale, max: 3650, optional: true, suffix: t('portfolios.days_unit'),
        value: chargeOff.after_days, error: errors['policies.charge_off.after_days'],
        onInput: (value) => form.change(({ policies }) => { policies.charge_off.after_days = value }, 'policies.charge_off.after_days'),
      })}
      ${checkField({
        name: 'policies.charge_off.interest_goes_on', label: t('portfolios.charge_off_interest'), hint: t('portfolios.charge_off_interest_hint'), checked: chargeOff.interest_goes_on,
        onInput: (value) => form.change(({ policies }) => { policies.charge_off.interest_goes_on = value }),
      })}
    </div>
    <div class="example">
      <p class="example-title">${t('portfolios.example')}</p>
      <div class="form-grid">
        ${drafts.money({ name: 'example-principal', label: t('portfolios.example_principal'), locale, currency, value: example.principal, max: 10 ** 13, onInput: (value) => { example.principal = value ?? 0 } })}
        ${drafts.field({ name: 'example-days', label: t('portfolios.example_days'), locale, max: 3650, suffix: t('portfolios.days_unit'), value: example.days, onInput: (value) => { example.days = value ?? 0; paint() } })}
      </div>
      ${interestExample(form.values, locale)}
    </div>`
}

/** @param {Portfolio} portfolio @param {string} locale */
function interestExample({ currency, policies: { moratory } }, locale) {
  const { days, minor, capped } = moratoryInterest(example.principal, example.days, moratory)
  const principal = formatMoney({ minor: example.principal, currency }, locale)
  return html`<output class="example-result" for="example-principal example-days">
    <span class="formula">${principal} × ${tn('common.days', days)} × ${formatPpm(moratory.annual_rate_ppm)} ÷ ${formatNumber(moratory.day_count)}</span>
    <strong>= ${formatMoney({ minor, currency }, locale)}</strong>
    ${capped ? html`<span class="muted small">${t('portfolios.capped', { cap: formatPpm(moratory.cap_ppm ?? 0) })}</span>` : nothing}
    ${days === 0 ? html`<span class="muted small">${t('portfolios.within_grace')}</span>` : nothing}
  </output>`
}

/** @param {Editor} editor */
export function limitsSection(editor) {
  return html`<h3>${t('portfolios.promises')}</h3><p class="hint">${t('portfolios.promises_hint')}</p>
    <div class="form-grid">${promiseLimit(editor, 'most_days', 90)}${promiseLimit(editor, 'broken_before_person', 20)}${promiseLimit(editor, 'pause_days', 30)}${promiseLimit(editor, 'most_together', 12)}${promiseLimit(editor, 'tolerance_days', 10)}${promiseLimit(editor, 'kept_percent', 100)}${promiseLimit(editor, 'partial_percent', 100)}</div>
    <h3>${t('portfolios.disputes')}</h3><p class="hint">${t('portfolios.disputes_hint')}</p>
    <div class="form-grid">${answerDays(editor)}</div>
    <h3>${t('portfolios.role_limits')}</h3><p class="hint">${t('portfolios.role_limits_hint')}</p>
    <div class="form-grid">${roleLimit(editor, 'agent_payment_minor')}${roleLimit(editor, 'agent_adjustment_minor')}${roleLimit(editor, 'supervisor_adjustment_minor')}</div>`
}

/** How soon a dispute is to be answered. @param {Editor} editor */
function answerDays({ form, drafts, locale }) {
  const name = 'policies.disputes.answer_days'
  return drafts.field({
    name, label: t('portfolios.disputes.answer_days'), locale, min: 1, max: 60, value: form.values.policies.disputes.answer_days, error: form.errors[name],
    onInput: (value) => form.change(({ policies }) => { policies.disputes.answer_days = value ?? 1 }, name),
  })
}

/**
 * What a promise may be, and when it is kept.
 * @param {Editor} editor
 * @param {keyof Editor['form']['values']['policies']['promises']} key
 * @param {number} max
 */
function promiseLimit({ form, drafts, locale }, key, max) {
  const name = `policies.promises.${key}`
  return drafts.field({
    name, label: t(`portfolios.promises.${key}`), locale, min: key === 'tolerance_days' ? 0 : 1, max, value: form.values.policies.promises[key], error: form.errors[name],
    onInput: (value) => form.change(({ policies }) => { policies.promises[key] = value ?? (key === 'tolerance_days' ? 0 : 1) }, name),
  })
}

/**
 * @param {Editor} editor
 * @param {'agent_payment_minor' | 'agent_adjustment_minor' | 'supervisor_adjustment_minor'} key
 */
function roleLimit({ form, drafts, locale }, key) {
  const name = `policies.role_limits.${key}`
  const value = form.values.policies.role_limits[key]
  return html`<div class="stack-s">
    ${drafts.money({ name, label: t(`portfolios.${key}`), locale, currency: form.values.currency, value, optional: value === null, disabled: value === null, error: form.errors[name], onInput: (minor) => form.change(({ policies }) => { policies.role_limits[key] = minor ?? 0 }, name) })}
    ${checkField({ name: `${name}.none`, label: t('portfolios.no_limit'), checked: value === null, onInput: (checked) => {
      drafts.forget(name)
      form.change(({ policies }) => { policies.role_limits[key] = checked ? null : 0 }, name)
    } })}
  </div>`
}

/** @param {Editor} editor */
export function fieldSection({ form, drafts, locale }) {
  const { policies, currency } = form.values
  return html`<div class="form-grid">
    ${drafts.field({
      name: 'policies.geofence_radius_m', label: t('portfolios.radius'), hint: t('portfolios.radius_hint'), locale, min: MIN_RADIUS_M, max: MAX_RADIUS_M, suffix: 'm',
      value: policies.geofence_radius_m, error: form.errors['policies.geofence_radius_m'],
      onInput: (value) => form.change((values) => { values.policies.geofence_radius_m = value ?? MIN_RADIUS_M }, 'policies.geofence_radius_m'),
    })}
    ${drafts.money({
      name: 'policies.tolerance_minor', label: t('portfolios.tolerance'), hint: t('portfolios.tolerance_hint'), locale, currency,
      value: policies.tolerance_minor, error: form.errors['policies.tolerance_minor'],
      onInput: (value) => form.change((values) => { values.policies.tolerance_minor = value ?? 0 }, 'policies.tolerance_minor'),
    })}
    <div class="span-2">${checkField({
      name: 'policies.cash_allowed', label: t('portfolios.cash'), hint: t('portfolios.cash_hint'), checked: policies.cash_allowed,
      onInput: (value) => form.change((values) => { values.policies.cash_allowed = value }),
    })}</div>
    ${policies.cash_allowed ? drafts.money({
      name: 'policies.cash.hand_limit_minor', label: t('portfolios.hand_limit'), hint: t('portfolios.hand_limit_hint'), locale, currency, optional: true,
      value: policies.cash.hand_limit_minor, error: form.errors['policies.cash.hand_limit_minor'],
      onInput: (value) => form.change((values) => { values.policies.cash.hand_limit_minor = value }, 'policies.cash.hand_limit_minor'),
    }) : ''}
    <div class="span-2">${resultsTo(form)}</div>
  </div>`
}

/** Who is told of each visit at once, address by address. @param {Editor['form']} form */
function resultsTo(form) {
  const name = 'policies.field.visit_results_to'
  const addresses = form.values.policies.field.visit_results_to
  const error = form.errors[name]
  /** @param {any} event */
  const add = (event) => {
    const input = event.target.closest('.row').querySelector('input')
    const address = input.value.trim().toLowerCase()
    if (!/^\S+@\S+\.\S+$/.test(address)) {
      form.errors[name] = t('common.field_email')
      form.change(() => {})
      return input.focus()
    }
    input.value = ''
    form.change(({ policies }) => {
      policies.field.visit_results_to = [...new Set([...addresses, address])].slice(0, MOST_ADDRESSES)
    }, name)
  }
  /** @param {string} gone */
  const remove = (gone) => form.change(({ policies }) => { policies.field.visit_results_to = addresses.filter((one) => one !== gone) }, name)
  return html`<fieldset class="field"><legend>${t('portfolios.results_to')}</legend><p class="hint">${t('portfolios.results_to_hint')}</p>
    ${addresses.length === 0 ? nothing : html`<ul class="results-to">${addresses.map((address) => html`<li class="row row-between"><span>${address}</span>
      <button type="button" class="link-button small" @click=${() => remove(address)}>${t('portfolios.results_remove')}<span class="visually-hidden"> ${address}</span></button></li>`)}</ul>`}
    <div class="row"><input type="email" aria-label=${t('portfolios.results_new')} aria-invalid=${error ? 'true' : nothing} aria-describedby=${error ? `${name}-error` : nothing}
      @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') { event.preventDefault(); add(event) } }}>
      <button type="button" class="button" @click=${add}>${t('portfolios.results_add')}</button></div>
    ${fieldError(error, `${name}-error`)}</fieldset>`
}

/** @param {Editor} editor */
export function retentionSection({ form, drafts, locale }) {
  return html`<div class="form-grid">${drafts.field({
    name: 'policies.retention_years', label: t('portfolios.retention'), hint: t('portfolios.retention_hint'), locale, min: 1, max: 30, suffix: t('portfolios.years_unit'),
    value: form.values.policies.retention_years, error: form.errors['policies.retention_years'],
    onInput: (value) => form.change(({ policies }) => { policies.retention_years = value ?? 1 }, 'policies.retention_years'),
  })}</div>`
}
