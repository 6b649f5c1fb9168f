// @ts-check
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const FOLDER = new URL('../styles/', import.meta.url)

/** Classes that a sheet lays out by themselves: selectors that are one class and nothing else. */
function classesOf(/** @type {string} */ sheet) {
  const text = readFileSync(new URL(sheet, FOLDER), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const selectors = [...text.matchAll(/(?:^|[{};])\s*([^{};@]+)\{/g)].flatMap((rule) => rule[1].split(','))
  return new Set(selectors.map((selector) => selector.trim()).filter((selector) => /^\.[\w-]+$/.test(selector)))
}

test('a class is laid out by one sheet, so that no page moves the furniture of another', () => {
  /** @type {Map<string, string[]>} */
  const sheets = new Map()
  // What is for paper and what only adds a container is not a second layout.
  for (const sheet of readdirSync(FOLDER).filter((name) => name.endsWith('.css') && name !== 'print.css')) {
    for (const name of classesOf(sheet)) sheets.set(name, [...(sheets.get(name) ?? []), sheet])
  }
  const shared = [...sheets].filter(([name, where]) => where.length > 1 && name !== '.card')

  assert.deepEqual(shared, [])
})
