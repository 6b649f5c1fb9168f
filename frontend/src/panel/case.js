// @ts-check

/** One case: who, how much and since when, how to reach them, and everything ever done. */

/** @import { Agreement } from './agreements/contract.js' */
/** @import { CasePage, ChargeOff, Contact, ContactPage, Entry, Hold, PlannedVisit, PromiseToPay } from './cases/contract.js' */
/** @import { Act } from './case/head-view.js' */
/** @import { ChargeOffPieces } from './case/charge-off-view.js' */
/** @import { Papers } from './case/papers.js' */
/** @import { Mentions } from './case/mentions.js' */
/** @import { CaseTasks } from './case/tasks.js' */
/** @import { Context } from './shell.js' */

import { Form } from '../core/form.js'
import { loadLaterTexts, localeFor, t } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { Problem, asProblem } from '../core/problem.js'
import { banner, tabs } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { contactsCard } from './case/contacts-view.js'
import { debtsCard } from './case/debts-view.js'
import { backToList, caseHead, nameOf } from './case/head-view.js'
import { ledgerCard } from './case/ledger-view.js'
import { agreementsCard } from './case/agreements-view.js'
import { disputesCard } from './case/disputes-view.js'
import { notesCard, promisesCard } from './case/side-view.js'
import { holdsCard } from './case/reach-view.js'
import { familyOf, join } from './case/timeline.js'
import { timelineCard } from './case/timeline-view.js'
import { start } from './shell.js'
import { StrategyNames } from './step-words.js'
import { download } from './uploads/links.js'

/** Loaded with the first press, with their words: most readers of a case only read. @template T @param {Promise<T>} module @returns {Promise<T>} */
const worded = async (module) => (await Promise.all([module, loadLaterTexts()]))[0]
const dialogs = () => worded(import('./case/dialogs.js'))
const promiseDialogs = () => worded(import('./case/promise-dialog.js'))
const chargeOffDialogs = () => worded(import('./case/charge-off.js'))
const reachDialogs = () => worded(import('./case/reach-dialogs.js'))
const visitDialogs = () => worded(import('./case/visit-dialog.js'))
const linkDialogs = () => worded(import('./case/link-dialog.js'))

start(open)

