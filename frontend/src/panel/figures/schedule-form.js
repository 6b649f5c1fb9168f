// @ts-check

/** When a report goes by e-mail, of which days and to whom: the form. */

/** @import { PersonOnSchedule, ScheduleTerms } from './contract.js' */

import { t } from '../../core/i18n.js'
import { checkField, fieldError, selectField, textArea } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'
import { LAST_DAY, addressesIn, hourText, isAddress, weekdayText } from './schedule-words.js'

const EVERY = /** @type {const} */ (['day', 'week', 'month'])
const DAYS = /** @type {const} */ (['yesterday', 'last_7', 'last_week', 'month', 'last_month'])
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const MONTH_DAYS = 28 // that every month has; after them the last one

/** @typedef {ScheduleTerms & { people: string[], addresses: string }} Draft */
/** @typedef {{ people: { person_id: string, name: string }[], mostRecipients: number, mostOutside: number }} Choices */

/** @type {Draft} */
export const NEW = { every: 'week', weekday: 1, month_day: 1, hour: 8, days: 'last_week', file: 'pdf', compare: true, state: 'active', people: [], addresses: '' }

/**
 * Say what is wrong with a draft, by field; empty when nothing is.
 * @param {Draft} draft @param {Choices} choices
 * @returns {{ people?: string, addresses?: string }}
 */
export function wrongWith({ people, addresses }, { mostRecipients }) {
  const outside = addressesIn(addresses)
  const bad = outside.find((one) => !isAddress(one))
  if (bad) return { addresses: t('schedules.bad_address', { address: bad }) }
  if (people.length + outside.length === 0) return { people: t('schedules.nobody') }
  if (people.length + outside.length > mostRecipients) return { people: t('schedules.too_many', { most: mostRecipients }) }
  return {}
}

/** @param {Draft} draft */
export function bodyOf({ addresses, ...terms }) {
  return { ...terms, outside: addressesIn(addresses) }
}

/**
 * @param {Draft} draft
 * @param {object} facts
 * @param {Choices} facts.choices
 * @param {PersonOnSchedule[]} facts.already  Who is on it: those who lost access may be taken off.
 * @param {{ people?: string, addresses?: string }} facts.errors
 * @param {(changes: Partial<Draft>) => void} facts.set
 */
export function scheduleFields(draft, { choices, already, errors, set }) {
  const numbers = (/** @type {number[]} */ all, /** @type {(n: number) => string} */ label) => all.map((n) => ({ value: String(n), label: label(n) }))
  const others = already.filter(({ id }) => !choices.people.some(({ person_id: one }) => one === id))
  const everybody = [...choices.people.map(({ person_id: id, name }) => ({ id, name, hint: '' })), ...others.map(({ id, name, reads }) => ({ id, name: name || id, hint: reads ? '' : t('schedules.gone') }))]
  const days = [...Array.from({ length: MONTH_DAYS }, (_, at) => at + 1), LAST_DAY]
  return html`<div class="form-grid">
      ${selectField({ name: 'every', label: t('schedules.every'), required: true, value: draft.every, options: EVERY.map((value) => ({ value, label: t(`schedules.every.${value}`) })), onInput: (every) => set({ every: /** @type {Draft['every']} */ (every) }) })}
      ${draft.every === 'week' ? selectField({ name: 'weekday', label: t('schedules.weekday'), required: true, value: String(draft.weekday), options: numbers(WEEKDAYS, weekdayText), onInput: (day) => set({ weekday: Number(day) }) }) : nothing}
      ${draft.every === 'month' ? selectField({ name: 'month_day', label: t('schedules.month_day'), required: true, value: String(draft.month_day > MONTH_DAYS ? LAST_DAY : draft.month_day), options: numbers(days, (day) => (day === LAST_DAY ? t('schedules.last_day') : String(day))), onInput: (day) => set({ month_day: Number(day) }) }) : nothing}
      ${selectField({ name: 'hour', label: t('schedules.hour'), required: true, value: String(draft.hour), options: numbers(Array.from({ length: 24 }, (_, hour) => hour), hourText), onInput: (hour) => set({ hour: Number(hour) }) })}
      ${selectField({ name: 'days', label: t('schedules.days'), required: true, value: draft.days, options: DAYS.map((value) => ({ value, label: t(`schedules.days.${value}`) })), onInput: (chosen) => set({ days: /** @type {Draft['days']} */ (chosen) }) })}
      ${selectField({ name: 'file', label: t('schedules.file'), required: true, value: draft.file, options: ['pdf', 'xlsx'].map((value) => ({ value, label: t(`schedules.file.${value}`) })), onInput: (file) => set({ file: /** @type {Draft['file']} */ (file) }) })}
    </div>
    ${checkField({ name: 'schedule-compare', label: t('builder.compare'), checked: draft.compare, onInput: (compare) => set({ compare }) })}
    <fieldset class="field"><legend>${t('schedules.people')}</legend>
      ${everybody.length === 0 ? html`<p class="muted">${t('schedules.no_people')}</p>` : everybody.map(({ id, name, hint }) => checkField({
        name: `person-${id}`, label: name, hint, checked: draft.people.includes(id),
        onInput: (on) => set({ people: on ? [...draft.people, id] : draft.people.filter((one) => one !== id) }),
      }))}
      ${fieldError(errors.people ?? '', 'people-error')}
    </fieldset>
    ${textArea({ name: 'addresses', label: t('schedules.outside'), hint: t('schedules.outside_hint', { most: choices.mostOutside }), rows: 3, maxlength: 4000, value: draft.addresses, error: errors.addresses, onInput: (addresses) => set({ addresses }) })}`
}
