// @ts-check

/** One text: written on one side, seen and checked on the other, on a real case if wanted. */

/** @import { Context } from '../shell.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { CaseChoice, Finding, Offered, TextDraft, TextPreview, TextVersion, TextWhole } from './contract.js' */

import { formatInstant } from '../../core/dates.js'
import { lang, t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog, openDialog } from '../../core/ui/dialog.js'
import { textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card, copyButton, emptyState, pageHead, problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, live, mountView, nothing } from '../../core/view.js'
import { chosenPortfolio } from '../chosen-portfolio.js'
import { guardLeaving } from '../shell.js'
import { findingsView } from './findings-view.js'
import { draftForm, goToLine } from './draft-form.js'
import { CHANNELS, familyName } from './list-view.js'
import { showMail } from './mail-body.js'
import { previewView } from './preview-view.js'
import { noPortfolio } from './words.js'

const WAIT_MS = 350
const CASES = 8

/** @param {Context} context @param {string} asked  `family.channel.language` */
export async function editText({ root, api, params, portfolios: all, setTitle }, asked) {
  const [family = '', channelName = '', language = ''] = asked.split('.')
  const known = CHANNELS.find((one) => one === channelName)
  const portfolio = chosenPortfolio(await all(), params)
  if (portfolio === null) return mountView(root, noPortfolio)
  if (known === undefined) return mountView(root, notThere)
  const channel = known
  const id = portfolio.portfolio_id
  const base = `/portfolios/${id}/templates`
  const path = `${base}/${encodeURIComponent(family)}/${channel}/${encodeURIComponent(language)}`
  const [offered, found] = await Promise.all([
    /** @type {Promise<Offered>} */ (api.get('/template-variables', { query: { language: lang() } })),
    /** @type {Promise<TextWhole | null>} */ (api.get(path).catch((error) => {
      if (params.get('nueva') === '1' && asProblem(error).code === 'template.not_found') return null
      throw error
    })),
  ])
  let saved = found
  /** @type {TextDraft} */
  let draft = draftOf(found)
  let kept = JSON.stringify(draft)
  let note = ''
  let busy = false
  /** @type {Problem | null} */
  let problem = null
  /** @type {TextPreview | null} */
  let preview = null
  /** @type {Problem | null} */
  let previewProblem = null
  let asking = 0
  let timer = 0
  let search = ''
  /** @type {CaseChoice[]} */
  let cases = []
  let caseId = ''
  const dirty = () => JSON.stringify(draft) !== kept
  guardLeaving(() => dirty() && !busy)
  setTitle(familyName(family))
  const view = mountView(root, page)
  void look()

  /** Ask for the preview now; an answer that another one has overtaken is dropped. */
  async function look() {
    const mine = ++asking
    try {
      const answer = await api.post(`${base}/preview`, { ...draft, template_id: family, channel, language, case_id: caseId })
      if (mine !== asking) return
      preview = answer
      previewProblem = null
    } catch (error) {
      if (mine !== asking) return
      previewProblem = asProblem(error)
    }
    view.now()
    const host = root.querySelector('[data-mail]')
    if (host instanceof HTMLElement && preview !== null) showMail(host, preview.html)
  }

  function soon() {
    window.clearTimeout(timer)
    timer = window.setTimeout(look, WAIT_MS)
    view.update()
  }

  /** @param {Partial<TextDraft>} change */
  function onChange(change) {
    draft = { ...draft, ...change }
    soon()
  }

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    busy = true
    problem = null
    view.update()
    try {
      saved = /** @type {TextWhole} */ (await api.put(path, { ...draft, note, version: saved?.own_version ?? 0 }))
      kept = JSON.stringify(draft)
      note = ''
      toast(t('templates.saved'))
    } catch (error) {
      problem = asProblem(error)
      if (problem.code === 'template.refused' && preview !== null) {
        preview = { ...preview, findings: problem.details.findings, ok: false }
      }
    }
    busy = false
    view.update()
  }

  async function withdraw() {
    const agreed = await confirmDialog({
      title: t('templates.withdraw_title'), confirm: t('templates.withdraw'), danger: true,
      body: html`<p>${t('templates.withdraw_body')}</p>`,
      work: () => api.post(`${path}/withdrawal`, { version: saved?.own_version ?? 0 }),
    })
    if (!agreed) return
    const fresh = /** @type {TextWhole | null} */ (await api.get(path).catch(() => null))
    if (fresh === null) return window.location.assign(listHref())
    saved = fresh
    draft = draftOf(fresh)
    kept = JSON.stringify(draft)
    toast(t('templates.withdrawn'))
    void look()
  }

  async function sendTest() {
    let to = ''
    /** @type {Problem | null} */
    let refused = null
    let sending = false
    await openDialog({
      title: t('templates.test_title'),
      body: (handle) => html`<form class="stack" @submit=${async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault()
        sending = true
        refused = null
        handle.update()
        try {
          await api.post(`${base}/test`, { ...draft, template_id: family, channel, language, to: to.trim() })
          handle.close()
          toast(t('templates.test_sent'))
        } catch (error) {
          refused = asProblem(error)
          sending = false
          handle.update()
        }
      }}>
        <p>${t('templates.test_body')}</p>
        ${refused ? problemBanner(refused) : nothing}
        ${textField({ name: 'to', label: t(channel === 'email' ? 'templates.test_email' : 'templates.test_phone'), type: channel === 'email' ? 'email' : 'tel', required: true, value: to, placeholder: channel === 'email' ? 'ana@example.com' : '+525512345678', onInput: (value) => { to = value } })}
        <div class="button-row"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button><button class="button button-primary" ?disabled=${sending}>${t('templates.test_send')}</button></div>
      </form>`,
    })
  }

  /** @param {string} typed */
  async function findCases(typed) {
    search = typed
    window.clearTimeout(timer)
    timer = window.setTimeout(async () => {
      const answer = search.trim().length < 2 ? { items: [] } : await api.get(`/portfolios/${id}/cases`, { query: { q: search, limit: CASES } }).catch(() => ({ items: [] }))
      cases = /** @type {CaseChoice[]} */ (answer.items)
      if (!cases.some((one) => one.case_id === caseId)) caseId = cases[0]?.case_id ?? ''
      view.update()
      void look()
    }, WAIT_MS)
  }

  /** @param {TextVersion} version */
  function takeUp(version) {
    onChange({ subject: version.subject, body: version.body })
    root.querySelector('textarea')?.focus()
  }

  /** @param {Finding} finding */
  function onGo({ where, line }) {
    goToLine(root, where, line)
  }

  function listHref() {
    return pathTo('templates', { cartera: id })
  }

  function page() {
    return html`${pageHead({
        title: html`${familyName(family)} ${saved?.built_in === false ? badge(t('templates.version', { n: saved.version }), 'brand') : badge(t('templates.built_in'))}`,
        lead: `${t(`templates.channel.${channel}`)} · ${t(`templates.language.${language}`)} · ${portfolio?.name ?? ''}`,
        back: { href: listHref(), label: t('templates.title') },
        actions: html`${channel === 'letter' ? nothing : html`<button type="button" class="button" @click=${sendTest}>${icon('mail')}${t('templates.test')}</button>`}
          ${saved?.built_in === false && saved.built_in_body !== null ? html`<button type="button" class="button" @click=${withdraw}>${icon('history')}${t('templates.withdraw')}</button>` : nothing}`,
      })}
      ${problem === null ? nothing : problemBanner(problem)}
      <div class="text-editor">
        <form class="stack" novalidate @submit=${save}>
          ${card({ title: t('templates.text'), body: draftForm({ draft, channel, offered, onChange }) })}
          ${card({ body: html`${textField({ name: 'note', label: t('templates.note'), hint: t('templates.note_hint'), maxlength: 300, value: note, onInput: (value) => { note = value } })}
            <div class="button-row"><button class="button button-primary" ?disabled=${busy || preview?.ok === false || !dirty()}>${t('templates.save')}</button>
            ${dirty() ? html`<span class="muted" role="status">${t('common.unsaved_title')}</span>` : nothing}</div>` })}
        </form>
        <div class="stack text-side">
          ${card({ id: 'preview', title: t('templates.preview'), body: html`${casePicker()}
            ${previewProblem === null ? previewView({ channel, preview, sender: portfolio?.branding.display_name ?? '' }) : problemBanner(previewProblem, look)}` })}
          ${card({ id: 'findings', title: t('templates.findings'), body: html`<div aria-live="polite">${preview === null ? nothing : findingsView({ findings: preview.findings, onGo })}</div>` })}
          ${preview?.approvable ? card({ title: t('templates.approvable'), lead: t('templates.approvable_hint'), actions: copyButton(() => preview?.approvable ?? ''), body: html`<p class="msg-lines approvable">${preview.approvable}</p>` }) : nothing}
          ${history()}
        </div>
      </div>`
  }

  function casePicker() {
    return html`<div class="case-picker">
      <label class="search-field"><span class="visually-hidden">${t('templates.case_search')}</span>${icon('search')}<input type="search" placeholder=${t('templates.case_search')} .value=${live(search)} @input=${(/** @type {any} */ event) => findCases(event.target.value)}></label>
      <label><span class="visually-hidden">${t('templates.case')}</span><select name="case" @change=${(/** @type {any} */ event) => { caseId = event.target.value; void look() }}>
        <option value="" .selected=${live(caseId === '')}>${t('templates.case_none')}</option>
        ${cases.map((one) => html`<option value=${one.case_id} .selected=${live(one.case_id === caseId)}>${one.name || t('common.nameless')}</option>`)}</select></label>
    </div>`
  }

  function history() {
    const versions = saved?.versions ?? []
    if (versions.length === 0) return nothing
    return card({
      title: t('templates.versions'),
      body: html`<ol class="versions" reversed>${versions.map((version) => html`<li>
        <div><strong>${version.active ? t('templates.version', { n: version.version }) : t('templates.version_withdrawn', { n: version.version })}</strong>
          <span class="muted small">${formatInstant(version.saved_at, lang(), portfolio?.time_zone)}${version.saved_by ? ` · ${version.saved_by}` : ''}</span>
          ${version.note ? html`<p class="small">${version.note}</p>` : nothing}</div>
        <button type="button" class="button button-small" @click=${() => takeUp(version)}>${t('templates.take_up')}<span class="visually-hidden"> ${version.version}</span></button></li>`)}</ol>`,
    })
  }

  function notThere() {
    return html`${pageHead({ title: t('templates.title'), back: { href: pathTo('templates'), label: t('templates.title') } })}
      ${emptyState({ icon: 'message', title: t('templates.nothing') })}`
  }
}

/** @param {TextWhole | null} text @returns {TextDraft} */
function draftOf(text) {
  if (text === null) return { stage: 'friendly', subject: '', body: '{{ identification }}\n', buttons: [], approved_name: '', attach_statement: false }
  const { stage, subject, body, buttons, approved_name, attach_statement } = text
  return { stage, subject, body, buttons, approved_name, attach_statement }
}

