// @ts-check

/** What of the map's page stands in its address, so that a link shows the same to the next reader. */

/** @import { Bounds, LatLng } from '../../core/map/contract.js' */
/** @import { Filter } from './live.js' */

import { pathTo } from '../../core/paths.js'
import { STATES } from './live.js'

/** Cities to begin with where nobody has been seen yet. @type {Record<string, LatLng>} */
const CAPITALS = {
  MX: { lat: 19.4, lng: -99.155 }, CL: { lat: -33.442, lng: -70.65 }, CO: { lat: 4.65, lng: -74.07 }, BR: { lat: -23.56, lng: -46.65 },
}
/** @type {Bounds} */
const LATIN_AMERICA = [{ lat: -40, lng: -105 }, { lat: 28, lng: -38 }]

export const TABS = /** @type {const} */ (['mapa', 'tabla', 'zonas'])
/** @typedef {typeof TABS[number]} Tab */

/** @typedef {{ tab: Tab, agent: string | null, day: string | null, filter: Filter, view: { centre: LatLng, zoom: number } | null }} Place */

/** @param {URLSearchParams} params @returns {Place} */
export function placeOf(params) {
  const tab = /** @type {Tab} */ (params.get('vista'))
  const state = /** @type {Filter['state']} */ (params.get('estado'))
  const [lat, lng, zoom] = (params.get('ver') ?? '').split(',').map(Number)
  return {
    tab: TABS.includes(tab) ? tab : 'mapa',
    agent: params.get('agente'),
    day: /^\d{4}-\d{2}-\d{2}$/.test(params.get('dia') ?? '') ? params.get('dia') : null,
    filter: { team: params.get('equipo') ?? '', state: state === 'all' || STATES.includes(/** @type {any} */ (state)) ? state : 'on', words: '' },
    view: Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 1 && zoom <= 19 ? { centre: { lat, lng }, zoom } : null,
  }
}

/** @param {Place} place */
export function addressOf({ tab, agent, day, filter, view }) {
  return pathTo('map', {
    vista: tab === 'mapa' ? null : tab, agente: agent, dia: agent === null ? null : day, equipo: filter.team,
    estado: filter.state === 'on' ? null : filter.state,
    ver: view === null ? null : [view.centre.lat.toFixed(5), view.centre.lng.toFixed(5), Math.round(view.zoom)].join(','),
  })
}

/** Where to look before anybody has been seen. @param {string | undefined} country @returns {Bounds | { centre: LatLng, zoom: number }} */
export function firstView(country) {
  const centre = CAPITALS[country ?? '']
  return centre === undefined ? LATIN_AMERICA : { centre, zoom: 12 }
}
