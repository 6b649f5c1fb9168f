// @ts-check

/** Visits in words: verdicts, what speaks against one, what no longer fitted. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { Judged, Standing, VerdictName, VisitLine } from './contract.js' */

import { formatNumber, lang, t, tOr } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'

/** @type {Record<VerdictName, Tone>} */
const VERDICTS = { verified: 'good', unsure: 'warn', outside: 'bad' }
/** @type {Record<Standing, Tone>} */
const STANDINGS = { received: 'neutral', review: 'warn', accepted: 'good', rejected: 'bad' }

/** @param {VerdictName} verdict */
export function verdictBadge(verdict) {
  return badge(t(`visits.verdict.${verdict}`), VERDICTS[verdict])
}

/** @param {Standing} standing */
export function standingBadge(standing) {
  return badge(t(`visits.standing.${standing}`), STANDINGS[standing])
}

/** What it came to, as the portfolio calls it. @param {Pick<VisitLine, 'disposition' | 'kind' | 'exception'>} visit */
export function resultText({ disposition, kind, exception }) {
  if (kind === 'exception') return t('visits.exception_of', { why: tOr(`visits.exception.${exception}`, exception) })
  return disposition.label[lang()] ?? disposition.label['es'] ?? disposition.code
}

/** @param {Judged} judged */
export function judgedText({ verdict, distance_m: distance, radius_m: radius, reasons }) {
  const where = distance === null
    ? t(`visits.verdict.${verdict}`)
    : t('visits.judged', { verdict: t(`visits.verdict.${verdict}`), distance: formatNumber(Math.round(distance)), radius: formatNumber(Math.round(radius)) })
  return [where, ...reasons.map((reason) => tOr(`visits.reason.${reason}`, reason))].join('. ')
}

/**
 * A sign with what raised it, in plain words.
 * @param {{ sign: string, figure: number }} sign
 */
export function signText({ sign, figure }) {
  const seconds = sign === 'clock' || sign === 'offline_long'
  const shown = seconds ? Math.round(figure / (sign === 'clock' ? 60 : 3600)) : Math.round(figure)
  return tOr(`visits.sign.${sign}`, sign, { figure: formatNumber(shown) })
}

/** @param {string} code */
export function conflictText(code) {
  return tOr(`visits.conflict.${code}`, code)
}

/** @param {VisitLine} visit */
export function doubtsText({ doubts }) {
  return doubts.map((doubt) => tOr(`visits.doubt.${doubt}`, doubt)).join(', ')
}
