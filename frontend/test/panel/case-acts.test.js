// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as acts from '../../src/panel/case/acts.js'

const today = '2026-11-22'
const faults = (errors) => Object.fromEntries(Object.entries(errors).filter(([, error]) => error))

const payment = (more = {}) => ({ amount_minor: 12550, amount_text: '125.50', paid_on: today, reference: ' R-1 ', method: 'cash', debt_id: '', ...more })

test('a payment needs an amount, a day that has come and a reference', () => {
  assert.deepEqual(faults(acts.checkPayment(payment(), { today })), {})
  assert.deepEqual(faults(acts.checkPayment(payment({ amount_minor: null, amount_text: '', paid_on: '', reference: ' ' }), { today })), { amount_minor: 'required', paid_on: 'required', reference: 'required' })
  assert.deepEqual(faults(acts.checkPayment(payment({ amount_minor: null, amount_text: '12.5.0', paid_on: '2026-11-23' }), { today })), { amount_minor: 'money', paid_on: 'future' })
  assert.deepEqual(faults(acts.checkPayment(payment({ amount_minor: -5 }), { today })), { amount_minor: 'positive' })
})

test('a payment names a debt only when one was picked', () => {
  assert.deepEqual(acts.paymentBody(payment()), { amount_minor: 12550, paid_on: today, reference: 'R-1', method: 'cash' })
  assert.equal(acts.paymentBody(payment({ debt_id: 'd1' })).debt_id, 'd1')
})

const correction = (more = {}) => ({ debt_id: 'd1', component: 'fees', way: 'lower', amount_minor: 500, amount_text: '5', reason: 'Cobro doble', ...more })

test('an adjustment is signed by the way it goes', () => {
  assert.equal(acts.adjustmentBody(correction()).amount_minor, -500)
  assert.equal(acts.adjustmentBody(correction({ way: 'raise' })).amount_minor, 500)
})

test('whatever changes what is owed needs a reason and a debt', () => {
  assert.deepEqual(faults(acts.checkAdjustment(correction({ reason: ' a ', debt_id: '' }))), { reason: 'reason', debt_id: 'required' })
  assert.deepEqual(faults(acts.checkReason({ reason: 'Duplicado' })), {})
})

test('no more is waived than that part owes', () => {
  assert.deepEqual(faults(acts.checkWaiver(correction(), { owed: 500 })), {})
  assert.deepEqual(faults(acts.checkWaiver(correction(), { owed: 499 })), { amount_minor: 'too_much' })
})

test('a promise is for today or later', () => {
  const promise = { amount_minor: 100, amount_text: '1', due_on: today, channel: 'phone', parts: '1', frequency: 'weekly' }

  assert.deepEqual(faults(acts.checkPromise(promise, { today })), {})
  assert.deepEqual(faults(acts.checkPromise({ ...promise, due_on: '2026-11-21' }, { today })), { due_on: 'past' })
})

test('promises in parts are the dates that were shown, and none are sent before', () => {
  const series = { amount_minor: 1000, amount_text: '10', due_on: today, channel: 'phone', parts: '3', frequency: 'weekly' }
  const dates = [[334, '2026-11-23'], [334, '2026-11-30'], [332, '2026-12-07']].map(([minor, due_on]) => ({ amount: { minor }, due_on, meant_for: due_on }))

  assert.deepEqual(faults(acts.checkPromise(series, { today })), { parts: 'no_dates' })
  assert.deepEqual(faults(acts.checkPromise(series, { today, dates })), {})
  assert.deepEqual(acts.promiseBody(series, dates), {
    amount_minor: 334, due_on: '2026-11-23', channel: 'phone',
    then: [{ amount_minor: 334, due_on: '2026-11-30' }, { amount_minor: 332, due_on: '2026-12-07' }],
  })
  assert.equal(acts.promiseBody({ ...series, parts: '1' }, dates).then, undefined)
})

test('dates are asked for once there is something to ask', () => {
  const series = { amount_minor: 1000, amount_text: '10', due_on: today, channel: 'phone', parts: '3', frequency: 'weekly' }

  assert.equal(acts.seriesQuery(series, { today }), 'amount_minor=1000&first_on=2026-11-22&frequency=weekly&parts=3')
  for (const lacking of [{ parts: '1' }, { amount_minor: null }, { amount_minor: 0 }, { due_on: '' }, { due_on: '2026-11-21' }]) {
    assert.equal(acts.seriesQuery({ ...series, ...lacking }, { today }), '')
  }
})

test('tags are read however they are separated, each once', () => {
  assert.deepEqual(acts.parseTags(' VIP, zona norte;vip\n'), ['vip', 'zona norte'])
  assert.equal(acts.tagsError(Array.from({ length: 21 }, (_, i) => `t${i}`).join()), 'too_many_tags')
  assert.equal(acts.tagsError('x'.repeat(41)), 'long_tag')
  assert.equal(acts.tagsError('vip'), null)
})
