// @ts-check

/** What a script may say; the server holds it to the same (`chalicelib/domain/calls.py`). */

const MOST_LINES = 10
const LONGEST = 400

/**
 * The first thing that keeps a script from being read, as a code.
 * @param {string[]} lines @param {{ variables: string[], of_the_debt: string[] }} known
 * @returns {'empty' | 'long' | 'unknown' | 'too_soon' | null}
 */
export function scriptFault(lines, { variables, of_the_debt: debt }) {
  if (lines.some((line) => line.trim() === '')) return 'empty'
  if (lines.length > MOST_LINES || lines.some((line) => line.length > LONGEST)) return 'long'
  for (const [number, line] of lines.entries()) {
    const used = [...line.matchAll(/\{(\w*)\}/g)].map(([, name]) => name)
    const open = line.split('{').length !== line.split('}').length
    if (open || used.some((name) => !variables.includes(name))) return 'unknown'
    if (number === 0 && used.some((name) => debt.includes(name))) return 'too_soon'
  }
  return null
}
