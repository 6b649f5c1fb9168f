// @ts-check

/** What reports are made of, by name: measures, dimensions, and what a line is of. */

/** @import { MeasureOffered, MeasureTold, ReportTold } from './contract.js' */

import { addDays, daysBetween, formatDate } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { groupText, number, valueText } from './words.js'

export const TIMES = ['day', 'week', 'month']
const IN_ORDER = [...TIMES, 'weekday', 'hour', 'vintage']

/** @param {string} code */
export function measureName(code) {
  return tOr(`reports.measure.${code}`, code)
}

/** @param {string} code */
export function dimensionName(code) {
  return tOr(`reports.by.${code}`, code)
}

/** @param {{ measures: string[], dimensions: string[] }} report */
export function titleOf({ measures, dimensions }) {
  const of = measures.map(measureName).join(', ')
  return dimensions.length === 0 ? of : t('reports.title', { of, by: dimensions.map(dimensionName).join(', ') })
}

/**
 * What a line's value of a dimension is called.
 * @param {string} dimension
 * @param {string} key
 * @param {string} name  Of a person, where it is known.
 * @param {string} locale
 */
export function keyText(dimension, key, name, locale) {
  if (key === '') return t('reports.empty')
  if (dimension === 'day' || dimension === 'week') return formatDate(key, locale, 'short')
  if (dimension === 'weekday') return tOr(`reports.weekday.${key}`, key)
  if (dimension === 'hour') return `${key}:00`
  return name !== key ? name : tOr(`reports.value.${key}`, groupText(key))
}

/**
 * @param {Pick<MeasureOffered, 'code' | 'unit'>} measure
 * @param {number | null} value
 * @param {{ locale: string, currency: string }} facts
 */
export function measureText(measure, value, { locale, currency }) {
  // A cost is of the currency that its line says.
  if (measure.unit === 'micros') return value === null ? '–' : number(value / 1e6, locale, 4)
  return valueText(value, measure.unit, { locale, currency })
}

/**
 * The same line of the days before: by its keys, days counted from where the period begins.
 * @param {ReportTold} told
 * @param {ReportTold | null} then
 * @returns {(keys: string[]) => MeasureTold[] | undefined}
 */
export function linesBefore(told, then) {
  if (then === null || told.dimensions.some((one) => one === 'week' || one === 'month')) return () => undefined
  const known = new Map(then.lines.map(({ keys, values }) => [keys.join('\n'), values]))
  const days = daysBetween(then.from, told.from)
  return (keys) => known.get(keys.map((key, at) => (told.dimensions[at] === 'day' && key ? addDays(key, -days) : key)).join('\n'))
}

/** Lines as they are read: numbers come as text, and 10 stands after 9. @param {ReportTold} told */
export function inOrder({ dimensions, lines }) {
  return ['hour', 'weekday'].includes(dimensions[0] ?? '') ? [...lines].sort((a, b) => Number(a.keys[0]) - Number(b.keys[0])) : lines
}

/** Whether the lines are best drawn one after the other. @param {string | undefined} dimension */
export function isOrdered(dimension) {
  return IN_ORDER.includes(dimension ?? '')
}

/** @param {ReportTold} told @returns {(string | number | null)[][]} */
export function csvRows(told) {
  const head = [...told.dimensions, ...told.measures.flatMap((code) => [code, `${code}_numerator`, `${code}_denominator`])]
  return [head, ...told.lines.map((line) => [...line.names, ...line.values.flatMap(({ value, numerator, denominator }) => [value, numerator, denominator])])]
}
