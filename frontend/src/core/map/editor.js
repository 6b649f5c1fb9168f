// @ts-check

/**
 * A polygon under way: every click beside it adds a corner, corners are dragged, a click on the
 * dot between two corners puts one there. With the keyboard, the arrow keys move the map and the
 * page's button adds a corner at its middle.
 */

import * as L from 'leaflet'

/** @import { LatLng } from './contract.js' */

export class PolygonEditor {
  #map
  #colour
  #onChange
  /** @type {LatLng[]} */
  #corners
  /** @type {LatLng[][]} */
  #before = []
  #group = L.layerGroup()
  /** @type {L.Polyline<any> | null} */
  #shape = null

  /**
   * @param {L.Map} map @param {LatLng[]} polygon
   * @param {{ colour: string, onChange: (polygon: LatLng[]) => void }} how
   */
  constructor(map, polygon, { colour, onChange }) {
    this.#map = map
    this.#colour = colour
    this.#onChange = onChange
    this.#corners = [...polygon]
    this.#group.addTo(map)
    map.on('click', this.#clicked)
    map.doubleClickZoom.disable()
    map.getContainer().classList.add('map-drawing')
    this.#paint()
  }

  get corners() {
    return this.#corners
  }

  get canUndo() {
    return this.#before.length > 0
  }

  addAtMiddle() {
    this.#change([...this.#corners, plain(this.#map.getCenter())])
  }

  undo() {
    const before = this.#before.pop()
    if (before === undefined) return
    this.#corners = before
    this.#paint()
    this.#onChange(this.#corners)
  }

  remove() {
    this.#map.off('click', this.#clicked)
    this.#map.doubleClickZoom.enable()
    this.#map.getContainer().classList.remove('map-drawing')
    this.#group.remove()
  }

  /** @param {L.LeafletMouseEvent} event */
  #clicked = (event) => {
    this.#change([...this.#corners, plain(event.latlng)])
  }

  /** @param {LatLng[]} corners */
  #change(corners) {
    this.#before.push(this.#corners)
    this.#corners = corners
    this.#paint()
    this.#onChange(corners)
  }

  #paint() {
    this.#group.clearLayers()
    this.#shape = null
    this.#outline(this.#corners)
    this.#corners.forEach((corner, index) => this.#handle(corner, index))
    if (this.#corners.length > 2) {
      this.#corners.forEach((corner, index) => this.#between(corner, this.#corners[(index + 1) % this.#corners.length], index))
    }
  }

  /** @param {LatLng[]} corners */
  #outline(corners) {
    const points = corners.map(({ lat, lng }) => L.latLng(lat, lng))
    if (this.#shape !== null) {
      this.#shape.setLatLngs(points)
      return
    }
    const how = { color: this.#colour, weight: 3, interactive: false }
    const shape = corners.length > 2 ? L.polygon(points, { ...how, fillOpacity: 0.15 }) : L.polyline(points, how)
    this.#group.addLayer(shape)
    this.#shape = shape
  }

  /** @param {LatLng} corner @param {number} index */
  #handle(corner, index) {
    const handle = L.marker([corner.lat, corner.lng], { draggable: true, keyboard: false, icon: L.divIcon({ className: 'map-corner', iconSize: undefined }) })
    const moved = () => this.#corners.map((known, at) => (at === index ? plain(handle.getLatLng()) : known))
    handle.on('drag', () => this.#outline(moved()))
    handle.on('dragend', () => this.#change(moved()))
    handle.on('click', (event) => L.DomEvent.stop(event))
    this.#group.addLayer(handle)
  }

  /** @param {LatLng} a @param {LatLng} b @param {number} index */
  #between(a, b, index) {
    const middle = { lat: (a.lat + b.lat) / 2, lng: (a.lng + b.lng) / 2 }
    const dot = L.marker([middle.lat, middle.lng], { keyboard: false, icon: L.divIcon({ className: 'map-between', iconSize: undefined }) })
    dot.on('click', (event) => {
      L.DomEvent.stop(event)
      this.#change([...this.#corners.slice(0, index + 1), middle, ...this.#corners.slice(index + 1)])
    })
    this.#group.addLayer(dot)
  }
}

/** @param {L.LatLng} point @returns {LatLng} */
function plain({ lat, lng }) {
  return { lat: Math.round(lat * 1e6) / 1e6, lng: Math.round(lng * 1e6) / 1e6 }
}
