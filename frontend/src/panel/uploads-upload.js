// @ts-check

/** One upload, from the file's arrival to its end: the page follows it and asks what it must. */

/** @import { Figures, Upload, UploadField } from './uploads/contract.js' */
/** @import { Draft } from './uploads/mapping.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Context } from './shell.js' */

import { formatInstant } from '../core/dates.js'
import { formatNumber, loadRefusals, localeFor, t, tn } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { Problem as ProblemClass, asProblem } from '../core/problem.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, emptyState, facts, pageHead, problemBanner } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, rememberPortfolio } from './chosen-portfolio.js'
import { start } from './shell.js'
import { download, pathOf } from './uploads/links.js'
import * as mapping from './uploads/mapping.js'
import { mappingView } from './uploads/mapping-view.js'
import { Poll } from './uploads/poll.js'
import { changesNothing, isMoving, pollDelay, tookSeconds } from './uploads/progress.js'
import { erasedCard, figuresCard, rejectsCard, running, stepper } from './uploads/stages-view.js'
import { problemAdvice, problemText, stateBadge, tookText } from './uploads/words.js'

/** Looks without an answer before the page says so. */
const PATIENCE = 2

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios, setTitle }) {
  const portfolioId = params.get(PARAM) ?? ''
  const id = params.get('id') ?? ''
  const portfolio = (await portfolios()).find(({ portfolio_id: own }) => own === portfolioId)
  if (portfolio === undefined || id === '') throw new ProblemClass({ code: 'http.not_found', status: 404 })
  rememberPortfolio(portfolio)
  const path = pathOf({ portfolio_id: portfolioId, upload_id: id })
  const money = { currency: portfolio.currency, locale: localeFor(portfolio.country) }
  const saveOriginal = () => download(api, `${path}/original`)
  const saveRejects = () => download(api, `${path}/rejects`)
  // What an upload ended in is told in the words of refusals.
  const [upload] = await Promise.all([api.get(path), loadRefusals()])
  const state = {
    /** @type {Upload} */
    upload,
    /** @type {UploadField[]} */
    fields: [],
    /** @type {Draft | null} */
    draft: null,
    tried: false,
    busy: false,
    lost: false,
    editing: false,
    /** @type {Problem | null} */
    problem: null,
  }
  setTitle(state.upload.filename)
  const view = mountView(root, page)
  const poll = new Poll({
    look: () => api.get(path),
    onSeen: (/** @type {Upload} */ upload) => {
      state.lost = false
      take(upload)
    },
    onMissed: (_error, failures) => {
      state.lost = failures >= PATIENCE
      view.update()
    },
    delay: ({ seen, ...rest }) => pollDelay({ upload: seen, ...rest }),
    page: document,
  })
  take(state.upload)
  poll.start(state.upload)

  /** A new state of the upload, whoever brought it. @param {Upload} upload */
  function take(upload) {
    const moved = upload.state !== state.upload.state
    state.upload = upload
    if (upload.state === 'needs_mapping' && state.draft === null) void prepareMapping()
    if (upload.state !== 'needs_mapping' && !state.editing) state.draft = null
    view.update()
    // A screen reader hears that the page turned into another one.
    if (moved && !isMoving(upload)) setTimeout(() => /** @type {HTMLElement | null} */ (root.querySelector('#stage'))?.focus())
  }

  async function prepareMapping() {
    const { upload } = state
    if (upload.inspection === null) return
    try {
      if (state.fields.length === 0) state.fields = (await api.get('/upload-fields', { query: { mode: upload.mode } })).items
      state.draft = mapping.startDraft(upload.inspection, upload.mapping)
      state.tried = false
    } catch (error) {
      state.problem = asProblem(error)
    }
    view.update()
  }

  /** @param {() => Promise<Upload>} work */
  async function act(work) {
    state.problem = null
    state.busy = true
    view.update()
    try {
      const upload = await work()
      state.editing = false
      state.busy = false
      take(upload)
      poll.start(upload)
    } catch (error) {
      state.busy = false
      state.problem = asProblem(error)
      view.update()
      document.getElementById('main')?.scrollIntoView({ block: 'start' })
    }
  }

  function sendMapping() {
    const { draft, upload, fields } = state
    if (draft === null || upload.inspection === null || state.busy) return
    const found = mapping.check(draft, upload.inspection, fields)
    if (!found.ready && !mapping.isOtherSheet(draft, upload.inspection)) {
      state.tried = true
      view.now()
      const first = /** @type {HTMLElement | null} */ (root.querySelector('[aria-invalid="true"], .field-error'))
      ;(first ?? root.querySelector('.todo'))?.scrollIntoView({ block: 'center' })
      first?.focus()
      return
    }
    const body = mapping.toMapping(draft, upload.inspection, fields)
    void act(() => api.put(`${path}/mapping`, body))
  }

  /** @param {Figures} figures */
  async function apply(figures) {
    const writes = figures.created + figures.updated
    const agreed = await confirmDialog({
      title: t('uploads.apply_title'),
      body: html`<p>${t(`uploads.apply_body.${state.upload.mode}`, { created: formatNumber(figures.created), updated: formatNumber(figures.updated) })}</p>
        ${figures.closed > 0 ? html`<p><strong>${tn('uploads.apply_closes', figures.closed)}</strong></p>` : nothing}
        ${figures.rejected > 0 ? html`<p>${tn('uploads.apply_leaves', figures.rejected)}</p>` : nothing}
        <p class="muted">${t('uploads.apply_undo')}</p>`,
      confirm: tn('uploads.apply_rows', writes),
    })
    if (agreed) await act(() => api.post(`${path}/application`, {}))
  }

  async function cancel() {
    const agreed = await confirmDialog({
      title: t('uploads.cancel_title'),
      body: html`<p>${t(state.upload.state === 'applying' ? 'uploads.cancel_applying' : 'uploads.cancel_body')}</p>`,
      confirm: t('uploads.cancel'), danger: true,
    })
    if (agreed) await act(() => api.post(`${path}/cancellation`, {}))
  }

  async function undo() {
    const agreed = await confirmDialog({
      title: t('uploads.undo_title'),
      body: html`<p>${t('uploads.undo_body')}</p><p>${t('uploads.undo_condition')}</p>`,
      confirm: t('uploads.undo'), danger: true,
    })
    if (agreed) await act(() => api.post(`${path}/undo`, {}))
  }

  async function editMapping() {
    state.editing = true
    await prepareMapping()
    if (state.draft === null) state.editing = false
    view.now()
    document.getElementById('columns')?.scrollIntoView({ block: 'start' })
  }

  function page() {
    const { upload } = state
    const created = formatInstant(upload.created_at, money.locale, portfolio?.time_zone)
    return html`
      ${pageHead({
        title: upload.filename,
        lead: html`${stateBadge(upload.state)} <span>${portfolio?.name} · ${t(`uploads.mode.${upload.mode}`)} · ${upload.created_by.name || t('uploads.by_system')} · ${created}</span>`,
        back: { href: pathTo('uploads', { [PARAM]: portfolioId }), label: t('common.title.uploads') },
        actions: html`
          ${upload.state === 'awaiting_file' ? nothing : html`<button type="button" class="button" @click=${saveOriginal}>${icon('download')}${t('uploads.original')}</button>`}
          ${upload.can.cancel ? html`<button type="button" class="button button-danger-quiet" ?disabled=${state.busy} @click=${cancel}>${t('uploads.cancel')}</button>` : nothing}`,
      })}
      ${stepper(upload)}
      ${state.problem ? problemBanner(state.problem) : nothing}
      ${upload.problem && upload.state !== 'failed' ? banner({ tone: 'bad', title: problemText(upload), body: problemAdvice(upload) }) : nothing}
      <div class="stack" id="stage" tabindex="-1">${stage(upload)}</div>`
  }

  /** @param {Upload} upload */
  function stage(upload) {
    if (isMoving(upload)) return running(upload, state)
    if ((upload.state === 'needs_mapping' || state.editing) && state.draft !== null && upload.inspection !== null) return columns(upload)
    if (upload.state === 'ready' && upload.checked) return review(upload, upload.checked)
    if (upload.state === 'done' && upload.applied) return done(upload, upload.applied)
    if (upload.state === 'needs_mapping') return card({ body: html`<p class="muted">${t('common.loading')}</p>` })
    return over(upload)
  }

  /** @param {Upload} upload */
  function columns(upload) {
    const inspection = upload.inspection
    if (inspection === null || state.draft === null) return nothing
    return mappingView({
      upload, inspection, fields: state.fields, draft: state.draft, busy: state.busy, tried: state.tried, money,
      onDraft: (draft) => { state.draft = draft; view.update() },
      onSend: sendMapping,
    })
  }

  /** @param {Upload} upload @param {Figures} figures */
  function review(upload, figures) {
    const nothingToDo = changesNothing(figures)
    const usable = figures.rows > figures.rejected
    return html`
      ${upload.same_as ? banner({ tone: 'info', title: t('uploads.same_title'), body: html`${t('uploads.same_body')} <a href=${pathTo('upload', { id: upload.same_as, [PARAM]: portfolioId })}>${t('uploads.same_link')}</a>` }) : nothing}
      ${nothingToDo ? banner({ tone: usable ? 'good' : 'warn', title: t(usable ? 'uploads.nothing_title' : 'uploads.none_usable_title'), body: t(usable ? 'uploads.nothing_body' : 'uploads.none_usable_body') }) : nothing}
      ${figuresCard({ upload, figures, applied: false, money })}
      ${rejectsCard(upload, { rejected: figures.rejected, onDownload: saveRejects })}
      ${erasedCard(upload)}
      <div class="sticky-foot">
        <p class="grow muted">${t('uploads.review_hint')}</p>
        ${upload.can.map ? html`<button type="button" class="button" ?disabled=${state.busy} @click=${editMapping}>${icon('edit')}${t('uploads.edit_mapping')}</button>` : nothing}
        <button type="button" class="button button-primary button-large" ?disabled=${state.busy || !upload.can.apply || !usable} @click=${() => apply(figures)}>${icon('check')}${t('uploads.apply')}</button>
      </div>`
  }

  /** @param {Upload} upload @param {Figures} figures */
  function done(upload, figures) {
    const took = tookSeconds(upload)
    return html`
      ${banner({ tone: 'good', title: t('uploads.done_title'), body: took === null ? nothing : t('uploads.done_body', { took: tookText(took) ?? '', speed: formatNumber(Math.round(upload.progress.rows_per_s ?? figures.rows / Math.max(1, took))) }) })}
      ${figuresCard({ upload, figures, applied: true, money, actions: nothing })}
      ${rejectsCard(upload, { rejected: figures.rejected, onDownload: saveRejects })}
      ${erasedCard(upload)}
      ${card({
        title: t('uploads.next_title'),
        body: html`<div class="button-row">
          <a class="button button-primary" href=${pathTo('cases', { [PARAM]: portfolioId })}>${icon('cases')}${t('uploads.see_cases')}</a>
          ${upload.mode === 'debts' ? html`<a class="button" href=${pathTo('merges', { [PARAM]: portfolioId })}>${icon('people')}${t('uploads.merges_link')}</a>` : nothing}
          <a class="button" href=${pathTo('upload_new', { [PARAM]: portfolioId })}>${icon('upload')}${t('uploads.another')}</a>
        </div>`,
      })}
      ${undoCard(upload)}`
  }

  /** @param {Upload} upload */
  function undoCard(upload) {
    if (!upload.can.undo) return nothing
    return card({
      title: t('uploads.undo_title'), lead: t('uploads.undo_condition'),
      body: html`<div class="button-row"><button type="button" class="button button-danger-quiet" ?disabled=${state.busy} @click=${undo}>${icon('undo')}${t('uploads.undo')}</button></div>`,
    })
  }

  /** Cancelled, failed or undone. @param {Upload} upload */
  function over(upload) {
    const failed = upload.state === 'failed'
    return html`${emptyState({
      icon: failed ? 'warning' : upload.state === 'undone' ? 'undo' : 'close',
      title: failed ? problemText(upload) : t(`uploads.over.${upload.state}`),
      body: failed ? (problemAdvice(upload) ?? t('uploads.failed_advice')) : t(`uploads.over_body.${upload.state}`),
      actions: html`<a class="button button-primary" href=${pathTo('upload_new', { [PARAM]: portfolioId, mode: upload.mode })}>${icon('upload')}${t('uploads.another')}</a>`,
    })}
    ${upload.applied ? figuresCard({ upload, figures: upload.applied, applied: true, money }) : nothing}
    ${undoCard(upload)}
    ${card({ title: t('uploads.about'), body: facts([
      [t('uploads.col.who'), upload.created_by.name],
      [t('uploads.started'), upload.started_at && formatInstant(upload.started_at, money.locale, portfolio?.time_zone)],
      [t('uploads.finished'), upload.finished_at && formatInstant(upload.finished_at, money.locale, portfolio?.time_zone)],
    ]) })}`
  }
}
