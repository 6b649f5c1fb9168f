// @ts-check

/**
 * What a person can do to a case: the fields each act asks for, what is checked before it is
 * sent, and where it is sent. The dialogs draw these; the server has the last word.
 */

/** @typedef {'payments' | 'adjustments' | 'waivers' | 'reversals' | 'notes' | 'promises'} ActName */

/** @typedef {Record<string, string | null | undefined>} Errors */

export const METHODS = /** @type {const} */ (['transfer', 'cash', 'card', 'deposit', 'check', 'other'])
export const CHANNELS = /** @type {const} */ (['phone', 'visit', 'whatsapp', 'email', 'office', 'other'])
export const MAX_REASON = 500
export const MAX_NOTE = 4000
export const MAX_TAGS = 20
const MAX_TAG = 40

/**
 * @typedef {object} Payment
 * @property {number | null} amount_minor
 * @property {string} amount_text
 * @property {string} paid_on
 * @property {string} reference
 * @property {string} method
 * @property {string} debt_id  Empty: by the portfolio's own order.
 */

/**
 * @param {Payment} values
 * @param {{ today: string }} facts
 * @returns {Errors}  Codes by field; a page has the words.
 */
export function checkPayment(values, { today }) {
  return {
    amount_minor: amountError(values.amount_minor, values.amount_text),
    paid_on: values.paid_on === '' ? 'required' : values.paid_on > today ? 'future' : null,
    reference: values.reference.trim() === '' ? 'required' : null,
  }
}

/** @param {Payment} values */
export function paymentBody({ amount_minor, paid_on, reference, method, debt_id }) {
  return { amount_minor, paid_on, reference: reference.trim(), method, ...(debt_id === '' ? {} : { debt_id }) }
}

/**
 * @typedef {object} Correction
 * @property {string} debt_id
 * @property {string} component
 * @property {'raise' | 'lower'} way
 * @property {number | null} amount_minor  Unsigned, as typed.
 * @property {string} amount_text
 * @property {string} reason
 */

/** @param {Correction} values @returns {Errors} */
export function checkAdjustment(values) {
  return { ...checkReason(values), debt_id: values.debt_id === '' ? 'required' : null, amount_minor: amountError(values.amount_minor, values.amount_text) }
}

/** @param {Correction} values */
export function adjustmentBody({ debt_id, component, way, amount_minor, reason }) {
  return { debt_id, component, amount_minor: way === 'lower' ? -(amount_minor ?? 0) : amount_minor, reason: reason.trim() }
}

/**
 * @param {Correction} values
 * @param {{ owed: number }} facts  What that part of the debt owes, minor units.
 * @returns {Errors}
 */
export function checkWaiver(values, { owed }) {
  const errors = checkAdjustment(values)
  if (!errors.amount_minor && (values.amount_minor ?? 0) > owed) errors.amount_minor = 'too_much'
  return errors
}

/** @param {Correction} values */
export function waiverBody({ debt_id, component, amount_minor, reason }) {
  return { debt_id, component, amount_minor, reason: reason.trim() }
}

/** @param {{ reason: string }} values @returns {Errors} */
export function checkReason({ reason }) {
  return { reason: reason.trim().length < 3 ? 'reason' : null }
}

/**
 * @typedef {object} PromiseDraft
 * @property {number | null} amount_minor  All together.
 * @property {string} amount_text
 * @property {string} due_on  Of the first one.
 * @property {string} channel
 * @property {string} parts  How many; '1' is a promise by itself.
 * @property {string} frequency
 */

/** @typedef {{ amount: { minor: number }, due_on: string }[] | null} Dates  Of a series, as the server gave them. */

/**
 * @param {PromiseDraft} values
 * @param {{ today: string, dates?: Dates }} facts
 * @returns {Errors}
 */
export function checkPromise(values, { today, dates = null }) {
  const errors = {
    amount_minor: amountError(values.amount_minor, values.amount_text),
    due_on: values.due_on === '' ? 'required' : values.due_on < today ? 'past' : null,
  }
  if (values.parts === '1' || errors.amount_minor || errors.due_on) return errors
  return { ...errors, parts: dates === null ? 'no_dates' : null }
}

/**
 * What to ask for the dates of a series; empty while too little is known, or it is none.
 * @param {PromiseDraft} values
 * @param {{ today: string }} facts
 */
export function seriesQuery(values, { today }) {
  const { amount_minor: minor, due_on: first, frequency, parts } = values
  if (parts === '1' || minor === null || minor <= 0 || first < today) return ''
  return new URLSearchParams({ amount_minor: String(minor), first_on: first, frequency, parts }).toString()
}

/** @param {PromiseDraft} values @param {Dates} [dates] */
export function promiseBody({ amount_minor, due_on, channel, parts }, dates = null) {
  if (parts === '1' || dates === null) return { amount_minor, due_on, channel }
  const [first, ...then] = dates.map((one) => ({ amount_minor: one.amount.minor, due_on: one.due_on }))
  return { ...first, channel, then }
}

/** @param {number | null} minor @param {string} text */
function amountError(minor, text) {
  if (minor === null) return text.trim() === '' ? 'required' : 'money'
  return minor <= 0 ? 'positive' : null
}

/**
 * Tags as somebody types them, separated by commas or lines.
 * @param {string} text
 */
export function parseTags(text) {
  return [...new Set(text.split(/[,;\n]/).map((tag) => tag.trim().toLowerCase()).filter(Boolean))].sort()
}

/** @param {string} text @returns {string | null} */
export function tagsError(text) {
  const tags = parseTags(text)
  if (tags.length > MAX_TAGS) return 'too_many_tags'
  return tags.some((tag) => tag.length > MAX_TAG) ? 'long_tag' : null
}
