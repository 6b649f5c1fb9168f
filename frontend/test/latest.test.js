// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { latest } from '../src/core/latest.js'

test('a question is current until the next one is begun', () => {
  const ask = latest()
  const first = ask()
  assert.equal(first(), true)
  const second = ask()
  assert.deepEqual([first(), second()], [false, true])
})

test('questions of different kinds do not end each other', () => {
  const [askList, askBoard] = [latest(), latest()]
  const list = askList()
  askBoard()
  assert.equal(list(), true)
})
