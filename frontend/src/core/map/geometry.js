// @ts-check

/** Sums on the sphere that do not need a map. */

/** @import { Bounds, LatLng, TrailPoint } from './contract.js' */

const EARTH_M = 6_371_008.8
const RADIANS = Math.PI / 180
/** Where nothing was heard for longer, a line would be a guess. */
export const GAP_MS = 10 * 60_000

/**
 * Metres between two points (haversine).
 * @param {LatLng} a @param {LatLng} b
 */
export function distance(a, b) {
  const lat = Math.sin(((b.lat - a.lat) * RADIANS) / 2)
  const lng = Math.sin(((b.lng - a.lng) * RADIANS) / 2)
  const chord = lat * lat + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * lng * lng
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, chord)))
}

/**
 * Degrees from north, of the way from one point to another.
 * @param {LatLng} a @param {LatLng} b
 */
export function bearing(a, b) {
  const east = (b.lng - a.lng) * Math.cos(((a.lat + b.lat) / 2) * RADIANS)
  return (Math.atan2(east, b.lat - a.lat) / RADIANS + 360) % 360
}

/**
 * The smallest box around points, or null for none. `marginM` widens it on every side.
 * @param {LatLng[]} points
 * @param {number} [marginM]
 * @returns {Bounds | null}
 */
export function boundsOf(points, marginM = 0) {
  if (points.length === 0) return null
  const lats = points.map(({ lat }) => lat)
  const lngs = points.map(({ lng }) => lng)
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  const up = marginM / 111_320
  const aside = up / Math.max(0.01, Math.cos(Math.max(Math.abs(south), Math.abs(north)) * RADIANS))
  return [
    { lat: south - up, lng: Math.min(...lngs) - aside },
    { lat: north + up, lng: Math.max(...lngs) + aside },
  ]
}

/**
 * Cut a trail where nothing was heard for so long that a line would be a guess.
 *
 * @template {TrailPoint} P
 * @param {P[]} points  In order of time.
 * @param {number} gapMs
 * @returns {{ known: P[][], guessed: [P, P][] }}  `guessed` joins the pieces.
 */
export function pieces(points, gapMs) {
  /** @type {P[][]} */
  const known = []
  /** @type {[P, P][]} */
  const guessed = []
  let piece = points.slice(0, 1)
  for (let index = 1; index < points.length; index += 1) {
    const [before, point] = [points[index - 1], points[index]]
    if (Date.parse(point.at) - Date.parse(before.at) > gapMs) {
      known.push(piece)
      guessed.push([before, point])
      piece = []
    }
    piece.push(point)
  }
  if (piece.length > 0) known.push(piece)
  return { known, guessed }
}

/**
 * Whether a point lies inside a polygon (edges belong to either side).
 * @param {LatLng} point @param {LatLng[]} polygon
 */
export function contains(polygon, point) {
  let inside = false
  for (let index = 0, last = polygon.length - 1; index < polygon.length; last = index, index += 1) {
    const [a, b] = [polygon[index], polygon[last]]
    const between = a.lat > point.lat !== b.lat > point.lat
    if (between && point.lng < ((b.lng - a.lng) * (point.lat - a.lat)) / (b.lat - a.lat) + a.lng) inside = !inside
  }
  return inside
}

/**
 * Whether two edges of a polygon cross: then it has no inside to speak of.
 * @param {LatLng[]} polygon
 */
export function crossesItself(polygon) {
  const edges = polygon.map((point, index) => /** @type {const} */ ([point, polygon[(index + 1) % polygon.length]]))
  return edges.some(([a, b], i) => edges.some(([c, d], j) => j > i + 1 && !(i === 0 && j === edges.length - 1) && crosses(a, b, c, d)))
}

/** @param {LatLng} a @param {LatLng} b @param {LatLng} c @param {LatLng} d */
function crosses(a, b, c, d) {
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)
}

/** @param {LatLng} a @param {LatLng} b @param {LatLng} c */
function side(a, b, c) {
  return (b.lng - a.lng) * (c.lat - a.lat) > (b.lat - a.lat) * (c.lng - a.lng)
}
