// @ts-check
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { judge } from '../src/core/visits/verdict.js'

/** The cases that the server's Python judges too. */
const cases = JSON.parse(readFileSync(new URL('../../tests/unit/visits/cases/verdict.json', import.meta.url), 'utf8'))

test(`${cases.length} arrivals are judged as on the server`, () => {
  for (const { judged, target, quality, radius_m: radius, ...arrival } of cases) {
    const found = judge(arrival, target, quality, radius)
    assert.deepEqual({ ...found, distance_m: 0 }, { ...judged, distance_m: 0 })
    const [here, there] = [found.distance_m, judged.distance_m]
    if (there === null) assert.equal(here, null)
    else assert.ok(Math.abs((here ?? -1) - there) <= 1e-6 * Math.max(1, there), `${here} ${there}`)
  }
})
