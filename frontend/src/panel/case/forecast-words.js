// @ts-check

/** What is foretold of a case and of a debt, in plain words. */

/** @import { ForecastDays, ForecastReason } from '../cases/contract.js' */

import { formatNumber, t, tn } from '../../core/i18n.js'
import { html } from '../../core/view.js'

/**
 * `suele pagar unos 12 días tarde; entre 5 y 20 días después de vencer, en 3 de cada 5 casos`
 * @param {ForecastDays | null} expected @param {boolean} overdue
 */
export function whenWords(expected, overdue) {
  if (expected === null) return t('case.forecast.unknown')
  const { usual, low, high } = expected
  const when = usual === 0 ? t('case.forecast.usual.on_day') : tn(`case.forecast.usual.${usual < 0 ? 'early' : overdue ? 'overdue' : 'late'}`, Math.abs(usual))
  return t('case.forecast.range', { when, ...between(low, high) })
}

/** The ends of a range, earlier first; the word of days is said once where both lie on one side. */
function between(/** @type {number} */ low, /** @type {number} */ high) {
  if (high < 0) return { low: formatNumber(-high), high: dayWords(low) }
  return { low: low > 0 ? formatNumber(low) : dayWords(low), high: dayWords(high) }
}

/** @param {number} days */
const dayWords = (days) => (days === 0 ? t('case.forecast.on_day') : tn(`case.forecast.${days < 0 ? 'before' : 'after'}`, Math.abs(days)))

/** @param {ForecastReason[]} reasons */
export function reasonLines(reasons) {
  return html`<ul>${reasons.map(({ code, speaks_for: good, debts, late, mean_days: days }) => html`<li class="row row-between small"><span>${tn(`case.forecast.${code}`, debts, { late, days })}</span><span class="muted">${t(good ? 'case.forecast.for' : 'case.forecast.against')}</span></li>`)}</ul>`
}
