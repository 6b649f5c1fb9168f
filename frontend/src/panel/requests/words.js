// @ts-check

/** Requests by law in words: how they stand, how long there is, what was asked. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { RequestLine, RequestState } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'

/** @type {import('./contract.js').RequestKind[]} */
export const KINDS = ['access', 'rectification', 'erasure', 'opposition', 'restriction', 'portability']
/** How a person of ours says it came in; their own page says so by itself. */
export const WAYS = ['whatsapp', 'email', 'letter', 'counter', 'call']
export const PROOFS = ['document', 'known', 'facts', 'proxy']
/** From so few days on the last day is near. */
const NEAR_DAYS = 3

/** @type {Record<RequestState, Tone>} */
const TONES = { received: 'info', identity: 'warn', work: 'info', answered: 'info', done: 'good', refused: 'neutral' }

/** @param {RequestState} state */
export function stateBadge(state) {
  return badge(t(`requests.state.${state}`), TONES[state])
}

/**
 * How long there is for what comes next, and whether that is over.
 *
 * @param {Pick<RequestLine, 'days_left' | 'due_on' | 'ended_at'>} one
 * @param {string} locale
 */
export function dueBadge({ days_left: left, due_on: on }, locale) {
  if (left === null) return formatDate(on, locale)
  if (left < 0) return badge(tn('requests.late', -left), 'bad')
  if (left === 0) return badge(t('requests.today'), 'warn')
  return badge(tn('requests.left', left), left <= NEAR_DAYS ? 'warn' : 'neutral')
}

/**
 * What the law gives, in one line.
 * @param {import('./contract.js').RequestPage['term']} term
 */
export function termText({ own, article, days, unit }) {
  const length = tn(`requests.unit.${unit}`, days)
  return own || article === '' ? t('requests.term_own', { length, article }).replace(/ \(\)$/, '') : t('requests.term_law', { length, article })
}
