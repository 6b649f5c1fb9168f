// @ts-check

/**
 * People on the map, on one canvas: hundreds may move at once without a node of the page each.
 * Who cannot see or point finds the same people in the list beside the map.
 */

import * as L from 'leaflet'
import { distance } from './geometry.js'

/** @import { AgentMark, AgentState, LatLng } from './contract.js' */
/** @import { Colours } from './colours.js' */

const RADIUS = 10
const REACH = 18 // px around the middle that a finger may hit
const GLIDE_MS = 900
const LEAP_M = 3000 // farther than this is a jump, not a way
const NAMES_FROM = 14 // zoom
const RINGS_FROM = 14
const PAD = 4
const METRES_PER_PIXEL = 156_543.03 // zoom 0, equator

/** @typedef {{ mark: AgentMark, from: LatLng, since: number }} Drawn */

export class AgentsLayer extends L.Layer {
  /** @param {{ colours: Colours, onPick: (id: string) => void }} parts */
  constructor({ colours, onPick }) {
    super()
    /** @type {Map<string, Drawn>} */
    this.drawn = new Map()
    this.colours = colours
    this.onPick = onPick
    /** @type {string | null} */
    this.chosen = null
    /** @type {Map<string, HTMLCanvasElement>} */
    this.sprites = new Map()
    this.canvas = document.createElement('canvas')
    this.canvas.className = 'map-agents leaflet-zoom-animated'
    this.canvas.setAttribute('aria-hidden', 'true')
    this.still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    this.frame = 0
    this.zooming = false
  }

  /** @override @param {L.Map} map */
  onAdd(map) {
    map.getPanes().overlayPane.append(this.canvas)
    this.refresh()
    return this
  }

  /** @override @param {L.Map} _map */
  onRemove(_map) {
    cancelAnimationFrame(this.frame)
    this.canvas.remove()
    return this
  }

  /** @override @returns {Record<string, (event: any) => void>} */
  getEvents() {
    return {
      move: () => this.refresh(), moveend: () => this.refresh(), resize: () => this.refresh(),
      zoomstart: () => { this.zooming = true },
      zoomend: () => { this.zooming = false; this.refresh() },
      zoomanim: (event) => this.#follow(event),
      click: (event) => this.#click(event),
      mousemove: (event) => this.#point(event),
    }
  }

  /** @param {AgentMark[]} marks  All there are: who is missing leaves. */
  show(marks) {
    const now = performance.now()
    const before = this.drawn
    this.drawn = new Map(marks.map((mark) => {
      const known = before.get(mark.id)
      if (known === undefined || distance(known.mark, mark) > LEAP_M) return [mark.id, { mark, from: mark, since: 0 }]
      const moved = known.mark.lat !== mark.lat || known.mark.lng !== mark.lng
      return [mark.id, moved ? { mark, from: this.#at(known, now), since: now } : { ...known, mark }]
    }))
    this.refresh()
  }

  /** @param {string | null} id */
  choose(id) {
    this.chosen = id
    this.refresh()
  }

  /** @param {Colours} colours */
  dress(colours) {
    this.colours = colours
    this.sprites.clear()
    this.refresh()
  }

  /** Paint at the next frame. */
  refresh() {
    if (this.frame === 0 && this._map) this.frame = requestAnimationFrame((now) => this.#paint(now))
  }

  /** @param {Drawn} drawn @param {number} now @returns {LatLng} */
  #at({ mark, from, since }, now) {
    const part = this.still ? 1 : Math.min(1, (now - since) / GLIDE_MS)
    if (part >= 1) return mark
    const eased = part * (2 - part)
    return { lat: from.lat + (mark.lat - from.lat) * eased, lng: from.lng + (mark.lng - from.lng) * eased }
  }

  /** @param {number} now */
  #paint(now) {
    this.frame = 0
    const map = this._map
    if (!map || this.zooming) return
    const size = map.getSize()
    const scale = window.devicePixelRatio || 1
    this.#fit(size, scale)
    this.anchor = { centre: map.getCenter(), zoom: map.getZoom() }
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'))
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, size.x, size.y)
    const zoom = map.getZoom()
    let moving = false
    /** @type {Drawn[]} */
    const above = []
    for (const drawn of this.drawn.values()) {
      if (!this.still && now - drawn.since < GLIDE_MS) moving = true
      if (drawn.mark.id === this.chosen || drawn.mark.alarm) above.push(drawn)
      else this.#person(context, drawn, now, { zoom, size })
    }
    for (const drawn of above) this.#person(context, drawn, now, { zoom, size })
    if (moving) this.refresh()
  }

