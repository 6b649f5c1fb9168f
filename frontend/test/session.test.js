// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SessionKeeper } from '../src/core/session.js'

const ME = /** @type {any} */ ({ person_id: 'per_1', name: 'Ana' })

/** Tabs of one browser: they share the cookie (the server), the lock and the channel. */
class Browser {
  now = 1_000_000
  refreshes = 0
  status = 200
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve()
  /** @type {Set<any>} */
  #channels = new Set()

  tab() {
    /** @type {Map<string, string>} */
    const stored = new Map()
    /** @type {((event: any) => void)[]} */
    const listeners = []
    const channel = {
      addEventListener: (/** @type {string} */ _type, /** @type {any} */ listener) => listeners.push(listener),
      postMessage: (/** @type {any} */ data) => {
        for (const other of this.#channels) if (other !== channel) other.hear(structuredClone(data))
      },
      hear: (/** @type {any} */ data) => listeners.forEach((listener) => listener({ data })),
    }
    this.#channels.add(channel)
    return new SessionKeeper({
      storage: {
        getItem: (name) => stored.get(name) ?? null,
        setItem: (name, value) => { stored.set(name, value) },
        removeItem: (name) => { stored.delete(name) },
      },
      channel: /** @type {any} */ (channel),
      locks: {
        request: (_name, work) => {
          const turn = this.#queue.then(work)
          this.#queue = turn.catch(() => null)
          return turn
        },
      },
      now: () => this.now,
      fetch: async () => {
        this.refreshes += 1
        const body = { access_token: `token-${this.refreshes}`, expires_in: 3600, me: ME }
        return new Response(JSON.stringify(body), { status: this.status })
      },
    })
  }
}

test('a tab without a token asks for one by the cookie', async () => {
  const tab = new Browser().tab()
  assert.equal(await tab.token(), 'token-1')
  assert.equal(tab.me?.name, 'Ana')
})

test('many calls at once make one refresh', async () => {
  const browser = new Browser()
  const tab = browser.tab()
  assert.deepEqual(await Promise.all([tab.token(), tab.token(), tab.token()]), ['token-1', 'token-1', 'token-1'])
  assert.equal(browser.refreshes, 1)
})

test('tabs that refresh at the same moment share one answer', async () => {
  const browser = new Browser()
  const [one, two] = [browser.tab(), browser.tab()]
  assert.deepEqual(await Promise.all([one.token(), two.token()]), ['token-1', 'token-1'])
  assert.equal(browser.refreshes, 1)
})

test('a token is replaced before it ends', async () => {
  const browser = new Browser()
  const tab = browser.tab()
  await tab.token()
  browser.now += 3_600_000 - 10_000
  assert.equal(await tab.token(), 'token-2')
})

test('a refused token is replaced even when the clock says it is good', async () => {
  const browser = new Browser()
  const tab = browser.tab()
  await tab.token()
  assert.ok(await tab.refresh('token-1'))
  assert.equal(await tab.token(), 'token-2')
})

test('signing out is heard in the other tabs', async () => {
  const browser = new Browser()
  const [one, two] = [browser.tab(), browser.tab()]
  await one.token()
  let told = false
  two.onSignedOut = () => { told = true }
  one.end()
  assert.ok(told)
  assert.equal(two.me, null)
})

test('a session the server ended is over', async () => {
  const browser = new Browser()
  browser.status = 401
  assert.equal(await browser.tab().token(), null)
})

test('a server in trouble does not throw anyone out', async () => {
  const browser = new Browser()
  const tab = browser.tab()
  await tab.token()
  browser.now += 3_600_000
  browser.status = 503
  await assert.rejects(tab.token())
  assert.equal(tab.me?.name, 'Ana')
})
