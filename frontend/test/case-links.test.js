import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import test from 'node:test'

const SOURCES = new URL('../src/panel/', import.meta.url)
/** A link to a case by nothing but its name, which may be empty: somebody had it erased, or it never was known. */
const BARE = /pathTo\('case', [^)]*\)\}[^<]*>\$\{(?:\w+\.)?(?:case_)?name\}</

test('a link to a case has words where the case has no name', () => {
  const files = readdirSync(SOURCES, { recursive: true }).map(String).filter((name) => name.endsWith('.js'))
  assert.ok(files.length > 50)
  assert.deepEqual(files.filter((name) => BARE.test(readFileSync(new URL(name, SOURCES), 'utf8'))), [])
  assert.match("href=${pathTo('case', { id })}>${one.name}<", BARE)
})
