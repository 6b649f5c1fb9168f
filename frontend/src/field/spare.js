// @ts-check

/** What a full phone may let go of; comes when one is. */

/** @import { OutboxItem, Visit } from './types' */

const MAPS = 'recobro-maps'

/**
 * Let go of what the server has: visits that have arrived and photos nobody waits for, the oldest
 * things here; after those, of maps, which can be fetched again.
 * @param {import('idb').IDBPDatabase} db
 * @returns {Promise<boolean>}  Whether there was anything.
 */
export async function spare(db) {
  const tx = db.transaction(['visits', 'photos', 'outbox'], 'readwrite')
  /** @type {Visit[]} */
  const visits = await tx.objectStore('visits').getAll()
  /** @type {OutboxItem[]} */
  const items = await tx.objectStore('outbox').getAll()
  const arrived = visits.filter(({ state }) => state === 'complete')
  const wanted = new Set([
    ...items.flatMap(({ ref, photo_id: photo }) => [ref, photo]),
    ...visits.filter(({ state }) => state !== 'complete').flatMap(({ photos }) => photos.map(({ photo_id: photo }) => photo)),
  ])
  const photos = /** @type {string[]} */ (await tx.objectStore('photos').getAllKeys()).filter((id) => !wanted.has(id))
  await Promise.all([
    ...photos.map((id) => tx.objectStore('photos').delete(id)),
    ...arrived.map(({ visit_id: id }) => tx.objectStore('visits').delete(id)),
    tx.done,
  ])
  return photos.length + arrived.length > 0 || (typeof caches !== 'undefined' && await caches.delete(MAPS))
}
