// @ts-check

/** What is to be done to many cases, and with what: an agent, tags, a strategy, a hold, a text. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { BulkAction, Colleague } from './contract.js' */

import { formatNumber, t, tn, tOr } from '../../core/i18n.js'
import { checkField, fieldError, selectField, textArea, textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

const ACTIONS = /** @type {const} */ (['assign', 'hand_out', 'tag', 'untag', 'strategy', 'hold', 'release', 'message', 'charge_off'])
const HOLDS = ['supervisor', 'legal', 'illness', 'vulnerable', 'deceased', 'cease', 'attorney']
const RELEASED = ['supervisor', 'legal', 'illness', 'vulnerable']
const WRITTEN_OFF = ['age', 'insolvent', 'deceased', 'unlocated', 'fraud', 'cost', 'creditor']
const CHANNELS = ['whatsapp', 'sms', 'email', 'letter']
const NONE = 'none'
/** So many people are handed cases out to; from so many on, one looks for them by name. */
const LEAST_PEOPLE = 2
const MOST_PEOPLE = 50
const SOUGHT_FROM = 12

/**
 * Why cases cannot be handed out to whom was chosen; null where it is about something else.
 * @param {Problem} problem
 */
export function peopleRefused({ code, details }) {
  if (code !== 'request.bad_field' || details.field !== 'person_ids') return null
  return tOr(`bulk.people_${details.reason}`, null, { person: details.person ?? '' })
}

export class BulkForm {
  /** @type {BulkAction} */
  action = 'assign'
  #api
  #portfolio
  #paint
  /** @type {Record<string, string>} */
  #said = { person_id: '', tags: '', strategy_id: '', reason: 'supervisor', until: '', note: '', channel: 'whatsapp', template_id: '', cause: 'age' }
  /** Whom cases are handed out to. */
  #takers = /** @type {Set<string>} */ (new Set())
  #sought = ''
  /** @type {Record<string, string>} */
  #errors = {}
  /** @type {Colleague[]} */
  #people = []
  /** @type {{ strategy_id: string, name: string, state: string }[]} */
  #strategies = []
  /** @type {{ template_id: string, channel: string }[]} */
  #texts = []

  /** @param {{ api: Api, portfolio: Portfolio, paint: () => void }} parts */
  constructor({ api, portfolio, paint }) {
    this.#api = api
    this.#portfolio = portfolio
    this.#paint = paint
  }

  /** Whom and what can be chosen; what does not come is simply not offered. */
  async load() {
    const base = `/portfolios/${encodeURIComponent(this.#portfolio.portfolio_id)}`
    const [people, strategies, texts] = await Promise.allSettled([
      this.#api.get(`${base}/colleagues`),
      this.#api.get(`${base}/strategies`),
      this.#api.get(`${base}/templates`, { query: { language: this.#portfolio.language } }),
    ])
    if (people.status === 'fulfilled') this.#people = people.value.items
    if (strategies.status === 'fulfilled') this.#strategies = strategies.value.items
    if (texts.status === 'fulfilled') this.#texts = texts.value.items
    this.#paint()
  }

  /** Names by id, for the words of a job. */
  get names() {
    return new Map([
      ...this.#people.map(({ person_id: id, name }) => /** @type {[string, string]} */ ([id, name])),
      ...this.#strategies.map(({ strategy_id: id, name }) => /** @type {[string, string]} */ ([id, name])),
    ])
  }

  /** @returns {boolean}  Whether it can be sent; what is missing is told beside its field. */
  check() {
    const need = /** @type {Partial<Record<BulkAction, string>>} */ ({ tag: 'tags', untag: 'tags', message: 'template_id', charge_off: 'note' })[this.action]
    this.#errors = need && this.#said[need].trim() === '' ? { [need]: t('common.field_required') } : {}
    if (this.action === 'hand_out' && this.#takers.size < LEAST_PEOPLE) this.#errors = { person_ids: t('bulk.people_too_few') }
    if (this.action === 'hand_out' && this.#takers.size > MOST_PEOPLE) this.#errors = { person_ids: t('bulk.people_too_many') }
    return Object.keys(this.#errors).length === 0
  }

  /**
   * Tell a refusal beside the field it names, where there are words for it.
   * @param {Problem} problem @returns {boolean}  Whether it was told so.
   */
  refused(problem) {
    const words = peopleRefused(problem)
    if (words !== null) this.#errors = { person_ids: words }
    return words !== null
  }

  /** @returns {Record<string, unknown>} */
  terms() {
    const said = this.#said
    switch (this.action) {
      case 'assign': return said.person_id ? { person_id: said.person_id } : {}
      case 'hand_out': return { person_ids: [...this.#takers] }
      case 'tag': case 'untag': return { tags: said.tags.split(',').map((tag) => tag.trim()).filter(Boolean) }
      case 'strategy': return said.strategy_id ? { strategy_id: said.strategy_id } : {}
      case 'hold': return { reason: said.reason, ...(said.until ? { until: said.until } : {}), ...(said.note.trim() ? { note: said.note.trim() } : {}) }
      case 'release': return { reason: RELEASED.includes(said.reason) ? said.reason : RELEASED[0] }
      case 'charge_off': return { reason: said.cause, note: said.note.trim() }
      default: return { template_id: said.template_id, channel: said.channel }
    }
  }

  /** @param {{ picked: number, narrowed: boolean, busy: boolean, problem: Problem | null, onSubmit: (event: Event) => void, onCancel: () => void }} facts */
  view({ picked, narrowed, busy, problem, onSubmit, onCancel }) {
    return html`<form class="form" novalidate @submit=${onSubmit}>
      ${problem ? problemBanner(problem) : nothing}
      <p>${picked > 0 ? tn('bulk.on_picked', picked, { n: formatNumber(picked) }) : t(narrowed ? 'bulk.on_filtered' : 'bulk.on_all', { portfolio: this.#portfolio.name })}</p>
      ${selectField({
        name: 'bulk-action', label: t('bulk.what'), required: true, value: this.action,
        options: ACTIONS.map((value) => ({ value, label: t(`bulk.action.${value}`) })),
        onInput: (value) => { this.action = /** @type {BulkAction} */ (value); this.#errors = {}; this.#paint() },
      })}
      ${this.#fields()}
      <footer class="dialog-foot"><button type="button" class="button" @click=${onCancel}>${t('common.cancel')}</button>
        <button class="button button-primary" ?disabled=${busy}>${t('bulk.count')}</button></footer>
    </form>`
  }

  #fields() {
    switch (this.action) {
      case 'assign': return this.#select('person_id', t('bulk.person'), [{ value: '', label: t('bulk.nobody') }, ...this.#people.map(({ person_id: value, name }) => ({ value, label: name }))])
      case 'hand_out': return this.#choosing()
      case 'tag': case 'untag': return this.#text('tags', t('bulk.tags'), t('bulk.tags_hint'))
      case 'strategy': return this.#select('strategy_id', t('bulk.strategy'), [
        { value: '', label: t('bulk.strategy_segment') }, { value: NONE, label: t('bulk.strategy_none') },
        ...this.#strategies.filter(({ state }) => state === 'published').map(({ strategy_id: value, name }) => ({ value, label: name })),
      ])
      case 'hold': return html`${this.#reasons(HOLDS)}
        ${textField({ name: 'bulk-until', type: 'date', label: t('bulk.until'), hint: t('bulk.until_hint'), value: this.#said.until, onInput: (value) => this.#say('until', value) })}
        ${textArea({ name: 'bulk-note', label: t('bulk.note'), value: this.#said.note, rows: 2, maxlength: 500, onInput: (value) => this.#say('note', value) })}`
      case 'release': return this.#reasons(RELEASED)
      case 'charge_off': return html`<p class="muted">${t('chargeoff.lead')}</p>
        ${this.#select('cause', t('bulk.reason'), WRITTEN_OFF.map((value) => ({ value, label: t(`chargeoff.reason.${value}`) })))}
        ${textArea({ name: 'bulk-note', label: t('chargeoff.note'), required: true, value: this.#said.note, error: this.#errors.note, rows: 2, maxlength: 500, onInput: (value) => this.#say('note', value) })}`
      default: return this.#message()
    }
  }

  #choosing() {
    const sought = this.#sought.trim().toLocaleLowerCase()
    const found = this.#people.filter(({ name }) => name.toLocaleLowerCase().includes(sought))
    return html`<fieldset class="field bulk-takers" aria-describedby="bulk-takers-hint"><legend>${t('bulk.people')}</legend>
      <p class="hint" id="bulk-takers-hint">${t('bulk.people_hint')}</p>
      ${this.#people.length < SOUGHT_FROM ? nothing : textField({ name: 'bulk-sought', label: t('bulk.people_find'), type: 'search', value: this.#sought, onInput: (text) => { this.#sought = text; this.#paint() } })}
      <div class="bulk-people" role="group" tabindex="0" aria-label=${t('bulk.people')}>${found.map(({ person_id: id, name }) => checkField({ name: `bulk-taker-${id}`, label: name, checked: this.#takers.has(id), onInput: (on) => this.#take(id, on) }))}</div>
      <p class="muted small" role="status">${t('bulk.people_some', { n: formatNumber(this.#takers.size) })}</p>
      ${fieldError(this.#errors.person_ids)}</fieldset>`
  }

  /** @param {string} id @param {boolean} on */
  #take(id, on) {
    if (on) this.#takers.add(id)
    else this.#takers.delete(id)
    delete this.#errors.person_ids
    this.#paint()
  }

  #message() {
    const texts = this.#texts.filter(({ channel }) => channel === this.#said.channel)
    return html`${this.#select('channel', t('bulk.channel'), CHANNELS.map((value) => ({ value, label: t(`contact.channel.${value}`) })))}
      ${this.#select('template_id', t('bulk.text'), [{ value: '', label: t('bulk.choose') }, ...texts.map(({ template_id: value }) => ({ value, label: tOr(`templates.family.${value}`, value) }))])}
      <p class="muted">${t('bulk.message_hint')}</p>`
  }

  /** @param {string[]} reasons */
  #reasons(reasons) {
    const value = reasons.includes(this.#said.reason) ? this.#said.reason : reasons[0]
    return this.#select('reason', t('bulk.reason'), reasons.map((one) => ({ value: one, label: t(`contact.reason.${one}`) })), value)
  }

  /** @param {string} name @param {string} label @param {{ value: string, label: string }[]} options @param {string} [value] */
  #select(name, label, options, value = this.#said[name]) {
    return selectField({ name: `bulk-${name}`, label, required: true, value, options, error: this.#errors[name], onInput: (chosen) => this.#say(name, chosen) })
  }

  /** @param {string} name @param {string} label @param {string} hint */
  #text(name, label, hint) {
    return textField({ name: `bulk-${name}`, label, hint, required: true, value: this.#said[name], error: this.#errors[name], onInput: (value) => this.#say(name, value) })
  }

  /** @param {string} name @param {string} value */
  #say(name, value) {
    this.#said[name] = value
    delete this.#errors[name]
    if (name === 'channel') this.#said.template_id = ''
    this.#paint()
  }
}
