// @ts-check

/**
 * Who paints the ground: reads vector tiles, lays out their names, draws them in our own colours.
 *
 * It works in a thread of its own (`ground-worker.js`), since a city's tiles are hundreds of
 * milliseconds of work in which a page would answer nobody; where the browser has no canvas off the
 * page, the page itself serves, a tile at a time. Nothing here knows the page or its map.
 */

import { namedFlavor } from '@protomaps/basemaps'
import { CenteredTextSymbolizer, Labelers, PmtilesSource, TileCache, View, labelRules, paint, paintRules } from 'protomaps-leaflet'
import { PMTiles } from 'pmtiles'

/** @import { GroundColours, GroundNews, GroundOrder, Order, TileArchive } from './contract.js' */

const TILE = 256 // px of the page
const DATA_TILE = 512 // a tile of the file is drawn over four of the page's
const MARGIN = 16 // px around a tile from which names and strokes reach into it
const LABELLED = 16 // tiles of the file whose names are remembered, each zoom

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

/** One ground: a file in the colours of a day or a night, with names in a language. */
class Painter {
  /**
   * @param {TileArchive} archive @param {number} maxZoom
   * @param {{ dark: boolean, language: string, onStale: (tiles: string[]) => void }} how  `onStale`: names of a neighbour reach into these.
   */
  constructor(archive, maxZoom, { dark, language, onStale }) {
    const colours = { ...namedFlavor(dark ? 'dark' : 'light'), ...(dark ? NIGHT : DAY) }
    this.background = colours.background
    this.rules = paintRules(colours)
    this.canvas = blankCanvas()
    const source = new PmtilesSource(/** @type {PMTiles} */ (archive), true)
    this.view = new View(new TileCache(source, DATA_TILE), maxZoom, 1)
    const measuring = /** @type {CanvasRenderingContext2D} */ (blankCanvas().getContext('2d'))
    this.names = new Labelers(measuring, [...labelRules(colours, language), quarters(colours)], LABELLED, (tiles) => onStale([...tiles]))
  }

  /**
   * @param {Order} order @param {() => boolean} wanted
   * @returns {Promise<ImageBitmap | null>}  Null: it is wanted no longer.
   */
  async paint({ z, x, y, scale }, wanted) {
    const tile = await this.view.getDisplayTile({ z, x, y })
    await aTurn()
    if (!wanted()) return null
    const tiles = new Map([['', [tile]]])
    this.names.add(z, tiles)
    const side = TILE * scale
    this.canvas.width = side
    this.canvas.height = side
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'))
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.fillStyle = this.background
    context.fillRect(0, 0, TILE, TILE)
    const origin = /** @type {any} */ ({ x: TILE * x, y: TILE * y })
    const box = { minX: origin.x - MARGIN, minY: origin.y - MARGIN, maxX: origin.x + TILE + MARGIN, maxY: origin.y + TILE + MARGIN }
    paint(context, z, tiles, this.names.getIndex(z) ?? null, this.rules, box, origin, false)
    return 'transferToImageBitmap' in this.canvas ? this.canvas.transferToImageBitmap() : createImageBitmap(this.canvas)
  }
}

/**
 * Take orders from a port and answer there.
 * @param {{ onmessage: ((event: MessageEvent<GroundOrder>) => void) | null, postMessage: (news: GroundNews, moved: Transferable[]) => void }} port
 */
export function serve(port) {
  /** @type {Map<number, Painter>} */
  const grounds = new Map()
  /** @type {Set<number>} */
  const wanted = new Set()
  /** Tiles that only the page can read. @type {Map<number, (data: ArrayBuffer | null) => void>} */
  const asked = new Map()
  /** One reader a file: its directory is read once however often the map is drawn anew. @type {Map<string, PMTiles>} */
  const files = new Map()
  let asks = 0

  port.onmessage = ({ data }) => {
    if (data.do === 'open') void open(data)
    else if (data.do === 'paint') void draw(data)
    else if (data.do === 'drop') wanted.delete(data.order)
    else if (data.do === 'close') grounds.delete(data.ground)
    else asked.get(data.ask)?.(data.data)
  }

  /** @param {Extract<GroundOrder, { do: 'open' }>} order */
  async function open({ ground, source, colours, maxZoom }) {
    try {
      const archive = source === null ? ofThePage(ground, maxZoom) : (files.get(source) ?? new PMTiles(source))
      if (source !== null) files.set(source, /** @type {PMTiles} */ (archive))
      const header = await archive.getHeader()
      grounds.set(ground, new Painter(patient(archive, ground), header.maxZoom, {
        ...colours, onStale: (tiles) => port.postMessage({ is: 'stale', ground, tiles }, []),
      }))
      port.postMessage({ is: 'open', ground, ok: true }, [])
    } catch {
      port.postMessage({ is: 'open', ground, ok: false }, [])
    }
  }

  /** @param {Extract<GroundOrder, { do: 'paint' }>} order */
  async function draw({ ground, order, ...what }) {
    wanted.add(order)
    const picture = await grounds.get(ground)?.paint(what, () => wanted.has(order)).catch(() => null) ?? null
    wanted.delete(order)
    port.postMessage({ is: 'painted', order, picture }, picture === null ? [] : [picture])
  }

  /** @param {number} ground @param {number} maxZoom @returns {TileArchive} */
  function ofThePage(ground, maxZoom) {
    return {
      getHeader: async () => ({ maxZoom }),
      getZxy: async (z, x, y) => {
        const ask = asks += 1
        const data = await new Promise((/** @type {(data: ArrayBuffer | null) => void} */ have) => {
          asked.set(ask, have)
          port.postMessage({ is: 'asking', ground, ask, z, x, y }, [])
        })
        asked.delete(ask)
        return data === null ? undefined : { data }
      },
    }
  }

  /**
   * A tile that does not come leaves a blank, which is told.
   * @param {TileArchive} archive @param {number} ground
   * @returns {TileArchive}
   */
  function patient(archive, ground) {
    return {
      getHeader: () => archive.getHeader(),
      getZxy: (z, x, y, signal) => archive.getZxy(z, x, y, signal).catch((error) => {
        if (signal?.aborted) throw error
        port.postMessage({ is: 'lost', ground }, [])
        return undefined
      }),
    }
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

/** Off the page where there is such a thing. */
function blankCanvas() {
  return typeof OffscreenCanvas === 'undefined' ? document.createElement('canvas') : new OffscreenCanvas(1, 1)
}

/** Each tile is a task of its own: between two of them orders are heard, and a page paints. */
function aTurn() {
  return new Promise((done) => { setTimeout(done) })
}
