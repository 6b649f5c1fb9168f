// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readDate, readMoney, readingText } from '../../src/panel/uploads/reading.js'

test('repeats how amounts are read, exactly', () => {
  for (const [text, mark, currency, minor] of [
    ['1.234,50', ',', 'MXN', 123450],
    ['$ 57.603', null, 'CLP', 57603],
    ['$ 57.603', '.', 'MXN', null],
    ['57.60', '.', 'MXN', 5760],
    ['(120.00)', '.', 'MXN', -12000],
    ['3.630,00 €', ',', 'EUR', 363000],
    ['1,234.5', '.', 'USD', 123450],
    ['-', '.', 'USD', null],
  ]) {
    assert.equal(readMoney(text, mark, currency), minor, text)
  }
})

test('repeats how dates are read, and leaves alone what it cannot', () => {
  assert.equal(readDate('03/04/2026', 'dmy'), '2026-04-03')
  assert.equal(readDate('03/04/2026', 'mdy'), '2026-03-04')
  assert.equal(readDate('2026-04-03', null), '2026-04-03')
  assert.equal(readDate('31/02/2026', 'dmy'), null)
  assert.equal(readDate('46115', 'dmy'), null)
})

test('shows the first sample that says something, and only where there is a reading to show', () => {
  const money = { currency: 'MXN', locale: 'es-MX' }
  const column = { samples: ['-', '1.234,50'], reading: { decimal: ',' } }

  assert.match(readingText(column, 'amount', money), /^1\.234,50 → \$1,234\.50$/)
  const asked = { samples: ['03/04/2026'], reading: { order: 'dmy', because: 'asked' } }
  assert.equal(readingText(asked, 'due_on', money), null)
  assert.match(readingText(asked, 'due_on', money, { date_order: 'dmy' }), /3 abr/)
  assert.equal(readingText(column, 'name', money), null)
  assert.equal(readingText(column, null, money), null)
})

test('an answer about thousands turns the marks', () => {
  const money = { currency: 'MXN', locale: 'es-MX' }
  const column = { samples: ['57.603'], reading: { decimal: ',', because: 'asked' } }

  assert.match(readingText(column, 'amount', money, { integer_thousands: 'thousands' }), /\$57,603\.00$/)
  assert.equal(readingText({ ...column, samples: ['57.60'] }, 'amount', money, { integer_thousands: 'decimals' }), '57.60 → $57.60')
})
