// @ts-check

/**
 * Rules of what may be agreed: the first that fits a case holds, else the portfolio's own limits.
 * What each means is said in a sentence, and what can never hold is found before it is saved.
 */

/** @import { AgreementLimits, AgreementRule, Band } from '../../core/contract.js' */

import { formatPpm, lang, t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { bandName } from '../bands.js'

export const MOST_RULES = 30

/** A new rule starts from what holds already, so that only what differs is to be typed. @param {AgreementLimits} limits @returns {AgreementRule} */
export const newRule = (limits) => ({ name: '', bands: [], products: [], min_minor: null, max_minor: null, limits: structuredClone(limits) })

/**
 * What keeps a rule from making sense: codes by field.
 * @param {AgreementRule} rule @param {Band[]} bands @param {string[]} others  Names of the other rules.
 * @returns {Record<string, string>}
 */
export function ruleFaults(rule, bands, others) {
  /** @type {Record<string, string>} */
  const faults = {}
  const name = rule.name.trim()
  if (name === '') faults.name = 'name'
  else if (others.includes(name)) faults.name = 'repeated'
  if (rule.bands.some((code) => bands.every((band) => band.code !== code))) faults.bands = 'gone'
  if (rule.min_minor !== null && rule.max_minor !== null && rule.max_minor < rule.min_minor) faults.max_minor = 'order'
  return faults
}

/**
 * Which earlier rule takes every case that a rule could: it never holds then. Null: none does.
 * @param {AgreementRule[]} rules @param {number} index
 */
export function shadowedBy(rules, index) {
  const found = rules.slice(0, index).findIndex((earlier) => covers(earlier, rules[index]))
  return found < 0 ? null : found
}

/** @param {AgreementRule} wide @param {AgreementRule} narrow */
function covers(wide, narrow) {
  /** @param {'bands' | 'products'} key */
  const all = (key) => wide[key].length === 0 || (narrow[key].length > 0 && narrow[key].every((one) => wide[key].includes(one)))
  return all('bands') && all('products')
    && (wide.min_minor ?? -Infinity) <= (narrow.min_minor ?? -Infinity)
    && (wide.max_minor ?? Infinity) >= (narrow.max_minor ?? Infinity)
}

/** @param {string[]} words @param {'conjunction' | 'disjunction'} type */
const listed = (words, type) => new Intl.ListFormat(lang(), { type }).format(words)

/**
 * Which debts a rule is for, in words.
 * @param {AgreementRule} rule @param {Band[]} bands @param {string} currency @param {string} locale
 */
export function whoText(rule, bands, currency, locale) {
  /** @param {number} minor */
  const money = (minor) => formatMoney({ minor, currency }, locale, { whole: true })
  const parts = []
  if (rule.bands.length > 0) parts.push(listed(bands.filter(({ code }) => rule.bands.includes(code)).map(bandName), 'disjunction'))
  if (rule.min_minor !== null && rule.max_minor !== null) parts.push(t('portfolios.rule.between', { min: money(rule.min_minor), max: money(rule.max_minor) }))
  else if (rule.min_minor !== null) parts.push(t('portfolios.rule.from', { min: money(rule.min_minor) }))
  else if (rule.max_minor !== null) parts.push(t('portfolios.rule.up_to', { max: money(rule.max_minor) }))
  if (rule.products.length > 0) parts.push(t('portfolios.rule.product', { names: listed(rule.products, 'disjunction') }))
  return parts.length === 0 ? t('portfolios.rule.any') : parts.join(' · ')
}

/**
 * What limits mean, in words.
 * @param {AgreementLimits} limits @param {string} currency @param {string} locale
 */
export function limitsText(limits, currency, locale) {
  const rhythm = listed(limits.frequencies.map((each) => t(`agreements.every.${each}`).toLocaleLowerCase(lang())), 'disjunction')
  const forgiven = (/** @type {const} */ (['principal', 'interest', 'fees']))
    .filter((part) => limits[`max_discount_${part}_ppm`] > 0)
    .map((part) => t(`portfolios.rule.less.${part}`, { share: formatPpm(limits[`max_discount_${part}_ppm`]) }))
  return [
    tn('portfolios.rule.pays', limits.max_instalments, { rhythm }),
    limits.min_down_payment_ppm > 0 ? t('portfolios.rule.down', { share: formatPpm(limits.min_down_payment_ppm) }) : t('portfolios.rule.no_down'),
    ...(limits.min_share_minor > 0 ? [t('portfolios.rule.least', { amount: formatMoney({ minor: limits.min_share_minor, currency }, locale) })] : []),
    forgiven.length > 0 ? t('portfolios.rule.forgives', { what: listed(forgiven, 'conjunction') }) : t('portfolios.rule.forgives_nothing'),
    tn('portfolios.rule.breaks', limits.missed, { grace: tn('common.days', limits.grace_days) }),
    ...(limits.capitalise ? [t('portfolios.rule.capital')] : []),
  ].join('. ').concat('.')
}
