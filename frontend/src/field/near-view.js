// @ts-check

/** Open cases around here, to add one to the day. */

import { t } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { banner, emptyState, problemBanner } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { windowBadge } from './day-view.js'
import { amountWords, distanceWords } from './words.js'

/** @import { App } from './app.js' */
/** @import { Stop } from './types' */

/** @type {Stop[] | null} */
let found = null
/** @type {import('../core/problem.js').Problem | null} */
let problem = null
let busy = false

/** @param {App} app */
export function nearView(app) {
  const look = async () => {
    busy = true
    problem = null
    app.paint()
    try {
      const { lat, lng } = await hereOf(app)
      found = (await app.api.get('/field/near', { query: { lat, lng } })).items
    } catch (error) {
      problem = asProblem(error)
    }
    busy = false
    app.paint()
  }
  const listed = new Set(app.day?.stops.map((stop) => stop.case_id))
  return html`<h1>${t('field.near_title')}</h1><p class="muted">${t('field.near_lead')}</p>
    ${app.online ? nothing : banner({ tone: 'neutral', title: t('field.near_offline') })}
    ${app.places.trouble === 'denied' ? banner({ tone: 'bad', title: t('visit.place_denied'), body: t('visit.place_denied_body') }) : nothing}
    <button type="button" class="button button-primary button-large button-block" ?disabled=${busy || !app.online} @click=${look}>${icon('search')}${busy ? t('common.loading') : t('field.near_look')}</button>
    ${problem ? problemBanner(problem) : nothing}
    ${found !== null && found.length === 0 ? emptyState({ icon: 'pin', title: t('field.near_none'), body: t('field.near_none_body') }) : nothing}
    ${found === null ? nothing : html`<ul class="stops">${found.map((stop) => html`<li class="stop near-stop"><span class="stop-words">
      <strong class="stop-name">${stop.name}</strong><span class="stop-address">${stop.address?.lines ?? ''}</span>
      <span class="stop-facts">${windowBadge(stop, app.day?.portfolios[stop.portfolio_id]?.time_zone)}<span>${distanceWords(stop.distance_m)}</span><span>${amountWords(stop, app.day?.portfolios[stop.portfolio_id])}</span></span></span>
      ${listed.has(stop.case_id)
        ? html`<span class="muted small">${t('field.already')}</span>`
        : html`<button type="button" class="button" aria-label="${t('field.add')}: ${stop.name}" @click=${() => void app.addStop(stop)}>${icon('plus')}${t('field.add')}</button>`}</li>`)}</ul>`}`
}

/** Where we are, asked for once when nobody follows it. @param {App} app @returns {Promise<{ lat: number, lng: number }>} */
function hereOf(app) {
  if (app.places.latest !== null) return Promise.resolve(app.places.latest)
  return new Promise((resolve, reject) => {
    const stop = app.places.follow((place) => {
      stop()
      if (place === null) reject(new Error('no place'))
      else resolve(place)
    })
  })
}
