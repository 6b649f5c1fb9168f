// @ts-check

/**
 * A heap of files of the creditor: hashed, asked where each would go, sent some at a time, and
 * accounted for, every one of them. Whatever breaks off is begun again with the same files: what
 * is there already is said to be, and never sent twice.
 */

/** @import { Api } from '../../core/api.js' */
/** @import { PaperForms, PaperKind } from '../case/papers-contract.js' */
/** @import { Line, LineState, Match, Placed } from './contract.js' */

import { asProblem } from '../../core/problem.js'

export const MOST_BYTES = 10 * 1024 * 1024
const MOST_NAME = 120
const ASKED_AT_ONCE = 50
const SENT_AT_ONCE = 6
const ENDINGS = ['pdf', 'png', 'jpg', 'jpeg', 'webp']
/** @type {LineState[]} */
export const STATES = ['matched', 'ambiguous', 'no_debt', 'known', 'twice', 'unfit', 'sending', 'failed', 'placed', 'refused', 'reading']

/** @param {{ name: string, size: number }} file @returns {'empty' | 'large' | 'kind' | ''} */
export function unfit({ name, size }) {
  if (!ENDINGS.includes(name.toLowerCase().split('.').at(-1) ?? '')) return 'kind'
  if (size === 0) return 'empty'
  return size > MOST_BYTES ? 'large' : ''
}

