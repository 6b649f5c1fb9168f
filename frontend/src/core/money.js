// @ts-check

/**
 * Money as the wire has it: whole minor units and a currency. Nothing here goes through a
 * floating point number: amounts become decimal strings, and Intl formats those exactly.
 */

/** @typedef {{ minor: number | bigint | string, currency: string }} Money */

/** ISO 4217 minor units where they are not two; the same table as `chalicelib/domain/money.py`. */
const DECIMALS = /** @type {Record<string, number>} */ ({ CLP: 0, PYG: 0, CLF: 4 })

/** @param {string} currency */
export function decimalsOf(currency) {
  return DECIMALS[currency] ?? 2
}

/**
 * The amount as a plain decimal: `"-1234.50"`.
 * @param {Money} money
 */
export function toDecimal({ minor, currency }) {
  const decimals = decimalsOf(currency)
  const units = BigInt(minor)
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const sign = units < 0n ? '-' : ''
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`
}

/**
 * @param {Money} money
 * @param {string} locale  BCP 47, such as `es-MX`.
 * @param {{ code?: boolean, whole?: boolean }} [how]  `code`: MXN instead of $; `whole`: hide
 *   the cents (for dashboards; the exact figure belongs in a title or table beside it).
 */
export function formatMoney(money, locale, { code = false, whole = false } = {}) {
  const decimals = whole ? 0 : decimalsOf(money.currency)
  const format = formatter(locale, money.currency, code ? 'code' : 'narrowSymbol', decimals)
  return format.format(/** @type {Intl.StringNumericLiteral} */ (toDecimal(money)))
}

/**
 * Short form for charts and tight cards: `$ 1.2 M`. Never the only place a figure is shown.
 * @param {Money} money
 * @param {string} locale
 */
export function formatMoneyShort(money, locale) {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
    minimumFractionDigits: 0,
  })
  return format.format(/** @type {Intl.StringNumericLiteral} */ (toDecimal(money)))
}

/**
 * Read an amount as a person typed it, in the page's locale; both `1.234,5` and `1,234.5`
 * are understood where they cannot be mistaken.
 *
 * @param {string} text
 * @param {string} currency
 * @param {string} locale
 * @returns {number | null}  Minor units, or null when it is not clearly one amount.
 */
export function parseMoney(text, currency, locale) {
  return parseScaled(text, decimalsOf(currency), locale)
}

/**
 * Read a decimal number as a whole number of its smallest unit: `"36,5"` with 4 decimals is 365000.
 *
 * @param {string} text
 * @param {number} decimals
 * @param {string} locale
 * @returns {number | null}
 */
export function parseScaled(text, decimals, locale) {
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, '').replace(/^[^\d.,+-]+|[^\d.,]+$/g, '')
  const match = /^([+-]?)([\d.,]+)$/.exec(bare)
  if (match === null || !/\d/.test(match[2])) return null
  const [whole, fraction] = splitDecimal(match[2], decimals, decimalMarkOf(locale))
  if (whole === null || fraction.length > decimals) return null
  const minor = Number(match[1] + whole + fraction.padEnd(decimals, '0'))
  return Number.isSafeInteger(minor) ? minor : null
}

/**
 * @param {string} digits  Digits, dots and commas only.
 * @param {number} decimals
 * @param {string} localMark
 * @returns {[string | null, string]}
 */
function splitDecimal(digits, decimals, localMark) {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (last === -1) return [digits, '']
  const mark = digits[last]
  const other = mark === '.' ? ',' : '.'
  const tail = digits.slice(last + 1)
  const once = digits.indexOf(mark) === last
  const isDecimal = once && decimals > 0 && (digits.includes(other) || mark === localMark || tail.length !== 3)
  const groupMark = isDecimal ? other : mark
  const whole = isDecimal ? digits.slice(0, last) : digits
  if (!isDecimal && digits.includes(other)) return [null, '']
  const groups = whole.split(groupMark)
  const wellGrouped = groups.length === 1 || (groups[0].length <= 3 && groups[0] !== '' && groups.slice(1).every((g) => g.length === 3))
  if (!wellGrouped || /[.,]/.test(groups.join(''))) return [null, '']
  return [groups.join('') || '0', isDecimal ? tail : '']
}

/** @param {string} locale */
export function decimalMarkOf(locale) {
  const part = new Intl.NumberFormat(locale).formatToParts(1.5).find((p) => p.type === 'decimal')
  return part?.value ?? '.'
}

/**
 * What an input shows for an amount: digits in the locale's own way, without symbol.
 * @param {Money} money
 * @param {string} locale
 */
export function formatForInput(money, locale) {
  const decimals = decimalsOf(money.currency)
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false,
  })
  return format.format(/** @type {Intl.StringNumericLiteral} */ (toDecimal(money)))
}

/** @type {Map<string, Intl.NumberFormat>} */
const formatters = new Map()

/**
 * @param {string} locale
 * @param {string} currency
 * @param {'code' | 'narrowSymbol'} currencyDisplay
 * @param {number} decimals
 */
function formatter(locale, currency, currencyDisplay, decimals) {
  const key = `${locale}|${currency}|${currencyDisplay}|${decimals}`
  let format = formatters.get(key)
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency', currency, currencyDisplay,
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    })
    formatters.set(key, format)
  }
  return format
}
