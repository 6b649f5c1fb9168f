// @ts-check

/** How many of the reader's own tasks are late, beside their entry of the navigation. */

/** @import { Api } from '../core/api.js' */

import { tn } from '../core/i18n.js'

const STORED = 'recobro.late'
/** Pages follow each other quickly; the figure may be a minute old. */
const GOOD_FOR_MS = 60_000

/** @typedef {{ late: number, more: boolean }} Late */

/** @param {Pick<Api, 'get'>} api */
export async function showLate(api) {
  const kept = JSON.parse(window.sessionStorage.getItem(STORED) ?? 'null')
  if (kept !== null && Date.now() - kept.at < GOOD_FOR_MS) return paint(kept.found)
  try {
    /** @type {Late | null} */
    const found = await api.get('/tasks/late')
    if (found === null) return // the line broke in the middle of the answer
    window.sessionStorage.setItem(STORED, JSON.stringify({ at: Date.now(), found }))
    paint(found)
  } catch {
    // The page is read without it; the next one asks again.
  }
}

/** A task was done or moved: count again. @param {Pick<Api, 'get'>} api */
export function forgetLate(api) {
  window.sessionStorage.removeItem(STORED)
  void showLate(api)
}

/** @param {Late} found */
function paint({ late, more }) {
  const said = tn('common.late_tasks', late)
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-late]'))) {
    place.hidden = late === 0
    place.textContent = `${late}${more ? '+' : ''}`
    place.title = said
    place.setAttribute('aria-label', said)
  }
}
