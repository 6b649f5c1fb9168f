// @ts-check

/** One step on the timeline: in words when closed, in fields when open. */

/** @import { Form } from '../../core/form.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Drafts } from '../drafts.js' */
/** @import { Channel, Content, Fault, Step, Vocabulary, Work } from './contract.js' */

import { localeFor, t } from '../../core/i18n.js'
import { checkField, selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { ruleEditor } from './rule-view.js'
import { whenWords } from '../step-words.js'
import { faultWords, templateName, whatWords } from './words.js'

const FURTHEST_DAY = 3_650
const CALL_BACKS = /** @type {const} */ (['never', 'answered', 'unanswered'])
const PPM = 4 // decimals of a percentage kept in parts per million
/** The families of texts that come with the product; a portfolio may have others by name. */
const TEMPLATES = [
  'reminder_before_due', 'reminder_due_today', 'reminder_friendly', 'reminder_firm', 'notice_formal', 'notice_last',
  'instalment_before_due', 'instalment_due_today', 'instalment_late', 'promise_tomorrow', 'promise_today', 'promise_broken',
  'negotiation_invitation', 'offer_discount', 'offer_reminder', 'offer_last_day', 'payment_thanks', 'statement',
]

/**
 * @typedef {object} Bench  What the steps are edited with.
 * @property {Form<Content>} form
 * @property {Drafts} drafts
 * @property {Vocabulary} vocabulary
 * @property {Portfolio} portfolio
 * @property {Fault[]} faults
 * @property {boolean} disabled
 * @property {Set<string>} open  Keys of the steps whose fields are shown.
 * @property {(step: Step) => string} keyOf
 * @property {() => void} paint
 */

/** @param {Bench} bench @param {Step} step @param {number} index */
export function stepCard(bench, step, index) {
  const { form, disabled, open } = bench
  const key = bench.keyOf(step)
  const shown = open.has(key)
  const steps = form.values.steps
  const faults = bench.faults.filter(({ where }) => where === step.code || where === `#${index + 1}`)
  const name = whenWords(step)
  /** @param {number} by */
  const move = (by) => {
    bench.drafts.clear()
    form.change(({ steps: all }) => { all.splice(index + by, 0, ...all.splice(index, 1)) })
    // The button moves with its step: whoever pressed it can press it again.
    setTimeout(() => document.getElementById(`step-${key}-${by < 0 ? 'up' : 'down'}`)?.focus())
  }
  return html`<li class="step ${step.trigger.kind === 'event' ? 'step-event' : ''}">
    <div class="step-head">
      <span class="step-mark" aria-hidden="true">${icon(step.channels.length > 0 ? 'mail' : 'people')}</span>
      <button type="button" class="step-title" aria-expanded=${shown ? 'true' : 'false'} aria-controls="step-${key}" @click=${() => { if (shown) open.delete(key); else open.add(key); bench.paint() }}>
        <strong>${name}</strong><span class="muted small">${whatWords(step)}</span>
      </button>
      ${faults.length > 0 ? badge(t('strategies.step.faults', { n: faults.length }), 'bad') : nothing}
      ${disabled ? nothing : html`<span class="step-tools">
        <button type="button" id="step-${key}-up" class="icon-button" ?disabled=${index === 0} aria-label=${t('strategies.step.up', { name })} @click=${() => move(-1)}>${icon('up')}</button>
        <button type="button" id="step-${key}-down" class="icon-button" ?disabled=${index === steps.length - 1} aria-label=${t('strategies.step.down', { name })} @click=${() => move(1)}>${icon('down')}</button>
        <button type="button" class="icon-button" aria-label=${t('strategies.step.remove', { name })} @click=${() => { bench.drafts.clear(); form.change(({ steps: all }) => { all.splice(index, 1) }) }}>${icon('trash')}</button></span>`}
    </div>
    ${faults.map((fault) => html`<p class="field-error small">${icon('warning')}${t(`strategies.part.${fault.field.split('.')[0]}`)}: ${faultWords(fault.reason)}</p>`)}
    <div class="step-fields" id="step-${key}" ?hidden=${!shown}>${shown ? fields(bench, step, index) : nothing}</div>
  </li>`
}

/** @param {Bench} bench @param {Step} step @param {number} index */
function fields(bench, step, index) {
  const { form, drafts, vocabulary, portfolio, disabled } = bench
  const name = `steps.${index}`
  const locale = localeFor(portfolio.country)
  /** @param {(step: Step) => void} mutate */
  const change = (mutate) => form.change(({ steps }) => mutate(steps[index]))
  const { trigger } = step
  return html`
    <div class="field-grid">
      ${selectField({ required: true, name: `${name}.kind`, label: t('strategies.part.trigger'), value: trigger.kind, disabled, options: ['due', 'previous', 'event'].map((kind) => ({ value: kind, label: t(`strategies.trigger.${kind}`) })), onInput: (kind) => { drafts.forget(`${name}.days`); change((one) => { one.trigger = { kind: /** @type {any} */ (kind), days: kind === 'previous' ? 3 : 0, event: kind === 'event' ? vocabulary.events[0] : null } }) } })}
      ${trigger.kind === 'event' ? selectField({ required: true, name: `${name}.event`, label: t('strategies.part.event'), value: trigger.event ?? '', disabled, options: vocabulary.events.map((event) => ({ value: event, label: t(`steps.event.${event}`) })), onInput: (event) => change((one) => { one.trigger.event = event }) }) : nothing}
      ${drafts.field({ name: `${name}.days`, label: t('strategies.part.days'), hint: t('strategies.step.days_hint'), value: trigger.days, locale, min: -FURTHEST_DAY, max: FURTHEST_DAY, disabled, onInput: (days) => change((one) => { one.trigger.days = days ?? 0 }) })}
      ${textField({ name: `${name}.code`, label: t('strategies.part.code'), hint: t('strategies.step.code_hint'), value: step.code, maxlength: 40, required: true, disabled, onInput: (code) => change((one) => { one.code = code.trim() }) })}
    </div>
    <fieldset class="rule"><legend>${t('strategies.part.channels')}</legend>
      <p class="hint">${t('strategies.step.channels_hint')}</p>
      <ol class="step-channels">${step.channels.map((channel, i) => html`<li>${t(`strategies.channel.${channel}`)}
        ${disabled ? nothing : html`${i > 0 ? html`<button type="button" class="icon-button" aria-label=${t('strategies.step.earlier', { name: t(`strategies.channel.${channel}`) })} @click=${() => change((one) => { one.channels.splice(i - 1, 0, ...one.channels.splice(i, 1)) })}>${icon('back')}</button>` : nothing}
        <button type="button" class="icon-button" aria-label=${t('strategies.step.without', { name: t(`strategies.channel.${channel}`) })} @click=${() => change((one) => { without(one, i) })}>${icon('close')}</button>`}</li>`)}</ol>
      ${disabled ? nothing : html`<div class="button-row">${vocabulary.channels.filter((channel) => channel !== 'visit' && !step.channels.includes(channel)).map((channel) => html`<button type="button" class="button button-small" @click=${() => change((one) => { addChannel(one, channel) })}>${icon('plus')}${t(`strategies.channel.${channel}`)}</button>`)}</div>`}
    </fieldset>
    ${step.channels.length > 0 ? templateField(name, step, disabled, change) : nothing}
    <fieldset class="rule"><legend>${t('strategies.part.work')}</legend>
      ${vocabulary.work.map((kind) => checkField({ name: `${name}.work.${kind}`, label: t(`strategies.work.${kind}`), checked: step.work.includes(kind), disabled, onInput: (checked) => change((one) => { one.work = toggled(one.work, kind, checked) }) }))}
    </fieldset>
    ${step.channels.includes('call') ? selectField({ required: true, name: `${name}.call_back`, label: t('strategies.part.call_back'), hint: t('strategies.step.call_back_hint'), value: step.call_back, disabled, options: CALL_BACKS.map((value) => ({ value, label: t(`strategies.call_back.${value}`) })), onInput: (value) => change((one) => { one.call_back = /** @type {Step['call_back']} */ (value) }) }) : nothing}
    ${ruleEditor({ name: `${name}.condition`, label: t('strategies.part.condition'), rule: step.condition, vocabulary, portfolio, drafts, disabled, onChange: (rule) => change((one) => { one.condition = rule }) })}
    <div class="field-grid">
      ${drafts.field({ name: `${name}.late`, label: t('strategies.part.late_days'), hint: t('strategies.step.late_hint'), value: step.late_days, optional: true, locale, max: FURTHEST_DAY, disabled, onInput: (days) => change((one) => { one.late_days = days }) })}
      ${form.values.arms.some(({ holdout }) => !holdout) ? selectField({ required: true, name: `${name}.arms`, label: t('strategies.part.arms'), value: step.arms[0] ?? '', disabled, options: [{ value: '', label: t('strategies.step.all_arms') }, ...form.values.arms.filter(({ holdout }) => !holdout).map(({ code }) => ({ value: code, label: code }))], onInput: (arm) => change((one) => { one.arms = arm === '' ? [] : [arm] }) }) : nothing}
    </div>
    ${step.channels.length > 0 ? offerFields(bench, step, name, change) : nothing}`
}

/** @param {string} name @param {Step} step @param {boolean} disabled @param {(mutate: (step: Step) => void) => void} change */
function templateField(name, step, disabled, change) {
  const known = TEMPLATES.includes(step.template_id) || step.template_id === '' ? TEMPLATES : [step.template_id, ...TEMPLATES]
  return selectField({ required: true, name: `${name}.template`, label: t('strategies.part.template_id'), value: step.template_id, disabled, options: (step.template_id === '' ? ['', ...known] : known).map((value) => ({ value, label: templateName(value) })), onInput: (value) => change((one) => { one.template_id = value }) })
}

/** @param {Bench} bench @param {Step} step @param {string} name @param {(mutate: (step: Step) => void) => void} change */
function offerFields({ drafts, portfolio, disabled }, step, name, change) {
  const locale = localeFor(portfolio.country)
  const limits = /** @type {Record<string, number>} */ (/** @type {unknown} */ (portfolio.policies.agreements))
  const offer = step.offer
  return html`<fieldset class="rule"><legend>${t('strategies.part.offer')}</legend>
    ${checkField({ name: `${name}.offer`, label: t('strategies.step.offers'), checked: offer !== null, disabled, onInput: (checked) => change((one) => { one.offer = checked ? { principal_ppm: 0, interest_ppm: limits.max_discount_interest_ppm, fees_ppm: limits.max_discount_fees_ppm, valid_days: 10 } : null }) })}
    ${offer === null ? nothing : html`<div class="field-grid">
      ${(/** @type {const} */ (['principal', 'interest', 'fees'])).map((part) => drafts.field({ name: `${name}.offer.${part}`, label: t(`common.component.${part}`), value: offer[`${part}_ppm`], decimals: PPM, locale, suffix: '%', max: limits[`max_discount_${part}_ppm`], disabled, onInput: (ppm) => change((one) => { if (one.offer) one.offer[`${part}_ppm`] = ppm ?? 0 }) }))}
      ${drafts.field({ name: `${name}.offer.days`, label: t('strategies.step.valid_days'), value: offer.valid_days, locale, min: 1, max: 90, disabled, onInput: (days) => change((one) => { if (one.offer) one.offer.valid_days = days ?? 1 }) })}</div>`}
  </fieldset>`
}

/** Without a voice message there is nothing to call back about. @param {Step} step @param {number} i */
function without(step, i) {
  const [gone] = step.channels.splice(i, 1)
  if (gone === 'call') step.call_back = 'never'
}

/** @param {Step} step @param {Channel} channel */
function addChannel(step, channel) {
  step.channels.push(channel)
  if (step.template_id === '') step.template_id = 'reminder_friendly'
}

/** @param {Work[]} work @param {Work} kind @param {boolean} checked */
function toggled(work, kind, checked) {
  return checked ? [...work.filter((one) => one !== kind), kind] : work.filter((one) => one !== kind)
}
