// @ts-check

/** Where an upload is on its way, as figures and steps a page can draw. */

/** @import { Figures, Progress, Upload } from './contract.js' */

export const STEPS = /** @type {const} */ (['file', 'columns', 'review', 'apply'])

/** @typedef {(typeof STEPS)[number]} Step */

/** @type {Record<Upload['state'], Step>} */
const STEP_OF = {
  awaiting_file: 'file',
  reading: 'file',
  needs_mapping: 'columns',
  checking: 'review',
  ready: 'review',
  applying: 'apply',
  done: 'apply',
  undoing: 'apply',
  undone: 'apply',
  cancelled: 'file',
  failed: 'file',
}

/** States in which the server works and the page watches. */
const MOVING = new Set(['awaiting_file', 'reading', 'checking', 'applying', 'undoing'])

const FAST_MS = 1_000
const STEADY_MS = 2_500
const HIDDEN_MS = 20_000
const SLOWEST_MS = 60_000

/** Fast at first, when most files are already through; then steady. */
const FAST_LOOKS = 15

/** @param {Upload} upload */
export function isMoving(upload) {
  return MOVING.has(upload.state)
}

/**
 * Steps with their state, for a stepper: an upload that stopped shows where it did.
 * @param {Upload} upload
 * @returns {{ step: Step, state: 'done' | 'current' | 'ahead' }[]}
 */
export function stepsOf(upload) {
  const finished = upload.state === 'done' || upload.state === 'undone'
  const at = STEPS.indexOf(stopped(upload) ?? STEP_OF[upload.state])
  return STEPS.map((step, index) => ({
    step,
    state: index < at || finished ? 'done' : index === at ? 'current' : 'ahead',
  }))
}

/** @param {Upload} upload @returns {Step | null} */
function stopped(upload) {
  if (upload.state !== 'cancelled' && upload.state !== 'failed') return null
  if (upload.applied !== null) return 'apply'
  if (upload.checked !== null || upload.mapping !== null) return 'review'
  return upload.inspection === null ? 'file' : 'columns'
}

/**
 * @param {Progress} progress
 * @returns {number | null}  0 to 1; null while nobody knows how many rows there are.
 */
export function shareDone({ rows_total: total, rows_done: done }) {
  if (total === null || total <= 0) return null
  return Math.min(1, done / total)
}

/**
 * Milliseconds until the next look, or null when nothing moves by itself.
 * @param {object} facts
 * @param {Upload} facts.upload
 * @param {boolean} facts.hidden  The page is in a background tab.
 * @param {number} facts.looks  Looks so far in this state.
 * @param {number} facts.failures  Looks in a row that got no answer.
 */
export function pollDelay({ upload, hidden, looks, failures }) {
  if (!isMoving(upload)) return null
  const base = hidden ? HIDDEN_MS : looks < FAST_LOOKS ? FAST_MS : STEADY_MS
  return Math.min(SLOWEST_MS, base * 2 ** Math.min(failures, 5))
}

/**
 * Time left in the coarsest unit that is honest: nobody believes "4 min 37 s".
 * @param {number | null} seconds
 * @returns {{ unit: 'moment' | 'seconds' | 'minutes' | 'hours', n: number } | null}
 */
export function timeLeft(seconds) {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return null
  if (seconds < 10) return { unit: 'moment', n: 0 }
  if (seconds < 90) return { unit: 'seconds', n: Math.ceil(seconds / 10) * 10 }
  if (seconds < 90 * 60) return { unit: 'minutes', n: Math.ceil(seconds / 60) }
  return { unit: 'hours', n: Math.ceil(seconds / 3600) }
}

export const PARTS = /** @type {const} */ (['created', 'updated', 'unchanged', 'rejected'])

/**
 * The rows of a file by what becomes of them.
 * @param {Figures} figures
 */
export function parts(figures) {
  return PARTS.map((name) => ({
    name,
    rows: figures[name],
    share: figures.rows > 0 ? figures[name] / figures.rows : 0,
  }))
}

/** Every row is accounted for. @param {Figures} figures */
export function addsUp(figures) {
  return PARTS.reduce((sum, name) => sum + figures[name], 0) === figures.rows
}

/** @param {Figures} figures */
export function changesNothing(figures) {
  return figures.created === 0 && figures.updated === 0 && figures.closed === 0
}

/**
 * @param {{ started_at: string | null, finished_at: string | null }} upload
 * @returns {number | null}  Seconds.
 */
export function tookSeconds({ started_at: start, finished_at: end }) {
  if (start === null || end === null) return null
  return Math.max(0, Math.round((Date.parse(end) - Date.parse(start)) / 1000))
}
