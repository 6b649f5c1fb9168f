// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkHold, consentBodies, holdBody, markBody } from '../../src/panel/case/reach-acts.js'
import { stateOf } from '../../src/panel/case/reach-view.js'

test('only channels about which something was said are sent', () => {
  const values = { consent_sms: 'refused', consent_call: 'same', consent_whatsapp: 'given', source: 'call', words: ' No me escriban ' }

  const bodies = consentBodies('con_1', ['sms', 'call', 'whatsapp'], values)

  assert.deepEqual(bodies.map(({ channel, state }) => [channel, state]), [['sms', 'refused'], ['whatsapp', 'given']])
  assert.equal(bodies[0].words, 'No me escriban')
})

test('what was found out is a quality or a party', () => {
  assert.equal(markBody('same'), null)
  assert.deepEqual(markBody('wrong_person'), { quality: 'wrong_person' })
  assert.deepEqual(markBody('minor'), { party: 'minor' })
})

test('a hold may be without an end, but not end in the past', () => {
  const today = '2026-11-22'

  assert.deepEqual(checkHold({ until: '' }, { today }), { until: null })
  assert.deepEqual(checkHold({ until: today }, { today }), { until: null })
  assert.deepEqual(checkHold({ until: '2026-11-21' }, { today }), { until: 'until' })
  assert.equal(holdBody({ reason: 'dispute', until: '', note: ' x ' }).until, null)
})

test('a hold is active, lifted, over or still to come', () => {
  const today = '2026-11-22'
  const hold = { lifted_at: null, active: false, since: '2026-11-01' }

  assert.equal(stateOf({ ...hold, active: true }, today), 'active')
  assert.equal(stateOf({ ...hold, lifted_at: '2026-11-05T10:00:00Z' }, today), 'lifted')
  assert.equal(stateOf(hold, today), 'over')
  assert.equal(stateOf({ ...hold, since: '2026-12-01' }, today), 'later')
})
