// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { codeFor } from '../../src/panel/calls/result-dialog.js'
import { scriptFault } from '../../src/panel/calls/scripts.js'

const known = { variables: ['name', 'total'], of_the_debt: ['total'] }

test('a script is refused for what the server would refuse it for', () => {
  assert.equal(scriptFault(['Hola {name}', 'Son {total}'], known), null)
  assert.equal(scriptFault(['Hola', ' '], known), 'empty')
  assert.equal(scriptFault(Array(11).fill('x'), known), 'long')
  assert.equal(scriptFault(['Hola {nombre}'], known), 'unknown')
  assert.equal(scriptFault(['Hola {name'], known), 'unknown')
  assert.equal(scriptFault(['Son {total}'], known), 'too_soon')
})

test('a code is made of what a result is called, and is nobody else’s', () => {
  assert.equal(codeFor('¿Pagó su mamá?', []), 'pago_su_mama')
  assert.equal(codeFor('Pagó', ['pago', 'pago_2']), 'pago_3')
  assert.equal(codeFor('123', []), 'own')
})
