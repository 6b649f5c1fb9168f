// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

// The trail listens to the page; the rest of what it imports asks for none.
globalThis.document = /** @type {any} */ ({ addEventListener: () => {}, visibilityState: 'visible' })
const { Shift } = await import('../../src/field/shift.js')

const full = () => new DOMException('no room', 'QuotaExceededError')

/** A phone whose every write waits to be answered by the test. */
function phoneOf() {
  /** @type {{ point: any, answer: (error?: Error) => void }[]} */
  const writes = []
  /** @type {any[]} */
  const stored = []
  /** @type {(place: any) => void} */
  let tell = () => {}
  const store = {
    fact: async (/** @type {string} */ key) => (key === 'shift' ? { shift_id: 'shf_1', started_at: '2026-11-22T16:00:00Z' } : false),
    addPoint: (/** @type {any} */ point) => new Promise((resolve, reject) => {
      writes.push({ point, answer: (error) => { if (error) reject(error); else { stored.push(point); resolve(undefined) } } })
    }),
  }
  const app = { paint: () => {}, flush: async () => {}, items: [] }
  const places = { follow: (/** @type {any} */ seen) => { tell = seen; return () => {} } }
  const shift = new Shift(/** @type {any} */ ({ app, store, places }))
  const walk = (/** @type {number} */ step) => tell({ at: new Date(Date.parse('2026-11-22T16:00:00Z') + step * 60_000).toISOString(), lat: 19.4, lng: -99.1 + step / 100, accuracy_m: 5, speed_ms: null, heading: null })
  return { shift, walk, writes, stored }
}

const settled = () => new Promise((resolve) => { setImmediate(resolve) })

test('points that find no room keep their order, however their writes overlap', async () => {
  const { shift, walk, writes, stored } = phoneOf()
  await shift.load()
  walk(1)
  walk(2)
  await settled()
  for (const { answer } of writes.splice(0)) answer(full())
  await settled()
  walk(3)
  await settled()
  for (let turn = 0; turn < 5 && writes.length > 0; turn += 1) {
    for (const { answer } of writes.splice(0)) answer()
    await settled()
  }
  assert.deepEqual(stored.map(({ at }) => at.slice(14, 16)), ['01', '02', '03'])
})

test('a point that comes while another finds no room is tried as well, after it', async () => {
  const { shift, walk, writes } = phoneOf()
  await shift.load()
  walk(1)
  walk(2)
  await settled()
  assert.equal(writes.length, 1)
  writes[0].answer(full())
  await settled()
  assert.deepEqual(writes.map(({ point }) => point.at.slice(14, 16)), ['01', '01'])
})
