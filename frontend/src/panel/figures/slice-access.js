// @ts-check

/** Who may take a creditor's slice without an account: links that end, and who took what. */

/** @import { Api } from '../../core/api.js' */
/** @import { Token } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */

import { addDays, formatDate, formatInstant, todayIn } from '../../core/dates.js'
import { Form } from '../../core/form.js'
import { t } from '../../core/i18n.js'
import { latest } from '../../core/latest.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { badge, banner, card, copyButton, pager, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'

/** @typedef {{ kind: string, at: string, actor: { id: string, name: string }, of: string }} Taken */
/** @typedef {{ portfolioId: string, locale: string, zone: string }} Shown */

const LASTS = ['7', '30', '90', '366'] // days
const LOG_DAYS = 31 // as far back as the log is asked for

export class SliceAccess {
  /** @type {Shown | null} */
  #shown = null
  /** @type {Token[] | null} */
  #tokens = null
  /** The secret is on the page until it is left, and nowhere else. @type {{ url: string, token: string } | null} */
  #made = null
  /** @type {Taken[] | null} */
  #log = null
  /** @type {string | null} */
  #more = null
  #busy = false
  /** @type {Problem | null} */
  #problem = null
  #asked = latest()

  /** @param {{ api: Api, update: () => void }} facts */
  constructor({ api, update }) {
    this.api = api
    this.update = update
    this.form = this.#fresh()
  }

  /** @param {Shown} shown */
  async show(shown) {
    this.#shown = shown
    this.#tokens = this.#log = this.#made = null
    await this.#read()
  }

