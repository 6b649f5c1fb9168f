/**
 * What the first load of each built page weighs, as brotli sends it.
 *
 *   node scripts/weigh.mjs            a table
 *   node scripts/weigh.mjs --json     {url: bytes}
 */
import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url)
const { pages } = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))
/** @type {Map<string, number>} */
const sizes = new Map()

/** @param {string} file */
function weigh(file) {
  if (!sizes.has(file)) sizes.set(file, brotliCompressSync(readFileSync(new URL(file, dist))).length)
  return sizes.get(file)
}

const weights = pages.map(({ url, first_load }) => [url, first_load.reduce((sum, file) => sum + weigh(file), 0)])
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(Object.fromEntries(weights)))
} else {
  for (const [url, bytes] of weights) console.log(`${(bytes / 1024).toFixed(1).padStart(6)} KB  ${url}`)
}
