// @ts-check

/** The dialogs in which an erasure is asked for, allowed, refused: each says what it does. */

/** @import { Scene } from './dialogs.js' */
/** @import { RequestPage } from './contract.js' */

import { t } from '../../core/i18n.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { textField } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { banner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { act, area, needed } from './dialogs.js'

const MAX_NUMBER = 20

/** Whether a request's number was typed, however it was grouped. @param {string} typed @param {string} number */
export function sameNumber(typed, number) {
  const bare = (/** @type {string} */ text) => text.replace(/[\s–-]/g, '').toUpperCase()
  return bare(typed) === bare(number)
}

/**
 * Ask for the erasure, or allow it: both by typing the request's number, for neither is taken back.
 *
 * @param {Scene} scene
 * @param {'erase_ask' | 'erase_approve'} what
 * @returns {Promise<RequestPage | undefined>}
 */
export function eraseDialog(scene, what) {
  const { number, reply_to: where } = scene.request
  const asks = what === 'erase_ask'
  return openForm({
    title: t(`requests.erasure.${what}`), submit: t(`requests.erasure.${what}`), danger: true,
    values: { number: '', note: '' },
    check: (given) => ({
      number: sameNumber(given.number, number) ? null : t('requests.erasure.error.number', { number }),
      note: asks ? needed(given.note) : null,
    }),
    send: ({ note }) => act(scene, { act: what, ...(asks ? { note: note.trim() } : {}) }),
    fields: (form) => html`${banner({ tone: 'warn', title: t('requests.erasure.for_good'), body: t(asks ? 'requests.erasure.ask_lead' : 'requests.erasure.approve_lead') })}
      ${where ? html`<p>${t('requests.erasure.reply_to', { where })}</p>` : nothing}
      ${textField({ name: 'number', label: t('requests.erasure.type', { number }), required: true, maxlength: MAX_NUMBER, autocomplete: 'off', value: form.values.number, error: form.errors.number, onInput: (value) => form.set('number', value) })}
      ${asks ? area(form, 'note', t('requests.note'), true, t('requests.erasure.note_hint')) : nothing}`,
  })
}

/** @param {Scene} scene @returns {Promise<RequestPage | undefined>} */
export function rejectDialog(scene) {
  return openForm({
    title: t('requests.erasure.erase_reject'), submit: t('requests.erasure.erase_reject'), values: { note: '' },
    check: ({ note }) => ({ note: needed(note) }),
    send: ({ note }) => act(scene, { act: 'erase_reject', note: note.trim() }),
    fields: (form) => html`<p class="muted">${t('requests.erasure.reject_lead')}</p>${area(form, 'note', t('requests.erasure.reason'), true)}`,
  })
}

/** Take back what one asked for oneself. @param {Scene} scene @returns {Promise<RequestPage | undefined>} */
export async function withdraw(scene) {
  /** @type {RequestPage | undefined} */
  let fresh
  await confirmDialog({
    title: t('requests.erasure.erase_withdraw'), body: t('requests.erasure.withdraw_lead'), confirm: t('requests.erasure.erase_withdraw'),
    work: async () => { fresh = await act(scene, { act: 'erase_withdraw' }) },
  })
  return fresh
}
