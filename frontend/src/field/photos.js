// @ts-check

/**
 * Photos as they leave the phone: small, and without what cameras write into them. When and where
 * they were taken is kept as data beside them.
 */

import { newId } from './ids.js'

/** @import { Fix, Photo, PhotoKind } from './types' */

const LONGEST_SIDE = 1024
const QUALITY = 0.72
const TYPE = 'image/jpeg'

/**
 * @param {Blob} file  As the camera gave it.
 * @param {{ visitId: string, kind: PhotoKind, fix: Fix | null, now: number }} facts
 * @returns {Promise<Photo>}
 * @throws {DOMException}  It is no picture.
 */
export async function takePhoto(file, facts) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return photoOf(canvas, facts)
}

/**
 * What is drawn on a canvas as a photo of its own; drawing anew is what leaves the EXIF behind.
 * @param {HTMLCanvasElement} canvas
 * @param {{ visitId: string, kind: PhotoKind, fix: Fix | null, now: number }} facts
 * @returns {Promise<Photo>}
 */
export async function photoOf(canvas, { visitId, kind, fix, now }) {
  const blob = await new Promise((resolve, reject) => {
    canvas.toBlob((made) => (made === null ? reject(new DOMException('empty')) : resolve(made)), TYPE, QUALITY)
  })
  return {
    photo_id: newId('pho', now), visit_id: visitId, kind, blob, content_type: TYPE,
    sha256: await sha256(blob), bytes: blob.size, width: canvas.width, height: canvas.height,
    taken_at: new Date(now).toISOString(),
    lat: fix?.lat ?? null, lng: fix?.lng ?? null, accuracy_m: fix?.accuracy_m ?? null,
  }
}

/** @param {Blob} blob */
async function sha256(blob) {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
