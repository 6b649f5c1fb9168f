// @ts-check

/** Reports that are kept: opened, named anew, written over, deleted. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Draft } from './builder-view.js' */
/** @import { HomeReports, Period, SavedReport } from './contract.js' */

import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { card, copyButton, problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { PARAM } from '../chosen-portfolio.js'

export class SavedReports {
  /** @type {SavedReport[]} */
  #kept = []
  /** @type {SavedReport | null} */
  #open = null
  #name = ''
  #portfolio = ''
  #zone = 'UTC'
  #busy = false
  /** Why a link did not open what it names. @type {Problem | null} */
  #refused = null
  /** Those that stand on one's own home page. @type {Set<string>} */
  #atHome = new Set()

  /**
   * @param {object} facts
   * @param {Api} facts.api
   * @param {() => void} facts.update
   * @param {(report: SavedReport) => void} facts.onOpen
   * @param {() => void} facts.onAddress  The address is to name the open report, or none.
   * @param {() => Period | null} facts.period  The days that are shown.
   */
  constructor({ api, update, onOpen, onAddress, period }) {
    this.api = api
    this.update = update
    this.onOpen = onOpen
    this.onAddress = onAddress
    this.period = period
  }

  get openId() {
    return this.#open?.report_id ?? ''
  }

  /**
   * Open what a link names; who may not see it, or comes too late, is told so.
   * @param {string} portfolioId
   * @param {string} reportId
   */
  async follow(portfolioId, reportId) {
    try {
      const found = /** @type {SavedReport} */ (await this.api.get(`${pathOf(portfolioId)}/${encodeURIComponent(reportId)}`))
      this.#open = found
      this.#name = found.name
      this.onOpen(found)
    } catch (error) {
      this.#refused = asProblem(error)
      this.onAddress()
    }
  }

  /** @param {Portfolio} portfolio */
  async read({ portfolio_id: id, time_zone: zone }) {
    this.#zone = zone
    if (id === this.#portfolio) return
    if (this.#portfolio !== '') { // what a link opened is of the first
      this.#open = null
      this.#name = ''
      this.#refused = null
    }
    this.#portfolio = id
    this.#kept = []
    try {
      /** @type {string | null} */
      let cursor = null
      do {
        const page = /** @type {{ items: SavedReport[], cursor: string | null }} */ (await this.api.get(this.#path(), { query: { cursor } }))
        if (id !== this.#portfolio) return
        this.#kept.push(...page.items)
        cursor = page.cursor
      } while (cursor !== null)
      const home = /** @type {HomeReports} */ (await this.api.get('/home-reports'))
      this.#atHome = new Set(home.items.map(({ report_id: one }) => one))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    this.update()
  }

  /** @param {Draft} draft @param {SavedReport['period']} period */
  view(draft, period) {
    const options = [{ value: '', label: t('builder.kept_none') }, ...this.#kept.map(({ report_id: value, name: label }) => ({ value, label }))]
    return html`${this.#refused ? problemBanner(this.#refused) : nothing}${card({ title: t('builder.kept'), lead: t('builder.kept_lead'), body: html`<form class="stack" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void this.#keep(draft, period, this.#open) }}>
      <div class="toolbar">
        ${selectField({ name: 'kept', label: t('builder.kept_which'), value: this.#open?.report_id ?? '', options, onInput: (id) => this.#pick(id) })}
        ${textField({ name: 'name', label: t('builder.name'), value: this.#name, maxlength: 120, required: true, onInput: (name) => { this.#name = name; this.update() } })}
      </div>
      <div class="button-row">
        <button class="button" ?disabled=${this.#busy || this.#name.trim() === '' || draft.measures.length === 0}>${t(this.#open ? 'builder.keep_over' : 'builder.keep')}</button>
        ${this.#open ? html`<button type="button" class="button" ?disabled=${this.#busy} @click=${() => void this.#keep(draft, period, null)}>${t('builder.keep_new')}</button>
          <button type="button" class="button button-danger" ?disabled=${this.#busy} @click=${() => void this.#delete()}>${t('builder.delete')}</button>
          <button type="button" class="button button-small" ?disabled=${this.#busy} @click=${() => void this.#home()}>${t(this.#atHome.has(this.openId) ? 'builder.off_home' : 'builder.to_home')}</button>
          <button type="button" class="button button-small" ?disabled=${this.#busy} @click=${() => void this.#outside()}>${t('builder.outside')}</button>
          <button type="button" class="button button-small" ?disabled=${this.#busy} @click=${() => void this.#schedules()}>${t('builder.schedules')}</button>
          ${copyButton(() => this.#link(), t('builder.copy_link'))}` : nothing}
      </div></form>` })}`
  }

  /** @param {string} id */
  #pick(id) {
    this.#open = this.#kept.find(({ report_id: one }) => one === id) ?? null
    this.#name = this.#open?.name ?? ''
    this.#refused = null
    if (this.#open) this.onOpen(this.#open)
    this.onAddress()
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
      this.onAddress()
      toast(t('builder.kept_done'))
    })
  }

  /** Put the open report on one's own home page, or take it off. */
  async #home() {
    const id = this.openId
    const path = `${this.#path()}/${encodeURIComponent(id)}/home`
    const there = this.#atHome.has(id)
    await this.#do(async () => {
      await (there ? this.api.delete(path) : this.api.put(path, {}))
      this.#atHome = there ? new Set([...this.#atHome].filter((one) => one !== id)) : new Set([...this.#atHome, id])
      toast(t(there ? 'builder.off_home_done' : 'builder.on_home_done'))
    })
  }

  /** Links to the open report for somebody without an account. */
  async #outside() {
    const report = this.#open
    const period = this.period()
    if (report === null || period === null) return
    const { outsideDialog } = await import('./outside-links.js')
    await outsideDialog({ api: this.api, portfolioId: this.#portfolio, report, period })
  }

  /** The open report by e-mail, again and again. */
  async #schedules() {
    const report = this.#open
    if (report === null) return
    const { schedulesDialog } = await import('./schedules.js')
    await schedulesDialog({ api: this.api, portfolioId: this.#portfolio, zone: this.#zone, report })
  }

  async #delete() {
    const gone = this.#open
    if (gone === null) return
    const path = `${this.#path()}/${encodeURIComponent(gone.report_id)}`
    const agreed = await confirmDialog({
      title: t('builder.delete_title', { name: gone.name }), body: html`<p>${t('builder.delete_sure')}</p>`,
      confirm: t('builder.delete'), danger: true, work: () => this.api.delete(path),
    })
    if (!agreed) return
    this.#kept = this.#kept.filter(({ report_id: id }) => id !== gone.report_id)
    this.#open = null
    this.#name = ''
    this.onAddress()
    this.update()
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

  /** For whoever manages the portfolio: it opens the report, of the days that it is kept with. */
  #link() {
    return window.location.origin + pathTo('figures', { [PARAM]: this.#portfolio, informe: this.openId })
  }

  #path() {
    return pathOf(this.#portfolio)
  }
}

/** @param {string} portfolioId */
function pathOf(portfolioId) {
  return `/portfolios/${encodeURIComponent(portfolioId)}/reports`
}
