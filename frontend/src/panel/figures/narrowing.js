// @ts-check

/** Whose figures are told: the cases of a zone, of a segment, or all. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */

import { t } from '../../core/i18n.js'
import { latest } from '../../core/latest.js'
import { selectField } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'

const IN_NONE = 'none'

/** @typedef {{ value: string, label: string }} Choice */

export class Narrowing {
  #api
  #onPick
  #of = ''
  #ask = latest()
  /** @type {Choice[]} */
  #zones = []
  /** @type {Choice[]} */
  #segments = []

  /** @param {{ api: Api, zone: string, segment: string, onPick: () => void }} facts  As the address names them. */
  constructor({ api, zone, segment, onPick }) {
    this.#api = api
    this.#onPick = onPick
    this.zone = zone
    this.segment = segment
  }

  /** Who is asked for, as the API names it. */
  get query() {
    return { zone: this.zone || null, segment: this.segment || null }
  }

  /** What there is to choose from; what cannot be read is not offered, and whatever is not there is let go. @param {Portfolio} portfolio */
  async load({ portfolio_id: id }) {
    const current = this.#ask()
    if (this.#of === id) return
    const [zones, book] = await Promise.allSettled([this.#api.get('/zones'), this.#api.get(`/portfolios/${encodeURIComponent(id)}/strategies`)])
    if (!current()) return
    this.#of = id
    /** @type {{ zone_id: string, name: string, portfolios: string[] }[]} */
    const drawn = zones.status === 'fulfilled' ? zones.value.items : []
    /** @type {{ segment_id: string, name: string, priority: number }[]} */
    const segments = book.status === 'fulfilled' ? [...(book.value.playbook?.segments ?? [])] : []
    this.#zones = drawn.filter(({ portfolios }) => portfolios.length === 0 || portfolios.includes(id)).map(({ zone_id: value, name: label }) => ({ value, label }))
    this.#segments = segments.sort((a, b) => a.priority - b.priority).map(({ segment_id: value, name: label }) => ({ value, label }))
    if (this.#segments.length > 0) this.#segments.push({ value: IN_NONE, label: t('figures.no_segment') })
    if (!this.#zones.some(({ value }) => value === this.zone)) this.zone = ''
    if (!this.#segments.some(({ value }) => value === this.segment)) this.segment = ''
  }

  fields() {
    return html`${this.#field('zone', this.#zones)}${this.#field('segment', this.#segments)}`
  }

  /** @param {'zone' | 'segment'} name @param {Choice[]} choices */
  #field(name, choices) {
    if (choices.length === 0) return nothing
    return selectField({ name, label: t(`figures.${name}`), value: this[name], options: [{ value: '', label: t(`figures.all_${name}s`) }, ...choices],
      onInput: (value) => { this[name] = value; this.#onPick() } })
  }
}
