// @ts-check
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const FOLDER = new URL('../i18n/', import.meta.url)
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
const areas = [...new Set(files.map((name) => name.split('.')[0]))]

/** @param {string} area @param {string} language @returns {Record<string, string>} */
function read(area, language) {
  return JSON.parse(readFileSync(new URL(`${area}.${language}.json`, FOLDER), 'utf8'))
}

/** @param {string} text */
function placeholders(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
}

for (const area of areas) {
  for (const language of ['en', 'pt']) {
    test(`${area}: ${language} has the keys and placeholders that Spanish has`, () => {
      const spanish = read(area, 'es')
      const other = read(area, language)
      assert.deepEqual(Object.keys(other).sort(), Object.keys(spanish).sort())
      for (const [key, text] of Object.entries(spanish)) {
        assert.deepEqual(placeholders(other[key]), placeholders(text), `${area}.${key}`)
        assert.notEqual(other[key].trim(), '', `${area}.${key} is blank`)
      }
    })
  }
}
