// @ts-check

/** The sign-in page: password, first password, second step, forgotten password. */

import { Api } from '../core/api.js'
import { focusFirstError, Form } from '../core/form.js'
import { loadTexts, t } from '../core/i18n.js'
import { safeNext } from '../core/paths.js'
import { browserSession } from '../core/session.js'
import { passwordField, textField } from '../core/ui/fields.js'
import { banner, problemBanner } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { watchConnection, wireLanguageLinks, wireTheme } from './shell.js'
import { checkCode, codeField, plainCode, totpSteps } from './totp.js'

/** @import { Challenge, Tokens } from '../core/contract.js' */
/** @typedef {'enter' | 'new_password' | 'totp' | 'totp_setup' | 'forgot' | 'reset'} Step */

/** As the user pool's policy has it. */
const SHORTEST_PASSWORD = 12

/** "Not you", without telling whether the e-mail is known. */
const WRONG_PASSWORD = new Set(['session.sign_in_failed', 'session.expired'])

await loadTexts()
watchConnection()
wireLanguageLinks()
const preferences = document.getElementById('entry-preferences')
if (preferences !== null) wireTheme(preferences)

const session = browserSession()
const api = new Api({ session, fetch: (input, init) => window.fetch(input, init) })
const next = safeNext(new URLSearchParams(window.location.search).get('next'))

/** @type {Step} */
let step = 'enter'
/** @type {Challenge | null} */
let challenge = null
let shown = false
/** @type {string | null} */
let note = null

const form = new Form({ email: '', password: '', new_password: '', code: '' }, () => view.update())
const view = mountView(/** @type {HTMLElement} */ (document.getElementById('page')), () => page())
focusFirst()

/** @param {Step} to */
function go(to) {
  step = to
  shown = false
  note = null
  form.errors = {}
  form.problem = null
  form.values.code = ''
  form.values.new_password = ''
  view.now()
  focusFirst()
}

function focusFirst() {
  const empty = [...document.querySelectorAll('#page input')].find((input) => /** @type {HTMLInputElement} */ (input).value === '')
  const target = empty ?? document.querySelector('#page h1')
  if (target instanceof HTMLElement) target.focus()
}

/** @param {Tokens & Challenge} answer */
function proceed(answer) {
  if (answer.access_token !== undefined) {
    session.start(answer)
    window.location.replace(next)
    return
  }
  challenge = answer
  go(answer.challenge)
}

/**
 * @param {(values: typeof form.values) => Promise<any>} send
 * @param {(values: typeof form.values) => Record<string, string | null>} check
 */
async function submit(send, check) {
  note = null
  const answer = await form.submit(send, check)
  if (form.problem !== null) explain(form.problem)
  return answer
}

/**
 * Put what the API refused where the reader can mend it.
 * @param {import('../core/problem.js').Problem} problem
 */
function explain(problem) {
  const { code, text } = problem
  if (code === 'session.code_wrong') return beside('code', t('signin.code_wrong'))
  if (code === 'session.password_too_weak') return beside('new_password', text)
  if (step === 'enter' && WRONG_PASSWORD.has(code)) return beside('password', t('signin.wrong'))
  if (code === 'session.challenge_ended') {
    go('enter')
    form.problem = problem
  } else if (code === 'session.password_reset_required') {
    go('forgot')
    form.problem = problem
  }
  view.update()
}

/** @param {string} field @param {string} error */
function beside(field, error) {
  form.problem = null
  form.errors[field] = error
  view.now()
  focusFirstError()
}

async function enter() {
  const answer = await submit(
    ({ email, password }) => api.post('/session', { email: email.trim(), password }, { anonymous: true }),
    ({ email, password }) => ({ email: emailFault(email), password: password === '' ? t('common.field_required') : null }),
  )
  if (answer) proceed(answer)
}

/** @param {(values: typeof form.values) => Record<string, string>} answerOf @param {(values: typeof form.values) => Record<string, string | null>} check */
async function answerChallenge(answerOf, check) {
  const answer = await submit(
    (values) => api.post('/session/challenge', {
      email: values.email.trim(), challenge: challenge?.challenge, session: challenge?.session, answer: answerOf(values),
    }, { anonymous: true }),
    check,
  )
  if (answer) proceed(answer)
}

async function sendCode() {
  const answer = await submit(
    async ({ email }) => {
      await api.post('/password/forgotten', { email: email.trim() }, { anonymous: true })
      return true
    },
    ({ email }) => ({ email: emailFault(email) }),
  )
  return answer === true
}

async function resetPassword() {
  const answer = await submit(
    async ({ email, code, new_password }) => {
      await api.post('/password/reset', { email: email.trim(), code: plainCode(code), password: new_password }, { anonymous: true })
      return true
    },
    (values) => ({ ...checkCode(values), new_password: passwordFault(values.new_password) }),
  )
  if (!answer) return
  form.values.password = ''
  go('enter')
  note = t('signin.reset_done')
  view.update()
}

/** @param {string} email */
function emailFault(email) {
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? null : t('common.field_email')
}

