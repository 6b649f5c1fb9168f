import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Replay, placeAt } from '../../src/panel/map/replay.js'

const START = Date.parse('2026-11-22T15:00:00Z')
const at = (/** @type {number} */ minute, /** @type {number} */ lat) => ({ at: new Date(START + minute * 60_000).toISOString(), lat, lng: -99, accuracy_m: 5, speed_ms: null })
const POINTS = [at(0, 19), at(2, 19.2), at(4, 19.4), at(64, 20)]

test('between two points he is on the way, in proportion to the time', () => {
  assert.ok(Math.abs(placeAt(POINTS, START + 60_000).lat - 19.1) < 1e-9)
  assert.equal(placeAt(POINTS, START + 120_000).lat, 19.2)
})

test('where nothing was heard he stays at the last point', () => {
  assert.equal(placeAt(POINTS, START + 30 * 60_000).lat, 19.4)
  assert.equal(placeAt(POINTS, START + 64 * 60_000).lat, 20)
})

test('before and after the day he is at its ends', () => {
  assert.equal(placeAt(POINTS, START - 1).lat, 19)
  assert.equal(placeAt(POINTS, START + 1e9).lat, 20)
})

test('the clock runs at its speed, stops at the end and begins again', () => {
  /** @type {((now: number) => void)[]} */
  const frames = []
  let ticks = 0
  globalThis.cancelAnimationFrame = () => {}
  const replay = new Replay(POINTS, { onTick: () => { ticks += 1 }, next: (work) => frames.push(work) })
  replay.speed = 600
  replay.toggle()
  frames.shift()?.(1000)
  frames.shift()?.(1100)
  assert.equal(replay.at - START, 60_000)
  replay.seek(replay.ends - 1)
  frames.shift()?.(1200)
  assert.deepEqual([replay.playing, replay.at, frames.length], [false, replay.ends, 0])
  replay.toggle()
  assert.deepEqual([replay.playing, replay.at], [true, replay.begins])
  assert.ok(ticks >= 4)
})
