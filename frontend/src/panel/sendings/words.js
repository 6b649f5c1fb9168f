// @ts-check

/** States, reasons and costs of messages, in words. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { MessageLine } from './contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'

/** @type {Record<string, Tone>} */
const TONES = {
  planned: 'info', reserved: 'info', sent: 'good', delivered: 'good', read: 'good', done: 'good', received: 'neutral',
  failed: 'bad', denied: 'warn', withdrawn: 'neutral',
}

/** @param {MessageLine} message */
export function stateBadge({ state, hangs }) {
  if (hangs) return badge(t('sendings.hangs'), 'warn')
  return badge(tOr(`sendings.state.${state}`, state), TONES[state] ?? 'neutral')
}

/** Why a message failed, was taken back or may not go. @param {MessageLine} message */
export function whyText({ problem, reason_code: reason, state }) {
  if (problem) return tOr(`sendings.problem.${problem.toLowerCase()}`, tOr(`sendings.reason.${problem}`, problem))
  if (state === 'denied' || state === 'planned') return reason && reason !== 'OK' ? reasonText(reason) : ''
  return ''
}

/** @param {string} code */
export function reasonText(code) {
  return tOr(`sendings.reason.${code}`, code)
}

/** @param {string} channel */
export function channelText(channel) {
  return tOr(`sendings.channel.${channel}`, channel)
}

/**
 * Millionths of a currency; a message costs less than a cent.
 * @param {number} micros @param {string} currency @param {string} locale
 */
export function costText(micros, currency, locale) {
  const digits = micros !== 0 && micros < 1_000_000 ? 4 : 2
  return new Intl.NumberFormat(locale, {
    style: 'currency', currency: currency || 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits,
  }).format(micros / 1_000_000)
}
