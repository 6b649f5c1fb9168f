// @ts-check

/** Payments in words: how they stand, how they were made, why they went wrong. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { Line } from './contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'

/** @type {Record<string, Tone>} */
const TONES = {
  posted: 'good', over: 'warn', back: 'bad', open: 'info', pending: 'info', paid: 'good', failed: 'bad',
  closed: 'neutral', expired: 'neutral', waiting: 'warn', found: 'good', not_found: 'bad', moved: 'neutral', assigning: 'warn', assigned: 'good', returning: 'warn', returned: 'neutral',
}

/** @param {Line} one */
export function stateBadge({ kind, state }) {
  const waits = kind === 'unmatched' && state === 'open'
  return badge(t(`payments.state.${kind}.${state}`), waits ? 'warn' : TONES[state])
}

/** @param {{ provider: string, method: string }} one */
export function howText({ provider, method }) {
  const by = tOr(`payments.provider.${provider}`, provider)
  return method ? `${tOr(`payments.method.${method}`, method)} · ${by}` : by
}

/** @param {string} code  Why a checkout ended, or a payment has no case. */
export function whyText(code) {
  return tOr(`payments.why.${code}`, code)
}
