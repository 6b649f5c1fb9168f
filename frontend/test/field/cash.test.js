// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountFault, answersFor, fullness, hasCome, numberOf, placeOf, seriesOf, signedWords, takesCash } from '../../src/field/cash.js'

/** @import { CashFacts, Receipt } from '../../src/field/types' */

/** @param {number} place @param {Partial<Receipt>} [more] @returns {Receipt} */
const receipt = (place, more = {}) => ({
  number: numberOf('NZXC53SV', place), visit_id: 'vis_1', case_id: 'cas_1', portfolio_id: 'prt_1', name: 'José', amount_minor: 1000, currency: 'MXN',
  at: '2026-11-22T18:00:00.500Z', state: 'issued', reason: '', token: '', ...more,
})
/** @param {number} last @param {number[]} [missing] @returns {CashFacts} */
const facts = (last, missing = []) => ({
  as_of: '', series: 'NZXC53SV', last, missing, deposits: [],
  hands: [{ portfolio_id: 'prt_1', currency: 'MXN', held_minor: 5000, declared_minor: 0, owed_minor: 0, answers_for_minor: 5000, limit_minor: 10_000 }],
})

test('a series is named as on the server', async () => {
  assert.equal(await seriesOf('dev_0000000001', 'ana'), 'NZXC53SV') // tests of domain/cash.py have the same
  assert.equal(numberOf('NZXC53SV', 12), 'NZXC53SV-000012')
  assert.equal(placeOf('NZXC53SV-000012'), 12)
})

test('what only the phone knows of counts beside what the server told', () => {
  assert.equal(answersFor(null, [receipt(1)], 'prt_1'), 1000)
  assert.equal(answersFor(facts(2), [receipt(1), receipt(2), receipt(3)], 'prt_1'), 6000)
  // A number that the server has not seen, though later ones came, is still only here.
  assert.equal(answersFor(facts(3, [2]), [receipt(1), receipt(2), receipt(3)], 'prt_1'), 6000)
  assert.equal(answersFor(facts(0), [receipt(1, { state: 'void' }), receipt(2, { portfolio_id: 'prt_2' })], 'prt_1'), 5000)
  assert.equal(hasCome(receipt(2), facts(3, [2])), false)
  assert.equal(hasCome(receipt(1, { number: 'AAAAAAAA-000001' }), facts(3)), false)
})

test('the hand warns at 80 % and stops at 100 %', () => {
  assert.deepEqual([7999, 8000, 9999, 10_000].map((held) => fullness(held, 10_000)), ['fine', 'warn', 'warn', 'full'])
  assert.equal(fullness(0, 0), 'full')
})

test('no more is taken than is owed, nor than may be held', () => {
  const free = { held: 9000, limit: 10_000, owed: 900 }
  assert.equal(amountFault(900, free), null)
  assert.equal(amountFault(901, free), 'visit.cash_more_than_owed')
  assert.equal(amountFault(1001, { ...free, owed: null }), 'visit.cash_over_limit')
  assert.equal(amountFault(0, free), 'visit.need_amount')
  assert.equal(amountFault(null, free), 'visit.need_amount')
})

test('there is a step for cash where it may be taken, or was', () => {
  const none = /** @type {any} */ ({ cash: null })
  assert.equal(takesCash(none, /** @type {any} */ ({ cash_allowed: true }), ['cash']), true)
  assert.equal(takesCash(none, /** @type {any} */ ({ cash_allowed: false }), ['cash']), false)
  assert.equal(takesCash(none, /** @type {any} */ ({ cash_allowed: true }), []), false)
  assert.equal(takesCash(/** @type {any} */ ({ cash: { number: 'x' } }), /** @type {any} */ ({ cash_allowed: false }), []), true)
})

test('what is signed says number, amount, currency and second', () => {
  assert.equal(signedWords(receipt(7)), 'NZXC53SV-000007.1000.MXN.1795370400')
})
