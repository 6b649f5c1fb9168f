import assert from 'node:assert/strict'
import { test } from 'node:test'

import { useTexts } from '../../src/core/i18n.js'
import { costText, whyText } from '../../src/panel/sendings/words.js'

useTexts({ 'sendings.problem.unreachable': 'No disponible', 'sendings.reason.SUNDAY': 'Domingo' }, 'es')

const message = (more = {}) => /** @type {any} */ ({ problem: '', reason_code: 'OK', state: 'failed', ...more })

test('a reason is said in words, and an unknown one as it is', () => {
  assert.equal(whyText(message({ problem: 'unreachable' })), 'No disponible')
  assert.equal(whyText(message({ problem: 'whatsapp.130472' })), 'whatsapp.130472')
  assert.equal(whyText(message({ problem: 'SUNDAY', state: 'denied' })), 'Domingo')
})

test('a decision that allowed it is no reason', () => {
  assert.equal(whyText(message({ state: 'planned' })), '')
  assert.equal(whyText(message({ state: 'planned', reason_code: 'SUNDAY' })), 'Domingo')
  assert.equal(whyText(message({ state: 'sent', reason_code: 'SUNDAY' })), '')
})

test('what costs less than a cent is not called nothing', () => {
  assert.match(costText(100, 'USD', 'en-US'), /0\.0001/)
  assert.match(costText(9_870_000, 'USD', 'en-US'), /9\.87$/)
  assert.match(costText(0, '', 'en-US'), /0\.00$/)
})
