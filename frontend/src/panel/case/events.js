// @ts-check

/** What happened, in words a person would use, for each kind of event. */

/** @import { Money } from '../../core/contract.js' */
/** @import { IconName } from '../../core/ui/icons.js' */
/** @import { Debt, TimelineEvent } from '../cases/contract.js' */
/** @import { StrategyNames } from '../step-words.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { formatPhone } from './contacts.js'
import { messageWords } from './messages.js'
import { debtNamed } from './ledger.js'

/** @typedef {{ locale: string, currency: string, debts: Debt[], names: StrategyNames }} Way */

/** @type {Record<string, IconName>} */
const ICONS = {
  attempt: 'chat', chat: 'chat', conversation: 'chat',
  case: 'cases', debtor: 'people', contact: 'phone', address: 'pin', debt: 'file', payment: 'coin', adjustment: 'edit',
  agreement: 'file', waiver: 'minus', entry: 'undo', note: 'edit', tags: 'tag', correction: 'minus', promise: 'calendar', task: 'calendar', upload: 'upload', merge: 'people',
  consent: 'check', hold: 'info', dispute: 'warning', visit: 'pin', link: 'key', paper: 'file', rights: 'shield',
}

/** Families of events a reader may want to see alone, and the kinds the server knows them by. */
export const FAMILIES = /** @type {const} */ (['payment', 'promise', 'agreement', 'attempt', 'task', 'visit', 'note', 'debt', 'adjustment', 'waiver', 'entry', 'contact', 'address', 'consent', 'hold', 'dispute', 'paper'])

/** Who did it: a person by name, otherwise by what it was. @param {{ id: string, name: string }} actor */
export function actorName({ id, name }) {
  if (name) return name
  return tOr(`case.actor.${id.split(':')[0]}`, t('case.actor.system'))
}

/** @param {string} kind @returns {IconName} */
export function eventIcon(kind) {
  return ICONS[kind.split('.')[0]] ?? 'info'
}

/**
 * @param {TimelineEvent} event
 * @param {Way} way
 * @returns {{ title: string, lines: string[], quote: string | null }}  `quote`: what a person wrote.
 */
export function eventWords(event, way) {
  const { kind, facts, personal } = event
  if (kind.startsWith('attempt.')) return messageWords(event, way.names)
  const values = valuesOf(event, way)
  const told = kind === 'payment.reported' && !facts.amount_minor ? `${kind}_only` : kind.startsWith('rights.') ? 'rights' : kind
  const title = tOr(`case.event.${told}`, null, values) ?? t('case.event.other', { kind })
  return { title, lines: linesOf(kind, facts, personal, way), quote: personal.text ?? personal.reason ?? personal.words ?? personal.note ?? personal.answer ?? null }
}

/** @param {TimelineEvent} event @param {Way} way */
function valuesOf({ facts, personal }, way) {
  return {
    amount: facts.amount_minor === undefined ? '' : money(Math.abs(facts.amount_minor), way),
    debt: debtNamed(way.debts, facts.debt_id),
    component: facts.component ? t(`common.component.${facts.component}`).toLocaleLowerCase() : '',
    task: facts.task ? tOr(`case.task.${facts.task}`, facts.task).toLocaleLowerCase() : '',
    day: facts.day ? formatDate(facts.day, way.locale) : '',
    why: facts.why ? tOr(`case.visit_why.${facts.why}`, facts.why).toLocaleLowerCase() : '',
    due: facts.due_on ? formatDate(facts.due_on, way.locale) : '',
    number: facts.number ?? '',
    value: personal.value ? (personal.value.startsWith('+') ? formatPhone(personal.value) : personal.value) : t('case.erased'),
    lines: [personal.lines, personal.city].filter(Boolean).join(', ') || t('case.erased'),
  }
}

/**
 * @param {string} kind
 * @param {Record<string, any>} facts
 * @param {Record<string, string>} personal
 * @param {Way} way
 */
