import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { useTexts } from '../../src/core/i18n.js'
import { whenWords } from '../../src/panel/case/forecast-words.js'

const texts = JSON.parse(readFileSync(new URL('../../i18n/case.es.json', import.meta.url), 'utf8'))
useTexts(Object.fromEntries(Object.entries(texts).map(([key, text]) => [`case.${key}`, text])), 'es')

test('the usual day and its range are said on the side of the due date on which they lie', () => {
  const said = [[12, 5, 20], [1, -3, 6], [0, 0, 4], [-1, -2, 0], [-9, -14, -2]].map(([usual, low, high]) => whenWords({ usual, low, high }, false))
  assert.deepEqual(said, [
    'suele pagar unos 12 días tarde; entre 5 y 20 días después, en 3 de cada 5 casos',
    'suele pagar 1 día tarde; entre 3 días antes y 6 días después, en 3 de cada 5 casos',
    'suele pagar el día que vence; entre el día que vence y 4 días después, en 3 de cada 5 casos',
    'suele pagar 1 día antes; entre 2 días antes y el día que vence, en 3 de cada 5 casos',
    'suele pagar unos 9 días antes; entre 2 y 14 días antes, en 3 de cada 5 casos',
  ])
})

test('of what is overdue it is said when it is expected, or that nobody can say', () => {
  assert.equal(whenWords({ usual: 34, low: 31, high: 50 }, true), 'se espera unos 34 días después de vencer; entre 31 y 50 días después, en 3 de cada 5 casos')
  assert.match(whenWords(null, true), /no se sabe cuándo/)
})
