// @ts-check

/** How the field's facts are said: distances, times, results, amounts. */

import { formatNumber, lang, localeFor, t, tOr } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'

/** @import { FieldPortfolio, Judged, Stop, Texts } from './types' */

const TONES = /** @type {const} */ ({ verified: 'good', unsure: 'warn', outside: 'bad' })

/** @param {number | null} metres */
export function distanceWords(metres) {
  if (metres === null) return ''
  if (metres < 995) return `${formatNumber(Math.round(metres / 10) * 10)} m`
  return `${formatNumber(metres / 1000, { maximumFractionDigits: 1 })} km`
}

/** @param {string} instant @param {string} [zone] */
export function timeWords(instant, zone) {
  return new Intl.DateTimeFormat(lang(), { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(instant))
}

/** A moment as an agent says it: the time, and the day when it is another. @param {string} instant @param {string} [zone] */
export function momentWords(instant, zone) {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
  const date = new Date(instant)
  if (day.format(date) === day.format(new Date())) return timeWords(instant, zone)
  return new Intl.DateTimeFormat(lang(), { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone }).format(date)
}

/** @param {Texts} texts */
export function inReadersLanguage(texts) {
  return texts[/** @type {'es'} */ (lang())] || texts.es
}

/**
 * @param {string} code
 * @param {FieldPortfolio | undefined} portfolio
 * @param {Texts | null} [label]  What the server names it, where it is no visit's result.
 */
export function resultWords(code, portfolio, label = null) {
  if (label) return inReadersLanguage(label)
  const own = portfolio?.dispositions.find((one) => one.code === code)
  return own === undefined ? tOr(`visit.result.${code}`, code.replaceAll('_', ' ')) : inReadersLanguage(own.label)
}

/** What of the debt the portfolio lets an agent see. @param {Stop} stop @param {FieldPortfolio | undefined} portfolio */
export function amountWords(stop, portfolio) {
  if (portfolio?.show_amount === 'exact' && stop.amount !== null) return formatMoney(stop.amount, localeFor(portfolio.country))
  if (portfolio?.show_amount === 'none') return ''
  const { amount_range: range } = stop
  if (range && portfolio !== undefined) {
    const [from, to] = [range.from_minor, range.to_minor].map((minor) => formatMoney({ minor, currency: portfolio.currency }, localeFor(portfolio.country), { whole: true }))
    return t('field.between', { from, to })
  }
  return stop.band === null ? '' : t('field.band', { band: stop.band })
}

/** A refusal, a conflict, a reason: by code, else in general. @param {'field.dropped' | 'visit.conflict'} group @param {string} code */
export function codeWords(group, code) {
  return tOr(`${group}.${code}`, null) ?? tOr(`errors.${code}`, null) ?? t(`${group}.other`)
}

/** The verdict in words, with its reasons. @param {Judged} judged */
export function verdictWords({ verdict, reasons }) {
  const why = reasons.map((reason) => tOr(`visit.reason.${reason}`, reason)).join(' ')
  return why === '' ? t(`visit.verdict.${verdict}`) : `${t(`visit.verdict.${verdict}`)}: ${why}`
}

/** @param {Judged} judged */
export function verdictTone({ verdict }) {
  return TONES[verdict]
}
