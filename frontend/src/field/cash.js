// @ts-check

/**
 * Cash taken at the door: the rules of its receipts, without screen and storage. Numbers are a
 * series of one person on one phone, which the server reckons the same way; what may still be
 * taken is held to the limit with what the server does not know of yet.
 */

/** @import { CashFacts, FieldPortfolio, Receipt, Visit } from './types' */

// Without I, L, O and U, as `chalicelib/domain/cash.py`.
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const WARN_PERCENT = 80

/** @param {string} deviceId @param {string} personId */
export async function seriesOf(deviceId, personId) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${deviceId}\n${personId}`)))
  const number = hash.slice(0, 5).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  return Array.from({ length: 8 }, (_, i) => DIGITS[Number((number >> BigInt(35 - 5 * i)) & 31n)]).join('')
}

/** @param {string} series @param {number} place */
export function numberOf(series, place) {
  return `${series}-${String(place).padStart(6, '0')}`
}

/** @param {string} number */
export function placeOf(number) {
  return Number(number.split('-')[1])
}

/** Whether the server has it, by what it told. @param {Receipt} receipt @param {CashFacts | null} facts */
export function hasCome({ number }, facts) {
  return facts !== null && number.startsWith(`${facts.series}-`) && placeOf(number) <= facts.last && !facts.missing.includes(placeOf(number))
}

/**
 * What the agent answers for in a portfolio: what the server knows of, and what is only here.
 * @param {CashFacts | null} facts @param {Receipt[]} receipts @param {string} portfolioId
 */
export function answersFor(facts, receipts, portfolioId) {
  const known = facts?.hands.find((hand) => hand.portfolio_id === portfolioId)?.answers_for_minor ?? 0
  return receipts
    .filter((one) => one.portfolio_id === portfolioId && one.state === 'issued' && !hasCome(one, facts))
    .reduce((sum, one) => sum + one.amount_minor, known)
}

/** @param {number} held @param {number} limit @returns {'fine' | 'warn' | 'full'} */
export function fullness(held, limit) {
  if (held >= limit) return 'full'
  return held * 100 >= limit * WARN_PERCENT ? 'warn' : 'fine'
}

/**
 * What keeps an amount from being taken; null: nothing does.
 * @param {number | null} amount
 * @param {{ held: number, limit: number, owed: number | null }} facts  `owed`: null where the agent may not see it.
 */
export function amountFault(amount, { held, limit, owed }) {
  if (amount === null || amount <= 0) return 'visit.need_amount'
  if (owed !== null && amount > owed) return 'visit.cash_more_than_owed'
  if (held + amount > limit) return 'visit.cash_over_limit'
  return null
}

/** Whether this visit has a step for cash. @param {Visit} visit @param {FieldPortfolio} portfolio @param {string[]} wants */
export function takesCash(visit, portfolio, wants) {
  return Boolean(visit.cash) || (portfolio.cash_allowed && wants.includes('cash'))
}

/** What is signed on a receipt, so that anybody can check it. @param {Receipt} receipt */
export function signedWords({ number, amount_minor: amount, currency, at }) {
  return [number, amount, currency, Math.floor(Date.parse(at) / 1000)].join('.')
}
