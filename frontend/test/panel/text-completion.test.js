// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { beingTyped, suggestions, taken } from '../../src/panel/templates/completion.js'

const VARIABLES = [
  { name: 'total', group: 'amounts', kind: 'money', always: true, about: 'Todo lo que debe', fields: [], filters: [] },
  { name: 'due_on', group: 'dates', kind: 'date', always: false, about: 'Vencimiento más antiguo', fields: [], filters: ['weekday', 'short'] },
  { name: 'debts', group: 'debts', kind: 'list', always: true, about: 'Las deudas abiertas', fields: ['reference', 'total'], filters: [] },
]

/** @param {string} text  `¦` is the caret. */
function at(text) {
  const caret = text.indexOf('¦')
  return { text: text.replace('¦', ''), caret }
}

/** @param {string} marked */
function offered(marked) {
  const { text, caret } = at(marked)
  const typing = beingTyped(text, caret)
  return typing === null ? null : suggestions(typing, VARIABLES).map(({ label }) => label)
}

test('a variable is offered inside a placeholder and nowhere else', () => {
  assert.deepEqual(offered('Debe {{ to¦'), ['total', 'due_on', 'debt.total'])
  assert.equal(offered('Debe to¦'), null)
  assert.equal(offered('{{ total }} to¦'), null)
  assert.equal(offered('{{ total\n¦'), null)
})

test('what begins with the letters comes before what only holds them', () => {
  assert.deepEqual(offered('{{ de¦'), ['debt.reference', 'debt.total', 'total'])
})

test('accents do not matter, and the meaning is searched too', () => {
  assert.deepEqual(offered('{{ mas antiguo¦'), ['due_on'])
})

test('after the bar the forms of that variable are offered', () => {
  assert.deepEqual(offered('{{ due_on | ¦'), ['weekday', 'short'])
  assert.deepEqual(offered('{{ due_on | w¦'), ['weekday'])
  assert.deepEqual(offered('{{ total | ¦'), [])
})

/** @param {string} marked @param {string} insert */
function take(marked, insert) {
  const { text, caret } = at(marked)
  const typing = beingTyped(text, caret)
  assert.ok(typing)
  const after = taken(text, caret, typing, insert)
  return `${after.text.slice(0, after.caret)}¦${after.text.slice(after.caret)}`
}

test('a suggestion closes its placeholder once', () => {
  assert.equal(take('Debe {{ to¦ hoy', 'total'), 'Debe {{ total }}¦ hoy')
  assert.equal(take('Debe {{to¦', 'total'), 'Debe {{ total }}¦')
  assert.equal(take('Debe {{ to¦ }} hoy', 'total'), 'Debe {{ total¦ }} hoy')
  assert.equal(take('El {{ due_on | we¦ }}', 'weekday'), 'El {{ due_on | weekday¦ }}')
})
