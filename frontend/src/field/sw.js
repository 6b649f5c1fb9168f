// @ts-check

/**
 * The service worker of the field: the app without a network, and sending when it comes back.
 *
 * `self.RECOBRO` is written in front of this by the build: the page, all its files, their version.
 * Every file is fetched once when a version arrives and served from then on. A new version waits
 * until the page says that no visit is open.
 */

import { Api } from '../core/api.js'
import { SessionKeeper } from '../core/session.js'
import { CHANNEL, SYNC_TAG } from './names.js'
import { oneAtATime, Outbox } from './outbox.js'
import { openStore } from './store.js'
import { openVault } from './vault.js'

/** @type {any} */
const worker = self
/** @type {{ version: string, page: string, files: string[] }} */
const { version, page, files } = worker.RECOBRO
const PREFIX = `field${page.replaceAll('/', '-')}`
const CACHE = `${PREFIX}${version}`

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(fetchAll()))
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(takeOver()))
worker.addEventListener('fetch', onFetch)
worker.addEventListener('sync', (/** @type {any} */ event) => {
  if (event.tag === SYNC_TAG) event.waitUntil(send())
})
worker.addEventListener('message', (/** @type {any} */ { data }) => {
  if (data === 'take-over') worker.skipWaiting()
})

async function fetchAll() {
  const cache = await caches.open(CACHE)
  // The page's name stays the same between versions: past the browser's own cache.
  await cache.addAll([new Request(page, { cache: 'no-cache' }), ...files])
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await worker.clients.claim()
}

/** @param {any} event */
function onFetch(event) {
  const { request } = event
  const url = new URL(request.url)
  // The API answers for itself: what it says is never kept here.
  if (request.method !== 'GET' || url.origin !== worker.location.origin || url.pathname.startsWith('/api/')) return
  const wanted = request.mode === 'navigate' && url.pathname === page ? page : files.includes(url.pathname) ? url.pathname : null
  if (wanted !== null) event.respondWith(fromHere(wanted, request))
}

/** @param {string} path @param {Request} request */
async function fromHere(path, request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(path)) ?? fetch(request)
}

/** The system says that there is a network again, the page may long be closed. */
async function send() {
  const vault = await openVault(forgetful())
  const session = new SessionKeeper({
    storage: forgetful(), fetch: (input, init) => fetch(input, init), locks: navigator.locks, channel: undefined, now: () => Date.now(),
  })
  if ((await session.token()) === null || session.me === null) return
  const { person_id: personId } = session.me
  const store = await openStore(personId)
  const outbox = new Outbox({
    store,
    api: new Api({ session, fetch: (input, init) => fetch(input, init) }),
    fetch: (input, init) => fetch(input, init),
    alone: oneAtATime(navigator.locks, personId),
    deviceId: (await vault.device()).device_id,
  })
  const { stopped } = await outbox.flush()
  new BroadcastChannel(CHANNEL).postMessage('outbox')
  store.close()
  // Failing asks the system for another turn.
  if (stopped === 'offline') throw new Error('offline')
}

/** A place for what must not outlive this turn. */
function forgetful() {
  /** @type {Map<string, string>} */
  const held = new Map()
  return {
    getItem: (/** @type {string} */ name) => held.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void held.set(name, value),
    removeItem: (/** @type {string} */ name) => void held.delete(name),
  }
}
