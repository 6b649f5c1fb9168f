// @ts-check

/** Recovery, contact and visits on the map, a hexagon each. Loaded when it is opened. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { MapView } from '../../core/map/view.js' */
/** @import { Catalogue, KpiOffered, Period, ReportTold } from './contract.js' */
/** @import { Hexagon } from './hexagons.js' */
/** @import { Problem } from '../../core/problem.js' */

import { lang, t } from '../../core/i18n.js'
import { boundsOf } from '../../core/map/geometry.js'
import { basemapUrl, mapWords, openMap } from '../../core/map/index.js'
import { asProblem } from '../../core/problem.js'
import { chartTable } from '../../core/ui/charts.js'
import { selectField } from '../../core/ui/fields.js'
import { card, emptyState, facts, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { casesDialog } from './cases-dialog.js'
import { ASKED, FEW, MOST, SHOWN, SIZES, hexagonsOf, placeless } from './hexagons.js'
import { missing } from './kpi-view.js'
import { daysOf, periodText } from './period.js'
import { fileButton } from './report-view.js'
import { csvRows, measureName, measureText } from './report-words.js'
import { csv, download, number } from './words.js'

const STEPS = 5 // of colour
const MOST_ROWS = 100

/** @typedef {{ portfolio: Portfolio, period: Period, locale: string }} Shown */

export class Places {
  #api
  #catalogue
  #root
  #paint
  #onCell
  /** @type {Shown | null} */
  #shown = null
  /** @type {ReportTold | null} */
  #told = null
  /** @type {MapView | null} */
  #map = null
  /** @type {Element | null} */
  #place = null
  #chosen = ''
  #measure = SHOWN[0]
  #size = SIZES[0]
  #round = 0
  #groundLost = false

  /**
   * @param {object} facts
   * @param {Api} facts.api
   * @param {Catalogue} facts.catalogue
   * @param {HTMLElement} facts.root  Where the page is painted.
   * @param {() => void} facts.paint  At once.
   */
  constructor({ api, catalogue, root, paint }) {
    this.#api = api
    this.#catalogue = catalogue
    this.#root = root
    this.#paint = paint
    this.#onCell = (/** @type {string} */ cell) => this.#choose(cell)
    /** @type {Problem | null} */
    this.problem = null
    window.addEventListener('pagehide', () => this.#close(), { once: true })
  }

  /** @param {Shown} shown */
  async show(shown) {
    const own = ++this.#round
    this.#shown = shown
    Object.assign(this, { problem: null })
    this.#told = null
    this.#chosen = ''
    this.#paint()
    try {
      const told = await this.#api.post(`/portfolios/${encodeURIComponent(shown.portfolio.portfolio_id)}/figures`, { measures: ASKED, dimensions: [this.#size], filters: [], limit: MOST, ...shown.period })
      if (own !== this.#round) return
      this.#told = told
    } catch (error) {
      if (own !== this.#round) return
      this.problem = asProblem(error)
    }
    this.#paint()
    await this.#open(own)
    if (own === this.#round) this.#draw(true)
  }

  /** What the page shows instead has no map. */
  leave() {
    this.#round += 1
    this.#close()
  }

  view() {
    if (this.problem) return this.problem.code === 'lake.day_missing' ? missing(this.problem, this.#locale) : problemBanner(this.problem, () => this.#again())
    const told = this.#told
    if (told === null) return html`${this.#fields()}${skeleton(8)}`
    const known = hexagonsOf(told, this.#measure)
    if (known.length === 0) return emptyState({ icon: 'pin', title: t('places.none'), body: t(told.lines.length > 0 ? 'places.none_placed' : 'places.none_told') })
    const measure = this.#measureOffered
    const chosen = known.find(({ cell }) => cell === this.#chosen)
    const label = t('places.title')
    return html`${this.#fields()}${card({
      title: label, lead: `${measureName(measure.code)} · ${periodText(told, this.#locale)}${told.days_there < told.days ? ` · ${t('figures.days_there')}: ${t('figures.of_days', { there: told.days_there, n: told.days })}` : ''}`,
      actions: fileButton('CSV', label, () => download(`mapa-${told.from}-${told.to}.csv`, csv(csvRows(told)))),
      body: html`<div class="places-beside">
        <div class="places-map"></div>
        <div class="stack" aria-live="polite">${chosen ? this.#panel(chosen, told) : html`<p class="muted">${t('places.pick')}</p>`}</div></div>
        <p class="legend small"><span>${t('places.less')}</span>${Array.from({ length: STEPS }, (_, at) => html`<span><i class="heat-key places-key-${at}"></i></span>`)}<span>${t('places.more')}</span>
          ${measure.unit === 'ratio' ? html`<span><i class="heat-key heat-few"></i>${t('places.few', { n: FEW })}</span>` : nothing}</p>
        ${this.#groundLost ? html`<p class="small" role="status">${t('places.ground_lost')}</p>` : nothing}
        ${this.#notes(told)}
        ${this.#table(known, told)}`,
    })}`
  }

  get #locale() {
    return this.#shown?.locale ?? 'es'
  }

  get #measureOffered() {
    return /** @type {Catalogue['measures'][number]} */ (this.#catalogue.measures.find(({ code }) => code === this.#measure))
  }

  #again() {
    if (this.#shown) void this.show(this.#shown)
  }

  #fields() {
    return html`<div class="toolbar">
      ${selectField({ name: 'measure', label: t('places.measure'), value: this.#measure, options: SHOWN.map((value) => ({ value, label: measureName(value) })),
        onInput: (value) => { this.#measure = value; this.#paint(); this.#draw(false) } })}
      ${selectField({ name: 'size', label: t('places.size'), value: this.#size, options: SIZES.map((value) => ({ value, label: t(`places.size.${value}`) })),
        onInput: (value) => { this.#size = value; this.#again() } })}</div>`
  }

  /** @param {Hexagon} one @param {ReportTold} told */
  #panel(one, told) {
    const kpi = this.#kpiBehind()
    return html`<h3 id="hexagon-name" tabindex="-1">${t('places.hexagon', { n: one.rank })}</h3>
      ${facts([
        ...SHOWN.map((code) => /** @type {[string, unknown]} */ ([measureName(code), this.#text(code, one.values[code].value, told)])),
        [t('places.cases'), number(one.values.cases.numerator, this.#locale)],
        [t('places.attempts'), number(one.values.contact_rate.denominator ?? 0, this.#locale)],
        [t('places.visits'), number(one.values.verified_rate.denominator ?? 0, this.#locale)],
      ])}
      ${kpi ? html`<button type="button" class="button" @click=${() => this.#cases(kpi, one)}>${t('figures.see_cases')}: ${t(`figures.kpi.${kpi.code}`)}</button>` : nothing}`
  }

  /** @param {ReportTold} told */
  #notes(told) {
    const rest = placeless(told)
    return html`${rest > 0 ? html`<p class="small">${t('places.placeless', { n: number(rest, this.#locale) })}</p>` : nothing}
      ${told.more ? html`<p class="small">${t('places.too_many', { n: number(MOST, this.#locale) })}</p>` : nothing}`
  }

  /** The same facts for who cannot see the map, and the way to each hexagon by keyboard. @param {Hexagon[]} known @param {ReportTold} told */
  #table(known, told) {
    return html`<div class="places-table">${chartTable({
      caption: t('places.title'),
      head: [t('places.where'), ...SHOWN.map(measureName), t('places.cases')],
      rows: known.slice(0, MOST_ROWS).map((one) => [
        html`<button type="button" class="link-button" @click=${() => this.#choose(one.cell, true)}>${t('places.hexagon', { n: one.rank })}</button>`,
        ...SHOWN.map((code) => this.#text(code, one.values[code].value, told)),
        number(one.values.cases.numerator, this.#locale),
      ]),
    })}</div>${known.length > MOST_ROWS ? html`<p class="small">${t('places.first', { n: MOST_ROWS })}</p>` : nothing}`
  }

  /** @param {string} code @param {number | null} value @param {ReportTold} told */
  #text(code, value, told) {
    const measure = this.#catalogue.measures.find((one) => one.code === code)
    return measure ? measureText(measure, value, { locale: this.#locale, currency: told.currency }) : ''
  }

  /** The figure whose cases stand behind what is shown. @returns {KpiOffered | undefined} */
  #kpiBehind() {
    const code = { contact_rate: 'contact_rate', rpc_attempts: 'rpc_attempts', verified_rate: 'visits_verified', visit_effectiveness: 'visit_effectiveness' }[this.#measure] ?? 'overdue_index'
    return this.#catalogue.kpis.find((one) => one.code === code)
  }

  /** @param {KpiOffered} kpi @param {Hexagon} one */
  #cases(kpi, one) {
    const { portfolio, period } = /** @type {Shown} */ (this.#shown)
    return casesDialog({ api: this.#api, portfolio, kpi, period, channel: '', only: { cell: one.cell }, group: ['', ''], title: `${t(`figures.kpi.${kpi.code}`)}: ${t('places.hexagon', { n: one.rank })}`, money: { locale: this.#locale, currency: portfolio.currency, days: daysOf(period) } })
  }

  /** @param {string} cell @param {boolean} [look] */
  #choose(cell, look = false) {
    this.#chosen = cell
    this.#paint()
    this.#draw(false)
    const border = this.#told?.borders?.[cell]
    const bounds = look && border ? boundsOf(border, 1000) : null
    if (bounds) this.#map?.show(bounds)
    if (!look) return
    const name = this.#root.querySelector('#hexagon-name')
    if (name instanceof HTMLElement) name.focus()
  }

  /** @param {number} own */
  async #open(own) {
    const place = this.#root.querySelector('.places-map')
    if (!(place instanceof HTMLElement)) return this.#close()
    if (place === this.#place) return
    this.#close()
    this.#place = place
    const bounds = this.#bounds()
    if (bounds === null) return
    const map = await openMap(place, { words: mapWords(t('places.map')), language: lang(), source: basemapUrl(), view: bounds,
      onGround: (there) => { this.#groundLost = !there; this.#paint() } })
    if (own !== this.#round || place !== this.#place) return map.destroy()
    this.#map = map
  }

  #close() {
    this.#map?.destroy()
    this.#map = null
    this.#place = null
  }

  #bounds() {
    return boundsOf(Object.values(this.#told?.borders ?? {}).flat(), 500)
  }

  /** @param {boolean} whole  All of it is to be seen. */
  #draw(whole) {
    if (this.#map === null || this.#told === null) return
    const told = this.#told
    const known = hexagonsOf(told, this.#measure)
    this.#map.cells(known.map(({ cell, border, share, rank, values }) => ({
      id: cell, border, share: share === null ? null : Math.min(STEPS - 1, Math.floor(share * STEPS)) / (STEPS - 1), chosen: cell === this.#chosen,
      title: `${t('places.hexagon', { n: rank })} · ${measureName(this.#measure)}: ${this.#text(this.#measure, values[this.#measure].value, told)}`,
    })), this.#onCell)
    const bounds = whole ? this.#bounds() : null
    if (bounds) this.#map.show(bounds)
  }
}
