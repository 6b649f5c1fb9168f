// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ASKED, hexagonsOf, placeless } from '../../src/panel/figures/hexagons.js'

const BORDER = [{ lat: 19.4, lng: -99.1 }]

/** @param {string} cell @param {Record<string, [number, number | null]>} values @returns {import('../../src/panel/figures/contract.js').ReportLine} */
function line(cell, values) {
  return { keys: [cell], names: [cell], values: ASKED.map((code) => {
    const [numerator, denominator] = values[code] ?? [0, 0]
    return { numerator, denominator, value: denominator === null ? numerator : denominator > 0 ? numerator / denominator : null }
  }) }
}

/** @param {import('../../src/panel/figures/contract.js').ReportLine[]} lines @returns {import('../../src/panel/figures/contract.js').ReportTold} */
function told(lines) {
  return {
    measures: ASKED, dimensions: ['cell'], lines, more: false, borders: { a: BORDER, b: BORDER, c: BORDER },
    portfolio_id: 'p', currency: 'MXN', from: '2026-10-01', to: '2026-10-31', days: 31, days_there: 31, engine: 'duckdb', bytes: 1,
  }
}

const LINES = [
  line('a', { collected: [500, null], contact_rate: [10, 100], cases: [4, null] }),
  line('b', { collected: [1000, null], contact_rate: [9, 9], cases: [40, null], liquidation: [1, 4] }),
  line('c', { collected: [-50, null], contact_rate: [40, 100], cases: [12, null], liquidation: [1, 2] }),
  line('', { collected: [900, null], cases: [7, null] }),
]

test('the most comes first, and what has no place is not on the map', () => {
  const found = hexagonsOf(told(LINES), 'collected')
  assert.deepEqual(found.map(({ cell, rank }) => [cell, rank]), [['b', 1], ['a', 2], ['c', 3]])
  assert.deepEqual(found.map(({ share }) => share), [1, 0.5, 0])
  assert.equal(placeless(told(LINES)), 7)
})

test('a share of fewer than ten says nothing, however high', () => {
  const found = hexagonsOf(told(LINES), 'contact_rate')
  assert.deepEqual(found.map(({ cell, share }) => [cell, share]), [['c', 1], ['a', 0.25], ['b', null]])
})

test('liquidation rests on the cases there', () => {
  const found = hexagonsOf(told(LINES), 'liquidation')
  assert.deepEqual(found.map(({ cell, share }) => [cell, share]), [['c', 1], ['b', 0.5], ['a', null]])
})

test('nothing told is nothing drawn', () => {
  assert.deepEqual(hexagonsOf(told([]), 'collected'), [])
  assert.deepEqual(hexagonsOf(told([line('a', {})]), 'contact_rate').map(({ share }) => share), [null])
})
