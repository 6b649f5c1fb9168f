// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as progress from '../../src/panel/uploads/progress.js'

const upload = (state, more = {}) => ({ state, inspection: null, mapping: null, checked: null, applied: null, ...more })

test('an upload that stopped shows the step it stopped in', () => {
  const at = (facts) => progress.stepsOf(facts).find(({ state }) => state === 'current')?.step

  assert.equal(at(upload('reading')), 'file')
  assert.equal(at(upload('needs_mapping')), 'columns')
  assert.equal(at(upload('ready')), 'review')
  assert.equal(at(upload('failed')), 'file')
  assert.equal(at(upload('cancelled', { inspection: {}, mapping: {}, checked: {} })), 'review')
  assert.equal(at(upload('cancelled', { inspection: {}, mapping: {}, checked: {}, applied: {} })), 'apply')
  assert.equal(at(upload('done')), undefined)
})

test('looks less often once hidden, after a while, and after every miss', () => {
  const delay = (facts) => progress.pollDelay({ upload: upload('applying'), hidden: false, looks: 0, failures: 0, ...facts })

  assert.equal(delay({}), 1_000)
  assert.ok(delay({ looks: 50 }) > delay({}))
  assert.ok(delay({ hidden: true }) > delay({ looks: 50 }))
  assert.ok(delay({ failures: 3 }) > delay({ failures: 1 }))
  assert.equal(delay({ failures: 100, hidden: true }), 60_000)
  assert.equal(delay({ upload: upload('ready') }), null)
})

test('says the time left in words nobody has to believe to the second', () => {
  assert.deepEqual(progress.timeLeft(3), { unit: 'moment', n: 0 })
  assert.deepEqual(progress.timeLeft(41), { unit: 'seconds', n: 50 })
  assert.deepEqual(progress.timeLeft(100), { unit: 'minutes', n: 2 })
  assert.deepEqual(progress.timeLeft(3 * 3600 - 5), { unit: 'hours', n: 3 })
  assert.equal(progress.timeLeft(null), null)
  assert.equal(progress.timeLeft(Infinity), null)
})

test('shares are of all rows, and no share is known before the rows are', () => {
  assert.equal(progress.shareDone({ rows_total: null, rows_done: 5 }), null)
  assert.equal(progress.shareDone({ rows_total: 200, rows_done: 50 }), 0.25)
  assert.equal(progress.shareDone({ rows_total: 200, rows_done: 201 }), 1)
})

test('figures that do not account for every row are told apart', () => {
  const figures = { rows: 10, created: 4, updated: 3, unchanged: 2, rejected: 1, closed: 0, amount_minor: 0 }

  assert.equal(progress.addsUp(figures), true)
  assert.equal(progress.addsUp({ ...figures, rejected: 2 }), false)
  assert.deepEqual(progress.parts(figures).map(({ share }) => share), [0.4, 0.3, 0.2, 0.1])
  assert.equal(progress.changesNothing(figures), false)
  assert.equal(progress.changesNothing({ ...figures, created: 0, updated: 0 }), true)
})
