/**
 * Take every address out of package-lock.json: where a package is fetched from is the
 * business of the machine that installs it; the integrity hashes stay and are checked.
 *
 *   node scripts/strip-lock.mjs [LOCK]            rewrite the lock
 *   node scripts/strip-lock.mjs --check [LOCK]    fail when there is something to strip
 */
import { readFileSync, writeFileSync } from 'node:fs'

const named = process.argv.slice(2).find((argument) => !argument.startsWith('--'))
const file = named ?? new URL('../package-lock.json', import.meta.url)
const before = readFileSync(file, 'utf8')
const lock = JSON.parse(before)
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved
  delete entry.funding
}
const after = JSON.stringify(lock, null, 2) + '\n'

if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('package-lock.json holds addresses: run npm run lock')
    process.exit(1)
  }
} else {
  writeFileSync(file, after)
}
