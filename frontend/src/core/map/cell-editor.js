// @ts-check

/**
 * An area of cells under way: a click on a cell of the grid takes it in or leaves it out. With the
 * keyboard, the arrow keys move the map and the page's button takes the cell in its middle. The
 * grid comes from whoever knows it, for what is on screen.
 */

import * as L from 'leaflet'
import { contains } from './geometry.js'

/** @import { Bounds, GridCell, LatLng } from './contract.js' */

export class CellEditor {
  #map
  #how
  /** @type {Set<string>} */
  #picked
  /** @type {string[][]} */
  #before = []
  /** Those on screen. @type {GridCell[]} */
  #grid = []
  /** Borders of all that were seen: what is picked stays drawn. @type {Map<string, LatLng[]>} */
  #borders = new Map()
  #group = L.layerGroup()
  #renderer = L.canvas({ padding: 0.3 })
  #turn = 0

  /**
   * @param {L.Map} map @param {Iterable<string>} cells
   * @param {{ colour: string, bounds: () => Bounds, load: (seen: Bounds) => Promise<GridCell[]>, onChange: (cells: string[]) => void }} how
   */
  constructor(map, cells, how) {
    this.#map = map
    this.#how = how
    this.#picked = new Set(cells)
    this.#group.addTo(map)
    map.on('click', this.#clicked)
    map.on('moveend', this.look)
    map.doubleClickZoom.disable()
    map.getContainer().classList.add('map-drawing')
    void this.look()
  }

  get cells() {
    return [...this.#picked]
  }

  get canUndo() {
    return this.#before.length > 0
  }

  addAtMiddle() {
    this.#toggle(this.#map.getCenter())
  }

  undo() {
    const before = this.#before.pop()
    if (before === undefined) return
    this.#picked = new Set(before)
    this.#paint()
    this.#how.onChange(this.cells)
  }

  remove() {
    this.#turn += 1
    this.#map.off('click', this.#clicked)
    this.#map.off('moveend', this.look)
    this.#map.doubleClickZoom.enable()
    this.#map.getContainer().classList.remove('map-drawing')
    this.#group.remove()
  }

  /** Ask for the grid of what is on screen; the last one asked for counts. */
  look = async () => {
    const turn = this.#turn += 1
    const grid = await this.#how.load(this.#how.bounds())
    if (turn !== this.#turn) return
    this.#grid = grid
    for (const { cell, border } of grid) this.#borders.set(cell, border)
    this.#paint()
  }

  /** @param {L.LeafletMouseEvent} event */
  #clicked = (event) => this.#toggle(event.latlng)

  /** @param {LatLng} point */
  #toggle(point) {
    const hit = this.#grid.find(({ border }) => contains(border, point))
    if (hit === undefined) return
    this.#before.push(this.cells)
    if (!this.#picked.delete(hit.cell)) this.#picked.add(hit.cell)
    this.#paint()
    this.#how.onChange(this.cells)
  }

  #paint() {
    this.#group.clearLayers()
    const look = { renderer: this.#renderer, color: this.#how.colour, interactive: false }
    for (const { border } of this.#grid) this.#group.addLayer(L.polygon(border.map(pair), { ...look, weight: 1, opacity: 0.6, fill: false }))
    for (const cell of this.#picked) {
      const border = this.#borders.get(cell)
      if (border) this.#group.addLayer(L.polygon(border.map(pair), { ...look, weight: 2, fillOpacity: 0.3 }))
    }
  }
}

/** @param {LatLng} point @returns {[number, number]} */
function pair({ lat, lng }) {
  return [lat, lng]
}
