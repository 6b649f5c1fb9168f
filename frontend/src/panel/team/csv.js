// @ts-check

/** Lines as a file that spreadsheets open. */

/**
 * @param {string[][]} rows
 * @param {number} people  How many columns, the first ones, hold what people wrote: a text of these
 *   that would be a formula is none.
 */
export function written(rows, people = 1) {
  return rows.map((row) => row.map((text, place) => quoted(text, place < people)).join(',')).join('\r\n')
}

/** @param {string} text @param {string} filename */
export function save(text, filename) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`\uFEFF${text}`], { type: 'text/csv' }))
  link.download = filename
  link.click()
  URL.revokeObjectURL(link.href)
}

/** @param {string} text @param {boolean} byPeople */
function quoted(text, byPeople) {
  const safe = byPeople && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
