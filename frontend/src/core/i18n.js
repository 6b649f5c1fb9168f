// @ts-check

/**
 * Texts of the page's language. The build writes one module per page and language holding just
 * the areas that page uses; the page's HTML names it in `<html data-texts>`.
 */

/** @typedef {Record<string, string | number>} Values */

export const LANGUAGES = /** @type {const} */ (['es', 'en', 'pt'])

/** @type {Record<string, string>} */
let texts = {}
let language = 'es'

/**
 * @param {Record<string, string>} entries
 * @param {string} lang
 */
export function useTexts(entries, lang) {
  texts = entries
  language = lang
}

/** Load the texts the page's HTML names. */
export async function loadTexts() {
  const { texts: url = '' } = document.documentElement.dataset
  const module = await import(url)
  useTexts(module.default, document.documentElement.lang)
}

/** Load the texts that the page needs only after it is there; their keys join the others. */
export async function loadLaterTexts() {
  const { later = '' } = document.documentElement.dataset
  const module = await import(later)
  texts = { ...texts, ...module.default }
}

/** @type {Promise<void> | null} */
let refusals = null

/**
 * Load what the API refuses in: most pages are closed again without having met a refusal. Where
 * they cannot be loaded, a refusal is told by its kind; the page's own texts go before them.
 */
export function loadRefusals() {
  const { refusals: url } = globalThis.document?.documentElement.dataset ?? {}
  if (url === undefined) return Promise.resolve()
  refusals ??= import(url).then((module) => { texts = { ...module.default, ...texts } }, () => { refusals = null })
  return refusals
}

export function lang() {
  return language
}

/**
 * The text with its `{placeholders}` filled in; the key itself when there is none, so that a
 * gap is seen and reported rather than blank.
 *
 * @param {string} key  Such as `home.balance`.
 * @param {Values} [values]
 */
export function t(key, values = {}) {
  return fill(texts[key] ?? key, values)
}

/**
 * As `t`, or the fallback where there is no such text.
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @param {Values} [values]
 * @returns {string | T}
 */
export function tOr(key, fallback, values = {}) {
  return key in texts ? fill(texts[key], values) : fallback
}

/**
 * A text that depends on a count: `key.one`, `key.other` (and `key.zero` where it reads better).
 * `{n}` is filled with the formatted count.
 *
 * @param {string} key
 * @param {number} count
 * @param {Values} [values]
 */
export function tn(key, count, values = {}) {
  const n = formatNumber(count)
  if (count === 0 && `${key}.zero` in texts) return fill(texts[`${key}.zero`], { n, ...values })
  const form = new Intl.PluralRules(language).select(count)
  return fill(texts[`${key}.${form}`] ?? texts[`${key}.other`] ?? key, { n, ...values })
}

/**
 * @param {number | bigint} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function formatNumber(value, options) {
  return new Intl.NumberFormat(localeFor(), { useGrouping: true, ...options }).format(value)
}

/**
 * A share of one million as a percentage: 360000 -> "36 %".
 * @param {number} ppm
 * @param {number} [decimals]
 */
export function formatPpm(ppm, decimals = 2) {
  return formatNumber(ppm / 1_000_000, { style: 'percent', maximumFractionDigits: decimals })
}

/**
 * The locale for figures: the page's language as written in the portfolio's country, since
 * `1.234` is a thousand in Bogotá and one and a bit in Mexico City.
 *
 * @param {string} [country]  ISO 3166 alpha-2; without it the region most readers are in.
 */
export function localeFor(country) {
  if (language === 'pt') return 'pt-BR'
  if (language === 'en') return 'en-US'
  return country === undefined ? 'es-MX' : `es-${country}`
}

/**
 * @param {string} text
 * @param {Values} values
 */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}
