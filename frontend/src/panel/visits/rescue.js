// @ts-check

/** The file of a phone whose agent left: what it holds, what of it is here, and loading the rest. */

/** @import { Api } from '../../core/api.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */
/** @import { OutboxItem, Photo, Visit } from '../../field/types' */

import { formatDate } from '../../core/dates.js'
import { localeFor, t, tn, tOr } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { icon } from '../../core/ui/icons.js'
import { banner, facts } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { Outbox } from '../../field/outbox.js'
import { ownerOf, readRescue } from '../../field/restore.js'

const OF = 'X-Recobro-Of'
/** Help that was called for then helps nobody now; what was handed in is declared where it is counted. */
const LEFT_OUT = new Set(['alarm', 'deposit'])
const KNOWN_FAULTS = ['person.not_found', 'rescue.still_here']

/**
 * @typedef {object} Outline  What a file comes to.
 * @property {string} name  Of the agent.
 * @property {string} day  First and last day of what it holds.
 * @property {{ visits: number, notes: number, receipts: number, photos: number, points: number, others: number }} counts
 * @property {{ visits: number, photos: number }} here
 * @property {number} damaged
 * @property {number} leftOut
 * @property {number} unfinished
 */

/** What `Outbox` sends from, for as long as the dialog is open. */
export class Loaded {
  #items
  #photos

  /** @param {OutboxItem[]} items @param {Photo[]} photos */
  constructor(items, photos) {
    this.#items = items.map((item, seq) => ({ ...item, seq }))
    this.#photos = new Map(photos.map((photo) => [photo.photo_id, photo]))
    this.arrived = 0
  }

  get refused() {
    return this.#items.filter(({ state }) => state === 'refused')
  }

  /** Neither taken in nor refused: the visit they belong to was, or there was no way through. */
  get left() {
    return this.#items.filter(({ state }) => state !== 'refused')
  }

  async items() {
    return this.#items
  }

  async putItem() {
    // The outbox changes the item itself.
  }

  /** @param {OutboxItem} item */
  async itemArrived({ seq }) {
    this.#items = this.#items.filter((one) => one.seq !== seq)
    this.arrived += 1
  }

  async itemRefused() {
    // Its state says it.
  }

  /** @param {string} id */
  async photo(id) {
    return this.#photos.get(id)
  }

  async points() {
    return { keys: [], points: [] } // those of the file are items of their own
  }

  async dropPoints() {
    // There are none.
  }
}

/**
 * @param {string} text  Of the file.
 * @param {Pick<Api, 'post'>} api
 * @param {number} [now]
 * @returns {Promise<{ fault: string } | { fault: null, personId: string, outline: Outline, loaded: Loaded }>}
 */
export async function open(text, api, now = Date.now()) {
  const personId = ownerOf(text)
  if (personId === null) return { fault: 'unreadable' }
  const read = await readRescue(text, { personId, deviceId: '', now })
  if (read.fault !== null) return { fault: read.fault }
  const items = read.items.filter(({ kind }) => !LEFT_OUT.has(kind))
  const visits = items.filter(({ kind }) => kind === 'visit')
  /** @type {{ person: { name: string }, visits: { visit_id: string, photos_wanted: string[] }[] }} */
  let known
  try {
    known = await api.post('/field/rescues', { person_id: personId, visits: visits.map(({ ref }) => ref) })
  } catch (error) {
    const { code } = asProblem(error)
    return { fault: KNOWN_FAULTS.includes(code) ? code : 'failed' }
  }
  const here = new Map(known.visits.map((one) => [one.visit_id, new Set(one.photos_wanted)]))
  const photos = items.filter(({ kind }) => kind === 'photo')
  const reports = visits.map(({ text: written }) => plain(written))
  const days = items.map(({ made_at: at }) => at).toSorted()
  const spans = [...new Set([days.at(0), days.at(-1)].filter((at) => at !== undefined).map((at) => formatDate(new Date(at).toLocaleDateString('sv'), localeFor(), 'long')))]
  return {
    fault: null, personId, loaded: new Loaded(items, read.photos),
    outline: {
      name: known.person.name, day: spans.join(' – '), damaged: read.damaged,
      leftOut: read.items.length - items.length,
      unfinished: read.visits.filter(({ state }) => state === 'open').length + read.cash,
      here: {
        visits: here.size,
        photos: photos.filter(({ ref, visit_id: visitId }) => here.has(String(visitId)) && !here.get(String(visitId))?.has(ref)).length,
      },
      counts: {
        visits: visits.length, photos: photos.length,
        notes: reports.filter(({ note }) => Boolean(note)).length,
        receipts: reports.filter(({ cash }) => Boolean(cash)).length + items.filter(({ kind }) => kind === 'torn').length,
        points: items.filter(({ kind }) => kind === 'trail').reduce((sum, item) => sum + JSON.parse(item.text).points.length, 0),
        others: items.filter(({ kind }) => !['visit', 'photo', 'torn', 'trail'].includes(kind)).length,
      },
    },
  }
}

