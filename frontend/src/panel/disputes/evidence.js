// @ts-check

/** A file as the API takes it: its name, and its bytes in base 64. */

export const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf']
const CHUNK = 0x8000

/** @param {File} file */
export async function evidenceOf(file) {
  return { name: file.name.slice(0, 120), content: base64Of(new Uint8Array(await file.arrayBuffer())) }
}

/** @param {Uint8Array} bytes */
export function base64Of(bytes) {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(text)
}
