// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { langOf, marked } from '../src/core/forms/render-words.js'

test('headings and markup of other programs become plain words', () => {
  assert.deepEqual(marked('## Hogar\n<span style="color:red">Total</span><br/>2 * 3'), ['Hogar\nTotal\n2 * 3'])
})

test('what is bold, in italics or a link is marked, the words around it kept', () => {
  const parts = marked('Sume **todo**, *ahora*, en [la guía](https://example.org/a) y listo')
  const words = parts.filter((part) => typeof part === 'string')
  const values = parts.filter((part) => typeof part !== 'string').map((part) => /** @type {any} */ (part).values)
  assert.deepEqual(words, ['Sume ', ', ', ', en ', ' y listo'])
  assert.deepEqual(values, [['todo'], ['ahora'], ['https://example.org/a', 'la guía']])
})

test('a link that is no address of the web stays words', () => {
  assert.deepEqual(marked('[x](javascript:alert(1))'), ['[x](javascript:alert(1))'])
})

test('only names of languages go into the page', () => {
  assert.deepEqual(['es', 'pt-br', 'default', 'chichewa'].map(langOf), ['es', 'pt-br', undefined, undefined])
})
