// @ts-check

/**
 * Who is at the door: anybody types the code that an agent shows, or opens the QR's address.
 *
 * The token is behind the #, so that no server's log holds it. The page never says why he came.
 */

import { formatInstant } from '../core/dates.js'
import { lang, loadTexts, t } from '../core/i18n.js'
import { asProblem, problemOf } from '../core/problem.js'
import { textField } from '../core/ui/fields.js'
import { banner, facts, problemBanner } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'

/** @import { Problem } from '../core/problem.js' */
/** @typedef {{ name: string, photo: string | null, agencies: string[], creditors: string[], expires_at: string }} Bearer */

await loadTexts()

let typed = ''
let busy = false
/** @type {Bearer | null} */
let bearer = null
/** @type {Problem | null} */
let problem = null

const view = mountView(/** @type {HTMLElement} */ (document.getElementById('page')), page)
window.addEventListener('hashchange', fromAddress)
fromAddress()

function fromAddress() {
  const token = window.location.hash.slice(1)
  if (token !== '') void ask(token)
}

/** @param {string} code */
async function ask(code) {
  busy = true
  problem = null
  bearer = null
  view.update()
  try {
    const answer = await fetch(`/api/v1/credentials/${encodeURIComponent(code)}`, { headers: { accept: 'application/json' } })
    if (!answer.ok) throw await problemOf(answer)
    bearer = await answer.json()
  } catch (error) {
    problem = asProblem(error)
  }
  busy = false
  view.now()
  const result = document.getElementById('result')
  result?.focus()
}

/** @param {SubmitEvent} event */
function submit(event) {
  event.preventDefault()
  const code = typed.replace(/\D/g, '')
  if (code.length === 6) void ask(code)
}

function page() {
  return html`<h1>${t('common.title.verify')}</h1>${bearer ? shown(bearer) : form()}`
}

function form() {
  const unknown = problem?.code === 'credential.not_valid'
  return html`<p class="lead">${t('verify.lead')}</p>
    <div id="result" tabindex="-1">${unknown ? banner({ tone: 'bad', title: t('verify.unknown'), body: t('verify.unknown_body') }) : problem ? problemBanner(problem) : nothing}</div>
    <form @submit=${submit}>
      ${textField({ name: 'code', label: t('verify.code'), hint: t('verify.code_hint'), value: typed, required: true, inputmode: 'numeric', maxlength: 7, pattern: '[0-9]{3} ?[0-9]{3}', onInput: (value) => { typed = value; view.update() } })}
      <p class="button-row"><button class="button button-primary button-large" ?disabled=${busy}>${t('verify.ask')}</button></p>
    </form>`
}

/** @param {Bearer} one */
function shown(one) {
  const names = new Intl.ListFormat(lang())
  return html`<div id="result" tabindex="-1">
    ${banner({ tone: 'good', title: t('verify.valid', { name: one.name }), body: t('verify.until', { time: formatInstant(one.expires_at, lang(), Intl.DateTimeFormat().resolvedOptions().timeZone) }) })}
    ${one.photo ? html`<p><img class="verify-photo" src=${one.photo} alt=${t('verify.photo', { name: one.name })}></p>` : html`<p class="muted">${t('verify.no_photo')}</p>`}
    ${facts([
      [t('verify.name'), one.name],
      [t('verify.agency'), names.format(one.agencies) || null],
      [t('verify.creditor'), names.format(one.creditors) || null],
    ])}</div>
    <p class="muted small">${t('verify.advice')}</p>
    <p class="button-row"><button type="button" class="button" @click=${again}>${t('verify.again')}</button></p>`
}

function again() {
  bearer = null
  typed = ''
  window.history.replaceState(null, '', window.location.pathname)
  view.update()
}
