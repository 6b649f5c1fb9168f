// @ts-check

/** A new upload: which portfolio, what the file is, the file itself on its way. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Context } from './shell.js' */
/** @import { Mode } from './uploads/contract.js' */

import { isAbort } from '../core/api.js'
import { formatNumber, t } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { checkField, fieldError, radioField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, pageHead, problemBanner, progress } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { guardLeaving, start } from './shell.js'
import { download, pathOf } from './uploads/links.js'
import { ACCEPT, refusal, sendFile } from './uploads/transfer.js'
import { formatBytes, noPortfolio } from './uploads/words.js'

/** @type {Mode[]} */
const MODES = ['debts', 'balances', 'payments']

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = (await all()).filter(({ archived }) => !archived)
  const wanted = /** @type {Mode} */ (params.get('mode'))
  const state = {
    portfolio: chosenPortfolio(portfolios, params),
    mode: MODES.includes(wanted) ? wanted : /** @type {Mode} */ ('debts'),
    closeAbsent: false,
    automatic: false,
    /** @type {File | null} */
    file: null,
    /** @type {'empty' | 'kind' | 'several' | null} */
    refused: null,
    over: false,
    /** @type {{ sent: number, total: number, abort: AbortController } | null} */
    sending: null,
    /** @type {Problem | null} */
    problem: null,
  }
  const view = mountView(root, page)
  guardLeaving(() => state.sending !== null)
  catchStrayDrops()

  /** @param {FileList | null | undefined} files */
  function take(files) {
    state.over = false
    if (files && files.length > 0 && state.sending === null) {
      const file = files[0]
      state.refused = files.length > 1 ? 'several' : refusal(file)
      state.file = state.refused === null ? file : null
      state.problem = null
    }
    view.update()
  }

  async function send() {
    const { portfolio, file, mode } = state
    if (portfolio === null || file === null) return
    const abort = new AbortController()
    state.sending = { sent: 0, total: file.size, abort }
    state.problem = null
    view.now()
    document.getElementById('cancel-send')?.focus()
    let upload = null
    try {
      const answer = await api.post(`/portfolios/${portfolio.portfolio_id}/uploads`, {
        filename: file.name, size_bytes: file.size, mode,
        close_absent: mode === 'balances' && state.closeAbsent, apply_automatically: state.automatic,
      }, { signal: abort.signal })
      upload = answer.upload
      await sendFile({
        post: answer.post, file, signal: abort.signal,
        onProgress: (sent, total) => {
          if (state.sending) Object.assign(state.sending, { sent, total })
          view.update()
        },
      })
      state.sending = null
      window.location.assign(pathTo('upload', { id: upload.upload_id, [PARAM]: portfolio.portfolio_id }))
    } catch (error) {
      state.sending = null
      // What was announced and never sent would stay in the history as waiting.
      if (upload !== null) await api.post(`${pathOf(upload)}/cancellation`, {}).catch(() => null)
      if (isAbort(error)) toast(t('uploads.send_cancelled'), 'info')
      else state.problem = asProblem(error)
      view.now()
      // The button is below the fold of a telephone, the problem above it.
      if (state.problem) document.getElementById('main')?.scrollIntoView({ block: 'start' })
    }
  }

  function page() {
    const { portfolio, sending } = state
    const head = pageHead({
      title: t('uploads.new_title'), lead: t('uploads.new_lead'),
      back: { href: pathTo('uploads', { [PARAM]: portfolio?.portfolio_id }), label: t('common.title.uploads') },
    })
    if (portfolio === null) {
      return html`${head}${noPortfolio()}`
    }
    return html`${head}
      ${state.problem ? problemBanner(state.problem) : nothing}
      <div class="split">
        ${card({ body: html`<form class="form" @submit=${submit}>
          ${portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => { state.portfolio = picked; view.update() } })}
          ${radioField({
            name: 'mode', label: t('uploads.what_file'), value: state.mode, disabled: sending !== null,
            options: MODES.map((mode) => ({ value: mode, label: t(`uploads.mode.${mode}`), hint: t(`uploads.mode_hint.${mode}`) })),
            onInput: (mode) => { state.mode = /** @type {Mode} */ (mode); view.update() },
          })}
          ${state.mode === 'balances' ? checkField({
            name: 'close_absent', label: t('uploads.close_absent'), hint: t('uploads.close_absent_hint'),
            checked: state.closeAbsent, disabled: sending !== null, onInput: (on) => { state.closeAbsent = on; view.update() },
          }) : nothing}
          ${sending ? transfer(sending) : dropzone()}
          ${sending ? nothing : html`${checkField({
            name: 'automatic', label: t('uploads.automatic'), hint: t('uploads.automatic_hint'),
            checked: state.automatic, onInput: (on) => { state.automatic = on; view.update() },
          })}
          <div class="button-row"><button class="button button-primary button-large" ?disabled=${state.file === null}>${icon('upload')}${t('uploads.send')}</button></div>`}
        </form>` })}
        ${templates(portfolio)}
      </div>`
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    void send()
  }

  function dropzone() {
    const { file, refused, over } = state
    return html`<div class="field">
      <label class="dropzone ${over ? 'is-over' : ''} ${file ? 'has-file' : ''}"
        @dragover=${(/** @type {DragEvent} */ event) => { event.preventDefault(); if (!state.over) { state.over = true; view.update() } }}
        @dragleave=${() => { state.over = false; view.update() }}
        @drop=${(/** @type {DragEvent} */ event) => { event.preventDefault(); take(event.dataTransfer?.files) }}>
        <input class="dropzone-input" type="file" accept=${ACCEPT} aria-describedby="file-hint ${refused ? 'file-error' : ''}" aria-invalid=${refused ? 'true' : nothing}
          @change=${(/** @type {any} */ event) => { take(event.target.files); event.target.value = '' }}>
        <span class="dropzone-icon">${icon(file ? 'file' : 'upload')}</span>
        ${file
          ? html`<strong>${file.name}</strong><span class="muted small">${formatBytes(file.size)} · ${t('uploads.change_file')}</span>`
          : html`<strong>${t('uploads.drop')}</strong><span class="muted small" id="file-hint">${t('uploads.formats')}</span>`}
        ${file ? html`<span class="visually-hidden" id="file-hint">${t('uploads.formats')}</span>` : nothing}
      </label>
      ${fieldError(refused ? t(`uploads.refused.${refused}`) : '', 'file-error')}
    </div>`
  }

  /** @param {{ sent: number, total: number, abort: AbortController }} sending */
  function transfer({ sent, total, abort }) {
    const whole = sent >= total && total > 0
    const percent = formatNumber(total > 0 ? sent / total : 0, { style: 'percent', maximumFractionDigits: 0 })
    return html`<div class="transfer">
      <div class="row row-between"><strong>${state.file?.name}</strong><span aria-hidden="true">${percent}</span></div>
      ${progress({ value: sent, max: whole ? null : total, label: t('uploads.sending') })}
      <div class="row row-between"><span class="muted small" role="status">${whole ? t('uploads.sent_waiting') : t('uploads.sent_of', { sent: formatBytes(sent), total: formatBytes(total) })}</span>
        <button type="button" class="button button-small" id="cancel-send" @click=${() => abort.abort()}>${t('common.cancel')}</button></div>
    </div>`
  }

  /** @param {Portfolio} portfolio */
  function templates(portfolio) {
    const { mode } = state
    /** @param {string} format */
    const get = (format) => download(api, `/upload-templates/${mode}`, { portfolio: portfolio.portfolio_id, format })
    return html`<aside class="stack">
      ${card({
        title: t('uploads.template_title'), lead: t(`uploads.template_lead.${mode}`),
        body: html`<div class="button-row">
          <button type="button" class="button" @click=${() => get('xlsx')}>${icon('download')}${t('uploads.template_as', { format: 'Excel' })}</button>
          <button type="button" class="button" @click=${() => get('csv')}>${icon('download')}${t('uploads.template_as', { format: 'CSV' })}</button>
        </div>`,
      })}
      ${banner({ tone: 'info', title: t('uploads.any_file_title'), body: t('uploads.any_file_body') })}
    </aside>`
  }
}

/** A file dropped beside the target would replace the page with itself. */
function catchStrayDrops() {
  for (const kind of ['dragover', 'drop']) {
    window.addEventListener(kind, (event) => event.preventDefault())
  }
}
