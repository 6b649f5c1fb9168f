// @ts-check

/** One request by law: what was asked, by when it is to be answered, each step, the letter. */

/** @import { RequestPage } from './requests/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant } from '../core/dates.js'
import { LANGUAGES, lang, localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem, Problem } from '../core/problem.js'
import { selectField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, facts, pageHead } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM } from './chosen-portfolio.js'
import { dueBadge, stateBadge, termText } from './requests/words.js'
import { start } from './shell.js'
import { download } from './uploads/links.js'
import { Poll } from './uploads/poll.js'

const dialogs = () => import('./requests/dialogs.js')
const erasing = () => import('./requests/erasure.js')

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios, setTitle, me }) {
  const portfolioId = params.get(PARAM) ?? ''
  const id = params.get('id') ?? ''
  if (portfolioId === '' || id === '') throw new Problem({ code: 'data_request.not_found', status: 404 })
  const path = `/portfolios/${encodeURIComponent(portfolioId)}/data-requests/${encodeURIComponent(id)}`
  /** @type {RequestPage} */
  let shown = await api.get(path)
  let busy = false
  let language = lang()
  const portfolio = (await portfolios()).find((one) => one.portfolio_id === portfolioId)
  const locale = localeFor(portfolio?.country)
  const zone = portfolio?.time_zone
  setTitle(t('requests.of', { number: shown.number }))
  /** @type {Awaited<ReturnType<typeof erasing>> | null}  Few requests ask to be forgotten. */
  let erasure = null
  const view = mountView(root, page)
  /** @type {Poll<RequestPage>} */
  const poll = new Poll({
    page: document,
    look: () => api.get(path),
    onSeen: (seen) => { shown = seen; view.update() },
    onMissed: () => {}, // the next look says how far it is
    delay: (facts) => erasure?.lookAgain(facts) ?? null,
  })
  await follow()

  /** An erasure under way is looked at again and again until it is done. */
  async function follow() {
    if (shown.erasure === null) return
    erasure ??= await erasing()
    poll.start(shown)
    view.update()
  }

  /** @param {(show: Awaited<ReturnType<typeof dialogs>>, scene: import('./requests/dialogs.js').Scene) => Promise<RequestPage | undefined>} work */
  async function act(work) {
    busy = true
    view.update()
    try {
      const fresh = await work(await dialogs(), { api, path, request: shown })
      if (fresh !== undefined) {
        shown = fresh
        toast(t('requests.saved'))
        await follow()
      }
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    busy = false
    view.update()
  }

  function give() {
    return act(async (show, scene) => {
      const people = (await api.get(`/portfolios/${encodeURIComponent(portfolioId)}/colleagues`)).items
      return show.giveDialog(scene, people)
    })
  }

  function page() {
    const { can } = shown
    return html`${pageHead({
      back: { href: pathTo('requests', { [PARAM]: portfolioId }), label: t('common.title.requests') },
      title: html`${t('requests.of', { number: shown.number })} ${stateBadge(shown.state)}`,
      lead: html`${t(`requests.kind.${shown.kind}`)} · ${nameOf(shown)}`,
      actions: html`
        ${can.work ? html`
          <button type="button" class="button" ?disabled=${busy} @click=${give}>${t('requests.give')}</button>
          ${shown.proof === '' ? html`<button type="button" class="button" ?disabled=${busy} @click=${() => act((show, scene) => show.noteDialog(scene, 'want_identity'))}>${t('requests.want_identity')}</button>` : nothing}
          <button type="button" class="button" ?disabled=${busy} @click=${() => act((show, scene) => show.identifyDialog(scene))}>${t('requests.identify')}</button>
          ${can.extend ? html`<button type="button" class="button" ?disabled=${busy} @click=${() => act((show, scene) => show.noteDialog(scene, 'extend'))}>${t('requests.extend')}</button>` : nothing}
          <button type="button" class="button button-primary" ?disabled=${busy} @click=${() => act((show, scene) => show.answerDialog(scene))}>${t('requests.answer')}</button>` : nothing}
        ${can.carry_out ? html`<button type="button" class="button ${shown.erasure === null ? 'button-primary' : ''}" ?disabled=${busy} @click=${() => act((show, scene) => show.noteDialog(scene, 'carry_out'))}>${t('requests.carry_out')}</button>` : nothing}`,
    })}
    ${deadline()}
    ${answer()}
    ${forgotten()}
    <div class="grid grid-2">
      ${card({ title: t('requests.asked'), body: asked() })}
      ${card({ title: t('requests.cases'), lead: t('requests.cases_lead'), body: cases() })}
    </div>
    ${card({ title: t('requests.steps'), body: steps() })}`
  }

  function deadline() {
    if (shown.ended_at !== null) return nothing
    const next = shown.state === 'answered' ? 'requests.carry_by' : 'requests.answer_by'
    return banner({
      tone: shown.late ? 'bad' : 'info',
      title: html`${t(next, { day: formatDate(shown.due_on, locale) })} ${dueBadge(shown, locale)}`,
      body: html`${termText(shown.term)}${shown.term.extended_to ? html` · ${t('requests.extended_to', { day: formatDate(shown.term.extended_to, locale) })}` : nothing}`,
    })
  }

  function answer() {
    const { answer: said } = shown
    if (said === null) {
      if (shown.kind !== 'erasure' || !shown.in_force) return nothing
      return banner({ tone: 'warn', title: t('requests.in_force'), body: t(shown.keeps.article ? 'requests.in_force_body' : 'requests.in_force_bare', { article: shown.keeps.article }) })
    }
    return card({
      title: t(`requests.verdict.${said.verdict}`),
      lead: t('requests.answered_by', { who: said.by.name || said.by.id, when: when(said.at) }),
      body: html`${said.text ? html`<p class="pre-line">${said.text}</p>` : nothing}${facts([
        [t('requests.ground'), said.ground ? t(`requests.ground.${said.ground}`) : null],
        [t('requests.article'), said.article || null],
      ])}
      ${gone() ? nothing : letter()}`,
    })
  }

  function gone() {
    return shown.erasure?.state === 'done'
  }

  /** @param {{ name: string }} one  The request, or a case of it. */
  function nameOf({ name }) {
    return name || t(gone() ? 'requests.erasure.title_done' : 'common.nameless')
  }

  function letter() {
    return html`<div class="toolbar">${selectField({ name: 'language', label: t('requests.letter_in'), value: language, options: LANGUAGES.map((value) => ({ value, label: t(`common.language_name.${value}`) })), onInput: (value) => { language = value } })}
      <button type="button" class="button" @click=${() => void download(api, `${path}/letter`, { language })}>${icon('download')}${t('requests.letter')}</button></div>`
  }

  /** What becomes of the data once their erasure was granted. */
  function forgotten() {
    const show = erasure
    if (shown.erasure === null || show === null) return nothing
    return show.erasureCard({
      request: shown, erasure: shown.erasure, me: me.person_id, locale, zone, busy, letter: letter(),
      onAct: async (what) => {
        await act((_, scene) => show.erase(what, scene))
        view.now()
        // The button that was pressed may be gone; how it stands now is on top.
        const title = /** @type {HTMLElement | null} */ (root.querySelector('#erasure h2'))
        if (title === null || document.activeElement !== document.body) return
        title.tabIndex = -1
        title.focus()
      },
    })
  }

  function asked() {
    return html`${shown.words ? html`<blockquote class="pre-line">${shown.words}</blockquote>` : html`<p class="muted">${t(gone() ? 'requests.erasure.words_gone' : 'requests.no_words')}</p>`}
      ${facts([
        [t('requests.way'), t(`requests.way.${shown.way}`)],
        [t('requests.received'), formatDate(shown.received_on, locale)],
        [t('requests.reply_to'), shown.reply_to || null],
        [t('requests.registered'), `${shown.made_by.name || t('requests.themself')}, ${when(shown.made_at)}`],
        [t('requests.proof'), shown.proof ? `${t(`requests.proof.${shown.proof}`)}${shown.proven_by?.name ? ` (${shown.proven_by.name})` : ''}` : t('requests.proof_none')],
        [t('requests.owner'), shown.owner ? shown.owner.name || shown.owner.id : t('requests.no_owner')],
        [t('requests.law'), shown.term.law || t('requests.no_law')],
      ])}`
  }

  function cases() {
    return html`${shown.case_list.length === 0 ? html`<p class="muted">${t('requests.no_cases')}</p>` : html`<ul class="promises">${shown.case_list.map((one) => html`<li>
        <div class="row row-between"><a href=${pathTo('case', { id: one.case_id })}>${nameOf(one)}</a><span>${formatMoney(one.balance, locale)}</span></div></li>`)}</ul>`}
      ${shown.alike.length === 0 ? nothing : html`<h3>${t('requests.alike')}</h3><p class="hint">${t('requests.alike_hint')}</p><ul class="promises">${shown.alike.map((one) => html`<li>
        <div class="row row-between"><a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>
          <button type="button" class="button button-small" ?disabled=${busy} @click=${() => act((show, scene) => show.act(scene, { act: 'add_case', case_id: one.case_id }))}>${t('requests.add_case')}<span class="visually-hidden"> ${one.name}</span></button></div></li>`)}</ul>`}`
  }

  function steps() {
    return html`<ol class="promises">${shown.steps.map((step) => html`<li>
      <div class="row row-between"><strong>${t(`requests.act.${step.act}`)}</strong><span class="muted small">${when(step.at)} · ${step.by.name || t('requests.themself')}</span></div>
      ${step.note ? html`<p class="small pre-line">${step.note}</p>` : nothing}</li>`)}</ol>`
  }

  /** @param {string} at */
  function when(at) {
    return formatInstant(at, locale, zone)
  }
}
