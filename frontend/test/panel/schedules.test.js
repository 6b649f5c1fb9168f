// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NEW, bodyOf, wrongWith } from '../../src/panel/figures/schedule-form.js'
import { addressesIn, isAddress } from '../../src/panel/figures/schedule-words.js'

const CHOICES = { people: [], mostRecipients: 3, mostOutside: 20 }

test('addresses are read however they are set apart, each once', () => {
  assert.deepEqual(addressesIn(' Jefa@Banco.mx, otra@banco.mx;\njefa@banco.mx\n\n'), ['jefa@banco.mx', 'otra@banco.mx'])
  assert.deepEqual(addressesIn(' \n'), [])
})

test('what cannot be an address is told before it is sent', () => {
  assert.ok(isAddress('jefa@banco.mx'))
  for (const bad of ['jefa@banco', 'jefa', '@banco.mx', 'a@b@c.mx', 'a@b.m']) assert.ok(!isAddress(bad), bad)
})

test('somebody gets it, and not too many do', () => {
  assert.ok(wrongWith(NEW, CHOICES).people)
  assert.ok(wrongWith({ ...NEW, addresses: 'nobody' }, CHOICES).addresses)
  assert.ok(wrongWith({ ...NEW, people: ['a', 'b'], addresses: 'a@b.mx c@b.mx' }, CHOICES).people)
  assert.deepEqual(wrongWith({ ...NEW, people: ['a', 'b'], addresses: 'a@b.mx' }, CHOICES), {})
})

test('what is sent holds addresses one by one, and not how they were typed', () => {
  const body = bodyOf({ ...NEW, people: ['a'], addresses: 'a@b.mx, c@d.mx' })
  assert.deepEqual([body.people, body.outside, 'addresses' in body], [['a'], ['a@b.mx', 'c@d.mx'], false])
})
