// @ts-check

/** The cases of a portfolio: found, narrowed, sorted, taken away as a file. */

/** @import { SavedViews } from './cases/views.js' */
/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { CaseRow } from './cases/contract.js' */
/** @import { Filters } from './cases/filters.js' */
/** @import { Context } from './shell.js' */

import { isAbort } from '../core/api.js'
import { formatDate } from '../core/dates.js'
import { formatNumber, loadLaterTexts, localeFor, t, tn } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, emptyState, pageHead, pager, problemBanner, progress, skeleton } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, live, mountView, nothing } from '../core/view.js'
import { noCases, nothingFound } from './cases/empty-view.js'
import { searchBar } from './cases/filters-view.js'
import { NO_FILTERS, isImpossible, narrowing, readFilters, toParams, toQuery } from './cases/filters.js'
import { exportList } from './cases/export.js'
import { placeState, readPlace, stillToLoad } from './cases/place.js'
import { isTyping, keyAction, target } from './cases/roving.js'
import { lateness, statusBadge } from './cases/words.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { start } from './shell.js'
import { follow } from './uploads/links.js'

const PAGE_ROWS = 50
const LARGEST_PAGE = 100
const TYPING_MS = 350
const MOST_TICKED = 500

/** Pages without a match that are read through before the reader is asked to go on. */
const EMPTY_PAGES = 6

