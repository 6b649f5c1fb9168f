import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runs, tilesOf } from '../src/core/map/pack.js'

const CENTRO = /** @type {const} */ ([{ lat: 19.42, lng: -99.15 }, { lat: 19.44, lng: -99.12 }])

test('a box is covered at every zoom, from the whole world down', () => {
  const tiles = tilesOf([...CENTRO], 14)
  assert.deepEqual(tiles[0], [0, 0, 0])
  assert.deepEqual([...new Set(tiles.map(([z]) => z))], Array.from({ length: 15 }, (_, z) => z))
  // The Zócalo's own tile (slippy map: x 3680, y 7292 at zoom 14 for 19.4326, -99.1332).
  assert.ok(tiles.some(([z, x, y]) => z === 14 && x === 3680 && y === Math.floor(((1 - Math.asinh(Math.tan((19.4326 * Math.PI) / 180)) / Math.PI) / 2) * 16_384)))
  assert.ok(tiles.length < 40)
})

test('the ends of the world stay inside it', () => {
  for (const [z, x, y] of tilesOf([{ lat: -89, lng: -180 }, { lat: 89, lng: 180 }], 2)) {
    assert.ok(x >= 0 && y >= 0 && x < 2 ** z && y < 2 ** z)
  }
})

test('neighbours are asked for together, what lies far apart is not', () => {
  const tile = (/** @type {number} */ offset, /** @type {number} */ length) => ({ id: offset, offset, length })
  const found = runs([tile(0, 1000), tile(1000, 500), tile(20_000, 100), tile(500_000, 10), tile(500_010, 2_000_000)])
  assert.deepEqual(found.map(({ offset, length, tiles }) => [offset, length, tiles.length]), [[0, 20_100, 3], [500_000, 10, 1], [500_010, 2_000_000, 1]])
})
