// @ts-check

/** Everything that has not been sent, as one file: the way out when nothing else works. */

/** @import { App } from './app.js' */

/** What the file says it is; `restore.js` reads it. */
export const FORMAT = 'recobro-outbox-1'

/** @param {App} app */
export async function exportOutbox(app) {
  await app.reload()
  const { items } = app
  const visits = (await app.store.visits()).filter(({ state }) => state !== 'complete')
  const wanted = new Set([
    ...items.map(({ kind, ref, photo_id: photoId = kind === 'photo' ? ref : '' }) => photoId),
    ...visits.flatMap((visit) => visit.photos.map(({ photo_id: photoId }) => photoId)), // of those under way, too
  ])
  const photos = []
  for (const photoId of wanted) {
    const photo = photoId === '' ? undefined : await app.store.photo(photoId)
    if (photo !== undefined) photos.push({ ...photo, blob: undefined, base64: await base64Of(photo.blob) })
  }
  const { points } = await app.store.points(10_000)
  const all = {
    format: FORMAT, made_at: new Date().toISOString(), person_id: app.me.person_id, device_id: app.device.device_id,
    items, photos, points, visits, receipts: await app.store.receipts(),
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([JSON.stringify(all)], { type: 'application/json' }))
  link.download = `recobro-${all.made_at.slice(0, 16).replaceAll(':', '')}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** @param {Blob} blob @returns {Promise<string>} */
function base64Of(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
