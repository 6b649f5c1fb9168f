// @ts-check

/** The visit that is on screen: every change of it is on the phone's disk before it is shown. */

import { t } from '../core/i18n.js'
import { Problem } from '../core/problem.js'
import { toast } from '../core/ui/toast.js'
import { amountFault, answersFor, numberOf, seriesOf, signedWords } from './cash.js'
import { waiting } from './waiting.js'
import { fixOf, withFix } from './place.js'
import { takePhoto } from './photos.js'
import { isFull, kept } from './space.js'
import { beginVisit, dispositionOf, faultsOf, itemsOf, judgeFix, judgeVisit, photoFacts, recordOf, stepBeside } from './visit.js'
import { sign } from './vault.js'

/** @import { App, Screen } from './app.js' */
/** @import { Place } from './place.js' */
/** @import { Store } from './store.js' */
/** @import { FieldPortfolio, Photo, PhotoKind, Stop, Visit } from './types' */

export class VisitDesk {
  #app
  #store
  /** @type {(() => void) | null} */
  #stop = null

  /** @param {{ app: App, store: Store }} parts */
  constructor({ app, store }) {
    this.#app = app
    this.#store = store
    /** @type {Visit | null} */
    this.visit = null
    /** @type {Record<string, string>} */
    this.faults = {}
    this.busy = false
    /** Pictures of the photos on screen, by id. @type {Map<string, string>} */
    this.pictures = new Map()
  }

  /** @returns {FieldPortfolio | null} */
  get portfolio() {
    return this.#app.day?.portfolios[this.visit?.portfolio_id ?? ''] ?? null
  }

