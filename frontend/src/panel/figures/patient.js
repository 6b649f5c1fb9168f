// @ts-check

/** What an engine could not tell just now is asked for again: often it was only busy, or waking. */

/** @import { Asked } from './kpi-view.js' */
/** @import { Problem } from '../../core/problem.js' */

const WAITS_MS = [3_000, 10_000]

/** Whether the same question may be answered a little later. @param {Problem | null} problem */
export function passing(problem) {
  return problem !== null && (problem.status >= 500 || problem.details.reason === 'engine')
}

/**
 * @param {() => Promise<Asked>} ask
 * @param {() => boolean} wanted  Whether anybody still waits for it.
 * @param {number[]} [waits]
 * @returns {Promise<Asked>}
 */
export async function patiently(ask, wanted, waits = WAITS_MS) {
  let found = await ask()
  for (const wait of waits) {
    if (!passing(found.problem) || !wanted()) break
    await new Promise((resolve) => { setTimeout(resolve, wait) })
    if (!wanted()) break
    found = await ask()
  }
  return found
}
