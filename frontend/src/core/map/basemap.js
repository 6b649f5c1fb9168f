// @ts-check

/** The ground under everything: vector tiles of one PMTiles file, painted in our own colours. */

import { namedFlavor } from '@protomaps/basemaps'
import { CenteredTextSymbolizer, labelRules, leafletLayer, paintRules } from 'protomaps-leaflet'
import { PMTiles } from 'pmtiles'

/** @import * as L from 'leaflet' */
/** @import { TileArchive } from './contract.js' */

const DAY = {
  background: '#e4e7e2', earth: '#eeebe3', buildings: '#ddd7ca', major: '#ffffff', water: '#bcd9e4',
  park_a: '#d5e6d0', park_b: '#d5e6d0', boundaries: '#a59f92', railway: '#bdb8ac',
  roads_label_minor: '#6a6a66', roads_label_major: '#5c5c58', roads_label_minor_halo: '#fbfaf7', roads_label_major_halo: '#ffffff',
  city_label: '#3d4643', city_label_halo: '#f4f2ec', country_label: '#6f6a60', subplace_label: '#7b7568', subplace_label_halo: '#f4f2ec',
}
const NIGHT = {
  background: '#0c1110', earth: '#18211f', buildings: '#222d2a', major: '#33413d', water: '#12303b',
  park_a: '#1b2f25', park_b: '#1b2f25', boundaries: '#56645f', railway: '#3d4a46',
  roads_label_minor: '#93a09b', roads_label_major: '#a5b2ad', roads_label_minor_halo: '#18211f', roads_label_major_halo: '#18211f',
  city_label: '#c3cfca', city_label_halo: '#18211f', country_label: '#8c9893', subplace_label: '#7f8c87', subplace_label_halo: '#18211f',
}

/**
 * @param {string | TileArchive} source
 * @param {{ dark: boolean, language: string, attribution: string, onLost: () => void }} how  `onLost`: a tile did not come.
 * @returns {Promise<L.GridLayer>}
 */
export async function basemap(source, { dark, language, attribution, onLost }) {
  const archive = archiveOf(source)
  const { maxZoom } = await archive.getHeader()
  const colours = { ...namedFlavor(dark ? 'dark' : 'light'), ...(dark ? NIGHT : DAY) }
  const layer = leafletLayer({
    url: /** @type {PMTiles} */ (patient(archive, onLost)),
    maxDataZoom: maxZoom,
    paintRules: paintRules(colours),
    labelRules: [...labelRules(colours, language), quarters(colours)],
    backgroundColor: colours.background,
    lang: language,
    attribution,
    noWrap: true,
  })
  return /** @type {L.GridLayer} */ (/** @type {unknown} */ (layer))
}

/** @type {Map<string, PMTiles>} */
const opened = new Map()

/**
 * One reader a file: its directory is read once however often the map is drawn anew.
 * @param {string | TileArchive} source
 * @returns {TileArchive}
 */
function archiveOf(source) {
  if (typeof source !== 'string') return source
  const known = opened.get(source) ?? new PMTiles(source)
  opened.set(source, known)
  return known
}

/**
 * A tile that does not come leaves a blank, which is told; the layer itself would only log it.
 * @param {TileArchive} archive @param {() => void} onLost
 * @returns {TileArchive}
 */
function patient(archive, onLost) {
  return {
    getHeader: () => archive.getHeader(),
    getZxy: (z, x, y, signal) => archive.getZxy(z, x, y, signal).catch((error) => {
      if (signal?.aborted) throw error
      onLost()
      return undefined
    }),
  }
}

/** Names of quarters, which the ready-made rules leave out. @param {Record<string, any>} colours */
function quarters(colours) {
  return {
    dataLayer: 'places', minzoom: 13,
    symbolizer: new CenteredTextSymbolizer({
      labelProps: ['name'], fill: colours.subplace_label, stroke: colours.subplace_label_halo, width: 2,
      font: '500 12px sans-serif', textTransform: 'uppercase', letterSpacing: 1, lineHeight: 1.5,
    }),
    filter: (/** @type {number} */ _zoom, /** @type {any} */ place) => place.props.kind === 'neighbourhood',
  }
}
