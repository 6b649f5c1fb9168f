// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { niceScale } from '../src/core/ui/charts.js'
import { bandFaults, bandTone, contiguous } from '../src/panel/bands.js'
import { readableOn } from '../src/panel/colours.js'
import { moratoryInterest } from '../src/panel/interest.js'

const POLICY = { annual_rate_ppm: 360_000, day_count: 360, grace_days: 3, cap_ppm: null }

test('interest is simple, after the days of grace, rounded half up once', () => {
  assert.deepEqual(moratoryInterest(1_000_000, 45, POLICY), { days: 42, minor: 42_000n, capped: false })
  assert.equal(moratoryInterest(1_000_000, 3, POLICY).minor, 0n)
  assert.equal(moratoryInterest(500, 4, { ...POLICY }).minor, 1n) // 0.5 rounds up
  assert.equal(moratoryInterest(499, 4, { ...POLICY }).minor, 0n)
})

test('interest stops at its cap', () => {
  const capped = moratoryInterest(1_000_000, 2000, { ...POLICY, cap_ppm: 500_000 })
  assert.deepEqual([capped.minor, capped.capped], [500_000n, true])
})

test('interest on an amount no float can hold stays exact', () => {
  assert.equal(moratoryInterest(9_007_199_254_740_991, 4, { ...POLICY, annual_rate_ppm: 10_000_000, day_count: 365 }).minor, 246_772_582_321_671n)
})

/** @param {[string, number | null, number | null][]} rows */
const bands = (rows) => rows.map(([code, from_dpd, to_dpd]) => ({ code, from_dpd, to_dpd }))

test('bands follow each other day by day and the last has no end', () => {
  assert.deepEqual(contiguous(bands([['a', null, 0], ['b', 99, 30], ['c', 5, 60]])), bands([['a', null, 0], ['b', 1, 30], ['c', 31, null]]))
})

test('bands without a good code or running backwards are found', () => {
  const faults = bandFaults(contiguous(bands([['a b', null, 0], ['x', 1, 30], ['x', 31, 20], ['y', 21, null]])))
  assert.deepEqual(faults, [
    { index: 0, part: 'code', fault: 'code' },
    { index: 2, part: 'code', fault: 'repeated' },
    { index: 2, part: 'to_dpd', fault: 'order' },
  ])
})

test('every number of bands goes from the calmest shade towards the gravest', () => {
  for (let count = 1; count <= 20; count += 1) {
    const shades = Array.from({ length: count }, (_, i) => Number(bandTone(i, count).slice(4)))
    assert.equal(shades[0], 0)
    assert.deepEqual(shades, shades.toSorted((a, b) => a - b))
    assert.ok(Math.max(...shades) <= 7)
  }
})

test('text on a brand colour is the one that reads', () => {
  assert.equal(readableOn('#ffffff'), '#000000')
  assert.equal(readableOn('#ffd60a'), '#000000')
  assert.equal(readableOn('#6b3fa0'), '#ffffff')
})

test('chart scales are round and reach above the largest value', () => {
  for (const largest of [1, 7, 99, 100, 101, 38_500, 3_211_325, 7.5e12]) {
    const { max, steps } = niceScale(largest)
    assert.ok(max >= largest && max <= largest * 3.5, String(largest))
    assert.ok(steps.length >= 2 && steps.length <= 6, String(largest))
  }
  assert.deepEqual(niceScale(0), { max: 1, steps: [0] })
})
