// @ts-check

/** How an answer must be written, by kind: the twin of `chalicelib/forms/wording.py`. */

import { daysOf, numberOf, timeOf } from './values.js'

/** @import { Item } from './form' */

export const MAX_TEXT = 10_000
const INTEGER = /^-?\d{1,15}$/
const DECIMAL = /^-?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})$/
const DAY = /^\d{4}-\d\d-\d\d$/
const FILE = /^[A-Za-z0-9_.-]{1,128}$/

/** @param {string} value */
const isFile = (value) => FILE.test(value)

/** @type {Record<string, [string, (value: string, item: Partial<Item>) => boolean]>} */
const RULES = {
  integer: ['question.not_an_integer', (value) => INTEGER.test(value)],
  decimal: ['question.not_a_number', (value) => DECIMAL.test(value)],
  range: ['question.not_in_range', (value, item) => DECIMAL.test(value) && inRange(Number(value), item)],
  date: ['question.not_a_date', (value) => DAY.test(value) && !Number.isNaN(daysOf(value))],
  time: ['question.not_a_time', (value) => !Number.isNaN(timeOf(value))],
  datetime: ['question.not_a_moment', (value) => value.includes('T') && !Number.isNaN(daysOf(value))],
  geopoint: ['question.not_a_place', isPlace],
  geotrace: ['question.not_a_place', (value) => places(value).length >= 2 && places(value).every(isPlace)],
  geoshape: ['question.not_a_place', (value) => isRing(places(value))],
  acknowledge: ['question.not_a_choice', (value) => value === 'OK'],
  note: ['question.not_asked', () => false],
  photo: ['question.not_a_file', isFile],
  signature: ['question.not_a_file', isFile],
  drawing: ['question.not_a_file', isFile],
  audio: ['question.not_a_file', isFile],
  video: ['question.not_a_file', isFile],
  file: ['question.not_a_file', isFile],
}

/**
 * @param {string} kind
 * @param {string} value
 * @param {Partial<Item>} item
 * @returns {string | null}  A code, or null when it is right.
 */
export function readValue(kind, value, item) {
  if (Array.from(value).length > MAX_TEXT) return 'question.too_long'
  const rule = RULES[kind]
  return rule === undefined || rule[1](value, item) ? null : rule[0]
}

/** @param {string} value */
function places(value) {
  return value.split(';').map((part) => part.trim()).filter((part) => part !== '')
}

/** @param {string[]} found */
function isRing(found) {
  return found.length >= 4 && found[0] === found[found.length - 1] && found.every(isPlace)
}

/** @param {string} value */
function isPlace(value) {
  const parts = value.split(/\s+/).filter((part) => part !== '')
  if (parts.length < 2 || parts.length > 4 || !parts.every((part) => DECIMAL.test(part))) return false
  return Math.abs(Number(parts[0])) <= 90 && Math.abs(Number(parts[1])) <= 180
}

/** @param {number} value @param {Partial<Item>} item */
function inRange(value, item) {
  const given = item.parameters ?? {}
  const start = numberOf(given.start ?? '1')
  const end = numberOf(given.end ?? '10')
  const step = Math.abs(numberOf(given.step ?? '1')) || 1
  const steps = (value - start) / step
  const whole = Math.abs(steps - Math.round(steps)) < 1e-9
  return Math.min(start, end) <= value && value <= Math.max(start, end) && whole
}
