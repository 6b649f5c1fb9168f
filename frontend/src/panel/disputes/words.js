// @ts-check

/** Disputes in words: what they are about, how they stand, how long there is to answer. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { DisputeKind, DisputeLine, DisputeState } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn, tOr } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'

/** @type {DisputeKind[]} */
export const KINDS = ['not_mine', 'wrong_amount', 'already_paid', 'goods_or_service', 'deceased', 'fraud', 'prescribed', 'other']
/** With these nobody is contacted about anything of the case. @type {DisputeKind[]} */
export const WITH_CARE = ['deceased', 'fraud']
/** From so few days on the day to answer is near. */
const NEAR_DAYS = 2

/** @type {Record<DisputeState, Tone>} */
const TONES = { open: 'info', investigating: 'info', accepted: 'good', partly: 'warn', rejected: 'neutral', withdrawn: 'neutral' }

/** @param {DisputeState} state */
export function stateBadge(state) {
  return badge(t(`disputes.state.${state}`), TONES[state])
}

/** @param {string} kind */
export function kindText(kind) {
  return tOr(`disputes.kind.${kind}`, kind)
}

/**
 * How long there is to answer, and whether that is over.
 *
 * @param {Pick<DisputeLine, 'days_left' | 'due_on'>} dispute
 * @param {string} locale
 */
export function dueBadge({ days_left: left, due_on: on }, locale) {
  if (left === null) return formatDate(on, locale)
  if (left < 0) return badge(tn('disputes.late', -left), 'bad')
  if (left === 0) return badge(t('disputes.today'), 'warn')
  return badge(tn('disputes.left', left), left <= NEAR_DAYS ? 'warn' : 'neutral')
}
