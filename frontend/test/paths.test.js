// @ts-check
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { useTexts } from '../src/core/i18n.js'
import { inLanguage, pathTo, PAGES, safeNext } from '../src/core/paths.js'

test('links keep the language, and leave out what is not given', () => {
  useTexts({}, 'es')
  assert.equal(pathTo('portfolios', { id: 'prt_1', nueva: null }), '/panel/carteras/?id=prt_1')
  useTexts({}, 'pt')
  assert.equal(pathTo('home'), '/pt/panel/')
})

test('the language changes and the page stays', () => {
  assert.equal(inLanguage('/en/panel/carteras/?id=prt_1', 'pt'), '/pt/panel/carteras/?id=prt_1')
  assert.equal(inLanguage('/pt/panel/', 'es'), '/panel/')
})

test('after signing in only pages of the panel are opened', () => {
  useTexts({}, 'es')
  assert.equal(safeNext('/en/panel/carteras/?id=1'), '/en/panel/carteras/?id=1')
  for (const evil of [null, 'https://evil.example/panel/', '//evil.example/panel/', '/\\evil.example', '/panel/entrar/', '/otro/', 'javascript:alert(1)', '/\t/evil.example/panel/']) {
    assert.equal(safeNext(evil), '/panel/', String(evil))
  }
})

test('the catalogue of the build and the links of the scripts agree', () => {
  const { pages } = JSON.parse(readFileSync(new URL('../pages/pages.json', import.meta.url), 'utf8'))
  /** @type {Record<string, string>} */
  const known = PAGES
  for (const { name, path, template } of pages) {
    if (template === 'panel' || template === 'signin') assert.equal(known[name], path, name)
  }
})

test('no page of the catalogue is written over another', () => {
  const { pages } = JSON.parse(readFileSync(new URL('../pages/pages.json', import.meta.url), 'utf8'))
  for (const key of ['name', 'path']) {
    /** @type {string[]} */
    const values = pages.map((/** @type {Record<string, string>} */ page) => page[key])
    assert.deepEqual(values.filter((value, at) => values.indexOf(value) !== at), [], key)
  }
})