/** @param {string} password */
function passwordFault(password) {
  if (password.length < SHORTEST_PASSWORD) return t('signin.password_short')
  const mixed = /\p{Lu}/u.test(password) && /\p{Ll}/u.test(password) && /\d/.test(password)
  return mixed ? null : t('signin.password_mix')
}

function page() {
  const screens = { enter: enterScreen, new_password: newPasswordScreen, totp: totpScreen, totp_setup: setupScreen, forgot: forgotScreen, reset: resetScreen }
  return screens[step]()
}

/**
 * @param {object} facts
 * @param {string} facts.title
 * @param {string} [facts.lead]
 * @param {() => unknown} facts.send
 * @param {unknown} facts.fields
 * @param {string} facts.button
 * @param {unknown} [facts.below]
 */
function screen({ title, lead, send, fields, button, below }) {
  /** @param {SubmitEvent} event */
  const onSubmit = (event) => {
    event.preventDefault()
    void send()
  }
  return html`<form class="form entry-form" novalidate @submit=${onSubmit}>
    <div class="stack-s"><h1 tabindex="-1">${title}</h1>${lead ? html`<p class="lead">${lead}</p>` : nothing}</div>
    ${note ? banner({ tone: 'good', body: note }) : nothing}
    ${form.problem ? problemBanner(form.problem) : nothing}
    ${fields}
    <button class="button button-primary button-large button-block" ?disabled=${form.busy}>${form.busy ? t('common.loading') : button}</button>
    ${below ?? nothing}
  </form>`
}

/** @param {Step} to @param {string} words */
function stepLink(to, words) {
  return html`<p><button type="button" class="link-button" @click=${() => go(to)}>${words}</button></p>`
}

function emailField() {
  return textField({
    name: 'email', label: t('signin.email'), type: 'email', inputmode: 'email', autocomplete: 'username', required: true,
    value: form.values.email, error: form.errors.email, onInput: (value) => form.set('email', value),
  })
}

function newPasswordField() {
  return passwordField({
    name: 'new_password', label: t('signin.new_password'), hint: t('signin.password_hint'), autocomplete: 'new-password', required: true,
    value: form.values.new_password, error: form.errors.new_password, onInput: (value) => form.set('new_password', value),
    shown, onShow: toggleShown,
  })
}

/** @param {boolean} value */
function toggleShown(value) {
  shown = value
  view.update()
}

function enterScreen() {
  return screen({
    title: t('signin.title'), lead: t('signin.lead'), send: enter, button: t('signin.enter'),
    fields: html`${emailField()}${passwordField({
      name: 'password', label: t('signin.password'), autocomplete: 'current-password', required: true,
      value: form.values.password, error: form.errors.password, onInput: (value) => form.set('password', value),
      shown, onShow: toggleShown,
    })}`,
    below: stepLink('forgot', t('signin.forgot')),
  })
}

function newPasswordScreen() {
  return screen({
    title: t('signin.new_title'), lead: t('signin.new_lead'), button: t('signin.set_password'), fields: newPasswordField(),
    send: () => answerChallenge(
      ({ new_password }) => ({ new_password }),
      ({ new_password }) => ({ new_password: passwordFault(new_password) }),
    ),
    below: stepLink('enter', t('signin.back_to_sign_in')),
  })
}

function totpScreen() {
  return screen({
    title: t('signin.totp_title'), lead: t('signin.totp_lead'), button: t('signin.enter'), fields: codeField(form),
    send: () => answerChallenge(({ code }) => ({ code: plainCode(code) }), checkCode),
    below: stepLink('enter', t('signin.back_to_sign_in')),
  })
}

function setupScreen() {
  return screen({
    title: t('signin.totp_setup_title'), lead: t('signin.totp_setup_lead'), button: t('common.totp.verify'),
    fields: challenge?.totp ? totpSteps(challenge.totp, form) : nothing,
    send: () => answerChallenge(({ code }) => ({ code: plainCode(code) }), checkCode),
    below: stepLink('enter', t('signin.back_to_sign_in')),
  })
}

function forgotScreen() {
  return screen({
    title: t('signin.forgot_title'), lead: t('signin.forgot_lead'), button: t('signin.send_code'), fields: emailField(),
    send: async () => {
      if (await sendCode()) go('reset')
    },
    below: stepLink('enter', t('signin.back_to_sign_in')),
  })
}

function resetScreen() {
  const again = async () => {
    if (!(await sendCode())) return
    note = t('signin.sent_again')
    view.update()
  }
  return screen({
    title: t('signin.reset_title'), lead: t('signin.reset_lead', { email: form.values.email }), button: t('signin.reset'), send: resetPassword,
    fields: html`${textField({
      name: 'code', label: t('signin.reset_code'), value: form.values.code, error: form.errors.code, required: true,
      inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 7, onInput: (value) => form.set('code', value),
    })}${newPasswordField()}`,
    below: html`<div class="row">${html`<button type="button" class="link-button" @click=${again}>${t('signin.send_again')}</button>`}${stepLink('enter', t('signin.back_to_sign_in'))}</div>`,
  })
}
