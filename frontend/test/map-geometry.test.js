import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bearing, boundsOf, contains, crossesItself, distance, pieces } from '../src/core/map/geometry.js'

const ANGEL = { lat: 19.42702, lng: -99.16766 }
const ZOCALO = { lat: 19.43260, lng: -99.13320 }

test('distance is that of a known pair of squares', () => {
  assert.ok(Math.abs(distance(ANGEL, ZOCALO) - 3666) < 5)
  assert.equal(distance(ANGEL, ANGEL), 0)
})

test('bearing goes clockwise from north', () => {
  const from = { lat: -23.5, lng: -46.6 }
  for (const [lat, lng, wanted] of [[0.01, 0, 0], [0, 0.01, 90], [-0.01, 0, 180], [0, -0.01, 270]]) {
    assert.ok(Math.abs(bearing(from, { lat: from.lat + lat, lng: from.lng + lng }) - wanted) < 0.5)
  }
})

test('a box holds its points and its margin', () => {
  assert.equal(boundsOf([]), null)
  const [southWest, northEast] = /** @type {any} */ (boundsOf([ANGEL, ZOCALO], 500))
  assert.ok(Math.abs(distance({ lat: southWest.lat, lng: ANGEL.lng }, { lat: ANGEL.lat, lng: ANGEL.lng }) - 500) < 5)
  assert.ok(southWest.lng < ANGEL.lng && northEast.lng > ZOCALO.lng && northEast.lat > ZOCALO.lat)
})

test('a trail is cut where nothing was heard', () => {
  const at = (/** @type {number} */ minute) => ({ ...ANGEL, at: new Date(minute * 60_000).toISOString() })
  const points = [0, 1, 2, 30, 31].map(at)
  const { known, guessed } = pieces(points, 10 * 60_000)
  assert.deepEqual(known, [points.slice(0, 3), points.slice(3)])
  assert.deepEqual(guessed, [[points[2], points[3]]])
  assert.deepEqual(pieces([], 1), { known: [], guessed: [] })
})

test('inside and outside of a polygon', () => {
  const square = [{ lat: 0, lng: 0 }, { lat: 0, lng: 2 }, { lat: 2, lng: 2 }, { lat: 2, lng: 0 }]
  assert.equal(contains(square, { lat: 1, lng: 1 }), true)
  assert.equal(contains(square, { lat: 1, lng: 3 }), false)
  assert.equal(contains(square, { lat: -1, lng: 1 }), false)
})

test('a polygon that crosses itself is told', () => {
  const [a, b, c, d] = [{ lat: 0, lng: 0 }, { lat: 0, lng: 2 }, { lat: 2, lng: 2 }, { lat: 2, lng: 0 }]
  assert.equal(crossesItself([a, b, c, d]), false)
  assert.equal(crossesItself([a, c, b, d]), true)
  assert.equal(crossesItself([a, b, c]), false)
})
