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
  const promise = { amount_minor: 100, amount_text: '1', due_on: today, channel: 'phone' }

  assert.deepEqual(faults(acts.checkPromise(promise, { today })), {})
  assert.deepEqual(faults(acts.checkPromise({ ...promise, due_on: '2026-11-21' }, { today })), { due_on: 'past' })
})

test('tags are read however they are separated, each once', () => {
  assert.deepEqual(acts.parseTags(' VIP, zona norte;vip\n'), ['vip', 'zona norte'])
  assert.equal(acts.tagsError(Array.from({ length: 21 }, (_, i) => `t${i}`).join()), 'too_many_tags')
  assert.equal(acts.tagsError('x'.repeat(41)), 'long_tag')
  assert.equal(acts.tagsError('vip'), null)
})
