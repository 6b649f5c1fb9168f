// @ts-check

/** How an agent works, changed in a dialog. */

/** @import { Api } from '../../core/api.js' */
/** @import { Agent, Place, Profile } from './contract.js' */

import { Form } from '../../core/form.js'
import { t } from '../../core/i18n.js'
import { openDialog } from '../../core/ui/dialog.js'
import { textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, live, nothing } from '../../core/view.js'

const DAYS = [0, 1, 2, 3, 4, 5, 6]
const MOST_VISITS = 60

/**
 * `19.4326, -99.1332` as people copy it from a map.
 * @param {string} text
 * @returns {Place | null | undefined}  Null: nothing typed; undefined: not a place.
 */
export function readPlace(text) {
  if (text.trim() === '') return null
  const parts = text.trim().split(/[\s,;]+/).map(Number)
  if (parts.length !== 2 || parts.some(Number.isNaN)) return undefined
  const [lat, lng] = parts
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : undefined
}

/** @param {Place | null} place */
export function placeText(place) {
  return place === null ? '' : `${place.lat}, ${place.lng}`
}

/**
 * @param {Api} api @param {Agent} agent
 * @returns {Promise<Profile | undefined>}  What was kept; undefined: nothing was changed.
 */
export function profileDialog(api, agent) {
  const { profile } = agent
  let paint = () => {}
  const form = new Form({
    weekdays: profile.weekdays, opens: profile.opens, closes: profile.closes,
    start: placeText(profile.start), end: placeText(profile.end),
    visits_max: String(profile.visits_max), visit_minutes: String(profile.visit_minutes), skills: profile.skills.join(', '),
  }, () => paint())
  return openDialog({
    title: t('routes.profile_of', { name: agent.name }),
    body: (handle) => {
      paint = handle.update
      const submit = async (/** @type {Event} */ event) => {
        event.preventDefault()
        const kept = await form.submit((given) => api.put(`/agents/${agent.person_id}/profile`, bodyOf(given, profile)), check)
        if (kept !== undefined) handle.close(kept)
      }
      const { values, errors } = form
      return html`<form class="form" novalidate @submit=${submit}>
        ${form.problem ? problemBanner(form.problem) : nothing}
        <fieldset class="field"><legend>${t('routes.weekdays')}</legend><div class="routes-people">${DAYS.map((day) => html`<label class="routes-person"><input type="checkbox" .checked=${live(values.weekdays.includes(day))}
          @change=${(/** @type {any} */ event) => form.set('weekdays', event.target.checked ? [...values.weekdays, day].sort() : values.weekdays.filter((one) => one !== day))}><span>${t(`routes.weekday.${day}`)}</span></label>`)}</div></fieldset>
        <div class="form-grid">
          ${textField({ name: 'opens', type: 'time', label: t('routes.opens'), required: true, value: values.opens, error: errors.opens, onInput: (value) => form.set('opens', value) })}
          ${textField({ name: 'closes', type: 'time', label: t('routes.closes'), required: true, value: values.closes, error: errors.closes, onInput: (value) => form.set('closes', value) })}
          ${textField({ name: 'visits_max', type: 'number', min: '1', max: String(MOST_VISITS), label: t('routes.visits_max'), required: true, value: values.visits_max, error: errors.visits_max, onInput: (value) => form.set('visits_max', value) })}
          ${textField({ name: 'visit_minutes', type: 'number', min: '1', max: '240', label: t('routes.visit_minutes'), required: true, value: values.visit_minutes, error: errors.visit_minutes, onInput: (value) => form.set('visit_minutes', value) })}
          ${textField({ name: 'start', label: t('routes.start'), hint: t('routes.place_hint'), value: values.start, error: errors.start, onInput: (value) => form.set('start', value) })}
          ${textField({ name: 'end', label: t('routes.end'), hint: t('routes.end_hint'), value: values.end, error: errors.end, onInput: (value) => form.set('end', value) })}
        </div>
        ${textField({ name: 'skills', label: t('routes.skills'), hint: t('routes.skills_hint'), value: values.skills, maxlength: 400, onInput: (value) => form.set('skills', value) })}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${form.busy}>${t('common.save')}</button></footer></form>`
    },
  })
}

/** @typedef {{ weekdays: number[], opens: string, closes: string, start: string, end: string, visits_max: string, visit_minutes: string, skills: string }} Typed */

/** @param {Typed} values @returns {Record<string, string | null>} */
export function check(values) {
  const number = (/** @type {string} */ text, /** @type {number} */ most) => Number.isInteger(Number(text)) && Number(text) >= 1 && Number(text) <= most
  return {
    closes: values.closes > values.opens ? null : t('routes.error.closes'),
    visits_max: number(values.visits_max, MOST_VISITS) ? null : t('routes.error.visits'),
    visit_minutes: number(values.visit_minutes, 240) ? null : t('routes.error.minutes'),
    start: readPlace(values.start) === undefined ? t('routes.error.place') : null,
    end: readPlace(values.end) === undefined ? t('routes.error.place') : null,
  }
}

/** @param {Typed} values @param {Profile} profile */
export function bodyOf(values, profile) {
  return {
    version: profile.version, weekdays: values.weekdays, opens: values.opens, closes: values.closes,
    start: readPlace(values.start) ?? null, end: readPlace(values.end) ?? null,
    visits_max: Number(values.visits_max), visit_minutes: Number(values.visit_minutes),
    skills: values.skills.split(',').map((skill) => skill.trim()).filter(Boolean), portfolios: profile.portfolios,
  }
}
