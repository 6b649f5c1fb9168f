// @ts-check

/**
 * Who is signed in in this browser.
 *
 * The access token lives in memory and in sessionStorage (so that going from page to page does
 * not ask for a new one); the refresh token is a cookie no script can read. Tabs tell each other
 * about new tokens and about signing out, and only one of them refreshes at a time.
 */

/** @import { Me, Tokens } from './contract.js' */
/** @typedef {{ token: string, expires_at: number, me: Me }} Session */

const STORED = 'recobro.session'
const CHANNEL = 'recobro.session'
const LOCK = 'recobro.refresh'

/** A token this close to its end is replaced before it is used, ms. */
const EARLY_MS = 30_000

export class SessionKeeper {
  /** @type {Session | null} */
  #session = null
  #storage
  #fetch
  #locks
  #channel
  #now
  /** @type {Promise<boolean> | null} */
  #refreshing = null

  /**
   * @param {object} parts
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} parts.storage
   * @param {typeof globalThis.fetch} parts.fetch
   * @param {{ request: (name: string, work: () => Promise<boolean>) => Promise<boolean> } | undefined} parts.locks
   * @param {BroadcastChannel | undefined} parts.channel
   * @param {() => number} parts.now
   */
  constructor({ storage, fetch, locks, channel, now }) {
    this.#storage = storage
    this.#fetch = fetch
    this.#locks = locks
    this.#channel = channel
    this.#now = now
    this.#session = this.#read()
    /** Called when this browser has been signed out in another tab. */
    this.onSignedOut = () => {}
    channel?.addEventListener('message', ({ data }) => this.#hear(data))
  }

  get me() {
    return this.#session?.me ?? null
  }

  /**
   * A token to call the API with, refreshed when it is about to end.
   * @returns {Promise<string | null>}  Null: nobody is signed in.
   */
  async token() {
    if (this.#session !== null && this.#session.expires_at - EARLY_MS > this.#now()) return this.#session.token
    return (await this.refresh(this.#session?.token)) ? (this.#session?.token ?? null) : null
  }

  /**
   * Ask for new tokens by the cookie. Calls made meanwhile, here or in other tabs, share the answer.
   * @param {string} [refused]  The token that no longer works; a newer one at hand is used instead.
   * @returns {Promise<boolean>}  False: the session is over.
   */
  refresh(refused) {
    this.#refreshing ??= this.#exclusively(() => this.#renew(refused)).finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /** @param {Tokens} tokens */
  start(tokens) {
    this.#keep({
      token: tokens.access_token,
      expires_at: this.#now() + tokens.expires_in * 1000,
      me: tokens.me,
    })
    this.#channel?.postMessage(this.#session)
  }

  /** @param {Me} me */
  update(me) {
    if (this.#session === null) return
    this.#keep({ ...this.#session, me })
    this.#channel?.postMessage(this.#session)
  }

  /** Forget the session here and in the other tabs; telling the server is the caller's part. */
  end() {
    this.#forget()
    this.#channel?.postMessage(null)
  }

  /** @param {() => Promise<boolean>} work */
  #exclusively(work) {
    return this.#locks === undefined ? work() : this.#locks.request(LOCK, work)
  }

  /** @param {string | undefined} refused */
  async #renew(refused) {
    // While this tab waited for the lock, another may have brought new tokens.
    const current = this.#session
    if (current !== null && current.token !== refused && current.expires_at - EARLY_MS > this.#now()) return true
    const response = await this.#fetch('/api/v1/session/refresh', {
      method: 'POST', credentials: 'same-origin', headers: { Accept: 'application/json' },
    })
    if (response.ok) {
      this.start(await response.json())
      return true
    }
    // A server in trouble is no reason to throw the reader out.
    if (response.status >= 500 || response.status === 429) throw new TypeError('refresh failed')
    this.#forget()
    return false
  }

  /** @param {Session | null} data  What another tab says. */
  #hear(data) {
    if (data === null) {
      this.#forget()
      this.onSignedOut()
    } else {
      this.#keep(data)
    }
  }

  /** @param {Session} session */
  #keep(session) {
    this.#session = session
    this.#storage.setItem(STORED, JSON.stringify(session))
  }

  #forget() {
    this.#session = null
    this.#storage.removeItem(STORED)
  }

  /** @returns {Session | null} */
  #read() {
    try {
      return JSON.parse(this.#storage.getItem(STORED) ?? 'null')
    } catch {
      return null
    }
  }
}

export function browserSession() {
  return new SessionKeeper({
    storage: window.sessionStorage,
    fetch: (input, init) => window.fetch(input, init),
    locks: navigator.locks,
    channel: 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : undefined,
    now: () => Date.now(),
  })
}
