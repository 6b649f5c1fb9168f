// @ts-check

/** Where somebody was at a moment of a trail, and the clock that runs through one. */

/** @import { LatLng } from '../../core/map/contract.js' */
/** @import { TrailPoint } from './contract.js' */

import { GAP_MS } from '../../core/map/geometry.js'

export const SPEEDS = [30, 120, 600]

/**
 * Between two points of one stretch he is on the way; where nothing was heard he stays at the last.
 * @param {TrailPoint[]} points  In order of time; at least one.
 * @param {number} at  Milliseconds.
 * @returns {LatLng}
 */
export function placeAt(points, at) {
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (Date.parse(points[middle].at) <= at) low = middle
    else high = middle - 1
  }
  const [before, after] = [points[low], points[low + 1]]
  if (after === undefined) return before
  const [from, to] = [Date.parse(before.at), Date.parse(after.at)]
  if (at <= from || to - from > GAP_MS) return before
  const part = (at - from) / (to - from)
  return { lat: before.lat + (after.lat - before.lat) * part, lng: before.lng + (after.lng - before.lng) * part }
}

export class Replay {
  #onTick
  #next
  #last = 0
  #frame = 0

  /**
   * @param {TrailPoint[]} points
   * @param {{ onTick: () => void, next?: (work: (now: number) => void) => number }} parts
   */
  constructor(points, { onTick, next = (work) => requestAnimationFrame(work) }) {
    this.points = points
    this.#onTick = onTick
    this.#next = next
    this.begins = Date.parse(points[0].at)
    this.ends = Date.parse(points[points.length - 1].at)
    this.at = this.begins
    this.speed = SPEEDS[1]
    this.playing = false
  }

  get place() {
    return placeAt(this.points, this.at)
  }

  /** @param {number} at */
  seek(at) {
    this.at = Math.min(this.ends, Math.max(this.begins, at))
    this.#onTick()
  }

  toggle() {
    if (this.playing) return this.pause()
    if (this.at >= this.ends) this.at = this.begins
    this.playing = true
    this.#last = 0
    this.#frame = this.#next(this.#tick)
    this.#onTick()
  }

  pause() {
    this.playing = false
    cancelAnimationFrame(this.#frame)
    this.#onTick()
  }

  /** @param {number} now */
  #tick = (now) => {
    if (!this.playing) return
    const passed = this.#last === 0 ? 0 : Math.min(250, now - this.#last)
    this.#last = now
    this.at = Math.min(this.ends, this.at + passed * this.speed)
    if (this.at >= this.ends) this.playing = false
    this.#onTick()
    if (this.playing) this.#frame = this.#next(this.#tick)
  }
}
