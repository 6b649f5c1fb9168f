import assert from 'node:assert/strict'
import { test } from 'node:test'

import { matching, mentioned, typedName } from '../../src/panel/case/mentions.js'

const PEOPLE = [
  { person_id: 'p1', name: 'Ana Ríos', role: 'agent' },
  { person_id: 'p2', name: 'Mariana Peña', role: 'agent' },
  { person_id: 'p3', name: 'Ríoseco Díaz', role: 'supervisor' },
]

test('a name is being typed only after an @ that begins a word', () => {
  assert.equal(typedName('hola @an'), 'an')
  assert.equal(typedName('@'), '')
  assert.equal(typedName('(@Ana R'), 'Ana R')
  assert.equal(typedName('correo ana@rios'), null)
  assert.equal(typedName('@Ana Ríos ya'), null)
})

test('names are found by any of their words, without regard to accents', () => {
  assert.deepEqual(matching(PEOPLE, 'rio').map(({ person_id: id }) => id), ['p1', 'p3'])
  assert.deepEqual(matching(PEOPLE, 'ANA').map(({ person_id: id }) => id), ['p1'])
  assert.deepEqual(matching(PEOPLE, 'pena').map(({ person_id: id }) => id), ['p2'])
  assert.equal(matching(PEOPLE, '').length, 3)
})

test('who was picked and taken out of the text again is not told', () => {
  assert.deepEqual(mentioned('mira @Ana Ríos', PEOPLE.slice(0, 2)), ['p1'])
})
