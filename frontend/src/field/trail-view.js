// @ts-check

/** One's own trail of today, and what is kept of it. */

import { formatDate, todayIn } from '../core/dates.js'
import { formatNumber, lang, t, tn } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { facts, problemBanner } from '../core/ui/pieces.js'
import { html, nothing, svg } from '../core/view.js'
import { timeWords } from './words.js'

/** @import { App } from './app.js' */
/** @typedef {{ points: { at: string, lat: number, lng: number }[], stops?: any[], kept_until?: string | null }} Trail */

/** @type {Trail | null} */
let trail = null
/** @type {import('../core/problem.js').Problem | null} */
let problem = null
let busy = false

/** @param {App} app */
export function trailView(app) {
  const look = async () => {
    busy = true
    problem = null
    app.paint()
    try {
      trail = await app.api.get('/field/trail', { query: { date: todayIn(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone) } })
    } catch (error) {
      problem = asProblem(error)
    }
    busy = false
    app.paint()
  }
  return html`${problem ? problemBanner(problem) : nothing}
    ${trail === null ? nothing : drawn(trail)}
    <button type="button" class="button button-large button-block" ?disabled=${busy || !app.online} @click=${look}>${busy ? t('common.loading') : t('field.trail_look')}</button>`
}

/** @param {Trail} trail */
function drawn({ points, kept_until: until }) {
  if (points.length === 0) return html`<p class="muted" role="status">${t('field.trail_none')}</p>`
  const [first, last] = [points[0], points[points.length - 1]]
  return html`${points.length > 1 ? picture(points) : nothing}
    ${facts([
      [t('field.trail_points'), formatNumber(points.length)],
      [t('field.trail_from'), timeWords(first.at)],
      [t('field.trail_to'), timeWords(last.at)],
      [t('field.trail_kept'), until ? formatDate(until.slice(0, 10), lang()) : ''],
    ])}`
}

/** The line alone, north up. @param {{ lat: number, lng: number }[]} points */
function picture(points) {
  const [south, north] = [Math.min(...points.map(({ lat }) => lat)), Math.max(...points.map(({ lat }) => lat))]
  const [west, east] = [Math.min(...points.map(({ lng }) => lng)), Math.max(...points.map(({ lng }) => lng))]
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const size = Math.max(north - south, (east - west) * narrow) || 1e-6
  const line = points.map(({ lat, lng }) => `${(5 + (90 * (lng - west) * narrow) / size).toFixed(1)},${(5 + (90 * (north - lat)) / size).toFixed(1)}`).join(' ')
  return html`<svg class="trail" viewBox="0 0 100 100" role="img" aria-label=${tn('field.trail_drawn', points.length)}>${svg`<polyline points=${line}></polyline>`}</svg>`
}
