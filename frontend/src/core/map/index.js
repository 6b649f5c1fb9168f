// @ts-check

/**
 * Maps: the one door to whatever draws them. Everything behind it (Leaflet, the painter of vector
 * tiles) is loaded when the first map is opened, so that pages do not carry it in their first load.
 *
 * A page with a map says `"map": true` in `pages/pages.json`: that brings the sheet and the address
 * of the basemap; with `"map": "later"` the sheet, too, comes with the first map. Nothing outside this folder knows which library draws.
 */

import { t } from '../i18n.js'

/** @import { MapOptions, MapWords } from './contract.js' */
/** @import { MapView } from './view.js' */

/**
 * @param {HTMLElement} place  Filled by the map; its size is the page's business.
 * @param {MapOptions} options
 * @returns {Promise<MapView>}
 */
export async function openMap(place, options) {
  const [{ MapView }] = await Promise.all([import('./view.js'), dressed()])
  return new MapView(place, options)
}

/** The sheet is there. */
async function dressed() {
  const url = document.querySelector('meta[name="basemap"]')?.getAttribute('data-style')
  if (!url || document.querySelector(`link[href="${url}"]`) !== null) return
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = url
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener('load', resolve)
    link.addEventListener('error', () => {
      link.remove() // the next try asks for it again
      reject(new Error('the sheet of maps did not come'))
    })
  })
  document.head.append(link)
  await loaded
}

/** Where the basemap is, or null on a page without one. */
export function basemapUrl() {
  const named = document.querySelector('meta[name="basemap"]')?.getAttribute('content')
  return named ? new URL(named, window.location.href).href : null
}

/** What every map says. @param {string} name  What a screen reader calls this one. @returns {MapWords} */
export function mapWords(name) {
  const demo = basemapUrl()?.includes('/assets/basemap-') // the build's own drawing
  return {
    name, zoomIn: t('common.map_zoom_in'), zoomOut: t('common.map_zoom_out'),
    attribution: t(demo ? 'common.map_demo' : 'common.map_attribution'),
  }
}
