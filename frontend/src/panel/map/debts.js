// @ts-check

/** Debts around a place: found, looked at, given to an agent for a day - and taken back. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { LatLng } from '../../core/map/contract.js' */
/** @import { MapView } from '../../core/map/view.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Assigned, LiveAgent, NearDebt } from './contract.js' */

import { todayIn } from '../../core/dates.js'
import { formatNumber, loadRefusals, localeFor, t, tn, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { icon } from '../../core/ui/icons.js'
import { banner, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { Passes } from './passes.js'
import { html, live, nothing } from '../../core/view.js'

const WIDEST_M = 10_000

export class Debts {
  #api
  #paint
  #map
  #agents
  #passes
  /** @type {Problem | null} */
  #problem = null
  /** @type {Assigned | null} */
  #done = null
  #turn = 0
  #busy = false
  #person = ''
  #day = ''

  /** @param {{ api: Api, paint: () => void, map: () => MapView | null, agents: () => LiveAgent[] }} parts */
  constructor({ api, paint, map, agents }) {
    this.#api = api
    this.#paint = paint
    this.#map = map
    this.#agents = agents
    this.#passes = new Passes({ api, paint })
    /** @type {{ portfolio: Portfolio, centre: LatLng, radius: number } | null} */
    this.asked = null
    /** @type {NearDebt[] | null} */
    this.items = null
    this.more = false
    /** @type {Set<string>} */
    this.picked = new Set()
    /** @type {string | null} */
    this.chosen = null
  }

  /** @param {Portfolio} portfolio @param {LatLng} centre @param {number} radius  Metres. @param {string} [person]  Whom they would be given to. */
  async find(portfolio, centre, radius, person = '') {
    const turn = this.#turn += 1
    this.asked = { portfolio, centre, radius: Math.round(Math.min(WIDEST_M, Math.max(50, radius))) }
    Object.assign(this, { items: null, more: false, chosen: null, picked: new Set() })
    this.#person = person
    this.#day = todayIn(new Date(), portfolio.time_zone)
    this.#problem = null
    this.#done = null
    this.#passes.close()
    try {
      const { items, more } = await this.#api.get(`/portfolios/${portfolio.portfolio_id}/near`, { query: { ...centre, radius_m: this.asked.radius, limit: 100 } })
      if (turn !== this.#turn) return
      Object.assign(this, { items, more })
    } catch (error) {
      if (turn !== this.#turn) return
      this.#problem = asProblem(error)
    }
    this.draw()
    this.#paint()
  }

  leave() {
    this.#turn += 1
    this.asked = null
    this.items = null
    this.draw()
    this.#paint()
  }

  /** What is known, onto the map as it is now: a map may open after its debts have come. */
  draw() {
    const map = this.#map()
    const fences = (this.items ?? []).filter(({ radius_m: radius }) => radius > 0).map(({ lat, lng, radius_m }) => ({ lat, lng, radius_m, tone: /** @type {const} */ ('fence') }))
    map?.circles(this.asked ? [{ ...this.asked.centre, radius_m: this.asked.radius, tone: 'fence' }, ...fences] : [])
    map?.marks('debts', (this.items ?? []).map((debt) => ({
      id: keyOf(debt), lat: debt.lat, lng: debt.lng, kind: keyOf(debt) === this.chosen || this.picked.has(keyOf(debt)) ? 'chosen' : 'debt', title: `${debt.name || t('common.nameless')} · ${this.#money(debt)}`,
    })), (id) => this.#choose(id))
  }

  /** @param {NearDebt} debt */
  #money({ balance }) {
    return formatMoney(balance, localeFor(this.asked?.portfolio.country))
  }

  /** From the map to the list. @param {string} id */
  #choose(id) {
    this.chosen = id
    this.draw()
    this.#paint()
    queueMicrotask(() => document.getElementById(`debt-${id}`)?.scrollIntoView({ block: 'nearest' }))
  }

  /** @param {string} id @param {boolean} on */
  #pick(id, on) {
    this.picked[on ? 'add' : 'delete'](id)
    this.draw()
    this.#paint()
  }

  /** @param {SubmitEvent} event */
  #assign = async (event) => {
    event.preventDefault()
    if (this.asked === null || this.items === null || this.#busy) return
    const { portfolio_id: portfolio } = this.asked.portfolio
    const wanted = this.items.filter((debt) => this.picked.has(keyOf(debt)))
    this.#busy = true
    this.#problem = null
    try {
      const batch = `bat_${crypto.randomUUID().replaceAll('-', '')}`
      const done = await this.#api.post('/assignments', {
        portfolio_id: portfolio, batch_id: batch, date: this.#day,
        items: wanted.map(({ case_id, address_id }) => ({ case_id, address_id, person_id: this.#person, why: 'manual' })),
      })
      if (done.refused.length > 0) await loadRefusals()
      this.#done = done
      this.picked = new Set()
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.#busy = false
    this.draw()
    this.#paint()
  }

  #undo = async () => {
    if (this.#done === null || this.asked === null) return
    try {
      const { withdrawn } = await this.#api.delete(`/portfolios/${this.asked.portfolio.portfolio_id}/assignment-batches/${this.#done.batch_id}`)
      this.#done = null
      toast(tn('map.undone', withdrawn))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    this.#paint()
  }

  view() {
    if (this.asked === null) return nothing
    return html`<section class="map-debts" aria-labelledby="debts-title">
      <button type="button" class="link-button map-back" @click=${() => this.leave()}>${icon('back')}${t('map.debts_close')}</button>
      <h2 id="debts-title" tabindex="-1">${t('map.debts_title')}</h2>
      <p class="muted">${t('map.debts_lead', { m: formatNumber(this.asked.radius), portfolio: this.asked.portfolio.name })}</p>
      ${this.#problem ? problemBanner(this.#problem) : nothing}
      ${this.#result()}
      ${this.items === null ? (this.#problem ? nothing : skeleton(4)) : this.#list(this.items)}
    </section>`
  }

  #result() {
    if (this.#done === null) return nothing
    const { assigned, refused } = this.#done
    return banner({
      tone: refused.length > 0 ? 'warn' : 'good', title: tn('map.assigned', assigned),
      body: refused.length === 0 ? nothing : html`<ul>${refused.map(({ case_id: id, code }) => html`<li>${this.items?.find((debt) => debt.case_id === id)?.name ?? id}: ${tOr(`errors.${code}`, code)}</li>`)}</ul>`,
      actions: assigned > 0 ? html`<button type="button" class="button button-small" @click=${this.#undo}>${icon('undo')}${t('map.assign_undo')}</button>` : nothing,
    })
  }

  /** @param {NearDebt[]} items */
  #list(items) {
    if (items.length === 0) return html`<p class="muted">${t('map.debts_none')}</p>`
    return html`<form @submit=${this.#assign}>
      <ul class="debts-near">${items.map((debt) => this.#line(debt))}</ul>
      ${this.more ? html`<p class="muted small">${t('map.debts_more')}</p>` : nothing}
      ${this.picked.size > 0 ? this.#giving() : html`<p class="muted small">${t('map.debts_pick')}</p>`}</form>`
  }

  /** @param {NearDebt} debt */
  #line(debt) {
    const id = keyOf(debt)
    const { portfolio } = /** @type {NonNullable<Debts['asked']>} */ (this.asked)
    return html`<li class="debt" id="debt-${id}" aria-current=${id === this.chosen ? 'true' : nothing}>
      <label class="check"><input type="checkbox" .checked=${live(this.picked.has(id))} @change=${(/** @type {any} */ event) => this.#pick(id, event.target.checked)}><span class="visually-hidden">${t('map.debt_pick', { name: debt.name })}</span></label>
      <span class="debt-words"><a href=${pathTo('case', { id: debt.case_id })}>${debt.name || t('common.nameless')}</a>
        <span class="muted small">${debt.dpd > 0 ? tn('map.dpd', debt.dpd) : t('map.not_due')}${debt.distance_m === null ? nothing : html` · ${t('map.away', { m: formatNumber(debt.distance_m) })}`}</span></span>
      <span class="amount">${this.#money(debt)}</span>
      ${this.#passes.debt === debt ? this.#passes.view() : html`<button type="button" class="link-button small debt-passes" aria-label="${t('map.passes_ask')}: ${debt.name || t('common.nameless')}" @click=${() => void this.#passes.open(debt, portfolio)}>${t('map.passes_ask')}</button>`}</li>`
  }

  #giving() {
    return html`<div class="map-giving">
      <label class="picker picker-small"><span>${t('map.assign_to')}</span><select required @change=${(/** @type {any} */ event) => { this.#person = event.target.value; this.#paint() }}>
        <option value="">${t('map.assign_whom')}</option>${this.#agents().map(({ person_id: id, name }) => html`<option value=${id} ?selected=${id === this.#person}>${name}</option>`)}</select></label>
      <label class="picker picker-small"><span>${t('map.assign_day')}</span><input type="date" required .value=${live(this.#day)} @change=${(/** @type {any} */ event) => { this.#day = event.target.value }}></label>
      <button class="button button-primary" ?disabled=${this.#busy || this.#person === ''}>${tn('map.assign', this.picked.size)}</button></div>`
  }
}

/** @param {NearDebt} debt */
function keyOf({ case_id: one, address_id: address }) {
  return `${one}.${address}`
}
