import assert from 'node:assert/strict'
import { test } from 'node:test'
import { marksOf, nextLook, shown, teamsOf, withChanges } from '../../src/panel/map/live.js'
import { addressOf, placeOf } from '../../src/panel/map/place.js'

/** @param {string} id @param {Partial<import('../../src/panel/map/contract.js').LiveAgent>} [more] */
const agent = (id, more = {}) => ({
  person_id: id, name: id, team: '', state: /** @type {const} */ ('moving'), why: '', since: null, at: null, lat: 1, lng: 2,
  accuracy_m: 5, battery: null, charging: null, network: null, ...more,
})

test('what changed replaces what was known, and nobody else', () => {
  const known = new Map([['a', agent('a')], ['b', agent('b')]])
  const after = withChanges(known, { items: [agent('b', { state: 'off' }), agent('c')], mark: '1', whole: false })
  assert.deepEqual([...after.values()].map(({ person_id: id, state }) => [id, state]), [['a', 'moving'], ['b', 'off'], ['c', 'moving']])
  assert.equal(known.size, 2)
  assert.deepEqual([...withChanges(after, { items: [agent('b')], mark: '2', whole: true }).keys()], ['b'])
})

test('asks again within five seconds, later after failures, never while hidden', () => {
  assert.ok(nextLook({ hidden: false, failures: 0 }) <= 5000)
  const waits = [1, 2, 3, 4, 5, 9].map((failures) => nextLook({ hidden: false, failures }))
  assert.deepEqual(waits, [8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  assert.ok(nextLook({ hidden: true, failures: 0 }) >= 3_600_000)
})

test('an alarm is shown whatever its state, and first', () => {
  const agents = [agent('b'), agent('a', { state: 'visiting' }), agent('z', { state: 'off', alarm: 'alr_1' }), agent('off', { state: 'off' })]
  const filter = { team: '', state: /** @type {const} */ ('on'), words: '' }
  assert.deepEqual(shown(agents, filter, 'es').map(({ person_id: id }) => id), ['z', 'a', 'b'])
  assert.deepEqual(shown(agents, { ...filter, state: 'off' }, 'es').map(({ person_id: id }) => id), ['z', 'off'])
})

test('names are found without accents, teams are kept apart', () => {
  const agents = [agent('1', { name: 'Inés Quiroga', team: 'Sur' }), agent('2', { name: 'Teo', team: 'Norte' })]
  const all = { team: '', state: /** @type {const} */ ('all'), words: 'INES' }
  assert.deepEqual(shown(agents, all, 'es').map(({ name }) => name), ['Inés Quiroga'])
  assert.deepEqual(shown(agents, { ...all, words: '', team: 'Norte' }, 'es').map(({ name }) => name), ['Teo'])
  assert.deepEqual(teamsOf(agents), ['Norte', 'Sur'])
})

test('who has no place is left off the map', () => {
  assert.deepEqual(marksOf([agent('a', { lat: null }), agent('b')]).map(({ id }) => id), ['b'])
})

test('the address says what is looked at, and nonsense in it is ignored', () => {
  const query = '?vista=tabla&agente=per_1&dia=2026-11-22&equipo=Sur&estado=silent&ver=19.43000%2C-99.13000%2C14'
  const place = placeOf(new URLSearchParams(query))
  assert.equal(addressOf(place), `/panel/mapa/${query}`)
  const odd = placeOf(new URLSearchParams('?vista=x&estado=y&dia=hoy&ver=95,0,3'))
  assert.equal(addressOf(odd), '/panel/mapa/')
})
