// @ts-check

import { t } from '../core/i18n.js'
import { decimalsOf, formatForInput, parseScaled } from '../core/money.js'
import { textField } from '../core/ui/fields.js'

/**
 * Numbers as they are being typed. A number that cannot be read keeps its text in the field and
 * leaves the value as it was, and saving waits until it can.
 */
export class Drafts {
  /** @type {Map<string, { text: string, error: string | null }>} */
  #typed = new Map()
  #paint

  /** @param {() => void} paint */
  constructor(paint) {
    this.#paint = paint
  }

  clear() {
    this.#typed.clear()
  }

  /** @param {string} name */
  forget(name) {
    this.#typed.delete(name)
  }

  /** @returns {Record<string, string>}  By field name. */
  errors() {
    const faulty = [...this.#typed].filter(([, { error }]) => error !== null)
    return Object.fromEntries(faulty.map(([name, { error }]) => [name, String(error)]))
  }

  /**
   * A number kept as a whole count of its smallest unit: 36.5 % as 365000 with 4 decimals.
   *
   * @param {object} facts
   * @param {string} facts.name
   * @param {unknown} facts.label
   * @param {unknown} [facts.hint]
   * @param {number | null} facts.value  Scaled; null shows an empty field.
   * @param {number} [facts.decimals]
   * @param {string} facts.locale
   * @param {unknown} [facts.suffix]
   * @param {number} [facts.min]  Scaled, inclusive.
   * @param {number} [facts.max]  Scaled, inclusive.
   * @param {boolean} [facts.optional]  Empty means null.
   * @param {boolean} [facts.disabled]
   * @param {string} [facts.error]
   * @param {(value: number | null) => void} facts.onInput  Only for what could be read.
   */
  field({ name, label, hint, value, decimals = 0, locale, suffix, min = 0, max = Number.MAX_SAFE_INTEGER, optional = false, disabled = false, error, onInput }) {
    const draft = this.#typed.get(name)
    /** @param {number} scaled */
    const shown = (scaled) => trimZeros(formatScaled(scaled, decimals, locale), decimals)
    return textField({
      name, label, hint, disabled, suffix, required: !optional, inputmode: decimals === 0 && min >= 0 ? 'numeric' : 'decimal',
      value: draft?.text ?? (value === null ? '' : shown(value)),
      error: draft?.error ?? error,
      onInput: (text) => {
        const read = text.trim() === '' && optional ? null : parseScaled(text, decimals, locale)
        const fault = faultOf(read, text.trim() === '' && optional)
        this.#typed.set(name, { text, error: fault })
        if (fault === null) onInput(read)
        this.#paint()
      },
      onBlur: () => {
        if (this.#typed.get(name)?.error !== null) return
        this.#typed.delete(name)
        this.#paint()
      },
    })

    /** @param {number | null} read @param {boolean} blank */
    function faultOf(read, blank) {
      if (blank) return null
      if (read === null) return t('common.field_number')
      return read < min || read > max ? t('common.field_range', { min: shown(min), max: shown(max) }) : null
    }
  }

  /**
   * An amount of money.
   * @param {Omit<Parameters<Drafts['field']>[0], 'decimals' | 'suffix'> & { currency: string }} facts
   */
  money({ currency, ...facts }) {
    return this.field({ ...facts, decimals: decimalsOf(currency), suffix: currency })
  }

  /**
   * A percentage kept in parts per million.
   * @param {Omit<Parameters<Drafts['field']>[0], 'decimals' | 'suffix'>} facts
   */
  percent(facts) {
    return this.field({ max: 1_000_000, ...facts, decimals: 4, suffix: '%' })
  }
}

/** @param {number} scaled @param {number} decimals @param {string} locale */
function formatScaled(scaled, decimals, locale) {
  if (decimals === 0) return String(scaled)
  if (decimals === 2) return formatForInput({ minor: scaled, currency: 'USD' }, locale)
  const digits = String(Math.abs(scaled)).padStart(decimals + 1, '0')
  const text = `${scaled < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return new Intl.NumberFormat(locale, { useGrouping: false, minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .format(/** @type {Intl.StringNumericLiteral} */ (text))
}

/** Percentages read better as 36 than 36.0000; money keeps its cents. @param {string} text @param {number} decimals */
function trimZeros(text, decimals) {
  return decimals > 2 ? text.replace(/[.,]?0+$/, '').replace(/^$/, '0') : text
}
