// @ts-check

/** For admins: who opened which case and took which file, and what was changed of people and portfolios. */

/** @import { Api } from '../core/api.js' */
/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { DialogHandle } from '../core/ui/dialog.js' */

import { addDays, formatInstant, todayIn } from '../core/dates.js'
import { localeFor, t, tOr } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { openDialog } from '../core/ui/dialog.js'
import { selectField, textField } from '../core/ui/fields.js'
import { problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, nothing } from '../core/view.js'

/** @typedef {{ kind: string, at: string, actor: { id: string, name: string }, case_id: string, name: string, of: string }} Look */
/** @typedef {{ event_id: string, kind: string, at: string, actor: string, subject: string, facts: Record<string, any> }} Change */

const KINDS = ['case.opened', 'statement.taken', 'documents.opened', 'export.asked', 'export.taken', 'bulk_file.taken', 'upload.taken', 'rejects.taken', 'report.taken', 'pack.taken', 'rescue.opened', 'letters.taken', 'lake.taken', 'data_request.opened', 'data_requests.taken', 'data_letter.taken', 'data_request.erase_ask', 'data_request.erase_withdraw', 'data_request.erase_approve', 'data_request.erase_reject', 'data.suppressed', 'suppression.ended']
const MOST_ROWS = 5_000

/**
 * @param {{ api: Api, portfolios: Portfolio[] }} scene
 * @returns {Promise<void>}
 */
