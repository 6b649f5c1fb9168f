// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Problem } from '../../src/core/problem.js'
import { passing, patiently } from '../../src/panel/figures/patient.js'

const busy = new Problem({ code: 'lake.not_told', status: 409, details: { reason: 'engine' } })
const tooMuch = new Problem({ code: 'lake.not_told', status: 409, details: { reason: 'too_much' } })
const gateway = new Problem({ code: 'page.failed', status: 502, details: {} })
const told = { now: /** @type {any} */ ({ lines: [] }), then: null, problem: null }

/** @param {(Problem | null)[]} answers */
function asking(answers) {
  let asked = 0
  return {
    ask: async () => {
      const problem = answers[asked++] ?? null
      return problem ? { now: null, then: null, problem } : told
    },
    count: () => asked,
  }
}

test('an engine that was busy is asked again', async () => {
  const one = asking([busy, gateway, null])
  assert.equal(await patiently(one.ask, () => true, [0, 0]), told)
  assert.equal(one.count(), 3)
})

test('one that stays busy is asked so often and no more', async () => {
  const one = asking([busy, busy, busy, null])
  assert.equal((await patiently(one.ask, () => true, [0, 0])).problem, busy)
  assert.equal(one.count(), 3)
})

test('what no engine will ever tell is asked once', async () => {
  const one = asking([tooMuch, null])
  assert.equal((await patiently(one.ask, () => true, [0, 0])).problem, tooMuch)
  assert.equal(one.count(), 1)
  assert.equal(passing(null), false)
})

test('nobody asks for whom went on to something else', async () => {
  const one = asking([busy, null])
  await patiently(one.ask, () => false, [0])
  assert.equal(one.count(), 1)
})
