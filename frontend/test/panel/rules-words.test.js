// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { grouped, withDay } from '../../src/panel/rules/words.js'

const RULE = { allowed: true, exception_products: [], mon_fri: [['07:00', '19:00']], sat: [], sun: [], holiday: [], article: 'art. 3', confidence: 'high', sources: ['CO1'] }

test('channels with the same rule are told together, others apart', () => {
  const groups = grouped([
    { ...RULE, channel: 'call' },
    { ...RULE, channel: 'visit', allowed: false, article: 'art. 6' },
    { ...RULE, channel: 'sms' },
  ])

  assert.deepEqual(groups.map(({ channels }) => channels), [['call', 'sms'], ['visit']])
})

test('closed days stand in order, each once', () => {
  assert.deepEqual(withDay(['2026-12-24'], '2026-12-08'), ['2026-12-08', '2026-12-24'])
  assert.deepEqual(withDay(['2026-12-24'], '2026-12-24'), ['2026-12-24'])
})
