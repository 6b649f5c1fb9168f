// @ts-check

/** The open app: what it knows, what it does, which screen it shows. */

import { loadLaterTexts, t } from '../core/i18n.js'
import { toast } from '../core/ui/toast.js'
import { frameView } from './frame-view.js'
import { leaveForSignIn } from './gate.js'
import { newId } from './ids.js'
import { mountFrame } from './mount.js'
import { CHANNEL, SYNC_TAG } from './names.js'
import { Places } from './place.js'
import { Shift } from './shift.js'
import { Held, kept } from './space.js'
import { waiting } from './waiting.js'

/** @import { Api } from '../core/api.js' */
/** @import { Me } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { SessionKeeper } from '../core/session.js' */
/** @import { Outbox } from './outbox.js' */
/** @import { Store } from './store.js' */
/** @import { Sync } from './sync.js' */
/** @import { CashFacts, Day, FieldOffers, OutboxItem, Receipt, Stop, Visit } from './types' */
/** @import { Updates } from './updates.js' */
/** @import { Device, Vault } from './vault.js' */
/** @import { VisitDesk } from './visit-desk.js' */

/** Hidden for this long, the phone asks for the PIN again, ms. */
const LOCKS_AFTER_MS = 15 * 60_000

/** @typedef {{ name: string, id: string }} Screen */
/** @typedef {{ code: string, url: string, expires_at: string, photo?: string | null }} Credential */

export class App {
  /** @type {ReturnType<typeof mountFrame> | null} */
  #view = null
  /** Comes after the first screen. @type {Promise<Outbox> | null} */
  #outbox = null
  /** As well. @type {Promise<Sync> | null} */
  #sync = null
  #store
  #vault
  #session
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  #hiddenAt = 0
  #held
  #channel = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : null

  /**
   * @param {{ api: Api, session: SessionKeeper, vault: Vault, store: Store, me: Me, device: Device, updates: Updates }} parts
   */
  constructor({ api, session, vault, store, me, device, updates }) {
    this.api = api
    this.me = me
    this.device = device
    this.updates = updates
    this.#store = store
    this.#vault = vault
    this.#session = session
    /** @type {Day | null} */
    this.day = null
    /** @type {Visit[]} */
    this.visits = []
    /** @type {OutboxItem[]} */
    this.items = []
    /** @type {Credential | null} */
    this.credential = null
    /** What the server knows of the cash held. @type {CashFacts | null} */
    this.cash = null
    /** What may be signed at the doors of today. @type {FieldOffers | null} */
    this.offers = null
    /** @type {Receipt[]} */
    this.receipts = []
    /** @type {string[]} */
    this.seenDropped = []
    this.syncedAt = 0
    this.syncing = false
    this.clockOffsetMs = 0
    this.signedOut = false
    /** @type {Problem | null} */
    this.problem = null
    this.persisted = true
    this.query = ''
    /** @type {Screen} */
    this.screen = screenOf(window.location.hash)
    this.places = new Places()
    this.shift = new Shift({ app: this, store, places: this.places })
    /** Comes when the first visit is opened. @type {VisitDesk | null} */
    this.desk = null
    this.#held = new Held((item) => store.addItem(item), async (item) => (await this.#sender()).sendNow(item))
  }

  /** From what is on the phone, at once; the network comes after. */
  async open() {
    this.#store.onSpace = () => this.paint()
    await this.#load()
    this.#listen()
    // Not before: until the phone's own records are read, nobody knows whether all has been sent.
    this.#view = mountFrame(() => frameView(this))
    void loadLaterTexts().then(() => this.paint(), () => {})
    void this.#keep()
    void this.refresh()
    await this.updates.registration()
    if (this.updates.ready && !this.busyWithVisit) this.updates.take()
  }

