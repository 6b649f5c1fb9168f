// @ts-check

/**
 * The PIN and what it locks.
 *
 * What the server gave about debtors lies on the phone sealed under a key of its own, and that key
 * lies sealed under one that is made from the PIN: no PIN, no list. A PIN is short, so each try is
 * made slow and wrong ones make the next wait; in the end the key is thrown away, and the list
 * comes again after signing in. Work that waits to be sent is not under it: it has to leave the
 * phone without its owner.
 */

/** @typedef {{ iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer }} Sealed */
/** @typedef {{ salt: Uint8Array<ArrayBuffer>, rounds: number, sealed: Sealed }} Lock */

export const PIN_DIGITS = 6
/** About a third of a second on a cheap phone. */
const ROUNDS = 150_000
const FREE_TRIES = 5
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 30 * 60_000
const MOST_TRIES = 12
const AES = 'AES-GCM'

/** How long the next try has to wait after this many wrong ones, ms. @param {number} tries */
export function waitAfter(tries) {
  if (tries < FREE_TRIES) return 0
  return Math.min(FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES), LONGEST_WAIT_MS)
}

/** Whether the key is to be thrown away. @param {number} tries */
export function isOver(tries) {
  return tries >= MOST_TRIES
}

/** Digits that anybody would try first. @param {string} pin */
export function isWeak(pin) {
  const steps = [...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i]))
  return steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 0) <= 1
}

/** A new key for what is sealed, as bytes. */
export function newKey() {
  return crypto.getRandomValues(new Uint8Array(32))
}

/** @param {string} pin @param {Uint8Array<ArrayBuffer>} key @returns {Promise<Lock>} */
export async function makeLock(pin, key, rounds = ROUNDS) {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return { salt, rounds, sealed: await sealBytes(await fromPin(pin, salt, rounds), key) }
}

/**
 * @param {Lock} lock @param {string} pin
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>}  The key; null when the PIN is wrong.
 */
export async function openLock({ salt, rounds, sealed }, pin) {
  const derived = await fromPin(pin, salt, rounds)
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: AES, iv: sealed.iv }, derived, sealed.data))
  } catch {
    return null
  }
}

/** @param {Uint8Array<ArrayBuffer>} key */
export function sealingKey(key) {
  return crypto.subtle.importKey('raw', key, AES, false, ['encrypt', 'decrypt'])
}

/** @param {CryptoKey} key @param {unknown} value  What JSON can write. @returns {Promise<Sealed>} */
export function seal(key, value) {
  return sealBytes(key, new TextEncoder().encode(JSON.stringify(value)))
}

/** @param {CryptoKey} key @param {Sealed} sealed @returns {Promise<any>} */
export async function unseal(key, { iv, data }) {
  const bytes = await crypto.subtle.decrypt({ name: AES, iv }, key, data)
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Sealed>} */
async function sealBytes(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, data: await crypto.subtle.encrypt({ name: AES, iv }, key, bytes) }
}

/** @param {string} pin @param {Uint8Array<ArrayBuffer>} salt @param {number} rounds */
async function fromPin(pin, salt, rounds) {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, typed,
    { name: AES, length: 256 }, false, ['encrypt', 'decrypt'],
  )
}
