// @ts-check

/** A map that is on the page: what the rest of the product may put onto it. */

import * as L from 'leaflet'
import { AgentsLayer } from './agents-layer.js'
import { basemap } from './basemap.js'
import { CellEditor } from './cell-editor.js'
import { coloursOf, isDark, watchAppearance } from './colours.js'
import { PolygonEditor } from './editor.js'
import { GAP_MS, pieces } from './geometry.js'

/** @import { GroundLayer } from './basemap.js' */
/** @import { AgentMark, Area, Bounds, Circle, GridCell, LatLng, MapOptions, Mark, ShadedCell, Trail } from './contract.js' */

const [FARTHEST, CLOSEST] = [3, 19]

export class MapView {
  #place
  #options
  #map
  #colours
  /** @type {GroundLayer | null} */
  #ground = null
  #groundTurn = 0
  #grounded = true
  /** @type {AgentsLayer | null} */
  #agents = null
  /** @type {Map<string, L.LayerGroup>} */
  #groups = new Map()
  /** @type {Map<string, () => void>} */
  #redraws = new Map()
  /** @type {{ remove(): void } | null} */
  #editor = null
  #stopWatching
  #canvas = L.canvas({ padding: 0.3 })

  /** @param {HTMLElement} place @param {MapOptions} options */
  constructor(place, options) {
    this.#place = place
    this.#options = options
    place.classList.add('map')
    place.setAttribute('role', 'region')
    place.setAttribute('aria-label', options.words.name)
    this.#map = L.map(place, { zoomControl: false, minZoom: FARTHEST, maxZoom: CLOSEST, attributionControl: false, worldCopyJump: true, fadeAnimation: false })
    L.control.zoom({ position: 'bottomright', zoomInTitle: options.words.zoomIn, zoomOutTitle: options.words.zoomOut }).addTo(this.#map)
    L.control.attribution({ prefix: false, position: 'bottomleft' }).addTo(this.#map)
    L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(this.#map)
    this.#colours = coloursOf(place)
    this.show(options.view)
    this.#map.on('moveend', () => options.onMove?.(this.view))
    this.#map.on('click', (event) => {
      if (!event.originalEvent.defaultPrevented && this.#editor === null) options.onClick?.({ lat: event.latlng.lat, lng: event.latlng.lng })
    })
    this.#stopWatching = watchAppearance(() => this.#dress())
    this.resized = new ResizeObserver(() => this.#map.invalidateSize({ animate: false }))
    this.resized.observe(place)
    window.addEventListener('online', this.#online)
    void this.#layGround()
  }

  get view() {
    const { lat, lng } = this.#map.getCenter()
    return { centre: { lat, lng }, zoom: this.#map.getZoom() }
  }

  /** What is on screen. @returns {Bounds} */
  get bounds() {
    const seen = this.#map.getBounds()
    return [{ lat: seen.getSouth(), lng: seen.getWest() }, { lat: seen.getNorth(), lng: seen.getEast() }]
  }

  /**
   * @param {MapOptions['view']} view
   * @param {{ animate?: boolean, closest?: number }} [how]
   */
  show(view, { animate = false, closest = 16 } = {}) {
    if (Array.isArray(view)) {
      const [southWest, northEast] = view
      this.#map.fitBounds([pair(southWest), pair(northEast)], { padding: [48, 48], maxZoom: closest, animate })
    } else {
      this.#map.setView(pair(view.centre), view.zoom, { animate })
    }
  }

  /** Bring a point into sight without a leap in zoom. @param {LatLng} point @param {number} [atLeast] */
  lookAt(point, atLeast = 15) {
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#map.setView(pair(point), Math.max(atLeast, this.#map.getZoom()), { animate: !calm })
  }

  /**
   * People; who is missing leaves the map.
   * @param {AgentMark[]} marks
   * @param {{ chosen?: string | null, onPick: (id: string) => void }} how
   */
  agents(marks, { chosen = null, onPick }) {
    if (this.#agents === null) this.#agents = new AgentsLayer({ colours: this.#colours, onPick }).addTo(this.#map)
    this.#agents.onPick = onPick
    this.#agents.choose(chosen)
    this.#agents.show(marks)
  }

  /** The way somebody went; null takes it away. @param {Trail | null} trail @param {(visitId: string) => void} [onVisit] */
  trail(trail, onVisit = () => {}) {
    this.#draw('trail', trail === null ? null : (add) => {
      const { known, guessed } = pieces(trail.points, GAP_MS)
      const line = { renderer: this.#canvas, interactive: false, lineJoin: /** @type {const} */ ('round') }
      for (const piece of known) add(L.polyline(piece.map(pair), { ...line, color: this.#colours['trail-edge'], weight: 7, opacity: 0.9 }))
      for (const piece of known) add(L.polyline(piece.map(pair), { ...line, color: this.#colours.trail, weight: 4, opacity: 1 }))
      for (const joint of guessed) add(L.polyline(joint.map(pair), { ...line, color: this.#colours.trail, weight: 3, opacity: 0.8, dashArray: '2 8' }))
      for (const stop of trail.stops) add(pin(stop, `map-stop`, stop.label, stop.title))
      for (const visit of trail.visits) {
        add(pin(visit, `map-visit map-visit-${visit.tone}`, visit.tone === 'good' ? '✓' : visit.tone === 'bad' ? '✕' : '?', visit.title).on('click', () => onVisit(visit.id)))
      }
    })
  }

  /** Where the replay has come to; null takes it away. @param {LatLng | null} point */
  replayAt(point) {
    this.#draw('replay', point === null ? null : (add) => add(pin(point, 'map-replay', '', '')))
  }

  /** @param {Area[]} areas @param {(id: string) => void} [onPick] */
  areas(areas, onPick) {
    this.#draw('areas', (add) => {
      for (const { id, name, polygon, outline, colour, tone = 'zone' } of areas) {
        const shape = L.polygon(outline?.length ? outline.map((rings) => rings.map((ring) => ring.map(pair))) : polygon.map(pair), {
          renderer: this.#canvas, color: colour ?? this.#colours[tone], weight: tone === 'chosen' ? 4 : 2, fillOpacity: tone === 'chosen' ? 0.25 : 0.12, interactive: onPick !== undefined,
        })
        shape.bindTooltip(text(name), { permanent: true, direction: 'center', className: 'map-name', interactive: false })
        if (onPick) shape.on('click', (event) => { event.originalEvent.preventDefault(); onPick(id) })
        add(shape)
      }
    })
  }

  /**
   * Hexagons, the fuller the colour the more there is; grey and dashed where too little is known.
   * @param {ShadedCell[]} cells @param {(id: string) => void} onPick
   */
  cells(cells, onPick) {
    this.#draw('cells', (add) => {
      const inFront = [...cells].sort((a, b) => Number(a.chosen) - Number(b.chosen))
      for (const { id, border, share, chosen, title } of inFront) {
        const known = share !== null
        const shape = L.polygon(border.map(pair), {
          renderer: this.#canvas, color: this.#colours[chosen ? 'chosen' : known ? 'zone' : 'off'], weight: chosen ? 4 : 1,
          fillColor: this.#colours[known ? 'zone' : 'off'], fillOpacity: known ? 0.1 + 0.65 * share : 0.15, dashArray: known || chosen ? undefined : '3 4',
        })
        shape.bindTooltip(text(title), { sticky: true })
        shape.on('click', (event) => { event.originalEvent.preventDefault(); onPick(id) })
        add(shape)
      }
    })
  }

  /** Fences of addresses, and how sure a fix is. @param {Circle[]} circles */
  circles(circles) {
    this.#draw('circles', (add) => {
      for (const { radius_m: radius, tone = 'fence', ...at } of circles) {
        add(L.circle(pair(at), { renderer: this.#canvas, radius, color: this.#colours[tone], weight: 1.5, fillOpacity: tone === 'fence' ? 0.05 : 0.12, interactive: false, dashArray: tone === 'fence' ? '6 5' : undefined }))
      }
    })
  }

  /** @param {string} name  Of the group: each call replaces what it held. @param {Mark[]} marks @param {(id: string) => void} [onPick] */
  marks(name, marks, onPick) {
    this.#draw(`marks ${name}`, (add) => {
      for (const mark of marks) {
        const sign = pin(mark, `map-mark map-mark-${mark.kind}`, mark.label ?? '', mark.title)
        if (onPick) sign.on('click', (event) => { event.originalEvent.preventDefault(); onPick(mark.id) })
        add(sign)
      }
    })
  }

  /**
   * Draw a polygon corner by corner, or change one.
   * @param {LatLng[]} polygon  Empty for a new one.
   * @param {(polygon: LatLng[]) => void} onChange
   */
  edit(polygon, onChange) {
    this.stopEditing()
    const editor = new PolygonEditor(this.#map, polygon, { colour: this.#colours.chosen, onChange })
    this.#editor = editor
    return editor
  }

  /**
   * Pick cells of a grid that somebody else knows.
   * @param {Iterable<string>} cells  Picked already.
   * @param {{ load: (seen: Bounds) => Promise<GridCell[]>, onChange: (cells: string[]) => void }} how
   */
  editCells(cells, how) {
    this.stopEditing()
    const editor = new CellEditor(this.#map, cells, { colour: this.#colours.chosen, bounds: () => this.bounds, ...how })
    this.#editor = editor
    return editor
  }

  stopEditing() {
    this.#editor?.remove()
    this.#editor = null
  }

  destroy() {
    this.#stopWatching()
    window.removeEventListener('online', this.#online)
    this.#groundTurn += 1
    this.resized.disconnect()
    this.#map.remove()
  }

  /**
   * Replace a group of things, and know how to draw it again in other colours.
   * @param {string} name @param {((add: (layer: L.Layer) => void) => void) | null} draw
   */
  #draw(name, draw) {
    this.#groups.get(name)?.remove()
    this.#groups.delete(name)
    this.#redraws.delete(name)
    if (draw === null) return
    const group = L.layerGroup()
    draw((layer) => group.addLayer(layer))
    group.addTo(this.#map)
    this.#groups.set(name, group)
    this.#redraws.set(name, () => this.#draw(name, draw))
  }

  #dress() {
    this.#colours = coloursOf(this.#place)
    this.#agents?.dress(this.#colours)
    for (const redraw of [...this.#redraws.values()]) redraw()
    void this.#layGround()
  }

  async #layGround() {
    const { source, language, words } = this.#options
    if (source === null) return
    const turn = this.#groundTurn += 1
    try {
      const layer = await basemap(source, { dark: isDark(this.#place), language, attribution: words.attribution, onLost: () => this.#groundIs(false) })
      if (turn !== this.#groundTurn) return layer.close()
      this.#ground?.remove()
      this.#groundIs(true)
      this.#ground = layer.addTo(this.#map)
    } catch {
      if (turn === this.#groundTurn) this.#groundIs(false)
    }
  }

  /** @param {boolean} there */
  #groundIs(there) {
    if (there === this.#grounded) return
    this.#grounded = there
    this.#options.onGround?.(there)
  }

  /** Blanks of the time without a network are filled. */
  #online = () => {
    if (!this.#grounded) void this.#layGround()
  }
}

/** @param {LatLng} point @returns {[number, number]} */
function pair({ lat, lng }) {
  return [lat, lng]
}

/** @param {string} words */
function text(words) {
  const span = document.createElement('span')
  span.textContent = words
  return span
}

/**
 * A sign with words on it; one without a title only lies there, beneath the others. The same facts stand in the page's list: it is left out of the tab order.
 * @param {LatLng} at @param {string} classes @param {string} label @param {string} title
 */
function pin(at, classes, label, title) {
  const icon = L.divIcon({ className: classes, html: text(label), iconSize: undefined })
  const sign = L.marker(pair(at), { icon, keyboard: false, interactive: title !== '', zIndexOffset: title === '' ? -1000 : 0 })
  if (title !== '') sign.bindTooltip(text(title), { direction: 'top', offset: [0, -8] })
  return sign
}
