// @ts-check

/** The words of the queue: why a case comes next, what is said in a call, how long it lasts. */

/** @import { CallResult, CallSheet, CallTurn } from './contract.js' */
/** @import { CasePage } from '../cases/contract.js' */

import { formatDate } from '../../core/dates.js'
import { lang, t, tn, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'

/** In the order in which a caller looks for them. */
export const MET = /** @type {const} */ (['holder', 'third', 'nobody', 'none'])
export const SKIPS = /** @type {const} */ (['number', 'known', 'language', 'moment', 'other'])
/** Minutes after which a snoozed case may come back. */
export const SNOOZES = ['15', '60', '180', '1440']

/** Reasons that count days or minutes. */
const COUNTED = ['promise_broken', 'rolls_soon', 'rest', 'closes_soon']

/** @param {CallTurn['reasons'][number]} reason @param {string} [segment]  Its name, for the quota it came up by. */
export function reasonText({ code, value, basis }, segment = '') {
  if (code === 'quota') return t(segment === '' ? 'queue.reason.quota_none' : 'queue.reason.quota', { n: value ?? 0, segment })
  if (code === 'rest' && value === null) return t('queue.reason.never')
  if (code === 'good_hour') return t(`queue.reason.good_hour.${basis}`)
  if (code === 'asked' && basis !== '') return value === null ? t(`queue.reason.asked.${basis}`) : t(`queue.reason.asked.${basis}.at`, { time: clock(value) })
  if (COUNTED.includes(code)) return tn(`queue.reason.${code}`, value ?? 0)
  return t(`queue.reason.${code}`, { n: value ?? '' })
}

/** @param {CallResult} result */
export function labelOf({ label }) {
  return label[lang()] ?? label.es
}

/**
 * What is said, with the names in it; what the caller has to fill in stays in brackets. A line
 * that names what the case does not have - a promise, an agency - is left out.
 * @param {CallSheet} sheet @param {CasePage} page @param {string} agent @param {string} locale
 */
export function scriptLines({ script, due_on: due, brand, words }, page, agent, locale) {
  const promised = page.promises.find(({ state }) => state === 'open')
  /** @type {Record<string, string>} */
  const values = {
    ...words, agent, brand, name: page.case.name, first_name: page.case.name.split(' ')[0], total: formatMoney(page.case.total_due, locale),
    due_on: due === null ? '' : formatDate(due, locale, 'long'),
    days_late: page.case.legal_dpd > 0 ? String(page.case.legal_dpd) : '',
    promise_amount: promised ? formatMoney(promised.amount, locale) : '',
    promise_on: promised ? formatDate(promised.due_on, locale, 'long') : '',
  }
  return script
    .filter((line) => [...line.matchAll(/\{(\w+)\}/g)].every(([, name]) => values[name] !== ''))
    .map((line) => line.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole))
}

/** `4:07`. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/**
 * What a result still wants, by its codes.
 * @param {CallResult} result
 * @param {{ note: string, callback: string, promised: boolean, agreed: boolean, disputed: boolean }} has
 */
export function missing({ wants }, { note, callback, promised, agreed, disputed }) {
  const there = { note: note.trim() !== '', callback: callback !== '', promise: promised, agreement: agreed, dispute: disputed }
  return wants.filter((want) => !there[want])
}

/** A moment as `datetime-local` writes it, on the reader's own clock. @param {Date} at */
export function localText(at) {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** What of itself follows from a result. @param {CallResult} result */
export function followsText({ does }) {
  return does === null ? '' : tOr(`queue.does.${does}`, '')
}
