// @ts-check

/** Boards that are ready, and reports that people put together. Loaded when they are opened. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Draft, Choice } from './builder-view.js' */
/** @import { Catalogue, MeasureOffered, Period, ReportDefinition, ReportLine, ReportTold, SavedReport } from './contract.js' */
/** @import { Told } from './report-view.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { selectField } from '../../core/ui/fields.js'
import { card } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { follow } from '../uploads/links.js'
import { builder, fitting } from './builder-view.js'
import { lineCasesDialog } from './cases-dialog.js'
import { before, daysOf } from './period.js'
import { fileButton, reportCard } from './report-view.js'
import { csvRows, titleOf } from './report-words.js'
import { SavedReports } from './saved-reports.js'
import { csv, download } from './words.js'

const AT_ONCE = 3 // reports under way
const MOST_CHOICES = 50
const NEW = { measures: ['attempts', 'contact_rate'], dimensions: ['channel'], filters: [], limit: 2000, compare: true }

/** @typedef {{ portfolio: Portfolio, period: Period, locale: string, preset: SavedReport['period'] | '' }} Shown */

export class Reports {
  /** @type {Shown | null} */
  #shown = null
  #board = ''
  /** @type {Draft} */
  #draft = NEW
  /** @type {Map<string, Choice[] | null>} */
  #choices = new Map()
  /** What is on the page: the reports of the board, or the one that was put together. @type {{ report: ReportDefinition, told: Told | undefined }[]} */
  #cards = []
  #round = 0

