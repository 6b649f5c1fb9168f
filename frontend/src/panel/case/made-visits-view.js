// @ts-check

/** The visits that were made of this case, and on a map where its doors are. */

/** @import { MapView } from '../../core/map/view.js' */
/** @import { CasePage, CaseVisit } from '../cases/contract.js' */

import { formatInstant } from '../../core/dates.js'
import { formatNumber, lang, t, tn } from '../../core/i18n.js'
import { boundsOf } from '../../core/map/geometry.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { resultText, standingBadge, verdictBadge } from '../visits/words.js'

const SHOWN = 6
const MARGIN_M = 120

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {boolean} facts.onMap  Whether the map is open.
 * @param {() => void} facts.onOpenMap
 */
export function madeVisitsCard({ page, locale, onMap, onOpenMap }) {
  const { visits } = page
  const places = placed(page).length > 0
  if (visits.length === 0 && !places) return nothing
  const line = (/** @type {CaseVisit} */ visit) => row(page, visit, locale)
  return card({
    id: 'made-visits', title: t('visits.made'),
    actions: places && !onMap ? html`<button type="button" class="button button-small" @click=${onOpenMap}>${icon('pin')}${t('visits.made_on_map')}</button>` : nothing,
    body: html`${visits.length === 0
      ? html`<p class="muted">${t('visits.made_none')}</p>`
      : html`<ul class="promises">${visits.slice(0, SHOWN).map(line)}</ul>
        ${visits.length > SHOWN ? html`<details><summary>${tn('visits.made_older', visits.length - SHOWN)}</summary><ul class="promises">${visits.slice(SHOWN).map(line)}</ul></details>` : nothing}`}
      ${onMap ? html`<div class="case-map"></div>` : nothing}`,
  })
}

/** @param {CasePage} page @param {CaseVisit} visit @param {string} locale */
function row({ case: { case_id: id }, portfolio }, visit, locale) {
  const when = formatInstant(visit.at, locale, portfolio.time_zone)
  const notes = [
    visit.person.name || null,
    visit.trust === null ? null : t('visits.made_trust', { score: formatNumber(visit.trust) }),
    visit.photos_wanted > 0 ? tn('visits.made_photos', visit.photos_wanted) : null,
  ].filter((note) => note !== null)
  return html`<li>
    <div class="row row-between">${visit.trust === null ? html`<strong>${when}</strong>` : html`<a href=${pathTo('visit', { caso: id, id: visit.visit_id })}>${when}</a>`}${verdictBadge(visit.verdict)}</div>
    <div class="row row-between"><span>${resultText(visit)}</span>${visit.standing === 'received' ? nothing : standingBadge(visit.standing)}</div>
    <span class="muted small">${notes.join(' · ')}</span>
  </li>`
}

/** The addresses with a point. @param {CasePage} page */
function placed({ addresses }) {
  return addresses.flatMap((one) => (one.lat === null || one.lng === null ? [] : [{ ...one, lat: one.lat, lng: one.lng }]))
}

/**
 * Draw the doors with their fences, and where the phones of visits were.
 * @param {HTMLElement} place @param {CasePage} page @param {string} locale
 * @returns {Promise<MapView | null>}
 */
export async function drawPlaces(place, page, locale) {
  const { basemapUrl, mapWords, openMap } = await import('../../core/map/index.js')
  const doors = placed(page)
  const seen = page.visits.flatMap((one) => (one.lat === null || one.lng === null ? [] : [{ ...one, lat: one.lat, lng: one.lng }]))
  const view = boundsOf([...doors, ...seen], Math.max(MARGIN_M, ...doors.map(({ radius_m: radius }) => radius)))
  if (view === null) return null
  const map = await openMap(place, { words: mapWords(t('visits.made_map')), language: lang(), source: basemapUrl(), view })
  map.circles(doors.filter(({ radius_m: radius }) => radius > 0).map(({ lat, lng, radius_m }) => ({ lat, lng, radius_m, tone: 'fence' })))
  map.marks('doors', doors.map(({ address_id: id, lat, lng, lines }) => ({ id, lat, lng, kind: 'address', title: lines || t('case.no_address') })))
  map.marks('visits', seen.map((visit) => ({ id: visit.visit_id, lat: visit.lat, lng: visit.lng, kind: 'fix', title: `${formatInstant(visit.at, locale, page.portfolio.time_zone)} · ${resultText(visit)}` })))
  return map
}