function linesOf(kind, facts, personal, way) {
  /** @type {(string | null)[]} */
  const lines = []
  if (kind === 'payment.posted') {
    lines.push(t('case.event_on', { day: formatDate(facts.paid_on, way.locale) }))
    if (facts.method) lines.push(tOr(`case.method.${facts.method}`, facts.method))
    if (facts.reference) lines.push(t('case.event_reference', { reference: facts.reference }))
  }
  if (kind === 'payment.reported') {
    if (facts.paid_on) lines.push(t('case.event_on', { day: formatDate(facts.paid_on, way.locale) }))
    if (personal.reference) lines.push(t('case.event_reference', { reference: personal.reference }))
  }
  // What was done about a request by law: its words come after what is read first.
  if (kind.startsWith('rights.')) lines.push(tOr(kind.replace('rights', 'requests.act'), null))
  if (kind === 'payment.report_settled') lines.push(t(`case.event_report.${facts.state}`))
  if (kind.startsWith('paper.') && personal.name) lines.push(personal.name)
  if (kind.startsWith('cash.')) lines.push(t('case.event_receipt', { number: facts.receipt }))
  if (kind === 'case.created' && facts.debts?.length > 0) {
    const sum = facts.debts.reduce((/** @type {number} */ total, /** @type {any} */ debt) => total + (debt.amount_minor ?? 0), 0)
    lines.push(tn('case.event_debts', facts.debts.length, { amount: money(sum, way) }))
  }
  if (kind === 'language.changed') lines.push(t(facts.after ? `common.language_name.${facts.after}` : 'case.language_auto'))
  if (kind === 'tags.changed') lines.push(...tagLines(facts))
  if (kind === 'debtor.changed') lines.push(...changedLines(facts.fields ?? [], personal))
  if (kind === 'debt.changed') {
    const fields = Object.keys(facts.before ?? {}).filter((field) => !field.startsWith('stated_'))
    if (fields.length > 0) lines.push(t('case.event_fields', { fields: fields.map((field) => tOr(`case.debt_field.${field}`, field)).join(', ') }))
    if (facts.adjusted_minor) lines.push(t(facts.adjusted_minor > 0 ? 'case.event_raised' : 'case.event_lowered', { amount: money(Math.abs(facts.adjusted_minor), way) }))
  }
  if (kind === 'entry.reversed' && facts.entries?.length > 1) lines.push(tn('case.event_entries', facts.entries.length))
  if (kind.startsWith('hold.') && facts.reason) lines.push(t(`contact.reason.${facts.reason}`))
  if (kind === 'consent.hours') lines.push(wishText(facts) || t('case.wish_none'))
  if (kind.startsWith('consent.') && facts.channel !== '*') lines.push(t(`contact.channel.${facts.channel}`))
  if (kind === 'promise.made' && facts.channel) lines.push(tOr(`case.channel.${facts.channel}`, facts.channel))
  if (kind.startsWith('contact.') && facts.quality) lines.push([tOr(`case.party.${facts.party}`, facts.party), t(`case.quality.${facts.quality}`)].filter(Boolean).join(' · '))
  return lines.filter((line) => line !== null)
}

/**
 * When the debtor asked to be contacted; empty when they take any hour of the law's.
 * @param {{ opens_at?: string, closes_at?: string, not_on?: string[] }} wish
 */
export function wishText({ opens_at: opens = '', closes_at: closes = '', not_on: days = [] }) {
  const hours = opens && closes ? t('case.wish_both', { opens, closes }) : opens ? t('case.wish_from', { opens }) : closes ? t('case.wish_to', { closes }) : ''
  return [hours, ...days.map((day) => t(`case.wish_not.${day}`))].filter(Boolean).join(', ')
}

/** @param {Record<string, any>} facts */
function tagLines({ before = [], after = [] }) {
  const added = after.filter((/** @type {string} */ tag) => !before.includes(tag))
  const gone = before.filter((/** @type {string} */ tag) => !after.includes(tag))
  return [
    added.length > 0 ? t('case.event_tags_added', { tags: added.join(', ') }) : null,
    gone.length > 0 ? t('case.event_tags_removed', { tags: gone.join(', ') }) : null,
  ]
}

/** @param {string[]} fields @param {Record<string, string>} personal */
function changedLines(fields, personal) {
  return fields.map((field) => t('case.event_from_to', {
    field: tOr(`case.debtor_field.${field}`, field),
    from: personal[`old_${field}`] || '–',
    to: personal[field] ?? t('case.erased'),
  }))
}

/** @param {number} minor @param {Way} way */
function money(minor, { locale, currency }) {
  return formatMoney(/** @type {Money} */ ({ minor, currency }), locale)
}