  async #load() {
    this.day = (await this.#store.openSealed('day')) ?? null
    this.credential = (await this.#store.openSealed('credential')) ?? null
    this.cash = (await this.#store.openSealed('cash')) ?? null
    this.offers = (await this.#store.openSealed('offers')) ?? null
    this.seenDropped = (await this.#store.fact('seen-dropped')) ?? []
    this.syncedAt = (await this.#store.fact('synced-at')) ?? 0
    this.clockOffsetMs = (await this.#store.fact('clock-offset')) ?? 0
    await this.#store.tidy(Date.now())
    await this.shift.load()
    await this.reload()
  }

  /** What other tabs and the service worker change as well. */
  async reload() {
    this.visits = await this.#store.visits()
    this.items = [...(await this.#store.items()), ...this.#held.items]
    this.receipts = await this.#store.receipts()
    await this.#follow()
    this.paint()
  }

  /** Take up the visit of the screen, if it is one. */
  async #follow() {
    if (this.screen.name === 'visita') await this.#deskReady()
    await this.desk?.follow(this.screen)
  }

  async #deskReady() {
    const { VisitDesk } = await import('./visit-desk.js')
    this.desk ??= new VisitDesk({ app: this, store: this.#store })
    return this.desk
  }

  #listen() {
    this.api.onSignedOut = () => {
      this.signedOut = true
      this.paint()
    }
    this.#session.onSignedOut = () => void this.reload()
    this.updates.onChange = () => this.paint()
    window.addEventListener('hashchange', () => void this.#show())
    window.addEventListener('online', () => void this.refresh())
    window.addEventListener('offline', () => this.paint())
    document.addEventListener('visibilitychange', () => this.#seen())
    this.#channel?.addEventListener('message', () => void this.reload())
  }

  #seen() {
    if (document.visibilityState === 'hidden') {
      this.#hiddenAt = Date.now()
      return
    }
    if (this.#hiddenAt > 0 && Date.now() - this.#hiddenAt > LOCKS_AFTER_MS) return this.lock()
    void this.refresh()
  }

  async #show() {
    this.screen = screenOf(window.location.hash)
    await this.#follow()
    this.#view?.now()
    window.scrollTo(0, 0)
    document.querySelector('#main h1')?.setAttribute('tabindex', '-1')
    const head = document.querySelector('#main h1')
    if (head instanceof HTMLElement) head.focus({ preventScroll: true })
  }

  paint() {
    this.#view?.update()
  }

  /** @param {string} hash  Such as `#/parada/asg_1`. */
  go(hash) {
    if (window.location.hash === hash) void this.#show()
    else window.location.hash = hash
  }

  // The network

  get online() {
    return navigator.onLine
  }

  /** Send what waits, then ask for the day. */
  async refresh() {
    await this.flush()
    await this.sync()
  }

  #sender() {
    const { api, device, me } = this
    this.#outbox ??= import('./outbox.js').then(({ oneAtATime, Outbox }) => new Outbox({
      store: this.#store, api, fetch: (input, init) => window.fetch(input, init),
      alone: oneAtATime(navigator.locks, me.person_id), deviceId: device.device_id,
      atCase: () => this.visits.find(({ state, arrived_at: at }) => state === 'open' && at !== null)?.case_id ?? null,
    })).catch((error) => { this.#outbox = null; throw error })
    return this.#outbox
  }

  /** @param {{ all?: boolean }} [how]  `all`: the agent asks for it, nothing waits any longer. */
  async flush(how) {
    clearTimeout(this.#timer)
    await this.#held.keep()
    if (!this.online) return
    const outbox = await this.#sender().catch(() => null)
    if (outbox === null) return // the network went before it came
    const { stopped, next_at: nextAt } = await outbox.flush(() => void this.reload(), how)
    if (stopped !== 'elsewhere') {
      this.signedOut = stopped === 'session'
      this.#channel?.postMessage('outbox')
    }
    if (nextAt !== null) this.#timer = setTimeout(() => void this.flush(), Math.max(1000, nextAt - Date.now()))
    await this.reload()
  }

  /** Ask for the day and what belongs to it. @param {{ force?: boolean }} [how]  `force`: the agent asks for it. */
  async sync(how) {
    await (await this.#asker())?.all(how)
  }

  /** @param {{ force?: boolean }} [how] */
  async fetchOffers(how) {
    await (await this.#asker())?.offers(how)
  }

  /** Null: the network went before it came. */
  #asker() {
    this.#sync ??= import('./sync.js').then(({ Sync }) => new Sync({ app: this, store: this.#store, vault: this.#vault }))
    return this.#sync.catch(() => { this.#sync = null; return null })
  }

  // Doing

  /** @param {OutboxItem} item */
  async queue(item) {
    await this.#held.add(item)
    await this.queued()
  }

  /** Something new waits: try at once, and have the system try when we are gone. */
  async queued() {
    await this.reload()
    this.#channel?.postMessage('outbox')
    void this.flush()
    const registration = /** @type {any} */ (await this.updates.registration())
    await registration?.sync?.register(SYNC_TAG).catch(() => null)
  }

  /** @param {OutboxItem} item */
  async retry(item) {
    await this.#store.putItem({ ...item, state: 'waiting', next_at: 0, problem: null })
    await this.flush()
  }

  /** @param {Stop} stop */
  async beginVisit(stop) {
    const visit = await (await this.#deskReady()).begin(stop)
    if (visit === null) return
    this.visits = await this.#store.visits()
    this.go(`#/visita/${visit.visit_id}`)
  }

  /** A case near here that is not on the list. @param {Stop} stop */
  async addStop(stop) {
    if (this.day === null) return
    const assignmentId = newId('asg')
    const body = { assignment_id: assignmentId, case_id: stop.case_id, address_id: stop.address?.address_id ?? null }
    const order = Math.max(0, ...this.day.stops.map((one) => one.order)) + 1
    this.day = { ...this.day, stops: [...this.day.stops, { ...stop, assignment_id: assignmentId, order, state: 'planned' }] }
    await kept(this.#store.keepSealed('day', this.day))
    await this.queue(waiting({ kind: 'assignment', ref: assignmentId, title: stop.name, path: '/field/assignments', text: JSON.stringify(body) }, Date.now()))
    toast(t('field.added'))
    this.go(`#/parada/${assignmentId}`)
  }

  /** @param {string[]} ids */
  async seen(ids) {
    this.seenDropped = [...new Set([...this.seenDropped, ...ids])]
    await kept(this.#store.setFact('seen-dropped', this.seenDropped))
    this.paint()
  }

  async alarm() {
    const { latest } = this.places
    const body = {
      alarm_id: newId('alm'), at: new Date().toISOString(),
      lat: latest?.lat ?? null, lng: latest?.lng ?? null, accuracy_m: latest?.accuracy_m ?? null,
    }
    await this.queue(waiting({ kind: 'alarm', ref: body.alarm_id, path: '/field/alarms', text: JSON.stringify(body) }, Date.now()))
    toast(this.online ? t('field.sos_sent') : t('field.sos_waiting'), 'bad')
  }

  // Coming and going

  get busyWithVisit() {
    return this.visits.some(({ state }) => state === 'open')
  }

  get unsent() {
    return this.items.length
  }

  get refused() {
    return this.items.filter(({ state }) => state === 'refused').length
  }

  lock() {
    this.#vault.close(this.me.person_id)
    window.location.reload()
  }

  /** Work that has not been sent stays on the phone under this person's name. */
  async signOut() {
    await this.#store.dropSealed()
    await this.#vault.leave()
    await this.api.delete('/session').catch(() => null)
    this.#session.end()
    await leaveForSignIn()
  }

  signInAgain() {
    void leaveForSignIn()
  }

  get store() {
    return this.#store
  }

  /** Ask the browser not to clear what is here when space runs out. */
  async #keep() {
    const { storage } = navigator
    this.persisted = (await storage?.persisted?.()) || (await storage?.persist?.()) || false
    this.paint()
  }
}

/** @param {string} hash @returns {Screen} */
function screenOf(hash) {
  const [, name = '', id = ''] = hash.split('/')
  return { name, id: decodeURIComponent(id) }
}