/** What a report says; nothing where it was damaged, for which it is refused. @param {string} text @returns {any} */
function plain(text) {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** @param {Loaded} loaded @param {string} personId @param {Pick<Api, 'post' | 'patch'>} api @param {() => void} moved */
export function send(loaded, personId, api, moved) {
  /** @param {any} options */
  const theirs = (options) => ({ ...options, headers: { ...options?.headers, [OF]: personId } })
  const outbox = new Outbox({
    store: loaded, fetch: (...asked) => window.fetch(...asked), alone: (work) => work(), deviceId: '',
    api: {
      post: (path, body, options) => api.post(path, body, theirs(options)),
      patch: (path, body, options) => api.patch(path, body, theirs(options)),
    },
  })
  return outbox.flush(moved, { all: true })
}

/** @param {Api} api */
export async function rescueDialog(api) {
  /** @type {Awaited<ReturnType<typeof open>> | null} */
  let found = null
  let busy = false
  let done = false

  /** @param {DialogHandle} handle @param {() => Promise<void>} work */
  async function working(handle, work) {
    busy = true
    handle.update()
    try {
      await work()
    } finally {
      busy = false
      handle.update()
    }
  }

  /** @param {DialogHandle} handle @param {HTMLInputElement} input */
  async function choose(handle, input) {
    const [file] = input.files ?? []
    input.value = '' // the same file again is asked about anew
    if (file === undefined) return
    await working(handle, async () => {
      done = false
      found = await file.text().then((text) => open(text, api)).catch(() => ({ fault: 'unreadable' }))
    })
  }

  /** @param {DialogHandle} handle */
  async function load(handle) {
    const opened = found
    if (opened === null || opened.fault !== null) return
    await working(handle, async () => {
      await send(opened.loaded, opened.personId, api, () => handle.update())
      done = true
    })
  }

  await openDialog({
    title: t('rescue.title'),
    size: 'wide',
    body: (handle) => html`<div class="form">
      <p class="muted">${t('rescue.lead')}</p>
      <div class="field"><label for="rescue-file">${t('rescue.file')}</label>
        <input id="rescue-file" type="file" accept=".json,application/json" ?disabled=${busy}
          @change=${(/** @type {Event} */ event) => void choose(handle, /** @type {HTMLInputElement} */ (event.currentTarget))}></div>
      <div class="stack-s" aria-live="polite">${found === null ? nothing : found.fault !== null ? banner({ tone: 'bad', title: t(`rescue.fault.${found.fault}`) }) : html`${outlineView(found.outline)}${done ? resultView(found.loaded) : nothing}`}</div>
      <div class="dialog-foot">
        <button type="button" class="button" @click=${() => handle.close(null)}>${t('common.close')}</button>
        ${found !== null && found.fault === null && found.loaded.left.length > 0
          ? html`<button type="button" class="button button-primary" ?disabled=${busy} @click=${() => void load(handle)}>${icon('upload')}${t(busy ? 'rescue.loading' : done ? 'rescue.again' : 'rescue.load')}</button>`
          : nothing}
      </div></div>`,
  })
}

/** @param {Outline} outline */
function outlineView({ name, day, counts, here, damaged, leftOut, unfinished }) {
  const some = (/** @type {number} */ n, /** @type {number} */ known) => (known > 0 ? t('rescue.some_here', { n, known }) : String(n))
  return html`${facts([
    [t('rescue.agent'), name], [t('rescue.day'), day],
    [t('rescue.visits'), some(counts.visits, here.visits)], [t('rescue.photos'), some(counts.photos, here.photos)],
    [t('rescue.notes'), String(counts.notes)], [t('rescue.receipts'), String(counts.receipts)],
    [t('rescue.points'), String(counts.points)], [t('rescue.others'), String(counts.others)],
  ])}
  ${damaged > 0 ? banner({ tone: 'warn', title: tn('rescue.damaged', damaged) }) : nothing}
  ${unfinished > 0 ? banner({ tone: 'warn', title: tn('rescue.unfinished', unfinished) }) : nothing}
  ${leftOut > 0 ? banner({ tone: 'warn', title: tn('rescue.left_out', leftOut) }) : nothing}`
}

/** @param {Loaded} loaded */
function resultView({ arrived, refused, left }) {
  return html`${arrived > 0 ? banner({ tone: 'good', title: tn('rescue.done', arrived) }) : nothing}
    ${left.length > 0 ? banner({ tone: 'warn', title: tn('rescue.left', left.length) }) : nothing}
    ${refused.length > 0 ? banner({ tone: 'bad', title: tn('rescue.refused', refused.length) }) : nothing}
    ${refused.length > 0 ? html`<ul>${refused.map(({ kind, title, problem }) => html`<li>${t(`rescue.kind.${kind}`)}${title ? ` · ${title}` : ''}: ${tOr(`rescue.problem.${problem?.code}`, t('rescue.problem_other', { code: problem?.code ?? '' }))}</li>`)}</ul>` : nothing}`
}
