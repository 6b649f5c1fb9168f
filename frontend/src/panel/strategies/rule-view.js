// @ts-check

/**
 * A condition as rows of comparisons, of which all or any must hold. What the API holds beyond
 * that (groups within groups) is told in words and left alone.
 */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Drafts } from '../drafts.js' */
/** @import { Rule, Value, Vocabulary } from './contract.js' */

import { localeFor, t, tOr } from '../../core/i18n.js'
import { decimalsOf } from '../../core/money.js'
import { fieldError, selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { html, nothing } from '../../core/view.js'
import { ruleWords } from './words.js'

const FIRST = 'days_from_due'
const FURTHEST = 99_999

/**
 * @typedef {object} RuleFacts
 * @property {string} name  Unique on the page.
 * @property {string} label
 * @property {Rule | null} rule
 * @property {Vocabulary} vocabulary
 * @property {Portfolio} portfolio
 * @property {Drafts} drafts
 * @property {string} [error]
 * @property {boolean} [disabled]
 * @property {(rule: Rule | null) => void} onChange
 */

/** @param {RuleFacts} facts */
export function ruleEditor(facts) {
  const { name, label, rule, portfolio, disabled, onChange } = facts
  const simple = simpleOf(rule)
  return html`<fieldset class="rule" id=${name}><legend>${label}</legend>
    ${fieldError(facts.error)}
    ${simple === null
      ? html`<p>${ruleWords(rule, portfolio)}</p><p class="hint">${t('strategies.rule.complex')}</p>`
      : html`${simple.parts.length > 1 ? selectField({ required: true, name: `${name}.mode`, label: t('strategies.rule.mode'), value: simple.op, disabled, options: ['all', 'any'].map((op) => ({ value: op, label: t(`strategies.rule.${op}`) })), onInput: (op) => onChange({ ...group(simple.parts), op }) }) : nothing}
        ${simple.parts.length === 0 ? html`<p class="muted small">${t('strategies.rule.everybody')}</p>` : nothing}
        ${simple.parts.map((part, i) => row(facts, simple, part, i))}`}
    ${disabled ? nothing : html`<div class="button-row">
      ${simple === null ? nothing : html`<button type="button" class="button button-small" @click=${() => onChange(joined(simple.op, [...simple.parts, fresh()]))}>${icon('plus')}${t('strategies.rule.add')}</button>`}
      ${rule === null ? nothing : html`<button type="button" class="link-button small" @click=${() => onChange(null)}>${t('strategies.rule.clear')}</button>`}</div>`}
  </fieldset>`
}

/** @param {RuleFacts} facts @param {{ op: string, parts: Rule[] }} simple @param {Rule} part @param {number} index */
function row(facts, simple, part, index) {
  const { name, vocabulary, disabled, drafts, onChange } = facts
  const field = vocabulary.fields.find((one) => one.name === part.field)
  /** @param {Partial<Rule>} change */
  const put = (change) => onChange(joined(simple.op, simple.parts.map((one, i) => (i === index ? { ...one, ...change } : one))))
  return html`<div class="rule-row">
    ${selectField({ required: true, name: `${name}.${index}.field`, label: t('strategies.rule.field'), value: part.field, disabled, options: vocabulary.fields.map((one) => ({ value: one.name, label: tOr(`strategies.field.${one.name}`, one.name) })), onInput: (chosen) => { drafts.forget(`${name}.${index}.value`); put(freshOf(chosen, vocabulary)) } })}
    ${selectField({ required: true, name: `${name}.${index}.op`, label: t('strategies.rule.op'), value: part.op, disabled, options: (field?.ops ?? []).map((op) => ({ value: op, label: tOr(`strategies.op.${op}`, op) })), onInput: (op) => put({ op, value: listed(op) ? [part.value].flat().map(String) : Array.isArray(part.value) ? part.value[0] : part.value }) })}
    ${valueField(facts, part, index, put)}
    ${disabled ? nothing : html`<button type="button" class="icon-button" aria-label=${t('strategies.rule.remove', { n: index + 1 })} @click=${() => { drafts.clear(); onChange(joined(simple.op, simple.parts.filter((_, i) => i !== index))) }}>${icon('trash')}</button>`}
  </div>`
}

/** @param {RuleFacts} facts @param {Rule} part @param {number} index @param {(change: Partial<Rule>) => void} put */
function valueField({ name, vocabulary, portfolio, drafts, disabled }, part, index, put) {
  const kind = vocabulary.fields.find((one) => one.name === part.field)?.kind
  const common = { name: `${name}.${index}.value`, label: t('strategies.rule.value'), disabled }
  if (listed(part.op)) {
    return textField({ required: true, ...common, value: [part.value].flat().join(', '), hint: t('strategies.rule.commas'), onInput: (typed) => put({ value: typed.split(',').map((one) => one.trim()).filter(Boolean) }) })
  }
  if (kind === 'number' || kind === 'money') {
    const decimals = kind === 'money' ? decimalsOf(portfolio.currency) : 0
    return drafts.field({ ...common, value: typeof part.value === 'number' ? part.value : null, decimals, locale: localeFor(portfolio.country), min: kind === 'money' ? 0 : -FURTHEST, max: kind === 'money' ? Number.MAX_SAFE_INTEGER : FURTHEST, suffix: kind === 'money' ? portfolio.currency : undefined, onInput: (value) => put({ value }) })
  }
  const choices = choicesOf(part.field, kind, portfolio, vocabulary)
  if (choices !== null) {
    return selectField({ required: true, ...common, value: String(part.value), options: choices, onInput: (value) => put({ value: kind === 'flag' ? value === 'true' : value }) })
  }
  return textField({ required: true, ...common, value: String(part.value ?? ''), maxlength: 120, onInput: (value) => put({ value }) })
}

/** @param {string} field @param {string | undefined} kind @param {Portfolio} portfolio @param {Vocabulary} vocabulary */
function choicesOf(field, kind, portfolio, vocabulary) {
  if (kind === 'flag') return [{ value: 'true', label: t('strategies.rule.yes') }, { value: 'false', label: t('strategies.rule.no') }]
  if (field === 'band') return portfolio.policies.bands.map(({ code }) => ({ value: code, label: code }))
  if (field === 'channels') return vocabulary.channels.map((channel) => ({ value: channel, label: t(`strategies.channel.${channel}`) }))
  return null
}

/** @param {string} op */
const listed = (op) => op === 'in' || op === 'not_in'

/** @returns {Rule} */
const fresh = () => ({ op: '>=', field: FIRST, value: 1, parts: [] })

/** @param {string} name @param {Vocabulary} vocabulary @returns {Partial<Rule>} */
function freshOf(name, vocabulary) {
  const field = vocabulary.fields.find((one) => one.name === name)
  /** @type {Record<string, Value>} */
  const first = { number: 0, money: 0, text: '', flag: true, set: '' }
  return { field: name, op: field?.ops[0] ?? '=', value: name === 'channels' ? 'whatsapp' : first[field?.kind ?? 'text'] }
}

/** @param {Rule[]} parts @returns {Rule} */
const group = (parts) => ({ op: 'all', field: '', value: null, parts })

/** @param {string} op @param {Rule[]} parts @returns {Rule | null} */
export function joined(op, parts) {
  if (parts.length === 0) return null
  return parts.length === 1 ? parts[0] : { ...group(parts), op }
}

/**
 * The comparisons of a rule, if it is one comparison or one group of them.
 * @param {Rule | null} rule
 * @returns {{ op: string, parts: Rule[] } | null}
 */
export function simpleOf(rule) {
  if (rule === null) return { op: 'all', parts: [] }
  if (rule.parts.length === 0) return { op: 'all', parts: [rule] }
  const flat = rule.op !== 'not' && rule.parts.every((part) => part.parts.length === 0)
  return flat ? { op: rule.op, parts: rule.parts } : null
}
