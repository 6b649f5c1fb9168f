// @ts-check

/** One questionnaire: tried, edited, its versions, where it is asked. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Context } from '../shell.js' */
/** @import { OpenedVersion, WholeForm } from './contract.js' */

import { formatInstant } from '../../core/dates.js'
import { localeFor, t, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { icon } from '../../core/ui/icons.js'
import { badge, banner, pageHead, problemBanner, skeleton, tabs } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { toast } from '../../core/ui/toast.js'
import { html, mountView, nothing } from '../../core/view.js'
import { stateBadge } from './list-view.js'
import { openPreview } from './preview.js'
import { cellRows, sendFile } from './upload.js'

const TABS = /** @type {const} */ (['preview', 'edit', 'versions', 'use'])

/** @param {Context} context @param {Portfolio} portfolio @param {string} id */
export async function showForm({ root, api, params, setTitle }, portfolio, id) {
  const base = `/portfolios/${portfolio.portfolio_id}/forms/${encodeURIComponent(id)}`
  const asked = params.get('ver')
  let tab = /** @type {typeof TABS[number]} */ (TABS.find((one) => one === asked) ?? 'preview')
  /** @type {WholeForm} */
  let form = await api.get(base)
  let number = form.latest
  /** @type {OpenedVersion | null} */
  let version = null
  /** What the tab shows, once it is loaded. @type {{ template: () => unknown } | null} */
  let shown = null
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  const view = mountView(root, page)
  setTitle(form.title)
  await open()

  async function open() {
    shown = null
    problem = null
    view.update()
    try {
      if (version?.number !== number) version = /** @type {OpenedVersion} */ (await api.get(`${base}/versions/${number}`))
      shown = await content(version)
    } catch (error) {
      problem = asProblem(error)
    }
    view.update()
  }

  /** @param {OpenedVersion} opened */
  async function content(opened) {
    const paint = () => view.update()
    if (tab === 'preview') return openPreview(opened.compiled, paint)
    if (tab === 'versions') return { template: versions }
    if (tab === 'use') {
      const { openUses } = await import('./uses.js')
      return openUses({ api, portfolioId: portfolio.portfolio_id, form, paint, onSaved: reload })
    }
    const { openEditor } = await import('./editor.js')
    return openEditor({ api, base, form, opened, paint, onSaved: (saved) => moved(saved, saved.latest, t('questionnaires.saved_version', { n: saved.latest })) })
  }

  async function reload() {
    form = await api.get(base)
    await open()
  }

  /** @param {WholeForm} saved @param {number} next @param {string} words */
  async function moved(saved, next, words) {
    form = saved
    number = next
    toast(words)
    await open()
  }

  async function publish() {
    if (version === null) return
    const n = version.number
    const { forbidden } = version
    /** @type {WholeForm | null} */
    let saved = null
    await confirmDialog({
      title: t('questionnaires.publish_title', { n }),
      body: html`<p>${t('questionnaires.publish_body')}</p>
        ${forbidden.length > 0 ? html`<p>${t('questionnaires.publish_forbidden')}</p><ul>${forbidden.map((one) => html`<li><code>${one.question}</code>: ${one.article}</li>`)}</ul>` : nothing}`,
      confirm: forbidden.length > 0 ? t('questionnaires.publish_without') : t('questionnaires.publish'),
      work: async () => {
        saved = await api.post(`${base}/publication`, { revision: form.revision, version: n, without_forbidden: forbidden.length > 0 })
      },
    })
    if (saved !== null) await moved(saved, n, t('questionnaires.published'))
  }

  async function archive() {
    const archived = form.state !== 'archived'
    /** @type {WholeForm | null} */
    let saved = null
    await confirmDialog({
      title: t(archived ? 'questionnaires.archive_title' : 'questionnaires.restore_title'),
      body: t(archived ? 'questionnaires.archive_body' : 'questionnaires.restore_body'),
      confirm: t(archived ? 'questionnaires.archive' : 'questionnaires.restore'),
      danger: archived,
      work: async () => {
        saved = await api.post(`${base}/archival`, { revision: form.revision, archived })
      },
    })
    if (saved !== null) await moved(saved, number, t(archived ? 'questionnaires.archived' : 'questionnaires.restored'))
  }

  async function send() {
    const made = await sendFile({ api, portfolioId: portfolio.portfolio_id, form })
    if (made !== undefined) await moved(made, made.latest, t('questionnaires.saved_version', { n: made.latest }))
  }

  /** @param {number} n */
  async function original(n) {
    const { url } = await api.get(`${base}/versions/${n}/original`)
    window.location.assign(url)
  }

  function page() {
    const live = form.state !== 'archived'
    return html`${pageHead({
        title: form.title,
        back: { href: pathTo('questionnaires', { cartera: portfolio.portfolio_id }), label: t('questionnaires.title') },
        lead: html`${stateBadge(form)} ${t('questionnaires.version_shown', { n: number })}${form.published === number ? html` ${badge(t('questionnaires.in_use'), 'good')}` : nothing}`,
        actions: html`<button type="button" class="button" @click=${archive}>${t(live ? 'questionnaires.archive' : 'questionnaires.restore')}</button>
          ${live ? html`<button type="button" class="button" @click=${send}>${icon('upload')}${t('questionnaires.send_version')}</button>` : nothing}
          ${live && form.published !== number ? html`<button type="button" class="button button-primary" @click=${publish}>${icon('check')}${t('questionnaires.publish')}</button>` : nothing}`,
      })}
      ${tabs(t('questionnaires.sections'), TABS.map((key) => ({ key, label: t(`questionnaires.tab.${key}`), href: `#${key}` })), tab, (key, event) => {
        event.preventDefault()
        tab = /** @type {typeof TABS[number]} */ (key)
        void open()
      })}
      ${problem !== null ? problemBanner(problem, () => void open()) : nothing}
      ${version !== null && tab === 'preview' ? remarks(version) : nothing}
      ${shown === null ? (problem === null ? skeleton(8) : nothing) : shown.template()}`
  }

  /** @param {OpenedVersion} opened */
  function remarks({ forbidden, warnings }) {
    return html`${forbidden.map((one) => banner({ tone: 'warn', title: t('questionnaires.forbidden', { question: one.question }), body: one.article }))}
      ${warnings.length > 0 ? html`<details class="card"><summary>${tn('questionnaires.warnings', warnings.length)}</summary>${cellRows(warnings, t('questionnaires.warnings_caption'))}</details>` : nothing}`
  }

  function versions() {
    return html`<div class="card card-flush">${dataTable({
      id: (line) => String(line.number),
      caption: t('questionnaires.tab.versions'),
      columns: [
        { key: 'number', label: t('questionnaires.version'), head: true, cell: (line) => html`${line.number}${line.number === form.published ? html` ${badge(t('questionnaires.in_use'), 'good')}` : nothing}` },
        { key: 'made', label: t('questionnaires.made'), cell: (line) => html`${formatInstant(line.made_at, localeFor(portfolio.country), portfolio.time_zone)} ${line.made_by.name}` },
        { key: 'source', label: t('questionnaires.source'), cell: (line) => (line.source === 'file' ? line.filename : t('questionnaires.source.panel', { n: line.base })) },
        { key: 'questions', label: t('questionnaires.questions'), align: 'end', cell: (line) => line.questions },
        { key: 'acts', label: t('questionnaires.acts'), cell: (line) => html`<div class="button-row">
          <button type="button" class="button button-small" aria-label=${t('questionnaires.look_at_version', { n: line.number })} @click=${() => {
            number = line.number
            tab = 'preview'
            void open()
          }}>${t('questionnaires.look')}</button>
          <button type="button" class="button button-small" aria-label=${t('questionnaires.original_of', { n: line.number })} @click=${() => original(line.number)}>${icon('download')}${t('questionnaires.original')}</button></div>` },
      ],
      rows: form.versions,
    })}</div>`
  }
}