  /** @param {L.Point} size @param {number} scale */
  #fit(size, scale) {
    const [width, height] = [Math.round(size.x * scale), Math.round(size.y * scale)]
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width
      this.canvas.height = height
      this.canvas.style.width = `${size.x}px`
      this.canvas.style.height = `${size.y}px`
    }
    L.DomUtil.setPosition(this.canvas, this._map.containerPointToLayerPoint([0, 0]))
  }

  /**
   * @param {CanvasRenderingContext2D} context @param {Drawn} drawn @param {number} now
   * @param {{ zoom: number, size: L.Point }} view
   */
  #person(context, drawn, now, { zoom, size }) {
    const { mark } = drawn
    const here = this.#at(drawn, now)
    const { x, y } = this._map.latLngToContainerPoint([here.lat, here.lng])
    if (x < -60 || y < -60 || x > size.x + 60 || y > size.y + 60) return
    const chosen = mark.id === this.chosen
    if (mark.accuracy_m && (chosen || zoom >= RINGS_FROM)) this.#ring(context, x, y, mark, here, zoom)
    this.#stamp(context, this.#sign(mark.state, chosen, mark.alarm === true), x, y, mark.heading)
    if (chosen || mark.alarm || zoom >= NAMES_FROM) {
      const label = this.#label(mark.name, chosen)
      context.drawImage(label, Math.round(x + RADIUS + PAD), Math.round(y - label.height / scaleOf() / 2), label.width / scaleOf(), label.height / scaleOf())
    }
  }

  /** How sure the phone is of its place. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {AgentMark} mark @param {LatLng} here @param {number} zoom */
  #ring(context, x, y, mark, here, zoom) {
    const perPixel = (METRES_PER_PIXEL * Math.cos((here.lat * Math.PI) / 180)) / 2 ** zoom
    const radius = /** @type {number} */ (mark.accuracy_m) / perPixel
    if (radius < RADIUS + 3) return
    context.beginPath()
    context.arc(x, y, Math.min(radius, 2000), 0, 2 * Math.PI)
    context.globalAlpha = 0.14
    context.fillStyle = this.colours[mark.state]
    context.fill()
    context.globalAlpha = 0.6
    context.strokeStyle = this.colours[mark.state]
    context.lineWidth = 1
    context.stroke()
    context.globalAlpha = 1
  }

  /** @param {CanvasRenderingContext2D} context @param {HTMLCanvasElement} sprite @param {number} x @param {number} y @param {number | null | undefined} heading */
  #stamp(context, sprite, x, y, heading) {
    const side = sprite.width / scaleOf()
    if (heading === null || heading === undefined || sprite.dataset.turns !== 'yes') {
      context.drawImage(sprite, x - side / 2, y - side / 2, side, side)
      return
    }
    context.save()
    context.translate(x, y)
    context.rotate((heading * Math.PI) / 180)
    context.drawImage(sprite, -side / 2, -side / 2, side, side)
    context.restore()
  }

  /**
   * The sign of a state: its shape tells it apart without colour.
   * @param {AgentState} state @param {boolean} chosen @param {boolean} alarm
   */
  #sign(state, chosen, alarm) {
    return this.#sprite(`${state}|${chosen}|${alarm}`, (context) => {
      const colours = this.colours
      const radius = chosen ? RADIUS + 3 : RADIUS
      if (alarm) disc(context, radius + 6, colours.alarm, 0.35)
      if (chosen || alarm) disc(context, radius + 3.5, alarm ? colours.alarm : colours.ink)
      disc(context, radius + 2, colours.halo)
      if (state === 'silent' || state === 'off') {
        context.lineWidth = 3
        context.strokeStyle = colours[state]
        context.setLineDash(state === 'silent' ? [4, 3] : [])
        context.beginPath()
        context.arc(0, 0, radius - 1.5, 0, 2 * Math.PI)
        context.stroke()
        if (state === 'silent') disc(context, 2.5, colours.silent)
      } else {
        disc(context, radius, colours[state])
        glyph(context, state, colours.halo)
      }
    }, { side: 2 * (RADIUS + 12), turns: state === 'moving' })
  }

  /** @param {string} name @param {boolean} chosen */
  #label(name, chosen) {
    const font = `${chosen ? 650 : 500} 12px ${getComputedStyle(document.body).fontFamily}`
    return this.#sprite(`${name}|label|${chosen}`, (context) => {
      context.font = font
      context.textBaseline = 'middle'
      context.lineJoin = 'round'
      context.lineWidth = 3.5
      context.strokeStyle = this.colours.halo
      context.strokeText(name, PAD, 0)
      context.fillStyle = this.colours.ink
      context.fillText(name, PAD, 0)
    }, { side: 20, width: widthOf(name, font) + 2 * PAD })
  }

  /**
   * Drawn once, stamped every frame.
   * @param {string} key
   * @param {(context: CanvasRenderingContext2D) => void} draw  Around the middle; from the left edge where `width` is given.
   * @param {{ side: number, width?: number, turns?: boolean }} shape
   */
  #sprite(key, draw, { side, width = side, turns = false }) {
    const known = this.sprites.get(key)
    if (known !== undefined) return known
    const sprite = document.createElement('canvas')
    const scale = scaleOf()
    sprite.width = Math.ceil(width * scale)
    sprite.height = Math.ceil(side * scale)
    if (turns) sprite.dataset.turns = 'yes'
    const context = /** @type {CanvasRenderingContext2D} */ (sprite.getContext('2d'))
    context.setTransform(scale, 0, 0, scale, width === side ? sprite.width / 2 : 0, sprite.height / 2)
    draw(context)
    this.sprites.set(key, sprite)
    return sprite
  }

  /** Go along with Leaflet's zoom, which scales what is there until it ends. @param {L.ZoomAnimEvent} event */
  #follow(event) {
    if (this.anchor === undefined) return
    const map = this._map
    const scale = map.getZoomScale(event.zoom, this.anchor.zoom)
    const half = map.getSize().divideBy(2)
    const centre = map.project(this.anchor.centre, event.zoom)
    const target = map.project(event.center, event.zoom)
    const pane = map.containerPointToLayerPoint([0, 0])
    const offset = pane.add(centre.subtract(target)).add(half).subtract(half.multiplyBy(scale))
    L.DomUtil.setTransform(this.canvas, offset, scale)
  }

  /** @param {L.Point} point */
  #near(point) {
    let best = null
    let closest = REACH
    for (const { mark } of this.drawn.values()) {
      const away = point.distanceTo(this._map.latLngToContainerPoint([mark.lat, mark.lng]))
      if (away < closest) [best, closest] = [mark.id, away]
    }
    return best
  }

  /** @param {L.LeafletMouseEvent} event */
  #click(event) {
    const id = this.#near(event.containerPoint)
    if (id === null) return
    L.DomEvent.stop(event)
    event.originalEvent.preventDefault()
    this.onPick(id)
  }

  /** @param {L.LeafletMouseEvent} event */
  #point(event) {
    this._map.getContainer().classList.toggle('map-over', this.#near(event.containerPoint) !== null)
  }
}

