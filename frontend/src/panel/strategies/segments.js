// @ts-check

/** Who gets which strategy: segments in the order they are asked, with counts while they are written. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { ListPrice, Playbook, Segment, SegmentCounts, Strategy, Vocabulary } from './contract.js' */

import { Form } from '../../core/form.js'
import { formatNumber, localeFor, t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { banner, problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { Drafts } from '../drafts.js'
import { ruleEditor } from './rule-view.js'
import { faultWords, ruleWords } from './words.js'

const COUNT_AFTER_MS = 500
const MICROS = 6 // decimals of the budget's unit

export class SegmentsPanel {
  #api
  #portfolio
  #vocabulary
  #strategies
  #disabled
  #prices
  #mayPrice
  #paint
  #onSaved
  #drafts
  #form
  /** @type {SegmentCounts | null} */
  #counts = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Portfolio} parts.portfolio
   * @param {Vocabulary} parts.vocabulary
   * @param {Strategy[]} parts.strategies
   * @param {Playbook} parts.playbook
   * @param {boolean} parts.disabled
   * @param {ListPrice[]} parts.prices
   * @param {boolean} parts.mayPrice
   * @param {() => void} parts.paint
   * @param {(playbook: Playbook) => void} parts.onSaved
   */
  constructor({ api, portfolio, vocabulary, strategies, playbook, disabled, prices, mayPrice, paint, onSaved }) {
    this.#api = api
    this.#portfolio = portfolio
    this.#vocabulary = vocabulary
    this.#strategies = strategies.filter(({ state, version }) => state === 'published' || version > 1)
    this.#disabled = disabled
    this.#prices = prices
    this.#mayPrice = mayPrice
    this.#paint = paint
    this.#onSaved = onSaved
    this.#drafts = new Drafts(paint)
    this.#form = new Form(/** @type {Playbook} */ ({ ...playbook, segments: [...playbook.segments].sort((a, b) => a.priority - b.priority) }), paint)
    void this.#count()
  }

  get dirty() {
    return this.#form.dirty
  }

  /** Soon, and once: while somebody types, what they typed before is of no use. */
  #recount() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#count(), COUNT_AFTER_MS)
  }

  async #count() {
    try {
      this.#counts = await this.#api.post(`/portfolios/${this.#portfolio.portfolio_id}/segment-counts`, { segments: this.#form.values.segments })
    } catch {
      this.#counts = null // a rule half written; the next one counts again
    }
    this.#paint()
  }

  /** @param {(segments: Segment[]) => void} mutate */
  #change(mutate) {
    this.#form.change(({ segments }) => {
      mutate(segments)
      segments.forEach((segment, i) => { segment.priority = i + 1 })
    })
    this.#recount()
  }

  /** @param {Event} event */
  async #save(event) {
    event.preventDefault()
    const { segments, monthly_budget_micros: budget, daily_budget_micros: daily, own_prices: own, version } = this.#form.values
    const stored = await this.#form.submit(
      () => this.#api.put(`/portfolios/${this.#portfolio.portfolio_id}/playbook`, { version, segments, monthly_budget_micros: budget, daily_budget_micros: daily, ...(this.#mayPrice ? { own_prices: own } : {}) }),
      () => this.#drafts.errors(),
    )
    if (stored === undefined) return
    this.#drafts.clear()
    this.#form.reset(stored)
    this.#onSaved(stored)
    toast(t('strategies.segments.saved'))
  }

  panel() {
    const form = this.#form
    const { segments } = form.values
    const locale = localeFor(this.#portfolio.country)
    const faults = /** @type {any[]} */ (form.problem?.details?.problems ?? [])
    return html`<form class="form" novalidate @submit=${(/** @type {Event} */ event) => void this.#save(event)}>
      ${form.problem ? (faults.length > 0 ? banner({ tone: 'warn', title: t('strategies.not_ready'), body: html`<ul>${faults.map(({ where, field, reason }) => html`<li>${segments.find(({ segment_id: id }) => id === where)?.name ?? where} · ${t(`strategies.segments.part.${field}`)}: ${faultWords(reason)}</li>`)}</ul>` }) : problemBanner(form.problem)) : nothing}
      <ol class="segment-list">${segments.map((segment, i) => this.#segment(segment, i, locale))}</ol>
      ${this.#counts === null ? nothing : html`<p class="muted small">${tn('strategies.segments.rest', this.#counts.items.at(-1)?.cases ?? 0)}${this.#counts.sampled ? ` ${t('strategies.segments.sampled', { n: formatNumber(this.#counts.seen) })}` : ''}</p>`}
      ${this.#drafts.field({ name: 'budget', label: t('strategies.segments.budget'), hint: t('strategies.segments.budget_hint'), value: form.values.monthly_budget_micros, optional: true, decimals: MICROS, suffix: 'USD', locale, disabled: this.#disabled, onInput: (micros) => form.set('monthly_budget_micros', micros) })}
      ${this.#drafts.field({ name: 'daily_budget', label: t('strategies.segments.daily_budget'), hint: t('strategies.segments.daily_budget_hint'), value: form.values.daily_budget_micros, optional: true, decimals: MICROS, suffix: 'USD', locale, disabled: this.#disabled, onInput: (micros) => form.set('daily_budget_micros', micros) })}
      ${this.#pricing(locale)}
      ${this.#disabled ? nothing : html`<div class="button-row">
        <button type="button" class="button" ?disabled=${this.#strategies.length === 0} @click=${() => this.#add()}>${icon('plus')}${t('strategies.segments.add')}</button>
        <button class="button button-primary" ?disabled=${form.busy || !form.dirty}>${t('strategies.segments.save')}</button></div>`}
    </form>`
  }

  /** @param {string} locale */
  #pricing(locale) {
    const own = this.#form.values.own_prices
    /** @param {ListPrice} listed */
    const field = ({ channel, unit, micros, basis }) => this.#drafts.field({
      name: `price-${channel}`, label: t(`strategies.price.${channel}`), value: own[channel] ?? null, optional: true, decimals: MICROS, suffix: 'USD', locale, disabled: this.#disabled || !this.#mayPrice,
      hint: t(`strategies.price.basis.${basis}`, { price: `${formatNumber(micros / 10 ** MICROS, { maximumFractionDigits: MICROS })} USD`, unit: t(`strategies.price.unit.${unit}`) }),
      onInput: (value) => {
        const rest = Object.entries(this.#form.values.own_prices).filter(([name]) => name !== channel)
        this.#form.set('own_prices', Object.fromEntries(value === null ? rest : [...rest, [channel, value]]))
      },
    })
    return html`<details class="prices"><summary>${t('strategies.price.title')}</summary>
      <p class="muted small">${t('strategies.price.lead')}</p>${this.#prices.map(field)}</details>`
  }

  #add() {
    const taken = new Set(this.#form.values.segments.map(({ segment_id: id }) => id))
    let n = taken.size + 1
    while (taken.has(`s${n}`)) n += 1
    this.#change((all) => { all.push({ segment_id: `s${n}`, name: t('strategies.segments.new', { n }), priority: n, strategy_id: this.#strategies[0].strategy_id, rule: null, daily_quota: null }) })
  }

  /** @param {Segment} segment @param {number} i @param {string} locale */
  #segment(segment, i, locale) {
    const disabled = this.#disabled
    const name = `segments.${i}`
    const count = this.#counts?.items.find(({ segment_id: id }) => id === segment.segment_id)
    const last = this.#form.values.segments.length - 1
    /** @param {number} by */
    const move = (by) => { this.#drafts.clear(); this.#change((all) => { all.splice(i + by, 0, ...all.splice(i, 1)) }) }
    return html`<li class="segment">
      <div class="row row-between"><strong>${i + 1}. ${segment.name}</strong>
        <span class="muted small" role="status">${count ? t('strategies.segments.count', { n: formatNumber(count.cases), balance: formatMoney({ minor: count.balance_minor, currency: this.#portfolio.currency }, locale) }) : '…'}</span></div>
      <p class="muted small">${ruleWords(segment.rule, this.#portfolio)}</p>
      <details ?open=${!disabled && segment.rule === null && segment.name === ''}><summary>${t('strategies.segments.edit')}</summary><div class="form">
        <div class="field-grid">
          ${textField({ name: `${name}.name`, label: t('strategies.segments.part.name'), value: segment.name, maxlength: 80, required: true, disabled, onInput: (value) => this.#change((all) => { all[i].name = value }) })}
          ${selectField({ required: true, name: `${name}.strategy`, label: t('strategies.segments.part.strategy_id'), value: segment.strategy_id, disabled, options: [{ value: '', label: t('strategies.segments.nothing') }, ...this.#strategies.map((one) => ({ value: one.strategy_id, label: one.name }))], onInput: (value) => this.#change((all) => { all[i].strategy_id = value }) })}
          ${this.#drafts.field({ name: `${name}.quota`, label: t('strategies.segments.part.daily_quota'), hint: t('strategies.segments.quota_hint'), value: segment.daily_quota, optional: true, locale, disabled, onInput: (quota) => this.#change((all) => { all[i].daily_quota = quota }) })}
        </div>
        ${ruleEditor({ name: `${name}.rule`, label: t('strategies.segments.part.rule'), rule: segment.rule, vocabulary: this.#vocabulary, portfolio: this.#portfolio, drafts: this.#drafts, disabled, onChange: (rule) => this.#change((all) => { all[i].rule = rule }) })}
        ${disabled ? nothing : html`<div class="button-row">
          <button type="button" class="button button-small" ?disabled=${i === 0} @click=${() => move(-1)}>${icon('up')}${t('strategies.segments.up')}</button>
          <button type="button" class="button button-small" ?disabled=${i === last} @click=${() => move(1)}>${icon('down')}${t('strategies.segments.down')}</button>
          <button type="button" class="button button-small" @click=${() => { this.#drafts.clear(); this.#change((all) => { all.splice(i, 1) }) }}>${icon('trash')}${t('strategies.segments.remove')}</button></div>`}
      </div></details>
    </li>`
  }
}

