// @ts-check

/** How numbers of figures are written. */

/** @import { FigureLine, KpiOffered, Part, Unit } from './contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { decimalsOf, formatMoney } from '../../core/money.js'

/** Better when smaller; those of NEUTRAL say nothing by growing. */
const BETTER_LESS = new Set(['broken_rate', 'slippage', 'par30', 'overdue_index', 'dso', 'dso_countback', 'dso_best', 'add', 'payment_delay', 'message_cost', 'unit_cost', 'time_to_cure', 'redefault', 'at_risk', 'balance_late', 'cost', 'cost_each', 'denied', 'denied_rate', 'failed', 'complaints', 'opt_outs', 'visits_not_made', 'agreements_broken'])
const NEUTRAL = new Set(['intensity', 'ptp_rate', 'attempts', 'received', 'balance', 'debts', 'cases', 'placed', 'waived', 'forgiven', 'holds', 'opened_disputes', 'promises_due'])

/**
 * @param {number | null} value
 * @param {Unit} unit
 * @param {{ locale: string, currency: string, of?: string }} facts  `of`: the currency of a cost.
 */
export function valueText(value, unit, { locale, currency, of = '' }) {
  if (value === null) return '–'
  if (unit === 'ratio') return new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)
  if (unit === 'money') return formatMoney({ minor: Math.round(value), currency }, locale)
  if (unit === 'days') return t('figures.days_of', { n: number(value, locale, 1) })
  if (unit === 'micros') return t('figures.cost_each', { cost: `${number((value / 1e6) * 10 ** decimalsOf(currency), locale, 4)} ${of}`, one: `1 ${currency}` })
  return number(value, locale, unit === 'count' ? 0 : 2)
}

/** @param {number} value @param {string} locale @param {number} digits */
export function number(value, locale, digits = 0) {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

/**
 * A numerator or denominator as what it counts.
 * @param {number} value
 * @param {Part} part
 * @param {{ locale: string, currency: string, of?: string, days: number }} facts
 */
export function partText(value, part, { locale, currency, of = '', days }) {
  if (part === 'money') return formatMoney({ minor: value, currency }, locale)
  if (part === 'money_days') return t('figures.money_days', { amount: formatMoney({ minor: Math.round(value / days), currency }, locale), n: number(days, locale) })
  if (part === 'days') return t('figures.days_of', { n: number(value, locale) })
  if (part === 'micros') return `${number(value / 1e6, locale, 2)} ${of}`
  return number(value, locale)
}

/**
 * How a figure moved since the period before: in words, and whether that is good.
 * @param {Pick<KpiOffered, 'code' | 'unit'>} kpi
 * @param {number | null} now
 * @param {number | null} then
 * @param {string} locale
 * @returns {{ text: string, tone: 'good' | 'bad' | 'neutral' } | null}
 */
export function moved(kpi, now, then, locale) {
  if (now === null || then === null) return null
  const points = kpi.unit === 'ratio'
  if (!points && then === 0) return null
  const by = points ? (now - then) * 100 : ((now - then) / Math.abs(then)) * 100
  const rounded = Math.round(by * 10) / 10
  const sign = rounded > 0 ? '▲' : rounded < 0 ? '▼' : '='
  const text = `${sign} ${number(Math.abs(rounded), locale, 1)} ${points ? t('figures.points') : '%'}`
  const good = BETTER_LESS.has(kpi.code) ? rounded < 0 : rounded > 0
  return { text, tone: rounded === 0 || NEUTRAL.has(kpi.code) ? 'neutral' : good ? 'good' : 'bad' }
}

/** What a line is of: a band, a channel, a step. @param {string} group */
export function groupText(group) {
  return tOr(`figures.group.${group}`, group)
}

/**
 * Rows as CSV; a text that a spreadsheet would run as a formula stays a text.
 * @param {(string | number | null)[][]} rows
 */
export function csv(rows) {
  /** @param {string | number | null} cell */
  const quoted = (cell) => {
    const text = cell === null ? '' : String(cell)
    const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return `\ufeff${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`
}

/** @param {string} name @param {string} text */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  Object.assign(link, { href: url, download: name })
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** @param {string} code @param {FigureLine[]} lines @param {{ from: string, to: string, version: number, unit: Unit }} told */
export function csvLines(code, lines, { from, to, version, unit }) {
  return lines.map((line) => [code, `v${version}`, unit, from, to, line.group_1, line.group_2, line.numerator, line.denominator, line.value, line.sample])
}