  /**
   * @param {object} facts
   * @param {Api} facts.api
   * @param {Catalogue} facts.catalogue
   * @param {() => void} facts.update
   * @param {(board: string) => void} facts.onBoard  The address is to name it.
   * @param {() => void} facts.onBuild  The builder is to be shown.
   * @param {(period: SavedReport['period']) => void} facts.onPeriod  Which days a kept report is of.
   * @param {() => void} facts.onAddress  The address is to name another kept report, or none.
   */
  constructor({ api, catalogue, update, onBoard, onBuild, onPeriod, onAddress }) {
    this.api = api
    this.catalogue = catalogue
    this.update = update
    this.onBoard = onBoard
    this.onBuild = onBuild
    this.#board = catalogue.boards[0].code
    this.saved = new SavedReports({ api, update, onAddress, period: () => this.#shown?.period ?? null, onOpen: ({ measures, dimensions, filters, limit, compare, period }) => {
      this.#draft = { measures, dimensions, filters, limit, compare }
      onPeriod(period)
    } })
  }

  /** What kept a report from being told. */
  get problems() {
    return this.#cards.map(({ told }) => told?.problem ?? null)
  }

  /** @param {string} board */
  openBoard(board) {
    if (this.catalogue.boards.some(({ code }) => code === board)) this.#board = board
  }

  /**
   * Ask for what a view shows.
   * @param {'boards' | 'reports'} view
   * @param {Shown} shown
   */
  async show(view, shown) {
    if (this.#shown?.portfolio.portfolio_id !== shown.portfolio.portfolio_id) this.#choices.clear()
    this.#shown = shown
    const own = ++this.#round
    const wanted = view === 'boards' ? this.#boardReports() : [complete(this.#draft)]
    this.#cards = wanted.map((report) => ({ report, told: undefined }))
    if (view === 'reports') for (const { dimension } of this.#draft.filters) void this.#look(dimension)
    if (view === 'reports') void this.saved.read(shown.portfolio)
    this.update()
    const waiting = [...this.#cards]
    const worker = async () => {
      for (let one = waiting.shift(); one !== undefined && own === this.#round; one = waiting.shift()) {
        const told = await this.#ask(one.report, shown, view === 'boards' || this.#draft.compare)
        if (own !== this.#round) return
        one.told = told
        this.update()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  boards() {
    const options = this.catalogue.boards.map(({ code }) => ({ value: code, label: t(`reports.board.${code}`) }))
    return html`<div class="toolbar">${selectField({ name: 'board', label: t('builder.board'), value: this.#board, options, onInput: (board) => { this.#board = board; this.onBoard(board) } })}</div>
      <p class="muted">${t(`builder.board_lead.${this.#board}`)}</p>
      ${this.#told()}`
  }

  build() {
    return html`${this.saved.view(this.#draft, this.#shown?.preset || 'days30')}${card({ title: t('builder.title'), body: builder({
      catalogue: this.catalogue, draft: this.#draft, choices: this.#choices, locale: this.#shown?.locale ?? 'es',
      onChange: (draft) => this.#change(draft), onTell: () => this.#again('reports'),
    }) })}${this.#told()}`
  }

  #boardReports() {
    return this.catalogue.boards.find(({ code }) => code === this.#board)?.reports ?? []
  }

  /** @param {'boards' | 'reports'} view */
  #again(view) {
    if (this.#shown) void this.show(view, this.#shown)
  }

  /** @param {Draft} draft */
  #change(draft) {
    for (const { dimension } of draft.filters) if (!this.#choices.has(dimension)) void this.#look(dimension)
    this.#draft = draft
    this.update()
  }

  #told() {
    const { locale = 'es' } = this.#shown ?? {}
    return html`<div class="stack">${this.#cards.map((one) => reportCard({
      report: one.report, told: one.told, catalogue: this.catalogue, locale, actions: this.#actions(one),
      onCases: (measure, line, title) => this.#cases(one, measure, line, title),
      onDraw: this.update, onRetry: () => this.#again(this.#cards.length > 1 ? 'boards' : 'reports'),
    }))}</div>`
  }

  /** @param {{ report: ReportDefinition }} one @param {Pick<MeasureOffered, 'code' | 'unit' | 'over'>} measure @param {ReportLine} line @param {string} title */
  #cases({ report }, measure, line, title) {
    const { portfolio, period, locale } = /** @type {Shown} */ (this.#shown)
    void lineCasesDialog({ api: this.api, portfolio, measure, report, line, period, title, money: { locale, currency: portfolio.currency, days: daysOf(period) } })
  }

  /** @param {{ report: ReportDefinition, told: Told | undefined }} one */
  #actions({ report, told }) {
    const { now = null } = told ?? {}
    const label = titleOf(report)
    return html`${fileButton('CSV', label, () => { if (now) download(`informe-${now.from}-${now.to}.csv`, csv(csvRows(now))) }, now === null)}
      ${fileButton('Excel', label, () => void this.#file(report, 'xlsx'), now === null)}
      ${fileButton('PDF', label, () => void this.#file(report, 'pdf'), now === null)}
      ${this.#cards.length > 1 ? html`<button type="button" class="button button-small" @click=${() => { this.#draft = { ...report, compare: true }; this.onBuild() }}>${t('builder.open')}<span class="visually-hidden">: ${label}</span></button>` : nothing}`
  }

  /** @param {ReportDefinition} report @param {'xlsx' | 'pdf'} kind */
  async #file(report, kind) {
    const { portfolio, period } = /** @type {Shown} */ (this.#shown)
    try {
      const { url } = await this.api.post(`${pathOf(portfolio)}/files`, { ...bare(report), ...period, kind, compare: this.#cards.length > 1 || this.#draft.compare })
      follow(url)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {ReportDefinition} report @param {Shown} shown @param {boolean} compare @returns {Promise<Told>} */
  async #ask(report, { portfolio, period }, compare) {
    const ask = (/** @type {Period} */ days) => /** @type {Promise<ReportTold>} */ (this.api.post(pathOf(portfolio), { ...bare(report), ...days }))
    const [now, then] = await Promise.allSettled([ask(period), compare ? ask(before(period)) : null])
    return {
      now: now.status === 'fulfilled' ? now.value : null,
      then: then.status === 'fulfilled' ? then.value : null,
      problem: now.status === 'rejected' ? asProblem(now.reason) : null,
      drawn: 0,
    }
  }

  /** The values that a filter can let through: those there are in the period. @param {string} dimension */
  async #look(dimension) {
    if (this.#choices.has(dimension) || this.#shown === null) return
    const { portfolio, period } = this.#shown
    const measures = this.#draft.measures.slice(0, 1)
    const asked = fitting(this.catalogue, { measures, dimensions: [dimension], filters: [], limit: MOST_CHOICES })
    const at = asked.dimensions.indexOf(dimension)
    try {
      const { lines } = /** @type {ReportTold} */ (await this.api.post(pathOf(portfolio), { ...asked, ...period }))
      if (portfolio !== this.#shown.portfolio) return
      this.#choices.set(dimension, [...new Map(lines.map(({ keys, names }) => [keys[at], { key: keys[at], name: names[at] }])).values()])
    } catch {
      if (portfolio !== this.#shown.portfolio) return
      this.#choices.set(dimension, null)
    }
    this.update()
  }
}

/** @param {Portfolio} portfolio */
function pathOf({ portfolio_id: id }) {
  return `/portfolios/${encodeURIComponent(id)}/figures`
}

/** Without filters that let everything through. @param {Draft} draft */
function complete(draft) {
  return { ...draft, filters: draft.filters.filter(({ values }) => values.length > 0) }
}

/** @param {ReportDefinition} report @returns {ReportDefinition} */
function bare({ measures, dimensions, filters, limit }) {
  return { measures, dimensions, filters, limit }
}
