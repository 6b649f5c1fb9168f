// @ts-check

/** The ground under everything, as a layer: its tiles are ordered when they are seen. */

import * as L from 'leaflet'
import { Ground } from './ground.js'

/** @import { TileArchive } from './contract.js' */

const WORLD = L.latLngBounds([[-90, -180], [90, 180]])

/**
 * @param {string | TileArchive} source
 * @param {{ dark: boolean, language: string, attribution: string, onLost: () => void }} how  `onLost`: a tile did not come.
 * @returns {Promise<GroundLayer>}
 */
export async function basemap(source, { dark, language, attribution, onLost }) {
  return new GroundLayer(await Ground.open(source, { dark, language }, onLost), { language, attribution })
}

export class GroundLayer extends L.GridLayer {
  #ground
  #language
  /** Tiles that are there, by `x:y:z`. @type {Map<string, { coords: L.Coords, canvas: HTMLCanvasElement, order: number }>} */
  #tiles = new Map()

  /** @param {Ground} ground @param {{ language: string, attribution: string }} how */
  constructor(ground, { language, attribution }) {
    super({ attribution, noWrap: true, bounds: WORLD })
    this.#ground = ground
    this.#language = language
    ground.onStale = (keys) => { for (const key of keys) this.#again(key) }
    this.on('tileunload', (event) => this.#leave(/** @type {L.TileEvent} */ (event).coords))
    this.on('remove', () => this.close())
  }

  /** For a layer that never came onto a map. */
  close() {
    this.#ground.close()
  }

  /** @override @param {L.Coords} coords @param {L.DoneCallback} done */
  createTile(coords, done) {
    const canvas = document.createElement('canvas')
    canvas.lang = this.#language
    void this.#paint(coords, canvas).then((there) => { if (there) done(undefined, canvas) })
    return canvas
  }

  /** @param {L.Coords} coords @param {HTMLCanvasElement} canvas */
  async #paint({ x, y, z }, canvas) {
    const key = `${x}:${y}:${z}`
    const { order, picture } = this.#ground.paint({ z, x, y, scale: window.devicePixelRatio || 1 })
    this.#tiles.set(key, { coords: /** @type {L.Coords} */ ({ x, y, z }), canvas, order })
    const painted = await picture
    if (painted === null || this.#tiles.get(key)?.canvas !== canvas) return false
    canvas.width = painted.width
    canvas.height = painted.height
    canvas.getContext('2d')?.drawImage(painted, 0, 0)
    painted.close()
    return true
  }

  /** @param {string} key */
  #again(key) {
    const tile = this.#tiles.get(key)
    if (tile !== undefined) void this.#paint(tile.coords, tile.canvas)
  }

  /** @param {L.Coords} coords */
  #leave({ x, y, z }) {
    const key = `${x}:${y}:${z}`
    const order = this.#tiles.get(key)?.order
    this.#tiles.delete(key)
    if (order !== undefined) this.#ground.drop(order)
  }
}
