// @ts-check

/**
 * The installed app and its new versions. A new one is fetched in the background and waits; it
 * takes over when the page asks for that, which it does only while no visit is open.
 */

/**
 * @typedef {object} Updates
 * @property {boolean} ready  A new version waits.
 * @property {() => void} onChange
 * @property {() => void} take  Let it take over; the page loads again by itself.
 * @property {() => Promise<ServiceWorkerRegistration | null>} registration
 */

/** @param {Promise<void>} turn  Not before. @returns {Updates} */
export function followUpdates(turn) {
  /** @type {ServiceWorkerRegistration | null} */
  let registration = null
  let asked = false
  /** @type {Updates} */
  const updates = {
    ready: false,
    onChange: () => {},
    take: () => {
      asked = true
      registration?.waiting?.postMessage('take-over')
    },
    registration: () => registered,
  }
  const look = () => {
    updates.ready = registration?.waiting !== null && registration !== null && navigator.serviceWorker.controller !== null
    updates.onChange()
  }
  const registered = turn.then(register).then((made) => {
    registration = made
    if (made === null) return null
    made.addEventListener('updatefound', () => made.installing?.addEventListener('statechange', look))
    look()
    return made
  })
  navigator.serviceWorker?.addEventListener('controllerchange', () => {
    if (asked) window.location.reload()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && navigator.onLine) void registration?.update().catch(() => null)
  })
  return updates
}

/** @returns {Promise<ServiceWorkerRegistration | null>}  Null where there are none, as in a private window. */
async function register() {
  const page = document.querySelector('link[rel=manifest]')?.getAttribute('href')?.replace('manifest.webmanifest', '') ?? '/campo/'
  return navigator.serviceWorker?.register(`${page}sw.js`, { scope: page }).catch(() => null) ?? null
}
