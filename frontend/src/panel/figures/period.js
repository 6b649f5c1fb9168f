// @ts-check

/** Periods of whole days that are over: the lake knows no others. */

/** @import { Period } from './contract.js' */

import { addDays, daysBetween, formatDate } from '../../core/dates.js'

export const PRESETS = /** @type {const} */ (['week', 'days30', 'month', 'last_month', 'days90'])

/** @typedef {typeof PRESETS[number]} Preset */

/**
 * @param {Preset} preset
 * @param {string} today  The portfolio's own, `yyyy-mm-dd`.
 * @returns {Period}
 */
export function periodOf(preset, today) {
  const yesterday = addDays(today, -1)
  if (preset === 'month') return { from: `${yesterday.slice(0, 8)}01`, to: yesterday }
  if (preset === 'last_month') {
    const to = addDays(`${yesterday.slice(0, 8)}01`, -1)
    return { from: `${to.slice(0, 8)}01`, to }
  }
  const days = { week: 7, days30: 30, days90: 90 }[preset]
  return { from: addDays(yesterday, 1 - days), to: yesterday }
}

/** How many, both ends included. @param {Period} period */
export function daysOf({ from, to }) {
  return daysBetween(from, to) + 1
}

/**
 * As many days right before, to compare with.
 * @param {Period} period
 * @returns {Period}
 */
export function before({ from, to }) {
  const days = daysOf({ from, to })
  return { from: addDays(from, -days), to: addDays(from, -1) }
}

/**
 * Read what the address or a form says; null where it makes no period.
 * @param {string | null} from
 * @param {string | null} to
 * @returns {Period | null}
 */
export function readPeriod(from, to) {
  const day = /^\d{4}-\d{2}-\d{2}$/
  if (from === null || to === null || !day.test(from) || !day.test(to) || from > to) return null
  return Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to)) ? null : { from, to }
}

/** @param {Period} period @param {string} locale */
export function periodText({ from, to }, locale) {
  return `${formatDate(from, locale)} – ${formatDate(to, locale)}`
}
