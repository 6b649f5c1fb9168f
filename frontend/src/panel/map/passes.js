// @ts-check

/** Who passed by an address on a day, as far as shifts tell. */

import { todayIn } from '../../core/dates.js'
import { formatNumber, localeFor, t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { emptyState, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { html, live, nothing } from '../../core/view.js'

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { NearDebt, Pass } from './contract.js' */

const LEAST_M = 100
const MOST_M = 500

export class Passes {
  #api
  #paint
  /** @type {Pass[] | null} */
  #items = null
  /** @type {Problem | null} */
  #problem = null
  /** @type {Portfolio | null} */
  #portfolio = null
  #day = ''
  #keptDays = 0
  #turn = 0

  /** @param {{ api: Api, paint: () => void }} parts */
  constructor({ api, paint }) {
    this.#api = api
    this.#paint = paint
    /** Whose door is asked about. @type {NearDebt | null} */
    this.debt = null
  }

  /** The door's fence is how near counts, and no less than a phone's error. */
  get #radius() {
    return Math.round(Math.min(MOST_M, Math.max(LEAST_M, this.debt?.radius_m ?? LEAST_M)))
  }

  /** @param {NearDebt} debt @param {Portfolio} portfolio */
  async open(debt, portfolio) {
    this.debt = debt
    this.#portfolio = portfolio
    this.#day = todayIn(new Date(), portfolio.time_zone)
    await this.#ask()
  }

  close() {
    this.#turn += 1
    this.debt = null
    this.#paint()
  }

  async #ask() {
    const turn = this.#turn += 1
    this.#items = null
    this.#problem = null
    this.#paint()
    if (this.debt === null || this.#portfolio === null) return
    const { lat, lng } = this.debt
    try {
      const query = { lat, lng, radius_m: this.#radius, date: this.#day }
      const { items, kept_days: kept } = await this.#api.get(`/portfolios/${this.#portfolio.portfolio_id}/passes`, { query })
      if (turn !== this.#turn) return
      this.#items = items
      this.#keptDays = kept
    } catch (error) {
      if (turn !== this.#turn) return
      this.#problem = asProblem(error)
    }
    this.#paint()
  }

  view() {
    return html`<section class="map-passes" aria-label=${t('map.passes_title')}>
      <label class="picker picker-small"><span>${t('map.passes_day')}</span><input type="date" required .value=${live(this.#day)}
        @change=${(/** @type {any} */ event) => { if (event.target.value) { this.#day = event.target.value; void this.#ask() } }}></label>
      ${this.#problem ? problemBanner(this.#problem) : this.#items === null ? skeleton(2) : this.#list(this.#items)}
      <button type="button" class="link-button" @click=${() => this.close()}>${t('common.close')}</button></section>`
  }

  /** @param {Pass[]} items */
  #list(items) {
    if (items.length === 0) return emptyState({ icon: 'pin', title: t('map.passes_none', { m: formatNumber(this.#radius) }), body: t('map.passes_limits', { n: this.#keptDays }) })
    return html`<ul class="plain-list">${items.map((pass) => html`<li>
      <a href=${pathTo('map', { agente: pass.person_id, dia: this.#day })}>${pass.name}</a>
      <span class="small">${this.#time(pass.since)}–${this.#time(pass.until)} · ${t('map.away', { m: formatNumber(Math.round(pass.distance_m)) })}${pass.accuracy_m === null ? nothing : ` ± ${formatNumber(Math.round(pass.accuracy_m))} m`}</span>
      ${pass.visits.map(({ case_id: one, visit_id: visit, at }) => html`<a class="small" href=${pathTo('visit', { caso: one, id: visit })}>${t('map.passes_visit', { time: this.#time(at) })}</a>`)}</li>`)}</ul>
      <p class="muted small">${t('map.passes_limits', { n: this.#keptDays })}</p>`
  }

  /** @param {string} instant */
  #time(instant) {
    return new Intl.DateTimeFormat(localeFor(this.#portfolio?.country), { hour: '2-digit', minute: '2-digit', timeZone: this.#portfolio?.time_zone }).format(new Date(instant))
  }
}