start(open)

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  const state = {
    portfolio: chosenPortfolio(portfolios, params),
    filters: readFilters(window.location.search),
    filtersOpen: false,
    /** @type {{ min?: string, max?: string }} */
    typed: {},
    /** @type {CaseRow[] | null} */
    items: null,
    /** @type {string | null} */
    cursor: null,
    busy: false,
    /** @type {Problem | null} */
    problem: null,
    /** @type {{ rows: number, abort: AbortController } | null} */
    exporting: null,
    /** @type {SavedViews | null} */
    views: null,
    /** @type {Set<string> | null} Ticked rows; null while nobody ticks. */
    ticked: null,
    /** @type {import('./cases/filters-view.js').Colleague[]} */
    colleagues: [],
  }
  let place = readPlace(window.history.state)
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typingTimer
  /** @type {AbortController | null} */
  let loading = null

  /** Made anew for each painting: what they are sorted by changes. @returns {Column<CaseRow>[]} */
  const columns = () => [
    { key: 'name', label: t('cases.col.name'), head: true, cell: nameCell, ...sortable('name', 'name') },
    { key: 'balance', label: t('cases.col.balance'), align: 'end', cell: (row) => html`<span class="amount">${money(row.balance)}</span>`, ...sortable('-balance', 'balance') },
    { key: 'late', label: t('cases.col.late'), cell: (row) => lateness(row.dpd, row.band, state.portfolio?.policies.bands ?? []), ...sortable('due', 'due') },
    { key: 'touched', label: t('cases.col.touched'), cell: (row) => (row.touched_on ? html`<span class="nowrap">${formatDate(row.touched_on, localeFor())}</span>` : html`<span class="muted">${t('common.never')}</span>`) },
    { key: 'status', label: t('cases.col.status'), cell: (row) => (row.charged_off > 0 ? html`<span class="row">${statusBadge(row.status)}${badge(t('cases.charged_off_badge'), 'neutral')}</span>` : statusBadge(row.status)) },
    { key: 'owner', label: t('cases.col.owner'), shown: 'wide', cell: (row) => row.owner?.name || '–' },
    { key: 'city', label: t('cases.col.city'), shown: 'wide', cell: (row) => row.city || '–' },
    { key: 'debts', label: t('cases.col.debts'), align: 'end', shown: 'wide', cell: (row) => formatNumber(row.debts) },
    { key: 'paid', label: t('cases.col.paid'), shown: 'wide', cell: (row) => (row.last_payment_on ? html`<span class="nowrap">${formatDate(row.last_payment_on, localeFor())}</span>` : html`<span class="muted">${t('common.never')}</span>`) },
  ]
  /** @type {Column<CaseRow>} */
  const tickColumn = {
    key: 'tick', label: t('cases.bulk_tick_column'), cell: (row) => html`<input type="checkbox" class="row-tick" aria-label=${t('cases.bulk_tick', { name: row.name || t('common.nameless') })}
      .checked=${live(state.ticked?.has(row.case_id) ?? false)} @change=${() => tick(row.case_id)}>`,
  }
  const view = mountView(root, page)

  /** When somebody last turned to them is told where that is what was asked. */
  function shownColumns() {
    const asked = state.filters.untouched_days !== null || state.filters.sort === 'touched'
    const usual = columns().filter(({ key }) => asked || key !== 'touched')
    return state.ticked ? [tickColumn, ...usual] : usual
  }

  /** @param {string} pressed  Sort order the column's heading asks for. @param {string} other */
  function sortable(pressed, other) {
    const { sort } = state.filters
    return {
      sorted: sort !== pressed && sort !== other ? null : sort.startsWith('-') ? /** @type {const} */ ('descending') : /** @type {const} */ ('ascending'),
      onSort: () => change({ ...state.filters, sort: sort === pressed ? other : pressed }),
    }
  }

  /** @param {{ more?: boolean }} [how] */
  async function load({ more = false } = {}) {
    const { portfolio } = state
    loading?.abort()
    state.busy = false
    if (portfolio === null || isImpossible(state.filters)) {
      state.items = portfolio === null ? null : []
      state.cursor = null
      return view.update()
    }
    const mine = new AbortController()
    loading = mine
    state.busy = true
    state.problem = null
    view.update()
    const kept = more ? (state.items ?? []) : []
    try {
      const { items, cursor } = await fill(portfolio, kept, more ? state.cursor : null, mine.signal)
      if (mine.signal.aborted) return
      state.items = items
      state.cursor = cursor
      state.busy = false
      view.now()
      if (more) focusRow(kept.length)
      else if (place !== null) window.scrollTo({ top: place.scroll })
      place = null
      keepPlace()
    } catch (error) {
      if (mine.signal.aborted) return
      state.busy = false
      state.problem = asProblem(error)
      view.update()
    }
  }

  /**
   * One page, or as many as there were when the reader left.
   * @param {Portfolio} portfolio
   * @param {CaseRow[]} kept
   * @param {string | null} cursor
   * @param {AbortSignal} signal
   */
  async function fill(portfolio, kept, cursor, signal) {
    let items = kept
    let limit = kept.length > 0 ? PAGE_ROWS : stillToLoad(0, place, PAGE_ROWS, LARGEST_PAGE)
    let empty = 0
    do {
      const answer = await api.get(`/portfolios/${portfolio.portfolio_id}/cases`, { query: { ...toQuery(state.filters), limit, cursor }, signal })
      items = [...items, ...answer.items]
      cursor = answer.cursor
      // A narrow filter may leave a page empty while there is more behind it.
      if (answer.items.length === 0 && ++empty < EMPTY_PAGES) limit = PAGE_ROWS
      else limit = kept.length > 0 ? 0 : items.length === 0 ? 0 : stillToLoad(items.length, place, PAGE_ROWS, LARGEST_PAGE)
    } while (cursor !== null && limit > 0)
    return { items, cursor }
  }

  /**
   * Other filters: another address, another list. While somebody types, the address is brought
   * along rather than filled with one entry per letter.
   * @param {Filters} filters
   * @param {{ typing?: boolean }} [how]
   */
  function change(filters, { typing = false } = {}) {
    state.filters = filters
    state.ticked?.clear()
    clearTimeout(typingTimer)
    const go = () => {
      place = null
      const search = new URLSearchParams({ ...(state.portfolio ? { [PARAM]: state.portfolio.portfolio_id } : {}), ...toParams(filters) })
      const address = `${window.location.pathname}?${search}`
      if (typing) window.history.replaceState(null, '', address)
      else if (address !== window.location.pathname + window.location.search) window.history.pushState(null, '', address)
      void load()
    }
    if (typing) typingTimer = setTimeout(go, TYPING_MS)
    else go()
    view.update()
  }

  /** Lists under a name: below what is read first. @param {{ first?: boolean }} [how] */
  async function readViews({ first = false } = {}) {
    const { portfolio } = state
    if (portfolio === null) return
    const [{ SavedViews: Kept }] = await Promise.all([import('./cases/views.js'), loadLaterTexts()])
    const views = new Kept({ api, portfolio, manages: me.role !== 'agent', paint: () => view.update() })
    const opens = await views.read().catch(() => null)
    if (portfolio !== state.portfolio) return
    state.views = views
    const bare = Object.keys(toParams(state.filters)).length === 0
    if (first && bare && opens !== null) change(opens)
    view.update()
  }

  /** Whom the filter offers: read once, when somebody looks for it. */
  async function readColleagues() {
    const { portfolio } = state
    if (portfolio === null || state.colleagues.length > 0 || !state.filtersOpen) return
    const found = await api.get(`/portfolios/${encodeURIComponent(portfolio.portfolio_id)}/colleagues`).catch(() => ({ items: [] }))
    if (portfolio !== state.portfolio) return
    state.colleagues = found.items
    view.update()
  }

  /** Whatever belongs to a portfolio beside its cases. @param {Portfolio | null} portfolio */
  function turnTo(portfolio) {
    Object.assign(state, { portfolio, ticked: null, views: null, colleagues: [] })
    void readViews()
    void readColleagues()
  }

  /** @param {Portfolio | null} portfolio */
  function pick(portfolio) {
    turnTo(portfolio)
    state.items = null
    change({ ...NO_FILTERS, q: state.filters.q, sort: state.filters.sort })
  }

  function keepPlace() {
    if (state.items === null || state.items.length === 0) return
    window.history.replaceState(placeState({ rows: state.items.length, scroll: window.scrollY }), '')
  }

  const links = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll('tbody th a')])

  /** @param {number} index */
  function focusRow(index) {
    links()[index]?.focus()
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (document.querySelector('dialog[open]')) return
    const rows = links()
    const current = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    const action = keyAction(event, { typing: isTyping(event.target), onRow: current !== -1 })
    if (action === null) return
    event.preventDefault()
    if (action === 'search') {
      const input = /** @type {HTMLInputElement | null} */ (document.getElementById('q'))
      input?.focus()
      input?.select()
    } else {
      const next = rows[target(current, action, rows.length)]
      next?.focus()
      next?.scrollIntoView({ block: 'nearest' })
    }
  }

  /** @param {string} id */
  function tick(id) {
    const { ticked } = state
    if (ticked && !ticked.delete(id)) ticked.add(id)
    view.update()
  }

  async function act() {
    if (state.portfolio === null) return
    const [{ bulkDialog }] = await Promise.all([import('./cases/bulk.js'), loadLaterTexts()])
    const picked = [...(state.ticked ?? [])]
    const changed = await bulkDialog({ api, portfolio: state.portfolio, filters: toQuery(state.filters), picked })
    if (!changed) return
    state.ticked = null
    await load()
  }

  async function takeAway() {
    if (state.portfolio === null || state.exporting !== null) return
    const abort = new AbortController()
    state.exporting = { rows: 0, abort }
    view.update()
    try {
      const job = await exportList({
        api, portfolioId: state.portfolio.portfolio_id, filters: toQuery(state.filters), signal: abort.signal,
        onProgress: ({ rows }) => {
          if (state.exporting) state.exporting.rows = rows
          view.update()
        },
      })
      if (job.url) follow(job.url)
      toast(tn('cases.exported', job.rows))
    } catch (error) {
      if (!isAbort(error)) toast(asProblem(error).text, 'bad')
    } finally {
      state.exporting = null
      view.update()
    }
  }

  function page() {
    const { portfolio, items, filters } = state
    if (portfolio === null) return html`${pageHead({ title: t('common.title.cases') })}${noCases(null, me.role !== 'agent')}`
    const bare = filters.q === '' && narrowing(filters).length === 0
    const unused = bare && items !== null && items.length === 0 && state.cursor === null
    return html`${pageHead({
      title: t('common.title.cases'),
      actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick: pick })}
        ${unused || me.role === 'agent' ? nothing : html`<button type="button" class="button" aria-pressed=${state.ticked ? 'true' : 'false'} @click=${() => { state.ticked = state.ticked ? null : new Set(); view.update() }}>${icon('check')}${t(state.ticked ? 'cases.bulk_select_end' : 'cases.bulk_select')}</button>
          <button type="button" class="button" ?disabled=${items === null || items.length === 0} @click=${act}>${icon('people')}${t('cases.bulk_button')}</button>`}
        ${unused ? nothing : html`<button type="button" class="button" ?disabled=${state.exporting !== null || items === null || items.length === 0} @click=${takeAway}>${icon('download')}${t('cases.export')}</button>`}`,
    })}
    ${state.exporting ? exportBanner(state.exporting) : nothing}
    ${unused ? nothing : searchBar({
      filters, portfolio, open: state.filtersOpen, typed: state.typed,
      onFilters: change,
      onTyped: (name, text) => { state.typed[name] = text },
      onToggle: () => { state.filtersOpen = !state.filtersOpen; state.typed = {}; view.update(); void readColleagues() },
      self: me.person_id, colleagues: state.colleagues,
    })}
    ${unused ? nothing : (state.views?.view(filters, (picked) => change(picked)) ?? nothing)}
    ${state.problem ? problemBanner(state.problem, () => void load()) : nothing}
    ${items === null ? (state.problem ? nothing : card({ body: skeleton(8) })) : results(items, unused)}`
  }

  /** @param {CaseRow[]} items @param {boolean} unused */
  function results(items, unused) {
    if (items.length === 0) {
      if (state.busy) return card({ body: skeleton(3) })
      if (state.cursor !== null) return keepLooking()
      return unused ? noCases(state.portfolio, me.role !== 'agent') : nothingFound(state.filters, { several: portfolios.length > 1, onFilters: change })
    }
    return html`${state.ticked ? tickBar(state.ticked, items) : nothing}<div class="case-list" @click=${keepPlace}>${card({
      tone: 'flush',
      body: dataTable({ caption: t('common.title.cases'), columns: shownColumns(), rows: items, id: ({ case_id: id }) => id, busy: state.busy }),
    })}</div>
    <div class="row row-between list-foot">
      ${pager({ shown: items.length, busy: state.busy, more: state.cursor !== null, onMore: () => void load({ more: true }) })}
      <p class="muted small keys">${t('cases.keys')}</p>
    </div>`
  }

  /** @param {Set<string>} ticked @param {CaseRow[]} items */
  function tickBar(ticked, items) {
    return html`<div class="row row-between tick-bar" role="status"><span>${tn('cases.bulk_ticked', ticked.size, { n: formatNumber(ticked.size) })}</span>
      <span class="button-row"><button type="button" class="button button-small" @click=${() => { state.ticked = new Set(items.slice(0, MOST_TICKED).map((row) => row.case_id)); view.update() }}>${t('cases.bulk_tick_all', { n: formatNumber(Math.min(items.length, MOST_TICKED)) })}</button>
        <button type="button" class="button button-small" ?disabled=${ticked.size === 0} @click=${() => { ticked.clear(); view.update() }}>${t('cases.bulk_untick')}</button></span></div>`
  }

  /** @param {CaseRow} row */
  function nameCell(row) {
    return html`<a href=${pathTo('case', { id: row.case_id })}>${row.name || t('common.nameless')}</a>
      <div class="case-sub">${row.tax_id ? html`<span class="muted small">${row.tax_id}</span>` : nothing}
        ${row.matched && row.matched !== 'name' ? badge(t(`cases.matched.${row.matched}`), 'brand') : nothing}
        ${row.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</div>`
  }

  /** @param {CaseRow['balance']} amount */
  function money(amount) {
    return formatMoney(amount, localeFor(state.portfolio?.country))
  }

  /** @param {{ rows: number, abort: AbortController }} exporting */
  function exportBanner({ rows, abort }) {
    return banner({
      tone: 'info', title: t('cases.exporting'),
      body: html`${progress({ value: 0, max: null, label: t('cases.exporting') })}<span>${tn('cases.export_rows', rows)}</span>`,
      actions: html`<button type="button" class="button button-small" @click=${() => abort.abort()}>${t('common.cancel')}</button>`,
    })
  }

  function keepLooking() {
    return emptyState({
      icon: 'search', title: t('cases.not_yet'), body: t('cases.not_yet_body'),
      actions: html`<button type="button" class="button button-primary" @click=${() => void load({ more: true })}>${t('cases.go_on')}</button>`,
    })
  }

  document.addEventListener('keydown', onKey)
  window.addEventListener('popstate', () => {
    const search = new URLSearchParams(window.location.search)
    const portfolio = chosenPortfolio(portfolios, search)
    if (portfolio !== state.portfolio) turnTo(portfolio)
    state.filters = readFilters(window.location.search)
    state.typed = {}
    place = readPlace(window.history.state)
    void load()
  })
  state.filtersOpen = narrowing(state.filters).length > 0 && window.matchMedia('(width >= 60rem)').matches
  void readViews({ first: true })
  void readColleagues()
  await load()
}