  #fresh() {
    return new Form({ name: '', lasts: LASTS[1] }, () => this.update())
  }

  get #root() {
    return `/portfolios/${encodeURIComponent(this.#shown?.portfolioId ?? '')}`
  }

  async #read() {
    const current = this.#asked()
    this.#problem = null
    try {
      const [tokens, log] = await Promise.all([this.api.get(`${this.#root}/tokens`), this.#logPage(null)])
      if (!current()) return
      this.#tokens = /** @type {Token[]} */ (tokens.items).filter(({ use }) => use === 'slice')
      this.#log = log.items
      this.#more = log.cursor
    } catch (error) {
      if (!current()) return
      this.#problem = asProblem(error)
    }
    this.update()
  }

  /** @param {string | null} cursor @returns {Promise<{ items: Taken[], cursor: string | null }>} */
  #logPage(cursor) {
    const today = todayIn(new Date(), this.#shown?.zone ?? 'UTC')
    return this.api.get(`${this.#root}/access-log`, { query: { kind: 'lake.taken', first: addDays(today, 1 - LOG_DAYS), last: today, cursor } })
  }

  async #moreLog() {
    const current = this.#asked()
    this.#busy = true
    this.update()
    try {
      const page = await this.#logPage(this.#more)
      if (!current()) return
      this.#log = [...(this.#log ?? []), ...page.items]
      this.#more = page.cursor
    } catch (error) {
      if (current()) this.#problem = asProblem(error)
    }
    this.#busy = false
    this.update()
  }

  /** @param {Event} event */
  async #make(event) {
    event.preventDefault()
    const token = await this.form.submit(
      ({ name, lasts }, key) => this.api.post(`${this.#root}/tokens`, { name: name.trim(), use: 'slice', lasts_days: Number(lasts) }, { key }),
      ({ name }) => ({ name: name.trim() === '' ? t('common.field_required') : null }),
    )
    if (token === undefined) return
    const page = new URL(pathTo('slice'), window.location.href).href
    this.#made = { token: token.token, url: `${page}#${this.#shown?.portfolioId}.${token.token}` }
    this.form = this.#fresh()
    await this.#read()
  }

  /** @param {Token} token */
  async #revoke({ token_id: id, name }) {
    const agreed = await confirmDialog({
      title: t('slice.revoke_title', { name }), body: html`<p>${t('slice.revoke_body')}</p>`, confirm: t('slice.revoke'), danger: true,
      work: () => this.api.delete(`${this.#root}/tokens/${encodeURIComponent(id)}`),
    })
    if (!agreed) return
    this.#made = null
    toast(t('slice.revoked'))
    await this.#read()
  }

  view() {
    return html`${card({ title: t('slice.access'), lead: t('slice.access_lead'), body: this.#accessView() })}
      ${card({ title: t('slice.log'), lead: t('slice.log_lead', { n: LOG_DAYS }), body: this.#logView() })}`
  }

  #accessView() {
    const { values, errors, problem, busy } = this.form
    return html`<form class="toolbar" novalidate @submit=${(/** @type {Event} */ event) => void this.#make(event)}>
        ${textField({ name: 'slice-name', label: t('slice.name'), hint: t('slice.name_hint'), required: true, maxlength: 120, value: values.name, error: errors.name, onInput: (value) => this.form.set('name', value) })}
        ${selectField({ name: 'slice-lasts', label: t('slice.lasts'), required: true, value: values.lasts, options: LASTS.map((n) => ({ value: n, label: t('slice.lasts_n', { n }) })), onInput: (value) => this.form.set('lasts', value) })}
        <button class="button button-primary" ?disabled=${busy}>${t('slice.make')}</button>
      </form>
      ${problem ? problemBanner(problem) : nothing}
      <div aria-live="polite">${this.#made ? madeView(this.#made, this.#root) : nothing}</div>
      ${this.#problem ? problemBanner(this.#problem, () => void this.#read()) : nothing}
      ${this.#tokens === null ? (this.#problem ? nothing : skeleton(2)) : this.#tokens.length === 0 ? html`<p class="muted">${t('slice.access_none')}</p>` : this.#tokenTable(this.#tokens)}`
  }

  /** @param {Token[]} rows */
  #tokenTable(rows) {
    return dataTable({ caption: t('slice.access'), rows, id: ({ token_id: id }) => id, columns: [
      { key: 'name', label: t('slice.name'), head: true, cell: ({ name }) => name },
      { key: 'made', label: t('slice.made_at'), shown: 'wide', cell: (one) => this.#when(one.created_at) },
      { key: 'until', label: t('slice.until'), cell: (one) => html`${one.until ? this.#when(one.until) : '–'}${one.works ? nothing : html` ${badge(t('slice.over'), 'warn')}`}` },
      { key: 'used', label: t('slice.used'), cell: (one) => (one.last_used_at ? this.#when(one.last_used_at) : t('slice.never')) },
      { key: 'end', label: t('slice.revoke'), cell: (one) => html`<button type="button" class="button button-small button-danger-quiet" aria-label="${t('slice.revoke')}: ${one.name}" @click=${() => void this.#revoke(one)}>${t('slice.revoke')}</button>` },
    ] })
  }

  #logView() {
    if (this.#log === null) return this.#problem ? nothing : skeleton(3)
    if (this.#log.length === 0) return html`<p class="muted">${t('slice.log_none')}</p>`
    return html`${dataTable({ caption: t('slice.log'), rows: this.#log, id: ({ at, of, actor }) => `${at} ${actor.id} ${of}`, columns: [
      { key: 'who', label: t('slice.log_who'), head: true, cell: ({ actor }) => actor.name || actor.id },
      { key: 'what', label: t('slice.log_what'), cell: ({ of }) => this.#whatText(of) },
      { key: 'at', label: t('slice.log_at'), cell: ({ at }) => this.#when(at) },
    ] })}${this.#more === null ? nothing : pager({ shown: this.#log.length, busy: this.#busy, more: true, onMore: () => void this.#moreLog() })}`
  }

  /** @param {string} instant */
  #when(instant) {
    return formatInstant(instant, this.#shown?.locale ?? 'es', this.#shown?.zone ?? 'UTC')
  }

  /** @param {string} of  A table and its days: `debts 2026-10-01/2026-10-31`. */
  #whatText(of) {
    const [table, days = ''] = of.split(' ')
    const [first, last] = days.split('/').map((day) => formatDate(day, this.#shown?.locale ?? 'es'))
    return `${table}, ${first === last ? first : `${first} – ${last}`}`
  }
}

/** @param {{ url: string, token: string }} made @param {string} root */
function madeView({ url, token }, root) {
  const command = `curl -H "Authorization: Bearer ${token}" \\\n  "${window.location.origin}/api/v1${root}/figures/files?table=debts&from=2026-11-01&to=2026-11-30"`
  return banner({ tone: 'good', title: t('slice.made'), body: html`<div class="token-once"><code>${url}</code>${copyButton(() => url)}</div>
    <details><summary>${t('slice.by_program')}</summary><div class="token-once"><code class="pre">${command}</code>${copyButton(() => command)}</div></details>` })
}
