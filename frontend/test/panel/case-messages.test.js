// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { useTexts } from '../../src/core/i18n.js'
import { inConversation, messageWords } from '../../src/panel/case/messages.js'

/** @param {string} area */
const texts = (area) => Object.entries(JSON.parse(readFileSync(new URL(`../../i18n/${area}.es.json`, import.meta.url), 'utf8'))).map(([key, text]) => [`${area}.${key}`, text])

useTexts(Object.fromEntries([...texts('messages'), ...texts('case'), ...texts('steps')]), 'es')

const event = (kind, facts = {}, personal = {}) => ({ kind, facts: { channel: 'whatsapp', ...facts }, personal })

test('what somebody wrote is quoted, with how it was understood', () => {
  const words = messageWords(event('attempt.received', { cause: 'reply', outcome: 'paid' }, { to: '+52', text: 'ya pagué' }))

  assert.deepEqual(words, { title: 'Escribió por WhatsApp', lines: ['Se entendió: dice que ya pagó'], quote: 'ya pagué' })
})

test('a message tells why it went and by which rule', () => {
  const words = messageWords(event('attempt.reserved', { rules: 'MX@1', article: 'art. 5' }, { text: 'Hola' }))

  assert.deepEqual(words.lines, ['Permitido: MX@1, art. 5'])
  assert.deepEqual(messageWords(event('attempt.planned', { cause: 'strategy', step: 'd-5' })).lines, ['Estrategia, paso d-5'])
  const names = { of: () => ({ name: 'Mora', version: '2', step: 'El mismo día', href: '' }) }
  const planned = event('attempt.planned', { cause: 'strategy', strategy: 'str_1@2', step: 'd0' })
  assert.deepEqual(messageWords(planned, names).lines, ['Mora (versión 2): El mismo día'])
  assert.deepEqual(messageWords(event('attempt.failed', { problem: 'throttled' })).lines, ['Motivo: throttled'])
})

test('a call tells what it came to, as the portfolio calls it', () => {
  const call = (kind, result, facts = {}) => ({ ...event(kind, { channel: 'call', cause: 'call', ...facts }), result })

  assert.deepEqual(messageWords(call('attempt.reserved', null, { rules: 'MX@1' })), { title: 'Empezó una llamada', lines: ['Permitido: MX@1'], quote: null })
  const ended = call('attempt.done', { es: 'Promete pagar', en: 'Promises to pay', pt: 'Promete pagar' }, { disposition: 'promise' })
  assert.deepEqual(messageWords(ended), { title: 'Llamada: Promete pagar', lines: [], quote: null })
  const notMade = call('attempt.failed', { es: 'No se llegó a llamar' }, { cause: undefined, problem: 'not_made' })
  assert.deepEqual(messageWords(notMade), { title: 'Llamada: No se llegó a llamar', lines: [], quote: null })
  assert.equal(messageWords(call('attempt.done', null, { disposition: 'unwritten' })).title, 'La llamada quedó sin resultado')
})

test('a kind that nobody knows yet is shown by its name', () => {
  assert.match(messageWords(event('attempt.sung')).title, /attempt\.sung/)
})

test('only what belongs to a conversation leads there', () => {
  assert.equal(inConversation(event('attempt.received')), true)
  assert.equal(inConversation(event('attempt.reserved', { cause: 'strategy' })), false)
  assert.equal(inConversation(event('payment.posted')), false)
})
