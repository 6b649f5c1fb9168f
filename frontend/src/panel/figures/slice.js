// @ts-check

/**
 * A creditor's own slice of the lake: its tables, the days there are of each, and taking them.
 *
 * The same on the panel, for who manages the portfolio, and on the page that a creditor's link opens.
 */

/** @import { Api } from '../../core/api.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { LakeFile, LakeFiles, LakeTable, Period } from './contract.js' */

import { addDays, daysBetween, formatDate, todayIn } from '../../core/dates.js'
import { lang, t, tn } from '../../core/i18n.js'
import { latest } from '../../core/latest.js'
import { asProblem } from '../../core/problem.js'
import { checkField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, banner, card, emptyState, problemBanner, progress, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { follow } from '../uploads/links.js'
import { formatBytes } from '../uploads/words.js'
import { csv, download, number } from './words.js'

const FIRST_CHOSEN = ['cases', 'debts', 'entries']
const MONTH = 31 // days that one question may be of
const [LOOK_MS, LOOKS] = [2_000, 300] // whether ordered days are there

export class Slice {
  /** @type {{ portfolioId: string, period: Period, locale: string } | null} */
  #shown = null
  /** What there is to choose from. @type {LakeFiles | null} */
  #told = null
  #chosen = new Set(FIRST_CHOSEN)
  /** By table. @type {Map<string, LakeFile[]>} */
  #files = new Map()
  /** @type {Problem | null} */
  #problem = null
  /** How many days were there when more were ordered; null: none are on their way. @type {number | null} */
  #bringing = null
  /** Whether days that lack were ordered and are not to be had. */
  #none = false
  #taking = ''
  /** What is folded open: only that is on the page, or it would have thousands of cells. */
  #open = new Set()
  #asked = latest()

  /** @param {{ api: Api, update: () => void, manages: boolean }} facts  `manages`: may have days made. */
  constructor({ api, update, manages }) {
    this.api = api
    this.update = update
    this.manages = manages
  }

  /** Whose it is, once that is told. */
  get told() {
    return this.#told
  }

  get problem() {
    return this.#problem
  }

  /** @param {{ portfolioId: string, period: Period, locale: string }} shown */
  async show(shown) {
    if (shown.portfolioId !== this.#shown?.portfolioId) this.#told = null
    this.#shown = shown
    this.#none = false
    this.#bringing = null
    this.#files = new Map()
    await this.#read()
  }

  /** Stop looking whether ordered days are there. */
  leave() {
    this.#asked()
    this.#bringing = null
  }

  async #read() {
    const shown = this.#shown
    if (shown === null) return
    const current = this.#asked()
    this.#problem = null
    this.update()
    try {
      const told = this.#told ?? await this.#ask(shown.portfolioId, {})
      if (!current()) return
      this.#told = told
      const wanted = told.tables.map(({ name }) => name).filter((name) => this.#chosen.has(name) && !this.#files.has(name))
      const found = await Promise.all(wanted.map((table) => this.#filesOf(shown.portfolioId, table, shown.period)))
      if (!current()) return
      wanted.forEach((name, at) => this.#files.set(name, found[at]))
    } catch (error) {
      if (!current()) return
      this.#problem = asProblem(error)
    }
    this.update()
  }

  /** @param {string} portfolioId @param {string} table @param {Period} period */
  async #filesOf(portfolioId, table, period) {
    const parts = months(period)
    const found = await Promise.all(parts.map((part) => this.#ask(portfolioId, { table, ...part, addresses: 'no' })))
    return found.flatMap(({ items }) => items)
  }

  /** @param {string} portfolioId @param {Record<string, string>} query @returns {Promise<LakeFiles>} */
  #ask(portfolioId, query) {
    return this.api.get(`/portfolios/${encodeURIComponent(portfolioId)}/figures/files`, { query: { language: lang(), ...query } })
  }

  /** @param {string} table @param {string} day */
  async #take(table, day) {
    if (this.#shown === null) return
    this.#taking = `${table}/${day}`
    this.update()
    try {
      const { items } = await this.#ask(this.#shown.portfolioId, { table, from: day, to: day })
      if (items[0]?.url) follow(items[0].url)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    this.#taking = ''
    this.update()
  }

  /** @param {string} name @param {boolean} chosen */
  #choose(name, chosen) {
    if (chosen) this.#chosen.add(name)
    else this.#chosen.delete(name)
    void this.#read()
  }

  // Days that lack

  /** Those of the period that are over. */
  #days() {
    const { period, told } = { period: this.#shown?.period, told: this.#told }
    if (!period || !told) return []
    const yesterday = addDays(todayIn(new Date(), told.time_zone), -1)
    const last = period.to < yesterday ? period.to : yesterday
    return Array.from({ length: Math.max(0, daysBetween(period.from, last) + 1) }, (_, n) => addDays(period.from, n))
  }

  /** Days of which some chosen table has no file. */
  #lacking() {
    const there = [...this.#chosen].map((name) => this.#files.get(name)).filter((files) => files !== undefined).map((files) => new Set(files.map(({ day }) => day)))
    return this.#days().filter((day) => there.some((days) => !days.has(day)))
  }

  async #bring() {
    const shown = this.#shown
    const told = this.#told
    const [since] = this.#lacking()
    if (shown === null || told === null || since === undefined) return
    const oldest = addDays(todayIn(new Date(), told.time_zone), -MONTH)
    const path = `/portfolios/${encodeURIComponent(shown.portfolioId)}/figures`
    const current = this.#asked()
    this.#bringing = this.#lacking().length
    this.#problem = null
    this.update()
    try {
      await this.api.put(path, { from: since > oldest ? since : oldest })
      for (let looks = 0; looks < LOOKS; looks++) {
        const { state } = await this.api.put(path, {})
        const files = await Promise.all([...this.#chosen].map(async (table) => /** @type {const} */ ([table, await this.#filesOf(shown.portfolioId, table, shown.period)])))
        if (!current()) return
        this.#files = new Map(files)
        this.update()
        if (this.#lacking().length === 0 || state === 'done') break
        await new Promise((resolve) => { window.setTimeout(resolve, LOOK_MS) })
        if (!current()) return
      }
      this.#none = this.#lacking().length > 0
    } catch (error) {
      if (!current()) return
      this.#problem = asProblem(error)
    }
    this.#bringing = null
    this.update()
  }

  // What is shown

  view() {
    if (this.#told === null) return this.#problem ? problemBanner(this.#problem, () => void this.#read()) : skeleton(8)
    return html`${card({ title: t('slice.tables'), lead: t('slice.tables_lead'),
      actions: html`<button type="button" class="button button-small" @click=${() => this.#saveDictionary()}>${icon('download')}${t('slice.dictionary_csv')}</button>`,
      body: html`<div class="slice-tables">${this.#told.tables.map((table) => this.#tableChoice(table))}</div>` })}
      ${card({ title: t('slice.files'), lead: t('slice.files_lead'), body: this.#filesView() })}`
  }

  /** @param {LakeTable} table */
  #tableChoice(table) {
    return html`<div>${checkField({ name: `table-${table.name}`, label: table.name, hint: `${table.about}. ${t(`slice.by_day.${table.by_day}`)}`, checked: this.#chosen.has(table.name), onInput: (on) => this.#choose(table.name, on) })}
      <details @toggle=${this.#folds(`columns ${table.name}`)}><summary>${tn('slice.columns', table.columns.length)}</summary>
        ${this.#open.has(`columns ${table.name}`) ? dataTable({ caption: t('slice.columns_of', { table: table.name }), rows: table.columns, id: ({ name }) => name, columns: [
          { key: 'name', label: t('slice.column'), head: true, cell: ({ name }) => html`<code>${name}</code>` },
          { key: 'type', label: t('slice.type'), cell: ({ type }) => type },
          { key: 'about', label: t('slice.about'), cell: ({ about }) => about },
        ] }) : nothing}</details></div>`
  }

  /** @param {string} what */
  #folds(what) {
    return (/** @type {Event} */ { currentTarget }) => {
      const { open } = /** @type {HTMLDetailsElement} */ (currentTarget)
      if (open === this.#open.has(what)) return
      if (open) this.#open.add(what)
      else this.#open.delete(what)
      this.update()
    }
  }

  #filesView() {
    const tables = [...this.#chosen].filter((name) => this.#told?.tables.some((one) => one.name === name)).sort()
    if (tables.length === 0) return html`<p class="muted">${t('slice.choose')}</p>`
    const waiting = tables.some((name) => !this.#files.has(name))
    return html`${this.#problem ? problemBanner(this.#problem, () => void this.#read()) : nothing}
      ${waiting ? (this.#problem ? nothing : skeleton(6)) : this.#lackingView()}
      ${tables.map((name) => this.#tableFiles(name))}`
  }

  #lackingView() {
    const [days, lacking] = [this.#days().length, this.#lacking()]
    const locale = this.#shown?.locale ?? ''
    if (this.#bringing !== null) {
      const done = Math.max(0, this.#bringing - lacking.length)
      return html`<div role="status"><p>${t('slice.bringing', { done: number(done, locale), all: number(this.#bringing, locale) })}</p>${progress({ value: done, max: this.#bringing, label: t('slice.bringing_label') })}</div>`
    }
    if (lacking.length === 0) return nothing
    const order = this.manages && !this.#none ? html`<button type="button" class="button button-small" @click=${() => void this.#bring()}>${t('slice.bring')}</button>` : nothing
    if (lacking.length === days) return emptyState({ icon: 'clock', title: t('slice.no_days'), body: t(this.#none ? 'slice.none' : this.manages ? 'slice.no_days_body' : 'slice.ask_them'), actions: order })
    return banner({ tone: 'info', title: tn('slice.lacking', lacking.length, { first: formatDate(lacking[0], locale) }), body: t(this.#none ? 'slice.none' : this.manages ? 'slice.nightly' : 'slice.ask_them'), actions: order })
  }

  /** @param {string} name */
  #tableFiles(name) {
    const files = this.#files.get(name) ?? []
    if (files.length === 0) return nothing
    const locale = this.#shown?.locale ?? ''
    const sum = (/** @type {'rows' | 'size_bytes'} */ key) => files.reduce((all, one) => all + one[key], 0)
    return html`<details class="slice-files" @toggle=${this.#folds(`files ${name}`)}><summary><strong>${name}</strong> <span class="muted">${tn('slice.sum', files.length, { rows: number(sum('rows'), locale), size: formatBytes(sum('size_bytes')) })}</span></summary>
      ${this.#open.has(`files ${name}`) ? dataTable({ caption: t('slice.files_of', { table: name }), rows: files, id: ({ day }) => day, columns: [
        { key: 'day', label: t('slice.day'), head: true, cell: (one) => html`${formatDate(one.day, locale)}${one.whole ? nothing : html` ${badge(t('slice.part'), 'warn')}`}` },
        { key: 'rows', label: t('slice.rows'), align: 'end', cell: (one) => number(one.rows, locale) },
        { key: 'size', label: t('slice.size'), align: 'end', cell: (one) => formatBytes(one.size_bytes) },
        { key: 'sha', label: 'SHA-256', shown: 'wide', cell: (one) => html`<code title=${one.sha256}>${one.sha256.slice(0, 12)}…</code>` },
        { key: 'take', label: t('slice.file'), cell: (one) => html`<button type="button" class="button button-small" aria-label=${t('slice.take_of', { table: name, day: formatDate(one.day, locale) })} ?disabled=${this.#taking !== ''} @click=${() => void this.#take(name, one.day)}>${icon('download')}${t('slice.take')}</button>` },
      ] }) : nothing}</details>`
  }

  #saveDictionary() {
    const lines = (this.#told?.tables ?? []).flatMap((table) => table.columns.map(({ name, type, about }) => [table.name, table.about, name, type, about]))
    download(`${t('slice.dictionary_file')}.csv`, csv([[t('slice.table'), t('slice.about_table'), t('slice.column'), t('slice.type'), t('slice.about')], ...lines]))
  }
}

/**
 * A period in parts that one question may be of.
 * @param {Period} period
 * @returns {Period[]}
 */
export function months({ from, to }) {
  const parts = []
  for (let start = from; start <= to; start = addDays(start, MONTH)) {
    const end = addDays(start, MONTH - 1)
    parts.push({ from: start, to: end < to ? end : to })
  }
  return parts
}
