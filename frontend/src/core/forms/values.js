// @ts-check

/**
 * The values of the expression language and how each becomes the others: the twin of
 * `chalicelib/forms/values.py`, where the rules are said.
 */

/** @import { Node } from './tree.js' */
/** @typedef {string | number | boolean | Node[]} Value */

export const DAY_S = 86_400
const DAY_MS = DAY_S * 1000

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/
const DATE = /^([1-9]\d{3})-(\d\d)-(\d\d)$/
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?(?:Z|[+-]\d\d:?\d\d)?$/
const EXPONENT = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/

/** @param {Value} value */
export function textOf(value) {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (Array.isArray(value)) return value.length > 0 ? value[0].text() : ''
  return value === 0 ? '0' : plain(String(value))
}

/** Write a number without an exponent. @param {string} text */
function plain(text) {
  const match = EXPONENT.exec(text)
  if (match === null) return text
  const [, sign, first, rest = '', power] = match
  const digits = first + rest
  const point = 1 + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}

/** @param {string} text */
export function trimmed(text) {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** @param {Value} value */
export function numberOf(value) {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return value
  const text = trimmed(textOf(value))
  return NUMBER.test(text) ? Number(text) : daysOf(text)
}

/** @param {Value} value */
export function truthOf(value) {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return !Number.isNaN(value) && value !== 0
  if (Array.isArray(value)) return value.some((node) => node.text() !== '')
  return value !== ''
}

/** Count the days from 1970-01-01 to a date, or a date and time. @param {string} text */
export function daysOf(text) {
  const at = text.indexOf('T')
  const [day, clock] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  const match = DATE.exec(day)
  if (match === null || text.endsWith('T')) return NaN
  const [year, month, date] = match.slice(1).map(Number)
  const moment = new Date(Date.UTC(year, month - 1, date))
  if (moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== date) return NaN
  const days = moment.getTime() / DAY_MS
  return clock === '' ? days : days + timeOf(clock)
}

/** A time of day as a part of the day. @param {string} text */
export function timeOf(text) {
  const match = TIME.exec(text)
  if (match === null) return NaN
  return (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) / DAY_S
}

/** @param {number} days */
export function dateText(days) {
  if (!(days > -300_000 && days < 2_900_000)) return ''
  return new Date(Math.floor(days) * DAY_MS).toISOString().slice(0, 10)
}

/** @param {number} days */
export function dateTimeText(days) {
  const day = dateText(days)
  if (day === '') return ''
  const millis = Math.min(Math.floor((days - Math.floor(days)) * DAY_S * 1000 + 0.5), DAY_MS - 1)
  return `${day}T${new Date(millis).toISOString().slice(11, 23)}`
}

/** @param {Value} a @param {Value} b @returns {boolean} */
export function same(a, b) {
  if (Array.isArray(a) && typeof b !== 'boolean') {
    return a.length > 0 ? a.some((node) => same(node.text(), b)) : same('', b)
  }
  if (Array.isArray(b) && typeof a !== 'boolean') {
    return b.length > 0 ? b.some((node) => same(a, node.text())) : same(a, '')
  }
  if (typeof a === 'boolean' || typeof b === 'boolean') return truthOf(a) === truthOf(b)
  if (typeof a === 'string' && typeof b === 'string') return a === b
  return numberOf(a) === numberOf(b)
}
