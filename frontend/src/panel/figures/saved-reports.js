// @ts-check

/** Reports that are kept: opened, named anew, written over, deleted. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Draft } from './builder-view.js' */
/** @import { SavedReport } from './contract.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { card } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'

export class SavedReports {
  /** @type {SavedReport[]} */
  #kept = []
  /** @type {SavedReport | null} */
  #open = null
  #name = ''
  #portfolio = ''
  #busy = false

  /**
   * @param {object} facts
   * @param {Api} facts.api
   * @param {() => void} facts.update
   * @param {(report: SavedReport) => void} facts.onOpen
   */
  constructor({ api, update, onOpen }) {
    this.api = api
    this.update = update
    this.onOpen = onOpen
  }

  /** @param {Portfolio} portfolio */
  async read({ portfolio_id: id }) {
    if (id === this.#portfolio) return
    this.#portfolio = id
    this.#kept = []
    this.#open = null
    this.#name = ''
    try {
      /** @type {string | null} */
      let cursor = null
      do {
        const page = /** @type {{ items: SavedReport[], cursor: string | null }} */ (await this.api.get(this.#path(), { query: { cursor } }))
        if (id !== this.#portfolio) return
        this.#kept.push(...page.items)
        cursor = page.cursor
      } while (cursor !== null)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    this.update()
  }

  /** @param {Draft} draft @param {SavedReport['period']} period */
  view(draft, period) {
    const options = [{ value: '', label: t('builder.kept_none') }, ...this.#kept.map(({ report_id: value, name: label }) => ({ value, label }))]
    return card({ title: t('builder.kept'), lead: t('builder.kept_lead'), body: html`<form class="stack" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void this.#keep(draft, period, this.#open) }}>
      <div class="toolbar">
        ${selectField({ name: 'kept', label: t('builder.kept_which'), value: this.#open?.report_id ?? '', options, onInput: (id) => this.#pick(id) })}
        ${textField({ name: 'name', label: t('builder.name'), value: this.#name, maxlength: 120, required: true, onInput: (name) => { this.#name = name; this.update() } })}
      </div>
      <div class="button-row">
        <button class="button" ?disabled=${this.#busy || this.#name.trim() === '' || draft.measures.length === 0}>${t(this.#open ? 'builder.keep_over' : 'builder.keep')}</button>
        ${this.#open ? html`<button type="button" class="button" ?disabled=${this.#busy} @click=${() => void this.#keep(draft, period, null)}>${t('builder.keep_new')}</button>
          <button type="button" class="button button-danger" ?disabled=${this.#busy} @click=${() => void this.#delete()}>${t('builder.delete')}</button>` : nothing}
      </div></form>` })
  }

  /** @param {string} id */
  #pick(id) {
    this.#open = this.#kept.find(({ report_id: one }) => one === id) ?? null
    this.#name = this.#open?.name ?? ''
    if (this.#open) this.onOpen(this.#open)
    this.update()
  }

  /** @param {Draft} draft @param {SavedReport['period']} period @param {SavedReport | null} over */
  async #keep({ measures, dimensions, filters, limit, compare }, period, over) {
    const told = { name: this.#name.trim(), measures, dimensions, filters: filters.filter(({ values }) => values.length > 0), limit, compare, period }
    await this.#do(async () => {
      const kept = /** @type {SavedReport} */ (over
        ? await this.api.put(`${this.#path()}/${encodeURIComponent(over.report_id)}`, { ...told, version: over.version })
        : await this.api.post(this.#path(), told))
      this.#kept = [...this.#kept.filter(({ report_id: id }) => id !== kept.report_id), kept]
      this.#open = kept
      toast(t('builder.kept_done'))
    })
  }

  async #delete() {
    const gone = this.#open
    if (gone === null || !window.confirm(t('builder.delete_sure', { name: gone.name }))) return
    await this.#do(async () => {
      await this.api.delete(`${this.#path()}/${encodeURIComponent(gone.report_id)}`)
      this.#kept = this.#kept.filter((one) => one !== gone)
      this.#open = null
      this.#name = ''
    })
  }

  /** @param {() => Promise<void>} work */
  async #do(work) {
    this.#busy = true
    this.update()
    try {
      await work()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    this.#busy = false
    this.update()
  }

  #path() {
    return `/portfolios/${encodeURIComponent(this.#portfolio)}/reports`
  }
}
