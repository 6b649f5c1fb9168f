// @ts-check

/** Asking the server: the day, and what belongs to it. Each answer is kept sealed on the phone. */

import { todayIn } from '../core/dates.js'
import { asProblem, Problem } from '../core/problem.js'
import { isFull } from './space.js'

/** @import { App } from './app.js' */
/** @import { Store } from './store.js' */
/** @import { CashFacts, Day } from './types' */
/** @import { Vault } from './vault.js' */

/** A day this young is not asked for again unless the agent wants it. */
const FRESH_MS = 60_000
const OFFERS_LAST_MS = 3 * 60 * 60_000

export class Sync {
  #app
  #store
  #vault

  /** @param {{ app: App, store: Store, vault: Vault }} parts */
  constructor({ app, store, vault }) {
    this.#app = app
    this.#store = store
    this.#vault = vault
  }

  /** @param {{ force?: boolean }} [how] */
  async all({ force = false } = {}) {
    const app = this.#app
    if (app.syncing || !app.online || (!force && Date.now() - app.syncedAt < FRESH_MS && app.day !== null)) return
    app.syncing = true
    app.paint()
    try {
      await this.#register()
      await this.#fetchDay()
      await this.#fetchCredential()
      await this.#fetchCash()
      await this.offers()
      await app.shift.check()
      app.problem = null
    } catch (error) {
      const problem = asProblem(error)
      if (isFull(error)) return // told by the store; the day is here until the app is closed
      if (!(error instanceof Problem)) reportError(error)
      if (problem.code !== 'network.unreachable' && problem.status !== 401) app.problem = problem
    } finally {
      app.syncing = false
      await app.reload()
    }
  }

  async #register() {
    const { device, me } = this.#app
    if (device.registered.includes(me.person_id)) return
    await this.#app.api.post('/field/devices', {
      device_id: device.device_id, name: deviceName(), public_key: device.jwk, platform: 'web',
    })
    await this.#vault.registered(device, me.person_id)
  }

  async #fetchDay() {
    const app = this.#app
    const date = todayIn(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone)
    const asked = Date.now()
    const mark = app.day?.date === date ? app.day.mark : null
    /** @type {Day} */
    const day = await app.api.get('/field/day', { query: { date, mark } })
    const now = Date.now()
    // The phone's clock less the server's.
    app.clockOffsetMs = Math.round((asked + now) / 2 - Date.parse(day.server_time))
    if (!day.unchanged) {
      // What left the route is told by its id alone: its name is still known here.
      const names = new Map([...(app.day?.dropped ?? []), ...(app.day?.stops ?? [])].map((one) => [one.assignment_id, one.name]))
      for (const one of day.dropped) one.name ??= names.get(one.assignment_id)
      app.day = day
      await this.#store.keepSealed('day', day)
    }
    app.syncedAt = now
    await this.#store.setFact('synced-at', now)
    await this.#store.setFact('clock-offset', app.clockOffsetMs)
  }

  async #fetchCredential() {
    const app = this.#app
    const ends = app.credential === null ? 0 : Date.parse(app.credential.expires_at)
    if (ends - Date.now() > 60 * 60_000) return
    const given = await app.api.get('/field/credential').catch(() => null)
    if (given === null) return
    app.credential = given
    await this.#store.keepSealed('credential', given)
  }

  /** What is held, and which numbers came: asked for where cash is, or was, taken. */
  async #fetchCash() {
    const app = this.#app
    const takes = Object.values(app.day?.portfolios ?? {}).some((one) => one.cash_allowed)
    if (!takes && app.receipts.length === 0) return
    /** @type {CashFacts | null} */
    const given = await app.api.get('/field/cash', { query: { device: app.device.device_id } }).catch(() => null)
    if (given === null) return
    app.cash = given
    await this.#store.numberAfter(given.last)
    await this.#store.keepSealed('cash', given)
  }

  /** What may be signed today, for doors without signal; asked for again when it is old. @param {{ force?: boolean }} [how] */
  async offers({ force = false } = {}) {
    const app = this.#app
    const { stops = [], portfolios = {} } = app.day ?? {}
    const cases = stops.filter((one) => portfolios[one.portfolio_id]?.dispositions.some(({ wants }) => wants.includes('agreement'))).map((one) => one.case_id)
    const old = app.offers === null || Date.now() - Date.parse(app.offers.as_of) > OFFERS_LAST_MS || cases.some((id) => !app.offers?.items.some((one) => one.case_id === id))
    if (cases.length === 0 || (!force && !old)) return
    const given = await app.api.get('/field/agreements', { query: { cases: cases.join(',') } }).catch(() => null)
    if (given === null) return
    app.offers = given
    await this.#store.keepSealed('offers', given)
    app.paint()
  }
}

/** Enough to tell one's phones apart. */
function deviceName() {
  const { userAgent } = navigator
  return /\(([^;)]+;[^;)]+(?:;[^;)]+)?)/.exec(userAgent)?.[1] ?? (userAgent.slice(0, 60) || 'web')
}