  /** Take up the visit of the screen, or put down the last one. @param {Screen} screen */
  async follow({ name, id }) {
    const wanted = name === 'visita' ? id : null
    if (wanted === (this.visit?.visit_id ?? null)) return
    this.#putDown()
    if (wanted === null) return
    this.visit = (await this.#store.visit(wanted)) ?? null
    if (this.visit === null) return
    for (const { photo_id: photoId } of this.visit.photos) {
      const photo = await this.#store.photo(photoId)
      if (photo !== undefined) this.pictures.set(photoId, URL.createObjectURL(photo.blob))
    }
    if (this.visit.state === 'open') this.#stop = this.#app.places.follow((place) => void this.#note(place))
  }

  /** The visit of a stop: the one that was left open, else a new one; null: no room for it. @param {Stop} stop @returns {Promise<Visit | null>} */
  async begin(stop) {
    const open = this.#app.visits.find((visit) => visit.state === 'open' && visit.case_id === stop.case_id)
    if (open !== undefined) return open
    const visit = beginVisit(stop, { tracked: this.#app.shift.on, now: Date.now() })
    if (await kept(this.#store.saveVisit(visit))) return visit
    return noRoom()
  }

  #putDown() {
    this.#stop?.()
    this.#stop = null
    for (const picture of this.pictures.values()) URL.revokeObjectURL(picture)
    this.pictures.clear()
    this.visit = null
    this.faults = {}
  }

  /** Until arrival the ring only shows; after it, fixes tell how long the stay was. @param {Place | null} place */
  async #note(place) {
    const { visit } = this
    if (visit !== null && place !== null && visit.arrived_at !== null && visit.state === 'open') {
      const fixes = withFix(visit.fixes, fixOf(place))
      if (fixes !== visit.fixes) {
        visit.fixes = fixes
        await kept(this.#store.saveVisit(visit))
      }
    }
    this.#app.paint()
  }

  /**
   * Change it; saved before anything else happens. Without room it stays on screen, and goes along with the next that is.
   * @param {(visit: Visit) => void} mutate
   * @returns {Promise<boolean>}  Whether it was saved.
   */
  async change(mutate) {
    if (this.visit === null) return false
    mutate(this.visit)
    this.faults = {}
    this.#app.paint()
    return kept(this.#store.saveVisit(this.visit))
  }

  /** The place counts from now; what is beyond the radius can only be an exception. */
  async arrive() {
    const { latest } = this.#app.places
    if (latest === null) return
    const at = new Date().toISOString()
    const fix = fixOf(latest)
    await this.change((visit) => {
      visit.fixes = [fix]
      visit.arrived_at = at
      visit.verdict = judgeFix(visit, { fix, judged_at: at, stay_s: null })
      if (visit.verdict.verdict === 'outside') visit.kind = 'exception'
    })
    await this.next()
  }

  /** Somebody at the right door may still be unable to visit. */
  async fileException() {
    if (this.#hasCash()) return
    await this.change((visit) => {
      visit.kind = 'exception'
      visit.step = 'exception'
    })
  }

  /** Back to a visit, as long as the place allows one. */
  async unfileException() {
    await this.change((visit) => {
      visit.kind = 'visit'
      visit.exception = null
      visit.step = 'identify'
    })
  }

  async next() {
    const { visit, portfolio } = this
    if (visit === null || portfolio === null) return
    this.faults = faultsOf(visit, portfolio, Date.now())
    if (Object.keys(this.faults).length > 0) {
      this.#app.paint()
      queueMicrotask(() => {
        const bad = document.querySelector('[aria-invalid=true], .field-error')
        if (bad instanceof HTMLElement) bad.focus()
        bad?.scrollIntoView({ block: 'center' })
      })
      return
    }
    await this.#step(stepBeside(visit, portfolio, 1))
  }

  async back() {
    const { visit, portfolio } = this
    if (visit === null || portfolio === null) return
    await this.#step(stepBeside(visit, portfolio, -1))
  }

  /** @param {Visit['step']} step */
  async #step(step) {
    const before = this.visit?.step ?? step
    if (await this.change((visit) => { visit.step = step })) return this.#app.go(window.location.hash)
    // What is not on the disk is not left behind: the screen stays until there is room.
    if (this.visit !== null) this.visit.step = before
    noRoom()
    this.#app.paint()
  }

  /** @param {File} file @param {PhotoKind} kind */
  async photograph(file, kind) {
    const { visit } = this
    if (visit === null) return
    this.busy = true
    this.#app.paint()
    try {
      const photo = await takePhoto(file, { visitId: visit.visit_id, kind, fix: this.#app.places.latest, now: Date.now() })
      await this.addPhoto(photo)
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      toast(t('visit.photo_bad'), 'bad')
    } finally {
      this.busy = false
      this.#app.paint()
    }
  }

  /**
   * There is one signature and one notice; the other kinds may be many.
   * @param {Photo} photo
   * @returns {Promise<boolean>}  False: there was no room, and the visit does not name it.
   */
  async addPhoto(photo) {
    const { visit } = this
    if (visit === null) return false
    const { photos, payment_report: paid } = structuredClone(visit)
    const single = photo.kind === 'signature' || photo.kind === 'notice'
    const replaced = single ? visit.photos.filter(({ kind }) => kind === photo.kind) : []
    visit.photos = [...visit.photos.filter((one) => !replaced.includes(one)), photoFacts(photo)]
    if (photo.kind === 'receipt' && visit.payment_report !== null) visit.payment_report.photo_id = photo.photo_id
    if (!(await kept(this.#store.addPhoto(photo, visit)))) {
      Object.assign(visit, { photos, payment_report: paid })
      noRoom()
      this.#app.paint()
      return false
    }
    for (const { photo_id: photoId } of replaced) await this.#forget(photoId)
    this.pictures.set(photo.photo_id, URL.createObjectURL(photo.blob))
    this.faults = {}
    this.#app.paint()
    return true
  }

  /** @param {string} photoId */
  async removePhoto(photoId) {
    await this.change((visit) => {
      visit.photos = visit.photos.filter((photo) => photo.photo_id !== photoId)
      if (visit.payment_report?.photo_id === photoId) visit.payment_report.photo_id = null
    })
    await this.#forget(photoId)
    this.#app.paint()
  }

  /** @param {string} photoId */
  async #forget(photoId) {
    await this.#store.dropPhoto(photoId)
    URL.revokeObjectURL(this.pictures.get(photoId) ?? '')
    this.pictures.delete(photoId)
  }

  /** A visit begun by mistake leaves nothing behind. */
  async discard() {
    const { visit } = this
    if (visit === null || this.#hasCash()) return
    this.#putDown()
    await this.#store.dropVisit(visit.visit_id)
    await this.#app.reload()
    this.#app.go('#/')
  }

  // Cash

  /** What the case owes, where the agent may see it. */
  get owedMinor() {
    const stop = this.#app.day?.stops.find((one) => one.case_id === this.visit?.case_id)
    return stop?.amount?.minor ?? null
  }

  /** A visit with money in it ends as a visit, or its receipt is torn up first. */
  #hasCash() {
    if (!this.visit?.cash) return false
    toast(t('visit.cash_tear_first'), 'bad')
    return true
  }

  /** Number the receipt: from here on the money is accounted for. @param {number | null} amount */
  async takeCash(amount) {
    const { visit, portfolio } = this
    if (visit === null || portfolio === null || this.busy || visit.cash) return
    const fault = amountFault(amount, {
      held: answersFor(this.#app.cash, this.#app.receipts, visit.portfolio_id), limit: portfolio.cash_limit_minor ?? 0, owed: this.owedMinor,
    })
    this.faults = fault === null ? {} : { amount: fault }
    if (fault !== null || amount === null) return this.#app.paint()
    this.busy = true
    this.#app.paint()
    const { device, me } = this.#app
    const series = await seriesOf(device.device_id, me.person_id)
    const { visit_id, case_id, portfolio_id, name } = visit
    const receipt = await this.#store.issueReceipt(visit, {
      visit_id, case_id, portfolio_id, name, amount_minor: amount, currency: portfolio.currency, at: new Date().toISOString(), state: 'issued', reason: '', token: '',
    }, (place) => numberOf(series, place)).catch((error) => { if (isFull(error)) return noRoom(); throw error })
    if (receipt === null) {
      this.busy = false
      return this.#app.paint()
    }
    visit.cash = { number: receipt.number, amount_minor: receipt.amount_minor, at: receipt.at }
    // By the phone's own key, so that its QR can be checked.
    const words = signedWords(receipt)
    await kept(this.#store.keepReceipt({ ...receipt, token: `${words}.${await sign(device, words)}` }))
    this.busy = false
    await this.#app.reload()
  }

  /** Have a code sent to the debtor. */
  async askCashCode() {
    await this.#withCode({})
  }

  /** @param {string} code  As the debtor read it out. */
  async confirmCash(code) {
    await this.#withCode({ code_id: this.visit?.cash?.code_id, code: code.trim() })
  }

  /** @param {{ code_id?: string, code?: string }} given */
  async #withCode(given) {
    const { visit } = this
    if (visit === null || !visit.cash || this.busy) return
    this.busy = true
    this.faults = {}
    this.#app.paint()
    try {
      const { number, amount_minor } = visit.cash
      const { code_id: codeId, confirmed } = await this.#app.api.post('/field/cash/codes', { case_id: visit.case_id, number, amount_minor, ...given })
      await this.change((one) => {
        if (one.cash) one.cash.code_id = codeId
        one.cash_confirmed = confirmed
      })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.faults = { code: 'visit.cash_code_wrong' }
      if (error.code !== 'code.not_valid') toast(t('visit.cash_code_failed'), 'bad')
    } finally {
      this.busy = false
      this.#app.paint()
    }
  }

  /** @param {string} reason */
  async tearUpCash(reason) {
    const { visit } = this
    const receipt = this.#app.receipts.find(({ number }) => number === visit?.cash?.number)
    if (visit === null || receipt === undefined || this.busy) return
    this.busy = true
    const { number, visit_id, case_id, amount_minor, at } = receipt
    const body = { number, device_id: this.#app.device.device_id, case_id, visit_id, amount_minor, at, reason }
    const torn = { ...visit, cash: null, cash_confirmed: false }
    const done = await kept(this.#store.tearUp({ ...receipt, state: 'void', reason }, torn, waiting({ kind: 'torn', ref: number, title: visit.name, path: '/field/cash/voids', text: JSON.stringify(body) }, Date.now())))
    this.busy = false
    if (!done) return void noRoom()
    Object.assign(visit, { cash: null, cash_confirmed: false })
    await this.#app.queued()
  }

  /** Sign it and put it into the outbox, in one step with the visit itself. */
  async finish() {
    const { visit, portfolio } = this
    if (visit === null || portfolio === null || this.busy) return
    this.busy = true
    this.#app.paint()
    const now = Date.now()
    const { latest } = this.#app.places
    if (latest !== null && visit.arrived_at !== null) visit.fixes = withFix(visit.fixes, fixOf(latest))
    visit.finished_at = new Date(now).toISOString()
    visit.verdict = judgeVisit(visit, visit.finished_at) ?? visit.verdict
    visit.state = 'queued'
    const text = JSON.stringify(recordOf(visit, portfolio, {
      deviceId: this.#app.device.device_id, appVersion: appVersion(), clockOffsetMs: this.#app.clockOffsetMs,
    }))
    const agreement = dispositionOf(visit, portfolio)?.wants.includes('agreement')
    const queued = await kept(this.#store.queueVisit(visit, itemsOf(visit, text, await sign(this.#app.device, text), now, { agreement, clockOffsetMs: this.#app.clockOffsetMs })))
    this.busy = false
    if (!queued) {
      Object.assign(visit, { state: 'open', finished_at: null })
      noRoom()
      return this.#app.paint()
    }
    this.#putDown()
    toast(t('visit.done'))
    await this.#app.queued()
    this.#app.go('#/')
  }
}

/** The script's own name carries what it was built from. */
function appVersion() {
  return /main-(\w+)\.js/.exec(document.querySelector('script[type=module]')?.getAttribute('src') ?? '')?.[1] ?? 'dev'
}

/** Say that nothing was written, since the phone is full. @returns {null} */
function noRoom() {
  toast(t('visit.no_space'), 'bad')
  return null
}
