// @ts-check

/** The call screen: the next case, its reasons, the call, its result, and on to the next. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { ContactPage, CasePage } from './cases/contract.js' */
/** @import { CallSheet, NextCall, QueueBoard } from './calls/contract.js' */
/** @import { Context } from './shell.js' */

import { newKey } from '../core/api.js'
import { formatInstant } from '../core/dates.js'
import { localeFor, t, tOr } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { asProblem } from '../core/problem.js'
import { checkField } from '../core/ui/fields.js'
import { banner, card, emptyState, pageHead, problemBanner, skeleton } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { boardCard } from './calls/board-view.js'
import { emptyDraft, resultCard } from './calls/result-view.js'
import { factsCard, phonesCard, scriptCard } from './calls/turn-view.js'
import { missing } from './calls/words.js'
import { telHref } from './case/contacts.js'
import { chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

const STORED = 'recobro.call'
const KEYS_OFF = 'recobro.keys-off'
const KEYS = /** @type {const} */ ({ n: 'next', c: 'call', s: 'skip', l: 'later', r: 'result' })

start(open)

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  const state = {
    portfolio: chosenPortfolio(portfolios, params),
    /** @type {NextCall | null} */ given: null,
    /** @type {{ page: CasePage, reach: ContactPage, sheet: CallSheet } | null} */ scene: null,
    /** @type {QueueBoard | null} */ board: null,
    /** @type {{ caseId: string, hours: number } | null} */ again: null,
    draft: emptyDraft(), busy: false, loading: false,
    /** @type {ReturnType<typeof asProblem> | null} */ problem: null,
    keys: window.localStorage.getItem(KEYS_OFF) === null,
  }
  const manager = me.role !== 'agent'
  let dialledAt = 0
  const [askCase, askBoard] = [latest(), latest()]

  const queuePath = () => `/portfolios/${encodeURIComponent(state.portfolio?.portfolio_id ?? '')}/queue`
  const casePath = () => `/cases/${encodeURIComponent(state.scene?.page.case.case_id ?? '')}`
  const openCall = () => state.scene?.sheet.open ?? null

  /**
   * Do something that the API may refuse, once at a time.
   * @param {(current: () => boolean) => Promise<void>} work  `current`: the portfolio is still the one it was begun in.
   */
  async function run(work) {
    if (state.busy) return
    const current = askCase()
    Object.assign(state, { busy: true, problem: null })
    view.update()
    try {
      await work(current)
    } catch (error) {
      if (current()) state.problem = asProblem(error)
    }
    if (!current()) return
    state.busy = false
    view.update()
  }

  /** Another portfolio: what is still on its way is of the one before. @param {Portfolio | null} picked */
  function pick(picked) {
    askCase()
    window.sessionStorage.removeItem(STORED)
    Object.assign(state, { portfolio: picked, given: null, scene: null, board: null, again: null, problem: null, busy: false, loading: false })
    view.update()
    void readBoard()
  }

  /** @param {string} caseId @param {() => boolean} current */
  async function load(caseId, current) {
    const path = `/cases/${encodeURIComponent(caseId)}`
    const [shown, reach, sheet] = await Promise.all([api.get(path), api.get(`${path}/contact`), api.get(`${path}/calls`)])
    if (!current()) return
    Object.assign(state, { scene: { page: shown, reach, sheet }, draft: emptyDraft(), again: null })
    window.sessionStorage.setItem(STORED, caseId)
  }

  const next = () => run(async (current) => {
    Object.assign(state, { scene: null, loading: true, again: null })
    view.update()
    try {
      await take(current)
    } finally {
      if (current()) state.loading = false
    }
    if (current()) focusOn('h1')
  })

  /** The turn that the queue gives, whether it is a new one or was ours already. @param {() => boolean} current */
  async function take(current) {
    /** @type {NextCall} */
    const given = await api.post(`${queuePath()}/next`, {})
    if (!current()) return
    state.given = given
    if (given.turn) await load(given.turn.case_id, current)
    else window.sessionStorage.removeItem(STORED)
  }

  /** What was under way when the page was left or loaded again. */
  async function resume() {
    const caseId = window.sessionStorage.getItem(STORED)
    if (caseId === null || state.portfolio === null) return
    await run(async (current) => {
      await load(caseId, current)
      if (!current()) return
      const of = portfolios.find(({ portfolio_id: id }) => id === state.scene?.page.case.portfolio_id) ?? null
      if (openCall()?.by === `user:${me.person_id}`) {
        state.portfolio = of ?? state.portfolio // whatever was picked elsewhere meanwhile
        return
      }
      state.scene = null
      if (of === state.portfolio) await take(current) // the turn may still be ours, which only the queue knows
      else window.sessionStorage.removeItem(STORED)
    })
  }

  async function readBoard() {
    const current = askBoard()
    if (!manager || state.portfolio === null) return
    const board = await api.get(queuePath()).catch(() => null)
    if (!current()) return
    state.board = board
    view.update()
  }

  /** @param {string} contactId */
  const call = (contactId) => run(async () => {
    const { scene } = state
    if (scene === null || openCall() !== null) return
    scene.sheet = await api.post(`${casePath()}/calls`, { contact_id: contactId }, { key: newKey() })
    const phone = scene.page.contacts.find((each) => each.contact_id === contactId)
    // An extension is for a person's fingers.
    if (phone && scene.sheet.dialer && telHref(phone.value, phone.detail) === telHref(phone.value)) await ring()
    else if (phone) dial(telHref(phone.value, phone.detail))
    focusOn('#result input')
  })

  /** The exchange rings, once a call; where it refuses, the number is there to be dialled by hand. */
  async function ring() {
    const known = openCall()
    if (state.scene === null || known === null || known.rung) return
    try {
      state.scene.sheet = await api.post(`${casePath()}/calls/${encodeURIComponent(known.attempt_id)}`, {})
      toast(t('queue.rung'))
    } catch (error) {
      const problem = asProblem(error)
      const reason = String(problem.details.reason ?? '')
      toast(problem.code === 'call.not_rung' ? `${problem.text} ${tOr(`queue.not_rung.${reason}`, '')}`.trim() : problem.text, 'bad')
    }
  }

  /** Only once the law was asked does the telephone ring. @param {string} href */
  function dial(href) {
    dialledAt = Date.now()
    const link = document.createElement('a')
    link.href = href
    link.hidden = true
    root.append(link) // one outside the page is not followed everywhere
    link.click()
    link.remove()
  }

  const end = () => run(async (current) => {
    const { scene, draft } = state
    const known = openCall()
    if (scene === null || known === null) return
    const result = scene.sheet.results.find(({ code }) => code === draft.result)
    draft.asked = true
    if (result === undefined || missing(result, draft).length > 0) {
      focusOn('#result [aria-invalid=true], #result .field-error')
      return
    }
    const at = result.wants.includes('callback') ? new Date(draft.callback).toISOString() : null
    await api.put(`${casePath()}/calls/${encodeURIComponent(known.attempt_id)}`, {
      disposition: result.code, note: draft.note.trim(), call_back_at: at, mine: draft.mine,
    })
    toast(t('queue.ended'))
    if (result.met === 'none') return load(scene.page.case.case_id, current)
    window.sessionStorage.removeItem(STORED)
    const again = result.again_hours > 0 ? { caseId: scene.page.case.case_id, hours: result.again_hours } : null
    Object.assign(state, { scene: null, given: null, draft: emptyDraft(), again })
    void readBoard()
    focusOn('[data-next]')
  })

  /** The next step that was proposed: to try once more today. */
  const tryAgain = () => run(async () => {
    const { again } = state
    if (again === null) return
    const until = new Date(Date.now() + again.hours * 3_600_000).toISOString()
    await api.post(`${queuePath()}/${encodeURIComponent(again.caseId)}`, { action: 'callback', until, mine: false })
    state.again = null
    toast(t('queue.again_done'))
  })

  /** @param {'skip' | 'snooze'} action */
  async function later(action) {
    const id = state.scene?.page.case.case_id
    if (id === undefined || openCall() !== null) return
    const { laterDialog } = await import('./calls/later-dialog.js')
    const body = await laterDialog(action)
    if (body === undefined) return
    await run(async () => {
      await api.post(`${queuePath()}/${encodeURIComponent(id)}`, body)
      window.sessionStorage.removeItem(STORED)
    })
    if (state.problem === null) await next()
  }

  async function promise() {
    const { scene } = state
    if (scene === null) return
    const { promiseDialog } = await import('./case/promise-dialog.js')
    const fresh = await promiseDialog({ api, page: scene.page, locale: locale() })
    if (fresh === undefined) return
    scene.page = fresh
    change({ promised: true, result: 'promise' })
  }

  /** Worked out with the debtor on the telephone, and accepted there and then if they say so. */
  async function agreement() {
    const { scene } = state
    if (scene === null) return
    const { makeDialog } = await import('./agreements/make.js')
    const fresh = await makeDialog({ api, page: scene.page, locale: locale(), channel: 'call' })
    if (fresh === undefined) return
    scene.page = fresh
    change({ agreed: true, result: 'agrees' })
    await accept()
  }

  /** What was proposed, by whomever; one that waits for a second person cannot be accepted yet. */
  async function accept() {
    const { scene } = state
    const proposed = scene?.page.agreements.find(({ can }) => can.accept)
    if (!scene || proposed === undefined) return
    const { acceptDialog } = await import('./agreements/accept.js')
    const fresh = await acceptDialog({ api, page: scene.page, locale: locale() }, proposed)
    if (fresh === undefined) return
    scene.page = fresh
    change({ agreed: true, result: 'agrees' })
  }

  async function dispute() {
    const { scene } = state
    if (scene === null) return
    const { openDisputeDialog } = await import('./disputes/resolve.js')
    if ((await openDisputeDialog({ api, page: scene.page })) === undefined) return
    change({ disputed: true, result: 'disputes' })
  }

  async function link() {
    const { scene } = state
    if (scene === null) return
    const { linkDialog } = await import('./case/link-dialog.js')
    await linkDialog({ api, page: scene.page, locale: locale() }).catch((error) => toast(asProblem(error).text, 'bad'))
  }

  /** @param {Partial<typeof state.draft>} more */
  function change(more) {
    Object.assign(state.draft, more)
    view.update()
  }

  const locale = () => localeFor(state.portfolio?.country ?? 'MX')

  /** @param {string} selector */
  function focusOn(selector) {
    view.now()
    const found = /** @type {HTMLElement | null} */ (root.querySelector(selector))
    found?.focus()
  }

  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target)
    const typing = target.closest('input:not([type=radio]), textarea, select, dialog') !== null
    const act = KEYS[/** @type {keyof typeof KEYS} */ (event.key.toLowerCase())]
    if (!state.keys || typing || event.ctrlKey || event.metaKey || event.altKey || act === undefined || state.portfolio === null) return
    event.preventDefault()
    if (act === 'next' && state.scene === null) void next()
    if (act === 'call') /** @type {HTMLElement | null} */ (root.querySelector('[data-call]:not([disabled])'))?.click()
    if (act === 'skip') void later('skip')
    if (act === 'later') void later('snooze')
    if (act === 'result') focusOn('#result input')
  })
  window.addEventListener('beforeunload', (event) => {
    // Dialling leaves nothing: the browser only hands the number over.
    if (openCall() !== null && Date.now() - dialledAt > 1_000) event.preventDefault()
  })
  window.setInterval(() => { if (openCall() !== null) view.update() }, 1_000)

  function page() {
    const { portfolio } = state
    if (portfolio === null) return html`${pageHead({ title: t('common.title.queue') })}${noPortfolio()}`
    const idle = state.scene === null && !state.loading
    return html`<div class="queue-screen stack">${pageHead({
      title: t('common.title.queue'), lead: t('queue.lead'),
      actions: html`${openCall() === null ? portfolioPicker({ portfolios, chosen: portfolio, disabled: state.busy && state.scene !== null, onPick: pick }) : nothing}
        ${idle ? html`<button type="button" class="button button-primary" data-next ?disabled=${state.busy} @click=${() => void next()}>${t('queue.next')}</button>` : nothing}`,
    })}
      ${state.problem && openCall() === null ? problemBanner(state.problem) : nothing}
      ${state.loading ? card({ body: skeleton(6) }) : nothing}
      ${state.again ? banner({ tone: 'info', title: t('queue.again', { hours: state.again.hours }), actions: html`<button type="button" class="button" ?disabled=${state.busy} @click=${() => void tryAgain()}>${t('queue.again_do')}</button>` }) : nothing}
      ${state.scene === null ? nothing : working(state.scene)}
      ${idle ? resting() : nothing}
      ${idle && state.board ? boardCard(state.board, locale()) : nothing}
      ${keysHelp()}</div>`
  }

  function resting() {
    const { given, portfolio } = state
    if (given === null) return emptyState({ icon: 'phone', title: t('queue.start'), body: t('queue.start_body'), steps: ['a', 'b', 'c'].map((step) => t(`queue.step.${step}`)) })
    return emptyState({
      icon: 'clock', title: t('queue.none'),
      body: given.opens_at ? t('queue.none_until', { when: formatInstant(given.opens_at, locale(), portfolio?.time_zone) }) : given.waiting > 0 ? t('queue.none_waiting', { n: given.waiting }) : t('queue.none_body'),
    })
  }

  /** @param {NonNullable<typeof state.scene>} scene */
  function working(scene) {
    const known = openCall()
    const shown = { ...scene, turn: state.given?.turn ?? null, locale: locale() }
    return html`<div class="split queue-split">
      <div class="stack">
        ${factsCard(shown)}
        ${phonesCard(shown, { busy: state.busy, onCall: (id) => void call(id) })}
        ${known === null ? html`<div class="button-row">
          <button type="button" class="button" ?disabled=${state.busy} @click=${() => void later('snooze')}>${t('queue.snooze')}</button>
          <button type="button" class="button" ?disabled=${state.busy} @click=${() => void later('skip')}>${t('queue.skip')}</button>
        </div>` : nothing}
      </div>
      <div class="stack">
        ${scriptCard(shown, me.name)}
        ${known === null ? nothing : resultCard({
          page: scene.page, sheet: scene.sheet, draft: state.draft, seconds: (Date.now() - new Date(known.began_at).getTime()) / 1000, busy: state.busy, problem: state.problem,
          onChange: change, onPromise: () => void promise(), onAgreement: () => void agreement(), onAccept: () => void accept(), onDispute: () => void dispute(), onLink: () => void link(), onEnd: () => void end(),
        })}
      </div></div>`
  }

  function keysHelp() {
    return html`<details class="keys"><summary>${t('queue.keys')}</summary>
      <dl class="facts">${Object.entries(KEYS).map(([key, act]) => html`<div><dt><kbd>${key.toUpperCase()}</kbd></dt><dd>${t(`queue.key.${act}`)}</dd></div>`)}</dl>
      ${checkField({ name: 'keys', label: t('queue.keys_on'), checked: state.keys, onInput: (on) => {
        state.keys = on
        if (on) window.localStorage.removeItem(KEYS_OFF)
        else window.localStorage.setItem(KEYS_OFF, '1')
        view.update()
      } })}</details>`
  }

  const view = mountView(root, page)
  await Promise.all([resume(), readBoard()])
}
