// @ts-check

/** Pictures of ours that the site shows: shrunk here, before they travel. */

import { Problem } from '../core/problem.js'

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp']

/**
 * @param {File} file
 * @param {{ width: number, height: number }} box
 * @returns {Promise<string>}  Base64 of an image no larger than the box.
 */
export async function smallImage(file, box) {
  if (!IMAGE_TYPES.includes(file.type)) throw new Problem({ code: 'logo.type', status: 0 })
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (bitmap === null) throw new Problem({ code: 'logo.type', status: 0 })
  const scale = Math.min(1, box.width / bitmap.width, box.height / bitmap.height)
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  // Browsers that cannot write WebP answer with PNG, which serves as well.
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
