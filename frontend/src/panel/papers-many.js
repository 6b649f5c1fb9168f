// @ts-check

/** Many documents of the creditor at once: where each would go, sending them, what became of each. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { Line, LineState } from './papers/contract.js' */
/** @import { Context } from './shell.js' */

import { formatNumber, t, tn } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { selectField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, pageHead, problemBanner, progress } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, live, mountView, nothing } from '../core/view.js'
import { ACCEPT, KINDS } from './case/proof-dialogs.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { csv, download } from './figures/words.js'
import { PaperHeap, STATES, dropped } from './papers/heap.js'
import { guardLeaving, start } from './shell.js'
import { sendFile } from './uploads/transfer.js'
import { noPortfolio } from './uploads/words.js'

const SHOWN_AT_ONCE = 100
/** @type {Record<LineState, 'good' | 'warn' | 'bad' | 'info' | 'neutral'>} */
const TONES = {
  reading: 'neutral', matched: 'info', ambiguous: 'warn', no_debt: 'warn', known: 'neutral', twice: 'neutral',
  unfit: 'bad', sending: 'info', placed: 'good', refused: 'bad', failed: 'bad',
}

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = (await all()).filter(({ archived }) => !archived)
  let portfolio = chosenPortfolio(portfolios, params)
  let over = false
  let most = SHOWN_AT_ONCE
  /** @type {LineState | ''} */
  let only = ''
  let heap = fresh(portfolio)
  const view = mountView(root, page)
  guardLeaving(() => heap.sending)
  for (const kind of ['dragover', 'drop']) window.addEventListener(kind, (event) => event.preventDefault())

  /** @param {Portfolio | null} of */
  function fresh(of) {
    return new PaperHeap({
      api, portfolio: of?.portfolio_id ?? '', paint: () => view.update(),
      put: (post, file) => sendFile({ post, file, onProgress: () => {}, signal: new AbortController().signal }),
    })
  }

  /** @param {Portfolio | null} picked */
  function pick(picked) {
    portfolio = picked
    heap = fresh(picked)
    only = ''
    view.update()
  }

  /** @param {any} event */
  function picked(event) {
    const files = [...event.target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    event.target.value = ''
    void heap.take(files)
  }

  /** @param {DragEvent} event */
  async function drop(event) {
    event.preventDefault()
    over = false
    if (event.dataTransfer && !heap.busy) void heap.take(await dropped(event.dataTransfer))
    view.update()
  }

  function page() {
    if (portfolio === null) return html`${pageHead({ title: t('common.title.papers_many') })}${noPortfolio()}`
    const { lines, busy } = heap
    return html`${pageHead({
      title: t('common.title.papers_many'), lead: t('papersmany.lead'),
      actions: html`${busy ? nothing : portfolioPicker({ portfolios, chosen: portfolio, onPick: pick })}
        <a class="button" href=${pathTo('uploads', { [PARAM]: portfolio.portfolio_id })}>${icon('back')}${t('common.title.uploads')}</a>`,
    })}
    ${heap.problem ? problemBanner(heap.problem, () => void (heap.of('reading').length > 0 ? heap.ask() : heap.send())) : nothing}
    ${card({ body: html`<div class="form">${choosing(busy)}${lines.length > 0 ? sums() : nothing}${acting(busy)}</div>` })}
    ${lines.length > 0 ? listed() : nothing}`
  }

  /** @param {boolean} busy */
  function choosing(busy) {
    return html`<div class="field">
      <label class="dropzone ${over ? 'is-over' : ''}"
        @dragover=${(/** @type {DragEvent} */ event) => { event.preventDefault(); if (!over) { over = true; view.update() } }}
        @dragleave=${() => { over = false; view.update() }} @drop=${drop}>
        <input class="dropzone-input" type="file" multiple accept=${ACCEPT} ?disabled=${busy} aria-describedby="many-hint" @change=${picked}>
        <span class="dropzone-icon">${icon('upload')}</span>
        <strong>${t('papersmany.drop')}</strong><span class="muted small" id="many-hint">${t('papersmany.formats')}</span>
      </label>
      <label class="button button-small file-button">${icon('upload')}${t('papersmany.folder')}<input class="visually-hidden" type="file" webkitdirectory multiple ?disabled=${busy} @change=${picked}></label>
    </div>
    ${selectField({
      name: 'usual', label: t('papersmany.usual'), hint: t('papersmany.usual_hint'), required: true, value: heap.usual,
      options: KINDS.map((value) => ({ value, label: t(`papers.kind.${value}`) })), onInput: (value) => { heap.usual = /** @type {typeof heap.usual} */ (value); view.update() },
    })}`
  }

  /** How many there are of each, each a filter of the list. */
  function sums() {
    const counted = STATES.map((state) => ({ state, count: heap.of(state).length })).filter(({ count }) => count > 0)
    return html`<div class="button-row" role="group" aria-label=${t('papersmany.filter')}>
      ${counted.map(({ state, count }) => html`<button type="button" class="button button-small" aria-pressed=${only === state ? 'true' : 'false'} @click=${() => { only = only === state ? '' : state; most = SHOWN_AT_ONCE; view.update() }}>${t(`papersmany.state.${state}`)}: ${formatNumber(count)}</button>`)}
    </div>`
  }

  /** @param {boolean} busy */
  function acting(busy) {
    const { lines, ready } = heap
    if (lines.length === 0) return banner({ tone: 'info', title: t('papersmany.how_title'), body: t('papersmany.how') })
    const done = heap.of('placed', 'known', 'refused', 'no_debt').length
    const whole = done + heap.of('sending').length + ready.length
    const again = heap.of('failed').length > 0
    return html`${heap.sending ? html`${progress({ value: done, max: whole, label: t('papersmany.sending') })}<p role="status" class="muted small">${t('papersmany.sent_of', { n: formatNumber(done), whole: formatNumber(whole) })}</p>` : nothing}
      <div class="button-row">
        ${heap.sending
          ? html`<button type="button" class="button" @click=${() => heap.stop()}>${t('papersmany.stop')}</button>`
          : html`<button type="button" class="button button-primary" ?disabled=${busy || ready.length === 0} @click=${() => void heap.send()}>${icon('upload')}${again ? tn('papersmany.again', ready.length) : tn('papersmany.send', ready.length)}</button>`}
        <button type="button" class="button" ?disabled=${busy} @click=${takeAway}>${icon('download')}${t('papersmany.csv')}</button>
        <button type="button" class="button" ?disabled=${busy} @click=${() => pick(portfolio)}>${t('papersmany.clear')}</button>
      </div>
      <p class="hint">${t('papersmany.resume')}</p>`
  }

  /** @type {Column<Line>[]} */
  const columns = [
    { key: 'file', label: t('papersmany.col.file'), head: true, cell: ({ path }) => html`<span class="break">${path}</span>` },
    { key: 'state', label: t('papersmany.col.state'), cell: (line) => html`${badge(t(`papersmany.state.${line.state}`), TONES[line.state])}${line.reason ? html`<div class="muted small">${t(`papersmany.reason.${known(line.reason)}`)}</div>` : nothing}` },
    { key: 'where', label: t('papersmany.col.where'), cell: where },
    { key: 'kind', label: t('papers.what'), shown: 'wide', cell: ({ kind, debts }) => (debts.length > 0 ? t(`papers.kind.${kind ?? heap.usual}`) : '–') },
  ]

  /** @param {Line} line */
  function where(line) {
    const { debts, debt, state } = line
    if (debts.length === 0) return '–'
    if (state === 'ambiguous' && !heap.sending) {
      return html`<select aria-label=${t('papersmany.choose', { name: line.file.name })} @change=${(/** @type {any} */ event) => heap.choose(line, event.target.value)}>
        <option value="" .selected=${live(debt === '')}>${t('papersmany.leave')}</option>
        ${debts.map((one) => html`<option value=${one.debt} .selected=${live(one.debt === debt)}>${one.debt} · ${one.case_name || t('common.nameless')}</option>`)}</select>`
    }
    const shown = debts.find((one) => one.debt === debt) ?? debts[0]
    return html`<a href=${pathTo('case', { id: shown.case_id })}>${shown.case_name || t('common.nameless')}</a><div class="muted small">${shown.debt}</div>`
  }

  function listed() {
    const rows = only === '' ? heap.lines : heap.of(only)
    const shown = rows.slice(0, most)
    return html`${card({ tone: 'flush', body: dataTable({ caption: t('papersmany.list'), columns, rows: shown, id: ({ id }) => id }) })}
      ${rows.length > shown.length ? html`<div class="button-row"><button type="button" class="button" @click=${() => { most += SHOWN_AT_ONCE; view.update() }}>${t('common.more')}</button><span class="muted small">${t('papersmany.shown', { n: formatNumber(shown.length), whole: formatNumber(rows.length) })}</span></div>` : nothing}`
  }

  function takeAway() {
    const head = ['file', 'state', 'reason', 'where', 'case', 'sha'].map((key) => t(`papersmany.col.${key}`))
    const rows = heap.lines.map(({ path, state, reason, debt, debts, sha256 }) => {
      const one = debts.find((other) => other.debt === debt) ?? (state === 'known' ? debts[0] : undefined)
      return [path, t(`papersmany.state.${state}`), reason ? t(`papersmany.reason.${known(reason)}`) : '', one?.debt ?? '', one?.case_id ?? '', sha256]
    })
    download('documentos.csv', csv([head, ...rows]))
  }
}

const REASONS = ['empty', 'large', 'kind', 'unreadable', 'line', 'missing', 'too_large', 'not_one_of', 'bad_format', 'too_many']

/** @param {string} reason */
const known = (reason) => (REASONS.includes(reason) ? reason : 'other')
