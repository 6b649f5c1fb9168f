// @ts-check

/** Phones and places as links that a phone or a desktop knows what to do with. */

/** @import { Address, Contact } from '../cases/contract.js' */

/** How national numbers are spoken, by country calling code. */
const GROUPS = /** @type {Record<string, number[]>} */ ({
  1: [3, 3, 4],
  34: [3, 3, 3],
  51: [3, 3, 3],
  52: [2, 4, 4],
  54: [2, 4, 4],
  55: [2, 5, 4],
  56: [1, 4, 4],
  57: [3, 3, 4],
  506: [4, 4],
  507: [4, 4],
  591: [4, 4],
  593: [2, 3, 4],
  595: [3, 3, 3],
  598: [4, 4],
})

/**
 * A number as people read it: `+52 55 1234 5678`.
 * @param {string} e164
 */
export function formatPhone(e164) {
  const digits = e164.replace(/^\+/, '')
  const code = [3, 2, 1].map((length) => digits.slice(0, length)).find((start) => start in GROUPS)
  if (code === undefined || !/^\d+$/.test(digits)) return e164
  const national = digits.slice(code.length)
  const groups = GROUPS[code]
  const whole = groups.reduce((sum, size) => sum + size, 0)
  if (national.length !== whole) return `+${code} ${national.replace(/(\d)(?=(\d{4})+$)/g, '$1 ')}`
  let at = 0
  const words = groups.map((size) => national.slice(at, (at += size)))
  return `+${code} ${words.join(' ')}`
}

/** @param {string} e164 @param {string} [detail]  Such as `ext 12`. */
export function telHref(e164, detail = '') {
  const extension = /^ext\.? ?(\d+)$/i.exec(detail.trim())?.[1]
  return `tel:${e164}${extension === undefined ? '' : `;ext=${extension}`}`
}

/**
 * Where the device's own map opens it: no third party learns of it unless the reader goes there.
 * @param {Address} address
 * @returns {string | null}
 */
export function geoHref({ lat, lng }) {
  if (lat === null || lng === null) return null
  const point = `${lat.toFixed(6)},${lng.toFixed(6)}`
  return `geo:${point}?q=${point}`
}

/** One line as it would be written on an envelope. @param {Address} address */
export function addressLine({ lines, postal_code: code, city, region }) {
  const town = [code, city].filter(Boolean).join(' ')
  return [lines, town, region].filter(Boolean).join(', ')
}

/**
 * Usable contacts first, in the order in which one would try them.
 * @param {Contact[]} contacts
 */
export function contactsInOrder(contacts) {
  const worth = ['valid', 'unverified', 'invalid', 'wrong_person']
  return [...contacts].sort((a, b) => worth.indexOf(a.quality) - worth.indexOf(b.quality)
    || (a.party === 'debtor' ? 0 : 1) - (b.party === 'debtor' ? 0 : 1)
    || a.kind.localeCompare(b.kind) * -1)
}