export async function auditDialog({ api, portfolios }) {
  let tab = 'looks'
  let portfolio = portfolios[0]
  const today = todayIn(new Date(), portfolio?.time_zone ?? 'UTC')
  /** @type {Record<string, string>} */
  const asked = { first: addDays(today, -6), last: today, person: '', case: '', kind: '' }
  /** @type {{ person_id: string, name: string }[]} */
  let people = []
  /** @type {(Look | Change)[] | null} */
  let rows = null
  /** @type {string | null} */
  let cursor = null
  /** @type {Problem | null} */
  let problem = null
  /** @type {DialogHandle | null} */
  let dialog = null
  const [askRows, askPeople] = [latest(), latest()]
  const paint = () => dialog?.update()

  /** @param {string | null} from */
  function pageOf(from) {
    if (tab === 'changes') return api.get('/audit', { query: { cursor: from } })
    const query = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''))
    return api.get(`/portfolios/${encodeURIComponent(portfolio.portfolio_id)}/access-log`, { query: { ...query, cursor: from } })
  }

  /** @returns {Promise<boolean>}  False: something else was asked for meanwhile. */
  async function load({ more = false } = {}) {
    const current = askRows()
    if (!more) rows = null
    problem = null
    paint()
    try {
      const page = await pageOf(more ? cursor : null)
      if (!current()) return false
      rows = [...(rows ?? []), ...page.items]
      cursor = page.cursor
    } catch (error) {
      if (!current()) return false
      problem = asProblem(error)
    }
    paint()
    return true
  }

  async function loadPeople() {
    const current = askPeople()
    people = []
    try {
      const { items } = await api.get(`/portfolios/${encodeURIComponent(portfolio.portfolio_id)}/colleagues`)
      if (current()) people = items
    } catch {
      // The filter offers nobody; all the rest works.
    }
    paint()
  }

  async function takeAway() {
    while (cursor !== null && (rows?.length ?? 0) < MOST_ROWS && problem === null) {
      if (!(await load({ more: true }))) return
    }
    const lines = (rows ?? []).map((row) => ('subject' in row
      ? [row.at, row.actor, row.kind, row.subject, JSON.stringify(row.facts)]
      : [row.at, row.actor.name || row.actor.id, row.kind, row.case_id || row.of, row.name]))
    const text = [[t('audit.at'), t('audit.who'), t('audit.what'), t('audit.of'), t('audit.detail')], ...lines].map((line) => line.map(quoted).join(',')).join('\r\n')
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }))
    link.download = `${tab}-${asked.first}-${asked.last}.csv`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    tab = key
    void load()
  }

  function filters() {
    /** @param {string} name @param {string} value */
    const say = (name, value) => { asked[name] = value; void load() }
    return html`<div class="filter-grid">
      ${selectField({ name: 'audit-portfolio', label: t('audit.portfolio'), required: true, value: portfolio.portfolio_id, options: portfolios.map(({ portfolio_id: value, name: label }) => ({ value, label })), onInput: (id) => { portfolio = portfolios.find((one) => one.portfolio_id === id) ?? portfolio; asked.person = ''; void loadPeople(); void load() } })}
      ${/** @type {const} */ (['first', 'last']).map((name) => textField({ name: `audit-${name}`, type: 'date', label: t(`audit.${name}`), required: true, value: asked[name], onInput: (value) => { if (value) say(name, value) } }))}
      ${selectField({ name: 'audit-person', label: t('audit.who'), required: true, value: asked.person, options: [{ value: '', label: t('audit.anybody') }, ...people.map(({ person_id: value, name: label }) => ({ value, label }))], onInput: (value) => say('person', value) })}
      ${selectField({ name: 'audit-kind', label: t('audit.what'), required: true, value: asked.kind, options: [{ value: '', label: t('audit.anything') }, ...KINDS.map((value) => ({ value, label: t(`audit.kind.${value}`) }))], onInput: (value) => say('kind', value) })}
      ${textField({ name: 'audit-case', label: t('audit.case'), value: asked.case, onInput: (value) => say('case', value.trim()) })}
    </div>`
  }

  const when = (/** @type {string} */ at) => formatInstant(at, localeFor(portfolio?.country), portfolio?.time_zone ?? 'UTC')
  /** @type {Column<any>[]} */
  const looks = [
    { key: 'at', label: t('audit.at'), head: true, cell: (row) => when(row.at) },
    { key: 'who', label: t('audit.who'), cell: (row) => row.actor.name || row.actor.id },
    { key: 'what', label: t('audit.what'), cell: (row) => t(`audit.kind.${row.kind}`) },
    { key: 'of', label: t('audit.of'), cell: (row) => (row.case_id ? html`<a href=${pathTo('case', { id: row.case_id })}>${row.name || row.case_id}</a>` : row.of) },
  ]
  /** @type {Column<any>[]} */
  const changes = [
    { key: 'at', label: t('audit.at'), head: true, cell: (row) => when(row.at) },
    { key: 'who', label: t('audit.who'), cell: (row) => people.find(({ person_id: id }) => `user:${id}` === row.actor)?.name ?? row.actor },
    { key: 'what', label: t('audit.what'), cell: (row) => tOr(`audit.change.${row.kind}`, row.kind) },
    { key: 'of', label: t('audit.of'), cell: (row) => html`${row.subject}<br><span class="muted small">${JSON.stringify(row.facts)}</span>` },
  ]

  const closed = openDialog({
    title: t('audit.title'), size: 'wide',
    body: (handle) => {
      dialog = handle
      if (portfolio === undefined) return html`<p>${t('audit.none')}</p>`
      return html`<div class="form">
        ${tabs(t('audit.title'), ['looks', 'changes'].map((key) => ({ key, label: t(`audit.tab.${key}`), href: '#' })), tab, show)}
        ${tab === 'looks' ? filters() : nothing}
        ${problem ? problemBanner(problem, () => void load()) : nothing}
        ${rows === null ? (problem ? nothing : skeleton(4)) : rows.length === 0 ? html`<p>${t('audit.none')}</p>` : dataTable({ caption: t('audit.title'), columns: tab === 'looks' ? looks : changes, rows, id: (/** @type {any} */ row) => row.event_id ?? `${row.at}${row.actor.id}${row.kind}${row.case_id}${row.of}` })}
        <footer class="dialog-foot">
          ${cursor === null ? nothing : html`<button type="button" class="button" @click=${() => void load({ more: true })}>${t('common.more')}</button>`}
          <button type="button" class="button" ?disabled=${rows === null || rows.length === 0} @click=${() => void takeAway()}>${t('audit.csv')}</button></footer>
      </div>`
    },
  })
  if (portfolio !== undefined) {
    void loadPeople()
    void load()
  }
  await closed
}

/** A field of a CSV file; what a spreadsheet would run is quoted away. @param {string} text */
function quoted(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
