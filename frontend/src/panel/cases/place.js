// @ts-check

/**
 * Where the reader was in a long list, kept in the browser's history: coming back from a case
 * finds as many rows as before at the same height, read afresh. No row is stored.
 */

const MOST_ROWS = 500

/** @typedef {{ rows: number, scroll: number }} Place */

/**
 * @param {unknown} state  `history.state`, which anything may have written.
 * @returns {Place | null}
 */
export function readPlace(state) {
  const place = /** @type {any} */ (state)?.place
  if (!Number.isInteger(place?.rows) || !Number.isFinite(place?.scroll)) return null
  if (place.rows <= 0 || place.scroll < 0) return null
  return { rows: Math.min(place.rows, MOST_ROWS), scroll: place.scroll }
}

/** @param {Place} place */
export function placeState(place) {
  return { place: { rows: place.rows, scroll: Math.round(place.scroll) } }
}

/**
 * How many rows to ask for next on the way back to a place.
 * @param {number} loaded
 * @param {Place | null} place
 * @param {number} page  Rows of a usual page.
 * @param {number} largest  Most rows the server gives at once.
 * @returns {number}  0: there.
 */
export function stillToLoad(loaded, place, page, largest) {
  if (loaded === 0) return Math.min(largest, Math.max(page, place?.rows ?? 0))
  return Math.min(largest, Math.max(0, (place?.rows ?? 0) - loaded))
}
