// @ts-check

/** Moving through rows by keyboard: arrows or j and k, as mail programs do. */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 })

/**
 * What a key press on the page asks for.
 *
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} press
 * @param {{ typing: boolean, onRow: boolean }} where  `typing`: the focus is in a field.
 * @returns {'search' | 'first' | 'last' | number | null}  A number: rows to move by.
 */
export function keyAction({ key, ctrlKey, metaKey, altKey }, { typing, onRow }) {
  if (ctrlKey || metaKey || altKey || typing) return null
  if (key === '/') return 'search'
  if (onRow && key === 'Home') return 'first'
  if (onRow && key === 'End') return 'last'
  // Arrows scroll the page until a row has the focus.
  if (key.startsWith('Arrow') && !onRow) return null
  return STEPS[key] ?? null
}

/**
 * @param {number} current  -1: none yet.
 * @param {number | 'first' | 'last'} move
 * @param {number} count
 * @returns {number}  -1 when there is nothing to go to.
 */
export function target(current, move, count) {
  if (count === 0) return -1
  if (move === 'first') return 0
  if (move === 'last') return count - 1
  if (current === -1) return move > 0 ? 0 : count - 1
  return Math.max(0, Math.min(count - 1, current + move))
}

/** @param {EventTarget | null} element */
export function isTyping(element) {
  if (!(element instanceof HTMLElement)) return false
  return element.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName)
}