function scaleOf() {
  return window.devicePixelRatio || 1
}

/** @param {CanvasRenderingContext2D} context @param {number} radius @param {string} colour @param {number} [alpha] */
function disc(context, radius, colour, alpha = 1) {
  context.globalAlpha = alpha
  context.fillStyle = colour
  context.beginPath()
  context.arc(0, 0, radius, 0, 2 * Math.PI)
  context.fill()
  context.globalAlpha = 1
}

/** @param {CanvasRenderingContext2D} context @param {AgentState} state @param {string} colour */
function glyph(context, state, colour) {
  context.fillStyle = colour
  context.strokeStyle = colour
  context.beginPath()
  if (state === 'moving') {
    context.moveTo(0, -6)
    context.lineTo(4.5, 5)
    context.lineTo(0, 2.5)
    context.lineTo(-4.5, 5)
    context.fill()
  } else if (state === 'stopped') {
    context.fillRect(-3.5, -3.5, 7, 7)
  } else {
    context.moveTo(-5, 0.5)
    context.lineTo(0, -4.5)
    context.lineTo(5, 0.5)
    context.lineTo(3.5, 0.5)
    context.lineTo(3.5, 5)
    context.lineTo(-3.5, 5)
    context.lineTo(-3.5, 0.5)
    context.fill()
  }
}

const measuring = document.createElement('canvas').getContext('2d')

/** @param {string} text @param {string} font */
function widthOf(text, font) {
  if (measuring === null) return text.length * 8
  measuring.font = font
  return Math.ceil(measuring.measureText(text).width)
}
