// @ts-check

/**
 * How a column's cells are read, shown on one of them: `1.234,50 → $1,234.50`. The server reads
 * the file; this only repeats its verdict on a sample, so what it cannot repeat it leaves out.
 */

/** @import { Column } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { formatMoney, decimalsOf } from '../../core/money.js'

const MONEY = new Set(['amount', 'principal', 'interest', 'fees', 'balance', 'instalment_amount', 'payment_amount', 'charged_off_amount'])
const DATES = new Set(['issued_on', 'due_on', 'instalment_due_on', 'paid_on', 'charged_off_on'])

/**
 * @param {Column} column
 * @param {string | null} field  What the column is taken for.
 * @param {{ currency: string, locale: string }} money
 * @param {Record<string, string>} [answered]  What a person said of this column, by question kind.
 * @returns {string | null}
 */
export function readingText(column, field, { currency, locale }, answered = {}) {
  if (field === null) return null
  if (column.reading.because === 'asked' && Object.keys(answered).length === 0) return null
  for (const sample of column.samples) {
    if (MONEY.has(field)) {
      const minor = readMoney(sample, decimalOf(column, answered), currency)
      if (minor !== null) return `${sample} → ${formatMoney({ minor, currency }, locale)}`
    } else if (DATES.has(field)) {
      const day = readDate(sample, orderOf(column, answered))
      if (day !== null) return `${sample} → ${formatDate(day, locale)}`
    }
  }
  return null
}

/** A reading that waits for an answer is no reading yet. @param {Column} column @param {Record<string, string>} answered */
function orderOf({ reading }, answered) {
  return answered.date_order ?? (reading.because === 'asked' ? null : (reading.order ?? null))
}

/** @param {Column} column @param {Record<string, string>} answered */
function decimalOf({ reading, samples }, answered) {
  if (answered.decimal_mark) return answered.decimal_mark
  const mark = reading.decimal ?? null
  if (answered.integer_thousands === undefined) return mark
  const used = samples.join('').includes(',') ? ',' : '.'
  if (answered.integer_thousands === 'decimals') return used
  return used === ',' ? '.' : ','
}

/**
 * @param {string} text
 * @param {string | null} mark  The column's decimal mark; null or empty: it has no decimals.
 * @param {string} currency
 * @returns {number | null}  Minor units.
 */
export function readMoney(text, mark, currency) {
  const negative = /^\s*[-(]|-\s*$/.test(text)
  const body = text.replace(/[^\d.,]/g, '')
  if (!/\d/.test(body)) return null
  const at = mark ? body.lastIndexOf(mark) : -1
  const whole = (at === -1 ? body : body.slice(0, at)).replace(/\D/g, '') || '0'
  const fraction = at === -1 ? '' : body.slice(at + 1).replace(/\D/g, '')
  const decimals = decimalsOf(currency)
  if (fraction.length > decimals && /[1-9]/.test(fraction.slice(decimals))) return null
  const minor = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  if (!Number.isSafeInteger(minor)) return null
  return negative ? -minor : minor
}

/**
 * @param {string} text
 * @param {string | null} order  `dmy`, `mdy` or `ymd`.
 * @returns {string | null}  ISO date.
 */
export function readDate(text, order) {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text.trim())
  if (iso !== null) return isoDate(iso[1], iso[2], iso[3])
  const parts = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})/.exec(text.trim())
  if (parts === null) return null
  if (order === 'dmy') return isoDate(parts[3], parts[2], parts[1])
  if (order === 'mdy') return isoDate(parts[3], parts[1], parts[2])
  return null
}

/** @param {string} year @param {string} month @param {string} day */
function isoDate(year, month, day) {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text
}
