// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { clock, csvOf, daysOf, unordered } from '../../src/panel/routes/days.js'
import { placeText, readPlace } from '../../src/panel/routes/profile-dialog.js'

/** @param {Partial<import('../../src/panel/routes/contract.js').Visit>} values */
const visit = (values) => /** @type {any} */ ({
  assignment_id: 'asg_1', person_id: 'ana', state: 'planned', place: 0, arrives: 0, name: 'Rosa', lines: 'Calle 1', city: 'México',
  balance: { minor: 100, currency: 'MXN' }, dpd: 3, why: 'zone', ...values,
})
/** @param {string} id @param {boolean} works */
const agent = (id, works = true) => /** @type {any} */ ({ person_id: id, name: id, works, profile: { visits_max: 20 } })

test('visits stand in route order, those without a place last', () => {
  const [day] = daysOf([agent('ana')], [visit({ assignment_id: 'c' }), visit({ assignment_id: 'b', place: 2 }), visit({ assignment_id: 'a', place: 1 })])
  assert.deepEqual(day.visits.map(({ assignment_id: id }) => id), ['a', 'b', 'c'])
  assert.equal(unordered(day), true)
})

test('who does not work that day is shown only with visits', () => {
  assert.deepEqual(daysOf([agent('ana', false), agent('luz', false)], [visit({})]).map(({ name }) => name), ['ana'])
})

test('made and withdrawn visits are told apart', () => {
  const [day] = daysOf([agent('ana')], [visit({ state: 'done' }), visit({ state: 'withdrawn' })])
  assert.deepEqual([day.visits.length, day.done, day.withdrawn.length], [0, 1, 1])
})

test('seconds become a clock', () => {
  assert.deepEqual([clock(32_400), clock(0), clock(50_399)], ['9:00', '0:00', '14:00'])
})

test('a file quotes what it must and lets no spreadsheet run a name', () => {
  const days = daysOf([agent('ana')], [visit({ name: '=1+1', lines: 'Calle 1, "B"' })])
  const text = csvOf(days, ['a'], { why: (code) => code, money: () => '1.00 MXN' })
  assert.equal(text.split('\r\n')[1], 'ana,,,\'=1+1,"Calle 1, ""B""",México,1.00 MXN,3,zone')
})

test('a place is read as it is copied from a map', () => {
  assert.deepEqual(readPlace('19.4326, -99.1332'), { lat: 19.4326, lng: -99.1332 })
  assert.deepEqual(readPlace(''), null)
  for (const wrong of ['19.4', 'Centro', '95, 10', '1, 2, 3']) assert.equal(readPlace(wrong), undefined)
  assert.equal(placeText({ lat: 1.5, lng: -2 }), '1.5, -2')
})
