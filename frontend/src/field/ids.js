// @ts-check

/** Ids that sort by time: the same 26 digits as `chalicelib/domain/ids.py` writes. */

const DIGITS = '0123456789abcdefghijklmnopqrstuv'

/** @param {string} prefix @param {number} [nowMs] */
export function newId(prefix, nowMs = Date.now()) {
  const bytes = new Uint8Array(16)
  crypto.getRandomValues(bytes)
  for (let i = 5, rest = nowMs; i >= 0; i -= 1, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('').padEnd(130, '0')
  return `${prefix}_${(bits.match(/.{5}/g) ?? []).map((five) => DIGITS[parseInt(five, 2)]).join('')}`
}