/** @param {Context} context */
async function open({ root, api, params, portfolios, setTitle }) {
  const id = params.get('id') ?? ''
  if (id === '') throw new Problem({ code: 'case.not_found', status: 404 })
  const path = `/cases/${encodeURIComponent(id)}`
  /** @type {[CasePage, import('../core/contract.js').Portfolio[]]} */
  const [first, known] = await Promise.all([api.get(path), portfolios().catch(() => [])])
  const state = {
    page: first,
    events: first.timeline.items,
    cursor: first.timeline.cursor,
    family: '',
    busy: false,
    /** @type {import('../core/view.js').Content} */
    verdict: nothing,
    verifying: false,
    allEntries: false,
    /** @type {typeof import('./case/made-visits-view.js') | null} */
    made: null,
    /** @type {typeof import('./case/visits-view.js').visitsCard | null} */
    planned: null,
    /** @type {typeof import('./case/statement-view.js').statement | null} */
    printed: null,
    /** @type {ChargeOffPieces | null} */
    chargeOff: null,
    onMap: false,
    reach: { page: /** @type {ContactPage | null} */ (null), failed: false },
    papers: /** @type {Papers | null} */ (null),
    tasks: /** @type {CaseTasks | null} */ (null),
    mentions: /** @type {Mentions | null} */ (null),
  }
  const locale = localeFor(first.portfolio.country)
  const backHref = backToList(document.referrer || null)
  setTitle(nameOf(first.case))
  const note = new Form({ text: '' }, () => view.update())
  const names = new StrategyNames({ api, portfolioId: first.portfolio.id, paint: () => view.update() })
  const view = mountView(root, page)
  void readReach()
  void readMade()

  /** The case as it is after something was done. @param {CasePage} fresh */
  function take(fresh) {
    Object.assign(state, { page: fresh, events: fresh.timeline.items, cursor: fresh.timeline.cursor, family: '', verdict: nothing })
    view.update()
    void readReach()
    void state.papers?.read()
  }

  /** What the gate says now; asked for after the case is on the screen. */
  async function readReach() {
    try {
      state.reach = { page: await api.get(`${path}/contact`), failed: false }
    } catch {
      state.reach = { page: null, failed: true }
    }
    view.update()
  }

  /**
   * Something about contact was recorded: the case's state and history moved with it.
   * @param {Promise<ContactPage | undefined>} done @param {string} said
   */
  async function afterReach(done, said) {
    try {
      const reach = await done
      if (reach === undefined) return
      state.reach = { page: reach, failed: false }
      const fresh = await api.get(path)
      Object.assign(state, { page: fresh, events: fresh.timeline.items, cursor: fresh.timeline.cursor, family: '', verdict: nothing })
      view.update()
      toast(said)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {Contact} contact */
  async function changeContact(contact) {
    if (state.reach.page === null) return
    const show = await reachDialogs()
    await afterReach(show.contactDialog({ api, page: state.page, locale }, contact, state.reach.page), t('contact.saved'))
  }

  /** Tasks, visits, documents and what is for paper only: below what is read first, and so are their words. */
  async function readMade() {
    const [made, { Papers: Shown }, { CaseTasks: Asked }, { chargeOffPieces }, { statement }, { visitsCard }] = await Promise.all([import('./case/made-visits-view.js'), import('./case/papers.js'), import('./case/tasks.js'), import('./case/charge-off-view.js'), import('./case/statement-view.js'), import('./case/visits-view.js'), loadLaterTexts()])
    state.made = made
    state.printed = statement
    state.planned = visitsCard
    state.chargeOff = chargeOffPieces({ locale, onReinstate: (one) => void reinstate(one), onWithdraw: (one) => void withdraw(one) })
    state.tasks = new Asked({ api, locale, page: () => state.page, changed: take })
    state.papers = new Shown({ api, path, locale, page: () => state.page, paint: () => view.update(), changed: async () => take(await api.get(path)) })
    view.update()
    void state.papers.read()
  }

  async function openMap() {
    state.onMap = true
    view.now()
    try {
      const map = await state.made?.drawPlaces(/** @type {HTMLElement} */ (root.querySelector('.case-map')), state.page, locale)
      window.addEventListener('pagehide', () => map?.destroy(), { once: true })
    } catch (error) {
      state.onMap = false // the button is there again
      view.update()
      toast(asProblem(error).text, 'bad')
    }
  }

  async function placeHold() {
    if (state.reach.page === null) return
    const show = await reachDialogs()
    await afterReach(show.holdDialog({ api, page: state.page, locale }, state.reach.page), t('contact.hold_done'))
  }

  async function openDispute() {
    const [{ openDisputeDialog }] = await Promise.all([import('./disputes/resolve.js'), loadLaterTexts()])
    const opened = await openDisputeDialog({ api, page: state.page })
    if (opened === undefined) return
    take(await api.get(path))
    void readReach()
    toast(t('case.dispute_opened'))
  }

  async function makeAgreement() {
    const { makeDialog } = await import('./agreements/make.js')
    const fresh = await makeDialog({ api, page: state.page, locale })
    if (fresh === undefined) return
    const [made] = fresh.agreements
    await after(Promise.resolve(fresh), t(made.state === 'pending' ? 'agreements.done.ask' : 'agreements.done.make'))
  }

  /** @param {Agreement} agreement */
  async function acceptAgreement(agreement) {
    const { acceptDialog } = await import('./agreements/accept.js')
    await after(acceptDialog({ api, page: state.page, locale }, agreement), t('agreements.done.accept'))
  }

  /** @param {Agreement} agreement */
  async function cancelAgreement(agreement) {
    const { endDialog, pathOf } = await import('./agreements/accept.js')
    await after(endDialog({ api, path: pathOf(state.page, agreement), decision: 'cancelled' }), t('agreements.done.cancel'))
  }

  /** @param {Hold} hold */
  async function liftHold(hold) {
    const show = await reachDialogs()
    await afterReach(show.lift({ api, page: state.page, locale }, hold), t('contact.lift_done'))
  }

  /** @param {Promise<CasePage | undefined>} done @param {string} said */
  async function after(done, said) {
    const fresh = await done
    if (fresh === undefined) return
    take(fresh)
    toast(said)
  }

  /** @param {Act} act */
  async function perform(act) {
    const scene = { api, page: state.page, locale }
    if (act === 'charge_off') {
      await after((await chargeOffDialogs()).chargeOffDialog(scene), t('case.done.charge_off'))
      return
    }
    const [show, { promiseDialog }] = await Promise.all([dialogs(), promiseDialogs()])
    const open = {
      pay: show.payDialog, promise: promiseDialog, note: show.noteDialog,
      adjust: show.adjustDialog, waive: show.waiveDialog, tag: show.tagsDialog,
    }[act]
    await after(open(scene), t(`case.done.${act}`))
  }

  /** @param {ChargeOff} one */
  async function reinstate(one) {
    await after((await chargeOffDialogs()).reinstateDialog({ api, page: state.page, locale }, one), t('case.done.charge_off'))
  }

  /** @param {ChargeOff} one */
  async function withdraw({ charge_off_id: key }) {
    try {
      take(await api.patch(`${path}/charge-offs/${encodeURIComponent(key)}`, { decision: 'withdrawn' }))
      toast(t('chargeoff.withdrawn'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {Entry} entry */
  async function reverse(entry) {
    const show = await dialogs()
    await after(show.reverseDialog({ api, page: state.page, locale }, entry), t('case.done.reverse'))
  }

  /** @param {PromiseToPay} promise */
  async function cancelPromise(promise) {
    const show = await dialogs()
    await after(show.cancelPromiseDialog({ api, page: state.page, locale }, promise), t('case.done.cancel_promise'))
  }

  async function planVisit() {
    try {
      const show = await visitDialogs()
      const said = await show.visitDialog({ api, page: state.page })
      if (said === undefined) return
      take(await api.get(path))
      toast(said)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  async function shareLink() {
    try {
      const show = await linkDialogs()
      if (await show.linkDialog({ api, page: state.page, locale })) take(await api.get(path))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {PlannedVisit} visit */
  async function takeVisit(visit) {
    try {
      await api.delete(`${path}/assignments/${encodeURIComponent(visit.assignment_id)}`)
      take(await api.get(path))
      toast(t('case.visit_taken'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {string} language */
  async function speak(language) {
    try {
      take(await api.put(`${path}/language`, { language }))
      toast(t('common.saved'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** Names are offered from the first `@` on. @param {Event} event */
  async function typeNote({ target }) {
    const area = /** @type {HTMLTextAreaElement} */ (target)
    if (state.mentions === null && area.value.includes('@')) {
      const loaded = await import('./case/mentions.js').catch(() => null)
      if (loaded === null) return // the note is written without names being offered
      state.mentions ??= new loaded.Mentions({ api, portfolioId: first.portfolio.id, write: (text) => note.set('text', text), paint: () => view.update() })
    }
    await state.mentions?.typed(area)
  }

  async function saveNote() {
    const fresh = await note.submit(({ text }, key) => api.post(`${path}/notes`, { text: text.trim(), mentions: state.mentions?.of(text) }, { key }))
    if (fresh === undefined) return
    note.reset({ text: '' })
    take(fresh)
    toast(t('case.done.note'))
  }

  /** @param {string} family @param {string | null} cursor */
  async function readTimeline(family, cursor) {
    state.busy = true
    view.update()
    try {
      const answer = await api.get(`${path}/timeline`, { query: { kind: family === '' ? null : `${family}.`, cursor } })
      if (family !== state.family) return
      state.events = cursor === null ? answer.items : join(state.events, answer.items)
      state.cursor = answer.cursor
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    } finally {
      state.busy = false
      view.update()
    }
  }

  /** @param {string} family */
  function pickFamily(family) {
    state.family = family
    // What is at hand is shown at once; the server then says what else there is.
    state.events = state.page.timeline.items.filter(({ kind }) => family === '' || familyOf(kind) === family)
    state.cursor = family === '' ? state.page.timeline.cursor : null
    view.update()
    if (family !== '') void readTimeline(family, null)
  }

  async function verify() {
    state.verifying = true
    view.update()
    try {
      const [verdict, { judge }, { verdictBanner }] = await Promise.all([api.get(`${path}/verification`), import('./case/chain.js'), worded(import('./case/verdict-view.js'))])
      state.verdict = verdictBanner(judge(verdict, state.page.chain, state.page.timeline.items), state.page)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    } finally {
      state.verifying = false
      view.update()
    }
  }

  function page() {
    const { page: shown } = state
    const portfolio = known.find(({ portfolio_id: own }) => own === shown.portfolio.id)
    return html`<div class="case-screen stack">
      ${caseHead({ page: shown, locale, backHref, onAct: (act) => void perform(act), onPrint: () => window.print(), onLink: () => void shareLink(), onStatement: () => void download(api, `${path}/statement`) })}
      ${shown.case.status === 'void' ? banner({
        tone: 'warn', title: t('case.void_title'),
        body: shown.case.merged_into ? html`<a href=${pathTo('case', { id: shown.case.merged_into })}>${t('case.void_merged')}</a>` : t('case.void_body'),
      }) : nothing}
      ${tabs(t('case.sections'), [
        { key: 'debts', label: t('case.debts_tab'), href: '#debts' }, { key: 'contacts', label: t('case.contacts'), href: '#contacts' },
        { key: 'ledger', label: t('case.ledger'), href: '#ledger' }, { key: 'timeline', label: t('case.timeline'), href: '#timeline' },
      ], '')}
      <div class="split case-split">
        <div class="stack">
          ${debtsCard(shown, locale, state.chargeOff)}
          ${ledgerCard({ page: shown, locale, all: state.allEntries, onAll: () => { state.allEntries = true; view.update() }, onReverse: (entry) => void reverse(entry) })}
        </div>
        <div class="stack">
          ${contactsCard({ page: shown, reach: state.reach, locale, onChange: (contact) => void changeContact(contact), onRetry: () => void readReach(), onLanguage: (language) => void speak(language) })}
          ${holdsCard({ page: shown, reach: state.reach, locale, onHold: () => void placeHold(), onLift: (hold) => void liftHold(hold) })}
          ${disputesCard({ page: shown, locale, onOpen: () => void openDispute() })}
          ${agreementsCard({ page: shown, locale, onMake: () => void makeAgreement(), onAccept: (one) => void acceptAgreement(one), onPaper: (one) => void download(api, `${path}/agreements/${encodeURIComponent(one.agreement_id)}`), onCancel: (one) => void cancelAgreement(one) })}
          ${promisesCard({ page: shown, locale, onCancel: (promise) => void cancelPromise(promise) })}
          ${state.papers?.view() ?? nothing}
          ${state.tasks?.view() ?? nothing}
          ${state.planned?.({ page: shown, locale, onPlan: () => void planVisit(), onTake: (visit) => void takeVisit(visit) }) ?? nothing}
          ${notesCard({ page: shown, locale, form: note, onSave: () => void saveNote(), mentions: state.mentions, onType: (event) => void typeNote(event) })}
          ${state.made?.madeVisitsCard({ page: shown, locale, onMap: state.onMap, onOpenMap: () => void openMap() }) ?? nothing}
        </div>
      </div>
      ${timelineCard({
        page: shown, locale, names, events: state.events, cursor: state.cursor, family: state.family, busy: state.busy, verdict: state.verdict, verifying: state.verifying,
        onFamily: pickFamily, onOlder: () => void readTimeline(state.family, state.cursor), onVerify: () => void verify(),
      })}
    </div>
    ${state.printed?.({ page: shown, portfolio, locale, now: new Date() }) ?? nothing}`
  }
}

