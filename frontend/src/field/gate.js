// @ts-check

/** Who may see the day: signing in once with a network, and a PIN each time after that. */

import { t } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { html, nothing } from '../core/view.js'
import { textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner } from '../core/ui/pieces.js'
import { isWeak, PIN_DIGITS } from './lock.js'
import { mountFrame } from './mount.js'
import { openStore } from './store.js'

/** @import { SessionKeeper } from '../core/session.js' */
/** @import { Content } from '../core/view.js' */
/** @import { KnownPerson, Vault } from './vault.js' */

/** @typedef {{ session: SessionKeeper, vault: Vault }} Parts */
/** @typedef {{ person: KnownPerson, key: Uint8Array<ArrayBuffer> }} Entered */

/** Show what is needed until somebody is in. @param {Parts} parts @returns {Promise<Entered>} */
export async function letIn(parts) {
  const { session, vault } = parts
  const person = await whoIsIt(parts)
  if (person.lock === null) await choosePin(parts, person)
  else if (vault.openKey(person.person_id) === null) await askPin(parts, person)
  const key = vault.openKey(person.person_id)
  const after = await vault.current()
  // The PIN was forgotten, or tried too often: from the beginning, with the password.
  if (key === null || after === null) return letIn({ ...parts, session })
  return { person: after, key }
}

/** @param {Parts} parts @returns {Promise<KnownPerson>} */
async function whoIsIt(parts) {
  const { session, vault } = parts
  const known = await vault.current()
  const { me } = session
  if (me !== null && me.person_id !== known?.person_id) return vault.remember(me)
  if (known !== null && known.lock !== null) return known
  // First time on this phone, or the PIN is gone: only the server can say who this is.
  for (;;) {
    try {
      if ((await session.token()) === null) return await leaveForSignIn()
      if (session.me !== null) return await vault.remember(session.me)
    } catch {
      await needNetwork()
    }
  }
}

/** @returns {Promise<never>} */
export function leaveForSignIn() {
  window.location.replace(pathTo('signin', { next: pathTo('field') }))
  return new Promise(() => {})
}

/** @param {Content} body */
function frame(body) {
  return html`<header class="field-bar"><span class="brand"><span>Recobro</span></span></header>
    <main class="field-main field-gate" id="main" tabindex="-1">${body}</main>`
}

/** @returns {Promise<void>} */
function needNetwork() {
  return new Promise((resolve) => {
    mountFrame(() => frame(html`<span class="empty-icon">${icon('globe')}</span>
      <h1>${t('field.first_title')}</h1><p>${t('field.first_body')}</p>
      <button type="button" class="button button-primary button-large button-block" @click=${() => resolve()}>${t('common.retry')}</button>`))
  })
}

/** @param {string} value */
const digitsOf = (value) => value.replace(/\D/g, '').slice(0, PIN_DIGITS)

/**
 * @param {{ name: string, label: string, value: string, error?: string, onInput: (value: string) => void }} facts
 */
function pinField({ name, label, value, error, onInput }) {
  return html`<div class="pin-field">${textField({
    name, label, value, error, type: 'password', inputmode: 'numeric', autocomplete: 'off', required: true,
    maxlength: PIN_DIGITS, pattern: '[0-9]*', onInput: (typed) => onInput(digitsOf(typed)),
  })}</div>`
}

/** @param {Parts} parts @param {KnownPerson} person @returns {Promise<void>} */
function choosePin({ vault }, person) {
  const values = { pin: '', again: '' }
  /** @type {{ pin?: string, again?: string }} */
  let errors = {}
  let busy = false
  return new Promise((resolve) => {
    /** @param {SubmitEvent} event */
    const save = async (event) => {
      event.preventDefault()
      errors = {}
      if (values.pin.length !== PIN_DIGITS) errors.pin = t('field.pin_length', { n: PIN_DIGITS })
      else if (isWeak(values.pin)) errors.pin = t('field.pin_weak')
      else if (values.again !== values.pin) errors.again = t('field.pin_differs')
      if (errors.pin === undefined && errors.again === undefined) {
        busy = true
        view.update()
        await vault.setPin(person, values.pin)
        return resolve()
      }
      view.now()
      document.querySelector('[aria-invalid=true]') instanceof HTMLElement && /** @type {HTMLElement} */ (document.querySelector('[aria-invalid=true]')).focus()
    }
    const view = mountFrame(() => frame(html`<form class="form" novalidate @submit=${save}>
      <h1>${t('field.pin_title')}</h1><p>${t('field.pin_lead', { n: PIN_DIGITS })}</p>
      ${pinField({ name: 'pin', label: t('field.pin_new'), value: values.pin, error: errors.pin, onInput: (value) => { values.pin = value; view.update() } })}
      ${pinField({ name: 'again', label: t('field.pin_again'), value: values.again, error: errors.again, onInput: (value) => { values.again = value; view.update() } })}
      <button class="button button-primary button-large button-block" ?disabled=${busy}>${busy ? t('common.loading') : t('field.pin_save')}</button>
    </form>`))
  })
}

/** @param {Parts} parts @param {KnownPerson} person @returns {Promise<void>} */
function askPin({ session, vault }, person) {
  let pin = ''
  let error = ''
  let busy = false
  let unsent = 0
  const name = person.me.name.split(' ')[0]
  return new Promise((resolve) => {
    /** @param {Event} [event] */
    const open = async (event) => {
      event?.preventDefault()
      if (busy) return
      busy = true
      view.update()
      const answer = await vault.unlock(person.person_id, pin, Date.now())
      busy = false
      pin = ''
      if (answer === 'open' || answer === 'over') return resolve()
      error = answer === 'wait' ? t('field.pin_wait') : t('field.pin_wrong')
      view.now()
      document.getElementById('pin')?.focus()
    }
    /** @param {string} typed */
    const type = (typed) => {
      pin = typed
      error = ''
      view.update()
      if (pin.length === PIN_DIGITS) void open()
    }
    const forgotten = async () => {
      if (!navigator.onLine) {
        error = t('field.pin_forgotten_offline')
        return view.update()
      }
      await vault.forgetLock(person.person_id)
      await endSession(session)
      await leaveForSignIn()
    }
    const other = async () => {
      if (!navigator.onLine) {
        error = t('field.other_offline')
        return view.update()
      }
      await vault.leave()
      await endSession(session)
      await leaveForSignIn()
    }
    const view = mountFrame(() => frame(html`<form class="form" novalidate @submit=${open}>
      <h1>${t('field.hello', { name })}</h1>
      ${unsent > 0 ? banner({ tone: 'warn', body: t('field.locked_unsent', { n: unsent }) }) : nothing}
      ${pinField({ name: 'pin', label: t('field.pin'), value: pin, error, onInput: type })}
      <button class="button button-primary button-large button-block" ?disabled=${busy || pin.length !== PIN_DIGITS}>${busy ? t('common.loading') : t('field.pin_open')}</button>
      <div class="gate-ways"><button type="button" class="link-button" @click=${forgotten}>${t('field.pin_forgotten')}</button>
        <button type="button" class="link-button" @click=${other}>${t('field.other_person')}</button></div>
    </form>`))
    document.getElementById('pin')?.focus()
    void openStore(person.person_id).then(async (store) => {
      unsent = (await store.items()).length
      store.close()
      view.update()
    })
  })
}

/** The cookie too: who comes next proves who they are. @param {SessionKeeper} session */
export async function endSession(session) {
  await window.fetch('/api/v1/session', { method: 'DELETE', credentials: 'same-origin' }).catch(() => null)
  session.end()
}
