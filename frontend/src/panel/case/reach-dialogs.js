// @ts-check

/** The dialogs in which a person records a consent, what was found out, or a hold. */

/** @import { Contact, ContactPage, Hold } from '../cases/contract.js' */
/** @import { Scene } from './dialogs.js' */

import { todayIn } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { radioField, selectField, textArea, textField } from '../../core/ui/fields.js'
import { html } from '../../core/view.js'
import { formDialog } from './dialogs.js'
import { formatPhone } from './contacts.js'
import { checkHold, consentBodies, holdBody, KNOWN, markBody, REPORTED, DECIDED } from './reach-acts.js'

const SOURCES = ['call', 'visit', 'writing', 'panel']
const MAX_WORDS = 500

/**
 * What the debtor allows at a contact point, and whose it is.
 *
 * @param {Scene} scene @param {Contact} contact @param {ContactPage} reach
 * @returns {Promise<ContactPage | undefined>}
 */
export function contactDialog(scene, contact, reach) {
  const { api, page } = scene
  const path = `/cases/${encodeURIComponent(page.case.case_id)}`
  const channels = reach.ways.filter((way) => way.contact_id === contact.contact_id).map((way) => way.channel)
  /** @type {Record<string, string>} */
  const consents = Object.fromEntries(channels.map((channel) => [`consent_${channel}`, 'same']))
  const shown = contact.kind === 'phone' ? formatPhone(contact.value) : contact.value
  return formDialog({
    scene, title: t('contact.change_of', { value: shown }), submit: t('contact.save'),
    values: /** @type {Record<string, string>} */ ({ ...consents, known: 'same', source: 'call', words: '' }),
    check: () => ({}),
    send: async (values, key) => {
      let answer = reach
      for (const [number, body] of consentBodies(contact.contact_id, channels, values).entries()) answer = await api.post(`${path}/consents`, body, { key: `${key}-${number}` })
      const mark = markBody(values.known)
      if (mark !== null) answer = await api.patch(`${path}/contacts/${encodeURIComponent(contact.contact_id)}`, mark)
      return answer
    },
    fields: (form) => html`
      <fieldset class="field"><legend>${t('contact.consents')}</legend><div class="form-grid">${channels.map((channel) => selectField({
        name: `consent_${channel}`, label: t(`contact.channel.${channel}`), required: true, value: form.values[`consent_${channel}`],
        options: ['same', 'given', 'refused'].map((value) => ({ value, label: t(`contact.consent.${value}`) })), onInput: (value) => form.set(`consent_${channel}`, value),
      }))}</div></fieldset>
      ${selectField({ name: 'source', label: t('contact.source'), required: true, value: form.values.source, options: SOURCES.map((value) => ({ value, label: t(`contact.source.${value}`) })), onInput: (value) => form.set('source', value) })}
      ${textArea({ name: 'words', label: t('contact.words'), hint: t('contact.words_hint'), rows: 2, maxlength: MAX_WORDS, value: form.values.words, onInput: (value) => form.set('words', value) })}
      ${radioField({ name: 'known', label: t('contact.knows'), value: form.values.known, options: KNOWN.map((value) => ({ value, label: t(`contact.known.${value}`) })), onInput: (value) => form.set('known', value) })}`,
  })
}

/**
 * @param {Scene} scene @param {ContactPage} reach
 * @returns {Promise<ContactPage | undefined>}
 */
export function holdDialog(scene, reach) {
  const { api, page } = scene
  const today = todayIn(new Date(), page.portfolio.time_zone)
  const reasons = reach.can.decide ? [...REPORTED, ...DECIDED] : REPORTED
  return formDialog({
    scene, title: t('contact.hold_title'), submit: t('contact.hold_submit'),
    values: { reason: 'illness', until: '', note: '' },
    check: (values) => checkHold(values, { today }),
    errorText: (code) => t(`contact.error.${code}`),
    send: (values, key) => api.post(`/cases/${encodeURIComponent(page.case.case_id)}/holds`, holdBody(values), { key }),
    fields: (form) => html`<p class="muted">${t('contact.hold_lead')}</p>
      ${selectField({ name: 'reason', label: t('contact.hold_reason'), required: true, value: form.values.reason, options: reasons.map((value) => ({ value, label: t(`contact.reason.${value}`) })), onInput: (value) => form.set('reason', value) })}
      ${textField({ name: 'until', type: 'date', label: t('contact.hold_until'), hint: t('contact.hold_until_hint'), min: today, value: form.values.until, error: form.errors.until, onInput: (value) => form.set('until', value) })}
      ${textArea({ name: 'note', label: t('contact.hold_note'), rows: 2, maxlength: MAX_WORDS, value: form.values.note, onInput: (value) => form.set('note', value) })}`,
  })
}

/** @param {Scene} scene @param {Hold} hold @returns {Promise<ContactPage>} */
export function lift({ api, page }, hold) {
  return api.patch(`/cases/${encodeURIComponent(page.case.case_id)}/holds/${encodeURIComponent(hold.hold_id)}`, { state: 'lifted' })
}
