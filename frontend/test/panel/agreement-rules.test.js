// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newRule, ruleFaults, shadowedBy } from '../../src/panel/agreements/rules.js'

const BANDS = [{ code: 'a', from_dpd: 1, to_dpd: 30 }, { code: 'b', from_dpd: 31, to_dpd: null }]
const rule = (more = {}) => ({ ...newRule({ max_instalments: 3 }), name: 'x', ...more })

test('a new rule starts from the limits that hold, and is a copy of them', () => {
  const limits = { max_instalments: 3 }
  const made = newRule(limits)
  made.limits.max_instalments = 5

  assert.equal(limits.max_instalments, 3)
})

test('a rule needs a name of its own, bands that are there and bounds in order', () => {
  assert.deepEqual(ruleFaults(rule(), BANDS, []), {})
  assert.deepEqual(ruleFaults(rule({ name: ' ' }), BANDS, []), { name: 'name' })
  assert.deepEqual(ruleFaults(rule(), BANDS, ['x']), { name: 'repeated' })
  assert.deepEqual(ruleFaults(rule({ bands: ['c'] }), BANDS, []), { bands: 'gone' })
  assert.deepEqual(ruleFaults(rule({ min_minor: 5, max_minor: 4 }), BANDS, []), { max_minor: 'order' })
})

test('a rule never holds where an earlier one takes every case of it', () => {
  const any = rule()
  const late = rule({ bands: ['b'], min_minor: 100, max_minor: 500, products: ['card'] })

  assert.equal(shadowedBy([any, late], 1), 0)
  assert.equal(shadowedBy([late, any], 1), null)
  assert.equal(shadowedBy([rule({ bands: ['a'] }), late], 1), null)
  assert.equal(shadowedBy([rule({ bands: ['a', 'b'], min_minor: 100, products: ['card', 'loan'] }), late], 1), 0)
  assert.equal(shadowedBy([rule({ min_minor: 101 }), late], 1), null)
  assert.equal(shadowedBy([rule({ products: ['card'] }), rule({ bands: ['b'] })], 1), null)
})
