// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { kept, told } from '../../src/panel/agreements/figures.js'

const none = { offered: 0, accepted: 0, broken: 0, matured: 0 }

test('what is kept is a part of what matured, and nothing while nothing has', () => {
  assert.equal(kept(0, 0), '–')
  assert.match(kept(7, 10), /^70\s?%$/)
})

test('agreements are told once there is one', () => {
  assert.equal(told({ this_week: none, this_month: none, last_month: none }), false)
  assert.equal(told({ this_week: none, this_month: none, last_month: { ...none, broken: 1 } }), true)
})
