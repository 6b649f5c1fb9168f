// @ts-check

/** Uploads in words and figures, shared by their pages. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { Figures, Upload, UploadState } from './contract.js' */

import { formatNumber, t, tn, tOr } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { badge, emptyState } from '../../core/ui/pieces.js'
import { cssVars, html, nothing } from '../../core/view.js'
import { parts, timeLeft } from './progress.js'

/** @type {Record<UploadState, Tone>} */
const TONES = {
  awaiting_file: 'neutral', reading: 'info', needs_mapping: 'warn', checking: 'info', ready: 'warn',
  applying: 'info', done: 'good', cancelled: 'neutral', failed: 'bad', undoing: 'info', undone: 'neutral',
}

/** @param {UploadState} state */
export function stateBadge(state) {
  return badge(t(`uploads.state.${state}`), TONES[state])
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
  let value = bytes
  let at = 0
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at += 1
  }
  return formatNumber(value, { style: 'unit', unit: units[at], unitDisplay: 'short', maximumFractionDigits: value < 10 && at > 0 ? 1 : 0 })
}

/** @param {number | null} seconds */
export function timeLeftText(seconds) {
  const left = timeLeft(seconds)
  return left === null ? null : tn(`uploads.left.${left.unit}`, left.n)
}

/** How long something took, to the second. @param {number | null} seconds */
export function tookText(seconds) {
  if (seconds === null) return null
  if (seconds < 60) return tn('uploads.took.seconds', Math.max(1, seconds))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return t('uploads.took.minutes', { m: minutes, s: seconds % 60 })
  return t('uploads.took.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}

/**
 * The rows of a file as one bar; the figures beside it say the same in words.
 * @param {Figures} figures
 */
export function rowsBar(figures) {
  if (figures.rows === 0) return nothing
  return html`<div class="rows-bar" aria-hidden="true">${parts(figures).filter(({ rows }) => rows > 0).map(
    ({ name, rows }) => html`<span class="rows-${name}" ${cssVars({ '--rows': String(rows) })}></span>`,
  )}</div>`
}

/** @param {Upload} upload */
export function problemText({ problem }) {
  if (problem === null) return ''
  if (problem.code === 'upload.built_upon') return builtUponText(problem.details)
  const unreadable = problem.code === 'file.unreadable' ? tOr(`intake.unreadable.${problem.details?.reason}`, null) : null
  if (unreadable !== null) return `${unreadable}.`
  const values = Object.fromEntries(Object.entries(problem.details ?? {}).filter(([, v]) => typeof v === 'string' || typeof v === 'number'))
  return tOr(`uploads.problem.${problem.code}`, null, values) ?? tOr(`errors.${problem.code}`, null, values) ?? t('uploads.problem.unknown')
}

/** What people did on top of an upload. @param {Record<string, any>} details  Counts by what they are. */
function builtUponText(details) {
  const counts = Object.entries(details).filter(([, count]) => typeof count === 'number' && count > 0)
    .map(([name, count]) => tn(`uploads.built.${name}`, count))
  return t('uploads.problem.upload.built_upon', { what: counts.join(', ') || '…' })
}

/** What to do about a problem, where there is something. @param {Upload} upload */
export function problemAdvice({ problem }) {
  return problem === null ? null : tOr(`uploads.advice.${problem.code}`, null)
}

/** @param {string} field */
export function fieldName(field) {
  return tOr(`uploads.field.${field}`, field)
}

/** What every page about uploads shows to whoever has no portfolio yet. */
export function noPortfolio() {
  return emptyState({
    icon: 'portfolio', title: t('uploads.no_portfolio_title'), body: t('uploads.no_portfolio_body'),
    actions: html`<a class="button button-primary" href=${pathTo('portfolios')}>${t('common.title.portfolios')}</a>`,
  })
}
