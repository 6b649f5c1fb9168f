// @ts-check

/**
 * What `rescue.js` wrote, read on another phone: it goes out from there as if it had been made there.
 *
 * Visits keep the signature of the phone they were made on, which the server still knows. The file comes
 * from outside: what is sent, and where to, is rebuilt of what it holds, never taken over as it stands.
 */

import { FORMAT } from './rescue.js'
import { kept } from './space.js'
import { waiting } from './waiting.js'

/** @import { App } from './app.js' */
/** @import { OutboxItem, Photo, Receipt, Visit } from './types' */

const POINTS_A_TIME = 100
/** @type {Record<string, string>} */
const PATHS = {
  visit: '/field/visits', photo: '/field/photos', assignment: '/field/assignments', shift: '/field/shifts', alarm: '/field/alarms',
  torn: '/field/cash/voids', deposit: '/field/cash/deposits', agreement: '/field/agreements', trail: '/field/pings',
}
const SHIFT_END = /^(shf_\w{8,40})-end$/

/** @typedef {{ items: OutboxItem[], photos: Photo[], visits: Visit[], receipts: Receipt[] }} Rescued */
/**
 * `unreadable`: none of ours. `other`: somebody else's. `damaged`: photos whose bytes are not the ones that
 * were taken. `cash`: unfinished visits with a receipt, which only the phone that numbered it can finish.
 * @typedef {{ fault: 'unreadable' | 'other' } | (Rescued & { fault: null, damaged: number, cash: number })} Reading
 */

/**
 * @param {string} text  Of the file. @param {{ personId: string, deviceId: string, now: number }} here
 * @returns {Promise<Reading>}
 */
export async function readRescue(text, { personId, deviceId, now }) {
  const file = parsed(text)
  if (file === null) return { fault: 'unreadable' }
  if (file.person_id !== personId) return { fault: 'other' }
  const photos = (await Promise.all(list(file.photos).map(photoOf))).filter((photo) => photo !== null)
  const whole = new Set(photos.map(({ photo_id: id }) => id))
  const visits = list(file.visits).filter((one) => isText(one.visit_id) && isText(one.state) && Array.isArray(one.photos))
  const items = list(file.items).map(itemOf).filter((item) => item !== null)
  return {
    fault: null, photos, damaged: list(file.photos).length - photos.length,
    // What was made on this very phone lies here still, or has been sent.
    items: [...(file.device_id === deviceId ? [] : trailOf(file, now)), ...items.filter((item) => pictureOf(item) === null || whole.has(String(pictureOf(item))))],
    visits: visits.filter((one) => !ownCash(one)), cash: visits.filter(ownCash).length,
    receipts: list(file.receipts).filter(({ number }) => isText(number)),
  }
}

/**
 * @param {App} app @param {Blob} file
 * @returns {Promise<{ fault: 'unreadable' | 'other' | 'full' } | { fault: null, added: number, damaged: number, cash: number }>}
 */
export async function restore(app, file) {
  const read = await readRescue(await file.text(), { personId: app.me.person_id, deviceId: app.device.device_id, now: Date.now() })
  if (read.fault !== null) return read
  let added = 0
  const written = await kept(app.store.restore(read).then((count) => { added = count }))
  if (!written) return { fault: 'full' }
  await app.queued()
  return { fault: null, added, damaged: read.damaged, cash: read.cash }
}

/** Whose a file is. @param {string} text @returns {string | null}  Null: none of our files. */
export function ownerOf(text) {
  const owner = parsed(text)?.person_id
  return isText(owner) ? owner : null
}

/** @param {string} text @returns {any}  Null: none of our files. */
function parsed(text) {
  try {
    const found = JSON.parse(text)
    return found?.format === FORMAT ? found : null
  } catch {
    return null
  }
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value.filter((one) => one !== null && typeof one === 'object') : []
}

/** @param {unknown} value @returns {value is string} */
function isText(value) {
  return typeof value === 'string' && value !== ''
}

/** @param {any} one @returns {OutboxItem | null} */
function itemOf({ kind, ref, visit_id, title, text, headers, photo_id, made_at }) {
  if (!isText(kind) || !Object.hasOwn(PATHS, kind) || !isText(ref) || !isText(text)) return null
  const ended = kind === 'shift' ? SHIFT_END.exec(ref) : null
  const signature = headers?.['X-Recobro-Signature']
  return {
    ...waiting({ kind: /** @type {OutboxItem['kind']} */ (kind), ref, path: ended === null ? PATHS[kind] : `${PATHS.shift}/${ended[1]}` }, Date.parse(made_at) || 0),
    method: ended === null ? 'POST' : 'PATCH', text, title: isText(title) ? title : '', visit_id: isText(visit_id) ? visit_id : null,
    headers: kind === 'visit' && isText(signature) ? { 'X-Recobro-Signature': signature } : {},
    ...(isText(photo_id) && { photo_id }),
  }
}

/** The picture that goes with it, if one does. @param {OutboxItem} item */
function pictureOf({ kind, ref, photo_id: photo }) {
  return photo ?? (kind === 'photo' ? ref : null)
}

/** @param {Visit} visit */
function ownCash({ state, cash }) {
  return state === 'open' && Boolean(cash)
}

/** Where the other phone was, under its own name. @param {any} file @param {number} now @returns {OutboxItem[]} */
function trailOf({ device_id: deviceId, points }, now) {
  const all = list(points)
  if (!isText(deviceId)) return []
  return Array.from({ length: Math.ceil(all.length / POINTS_A_TIME) }, (_, n) => {
    const some = all.slice(n * POINTS_A_TIME, (n + 1) * POINTS_A_TIME)
    return waiting({ kind: 'trail', ref: `${deviceId}-${some[0].at}`, path: PATHS.trail, text: JSON.stringify({ device_id: deviceId, case_id: null, points: some }) }, now)
  })
}

/** @param {any} photo @returns {Promise<Photo | null>}  Null: its bytes are not the ones that were taken. */
async function photoOf({ base64, ...facts }) {
  try {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return sha256 === facts.sha256 && isText(facts.photo_id) ? { ...facts, blob: new Blob([bytes], { type: 'image/jpeg' }) } : null
  } catch {
    return null
  }
}