/** @param {File} file */
async function digest(file) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export class PaperHeap {
  /** @type {Line[]} */
  lines = []
  /** @type {import('../../core/problem.js').Problem | null} */
  problem = null
  sending = false
  /** @type {PaperKind}  Of those whose name says none. */
  usual = 'other'
  #api
  #portfolio
  #paint
  #put
  #sha
  #stopped = false
  #number = 0

  /**
   * @param {object} parts
   * @param {Pick<Api, 'post'>} parts.api
   * @param {string} parts.portfolio
   * @param {() => void} parts.paint
   * @param {(post: { url: string, fields: Record<string, string> }, file: File) => Promise<void>} parts.put  Sends one to the bucket.
   * @param {(file: File) => Promise<string>} [parts.sha]
   */
  constructor({ api, portfolio, paint, put, sha = digest }) {
    this.#api = api
    this.#portfolio = portfolio
    this.#paint = paint
    this.#put = put
    this.#sha = sha
  }

  /** @param {LineState[]} states */
  of(...states) {
    return this.lines.filter(({ state }) => states.includes(state))
  }

  /** What a press of the button would send. */
  get ready() {
    return this.lines.filter(({ state, debt }) => (state === 'matched' || state === 'failed' || state === 'ambiguous') && debt !== '')
  }

  get busy() {
    return this.sending || this.of('reading').length > 0
  }

  /** Take files in and ask where they would go. @param {{ file: File, path: string }[]} files */
  async take(files) {
    const fresh = files.map(({ file, path }) => {
      const reason = unfit(file)
      /** @type {Line} */
      const line = { id: `f${++this.#number}`, file, path, sha256: '', state: reason === '' ? 'reading' : 'unfit', reason, kind: null, debts: [], debt: '' }
      return line
    })
    this.lines = [...this.lines, ...fresh]
    this.#paint()
    const seen = new Set(this.lines.map(({ sha256 }) => sha256).filter(Boolean))
    for (const line of fresh) {
      if (line.state !== 'reading') continue
      try {
        line.sha256 = await this.#sha(line.file)
      } catch {
        Object.assign(line, { state: 'unfit', reason: 'unreadable' }) // moved or locked meanwhile
        continue
      }
      if (seen.has(line.sha256)) line.state = 'twice'
      else seen.add(line.sha256)
      this.#paint()
    }
    await this.ask()
  }

  /** Ask where those would go that nobody asked about yet, or whose answer never came. */
  async ask() {
    this.problem = null
    const waiting = this.of('reading')
    try {
      for (let at = 0; at < waiting.length; at += ASKED_AT_ONCE) {
        const some = waiting.slice(at, at + ASKED_AT_ONCE)
        const items = some.map(({ file, sha256 }) => ({ name: file.name.slice(0, MOST_NAME), sha256 }))
        /** @type {{ items: Match[] }} */
        const told = await this.#api.post(`${this.#path}/paper-matches`, { items })
        for (const [index, line] of some.entries()) {
          const { outcome, kind, debts } = told.items[index]
          Object.assign(line, { state: outcome, kind, debts, debt: outcome === 'matched' ? debts[0].debt : '' })
        }
        this.#paint()
      }
    } catch (error) {
      this.problem = asProblem(error)
    }
    this.#paint()
  }

  /** @param {Line} line @param {string} debt  Empty: it is not sent. */
  choose(line, debt) {
    line.debt = debt
    this.#paint()
  }

  /** Send what is ready, some at a time; stops at once where it is told to. */
  async send() {
    if (this.sending) return
    this.sending = true
    this.#stopped = false
    this.problem = null
    const all = this.ready
    for (let at = 0; at < all.length && !this.#stopped; at += SENT_AT_ONCE) await this.#some(all.slice(at, at + SENT_AT_ONCE))
    this.sending = false
    this.#paint()
  }

  stop() {
    this.#stopped = true
  }

  /** @param {Line[]} some */
  async #some(some) {
    for (const line of some) line.state = 'sending'
    this.#paint()
    try {
      /** @type {PaperForms} */
      const { items: forms } = await this.#api.post(`${this.#path}/paper-forms`, { count: some.length })
      const arrived = (await Promise.all(some.map((line, index) => this.#one(line, forms[index])))).filter((one) => one !== null)
      if (arrived.length === 0) return
      const items = arrived.map(({ line, mark }) => ({ mark, name: line.file.name.slice(0, MOST_NAME), debt: line.debt, kind: line.kind ?? this.usual }))
      /** @type {{ items: Placed[] }} */
      const told = await this.#api.post(`${this.#path}/papers`, { items, kind: this.usual })
      for (const [index, { line }] of arrived.entries()) {
        const { outcome, reason } = told.items[index]
        Object.assign(line, { state: outcome, reason })
      }
    } catch (error) {
      this.problem = asProblem(error)
      this.#stopped = true
      for (const line of some) if (line.state === 'sending') Object.assign(line, { state: 'failed', reason: 'line' })
    }
    this.#paint()
  }

  /** @param {Line} line @param {PaperForms['items'][number]} form */
  async #one(line, form) {
    try {
      await this.#put(form.post, line.file)
      return { line, mark: form.mark }
    } catch {
      Object.assign(line, { state: 'failed', reason: 'line' })
      return null
    }
  }

  get #path() {
    return `/portfolios/${encodeURIComponent(this.#portfolio)}`
  }
}

/**
 * What was dropped, folders opened, in the order of the folders.
 * @param {DataTransfer} dropped
 * @returns {Promise<{ file: File, path: string }[]>}
 */
export async function dropped({ items, files }) {
  const entries = [...items].map((one) => one.webkitGetAsEntry?.() ?? null).filter((one) => one !== null)
  if (entries.length === 0) return [...files].map((file) => ({ file, path: file.name }))
  /** @type {{ file: File, path: string }[]} */
  const found = []
  for (const entry of entries) await walk(/** @type {any} */ (entry), found)
  return found
}

/** @param {any} entry  A `FileSystemEntry`. @param {{ file: File, path: string }[]} found */
async function walk(entry, found) {
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
    if (!file.name.startsWith('.')) found.push({ file, path: entry.fullPath.slice(1) })
    return
  }
  const reader = entry.createReader()
  for (;;) { // a reader gives a hundred at a time
    /** @type {any[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const one of some) await walk(one, found)
  }
}
