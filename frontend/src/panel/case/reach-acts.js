// @ts-check

/** What the dialogs about contact send: consents, what was found out of a number, holds. */

/** What may be found out of a contact point; `same` leaves it as it is. */
export const KNOWN = /** @type {const} */ (['same', 'valid', 'invalid', 'wrong_person', 'minor', 'family', 'attorney'])
/** Reasons for a hold that anybody may report, and those a supervisor decides. */
export const REPORTED = ['illness', 'vulnerable', 'deceased', 'reported_payment', 'cease', 'attorney']
export const DECIDED = ['legal', 'supervisor']
const QUALITIES = ['valid', 'invalid', 'wrong_person']

/**
 * One request for each channel about which something was said.
 * @param {string} contactId @param {string[]} channels @param {Record<string, string>} values
 */
export function consentBodies(contactId, channels, values) {
  return channels
    .filter((channel) => values[`consent_${channel}`] !== 'same')
    .map((channel) => ({ contact_id: contactId, channel, state: values[`consent_${channel}`], source: values.source, words: values.words.trim() }))
}

/** @param {string} known */
export function markBody(known) {
  if (known === 'same') return null
  return QUALITIES.includes(known) ? { quality: known } : { party: known }
}

/**
 * @param {{ until: string }} values @param {{ today: string }} facts
 * @returns {Record<string, string | null>}
 */
export function checkHold({ until }, { today }) {
  return { until: until !== '' && until < today ? 'until' : null }
}

/** @param {{ reason: string, until: string, note: string }} values */
export function holdBody({ reason, until, note }) {
  return { reason, until: until === '' ? null : until, note: note.trim() }
}
