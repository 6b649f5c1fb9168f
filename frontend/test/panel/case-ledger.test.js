// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as contacts from '../../src/panel/case/contacts.js'
import { judge } from '../../src/panel/case/chain.js'
import * as ledger from '../../src/panel/case/ledger.js'
import * as timeline from '../../src/panel/case/timeline.js'

const money = (minor) => ({ minor, currency: 'MXN' })

function entry(id, kind, minor, day, more = {}) {
  return {
    entry_id: id, debt_id: 'd1', kind, amount: money(minor), principal: money(minor), interest: money(0), fees: money(0),
    effective_on: day, recorded_at: `${day}T12:00:00Z`, source: 'manual', reference: id, actor: 'user:1',
    reverses: null, reversed_by: null, reason: '', ...more,
  }
}

test('lines run by the day they count for, with the balance after each', () => {
  const lines = ledger.lines([
    entry('e3', 'payment', -500, '2026-03-01'),
    entry('e1', 'charge', 1000, '2026-01-01'),
    entry('e2', 'interest', 20, '2026-03-01'),
  ])

  assert.deepEqual(lines.map((line) => [line.entry_id, line.balance_minor]), [['e1', 1000], ['e2', 1020], ['e3', 520]])
})

test('only what a person posted may be undone, and once', () => {
  assert.equal(ledger.isReversible(entry('e', 'payment', -1, '2026-01-01')), true)
  assert.equal(ledger.isReversible(entry('e', 'payment', -1, '2026-01-01', { reversed_by: 'r' })), false)
  assert.equal(ledger.isReversible(entry('e', 'charge', 1, '2026-01-01')), false)
  assert.equal(ledger.isReversible(entry('e', 'reversal', 1, '2026-01-01')), false)
})

test('the entries of one payment are found by its source and reference', () => {
  const first = entry('a', 'payment', -1, '2026-01-01', { reference: 'R1' })
  const second = entry('b', 'payment', -2, '2026-01-01', { reference: 'R1', debt_id: 'd2' })
  const other = entry('c', 'payment', -3, '2026-01-01', { reference: 'R2' })

  assert.deepEqual(ledger.siblings(first, [first, second, other]), [first, second])
})

test('totals by kind add up to the balance', () => {
  const entries = [entry('a', 'charge', 1000, '2026-01-01'), entry('b', 'payment', -300, '2026-02-01'), entry('c', 'payment', -50, '2026-02-02')]

  const totals = ledger.totals(entries)

  assert.deepEqual(totals, [{ kind: 'charge', minor: 1000, count: 1 }, { kind: 'payment', minor: -350, count: 2 }])
  assert.equal(totals.reduce((sum, { minor }) => sum + minor, 0), ledger.lines(entries).at(-1).balance_minor)
})

test('a credit takes no room in the bar of what is owed', () => {
  const debt = { principal: money(-100), interest: money(30), fees: money(0), moratory: money(10) }

  assert.deepEqual(ledger.split(debt).map(({ share }) => share), [0, 0.75, 0, 0.25])
})

const event = (seq, at = '2026-11-22T10:00:00Z') => ({ seq, kind: 'note.added', at, actor: { id: 'u', name: 'Ana' }, facts: {}, personal: {}, hash: `hash-${seq}` })
const chain = { seq: 3, hash: 'hash-3' }
const events = [event(3), event(2), event(1)]

test('a timeline is intact only if the verdict is about what is on screen', () => {
  assert.deepEqual(judge({ ok: true, events: 3, head: 'hash-3' }, chain, events), { state: 'intact', events: 3 })
  assert.deepEqual(judge({ ok: false, first_altered: 2 }, chain, events), { state: 'altered', firstAltered: 2 })
  assert.equal(judge({ ok: true, events: 4, head: 'hash-4' }, chain, events).state, 'moved')
  assert.equal(judge({ ok: true, events: 3, head: 'other' }, chain, events).state, 'altered')
  assert.equal(judge({ ok: true, events: 2, head: 'hash-2' }, chain, events).state, 'altered')
})

test('an event missing between two others is named', () => {
  assert.deepEqual(judge({ ok: true, events: 3, head: 'hash-3' }, chain, [event(3), event(1)]), { state: 'altered', firstAltered: 2 })
  assert.equal(timeline.shortHash('0123456789abcdef'), '01234567')
})

test('events fall under the day of the portfolio, not of Greenwich', () => {
  const late = event(2, '2026-11-22T03:00:00Z')
  const early = event(1, '2026-11-21T12:00:00Z')

  const days = timeline.byDay([event(3, '2026-11-22T18:00:00Z'), late, early], 'America/Mexico_City')

  assert.deepEqual(days.map(({ day, events: own }) => [day, own.map(({ seq }) => seq)]), [['2026-11-22', [3]], ['2026-11-21', [2, 1]]])
})

test('overlapping pages of a timeline show each event once', () => {
  assert.deepEqual(timeline.join([event(3), event(2)], [event(2), event(1)]).map(({ seq }) => seq), [3, 2, 1])
})

test('phones read as people write them, and dial as they are', () => {
  assert.equal(contacts.formatPhone('+525512345678'), '+52 55 1234 5678')
  assert.equal(contacts.formatPhone('+573001234567'), '+57 300 123 4567')
  assert.equal(contacts.formatPhone('+5511987654321'), '+55 11 98765 4321')
  assert.equal(contacts.formatPhone('+50688887777'), '+506 8888 7777')
  assert.equal(contacts.formatPhone('+881234'), '+881234')
  assert.equal(contacts.telHref('+525512345678', 'ext 12'), 'tel:+525512345678;ext=12')
  assert.equal(contacts.telHref('+525512345678', 'mobile'), 'tel:+525512345678')
})

test('only an address with a point opens a map', () => {
  const address = { address_id: 'a', lines: 'Av. Juárez 10', city: 'Puebla', region: 'PUE', postal_code: '72000', country: 'MX', lat: 19.04, lng: -98.2, quality: 'street', source: '' }

  assert.equal(contacts.geoHref(address), 'geo:19.040000,-98.200000?q=19.040000,-98.200000')
  assert.equal(contacts.geoHref({ ...address, lat: null, lng: null }), null)
  assert.equal(contacts.addressLine(address), 'Av. Juárez 10, 72000 Puebla, PUE')
})

test('contacts worth trying come first', () => {
  const contact = (contact_id, quality, party = 'debtor', kind = 'phone') => ({ contact_id, kind, value: '', party, quality, detail: '', source: '' })

  const ordered = contacts.contactsInOrder([contact('bad', 'invalid'), contact('ref', 'valid', 'reference'), contact('own', 'valid'), contact('mail', 'valid', 'debtor', 'email')])

  assert.deepEqual(ordered.map(({ contact_id }) => contact_id), ['own', 'mail', 'ref', 'bad'])
})

test('a debt that came without a number is called by what it is for, never by an id of ours', () => {
  const made = { debt_id: 'd1', external_id: 'auto_ork9ht39s53fluuukji2ec6kk4', product: 'Agua' }
  const given = { debt_id: 'd2', external_id: 'F-12', product: 'Agua' }

  assert.deepEqual([ledger.debtName(made), ledger.debtProduct(made)], ['Agua', ''])
  assert.deepEqual([ledger.debtName(given), ledger.debtProduct(given)], ['F-12', 'Agua'])
  assert.equal(ledger.debtNamed([made, given], 'd2'), 'F-12')
  assert.equal(ledger.debtNamed([made, given], 'gone'), '')
})
