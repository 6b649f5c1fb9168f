// @ts-check

/**
 * What anybody may check: the code that an agent shows at the door, or that of a document.
 *
 * The QRs' addresses have them behind the #, so that no server's log holds them. The page never
 * says why an agent came, nor whose debt a document is about.
 */

import { formatInstant } from '../core/dates.js'
import { lang, loadTexts, t } from '../core/i18n.js'
import { asProblem, problemOf } from '../core/problem.js'
import { textField } from '../core/ui/fields.js'
import { banner, facts, problemBanner } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { digest, paperCode, shownPaper } from './paper.js'

/** @import { Problem } from '../core/problem.js' */
/** @import { Paper } from './paper.js' */
/** @typedef {{ name: string, photo: string | null, agencies: string[], creditors: string[], expires_at: string }} Bearer */

const RECEIPT = 'recibo='

await loadTexts()

let typed = ''
let busy = false
/** @type {Bearer | null} */
let bearer = null
/** @type {Paper | null} */
let paper = null
/** @type {(() => import('../core/view.js').Content) | null} */
let receipt = null
/** @type {boolean | null} */
let same = null
/** @type {Problem | null} */
let problem = null

const view = mountView(/** @type {HTMLElement} */ (document.getElementById('page')), page)
window.addEventListener('hashchange', fromAddress)
fromAddress()

function fromAddress() {
  const token = window.location.hash.slice(1)
  if (token.startsWith(RECEIPT)) void askReceipt(token.slice(RECEIPT.length))
  else if (token !== '') void ask(token)
}

/** @param {string} typedCode  Of an agent or of a document. */
async function ask(typedCode) {
  const document_ = paperCode(typedCode)
  const path = document_ ? `documents/${document_}` : `credentials/${encodeURIComponent(typedCode)}`
  busy = true
  problem = null
  bearer = null
  paper = null
  same = null
  view.update()
  try {
    const answer = await fetch(`/api/v1/${path}`, { headers: { accept: 'application/json' } })
    if (!answer.ok) throw await problemOf(answer)
    if (document_) paper = await answer.json()
    else bearer = await answer.json()
  } catch (error) {
    problem = asProblem(error)
  }
  busy = false
  view.now()
  const result = document.getElementById('result')
  result?.focus()
}

/** A receipt for cash, by what the phone that gave it signed. @param {string} token */
async function askReceipt(token) {
  const { readReceipt, shownReceipt } = await import('./receipt.js')
  busy = true
  view.update()
  try {
    const found = await readReceipt(token)
    receipt = () => shownReceipt(found)
  } catch (error) {
    problem = asProblem(error)
  }
  busy = false
  view.now()
  document.getElementById('result')?.focus()
}

/** @param {SubmitEvent} event */
function submit(event) {
  event.preventDefault()
  const digits = typed.replace(/\s/g, '')
  const code = paperCode(typed) || (/^[0-9]{6}$/.test(digits) ? digits : '')
  if (code) void ask(code)
}

function page() {
  return html`<h1>${t('common.title.verify')}</h1>${receipt ? html`<div id="result" tabindex="-1">${receipt()}</div><p class="button-row"><button type="button" class="button" @click=${again}>${t('verify.again')}</button></p>` : bearer ? shown(bearer) : paper ? checked(paper) : form()}`
}

function form() {
  const unknown = problem?.code === 'credential.not_valid'
    ? banner({ tone: 'bad', title: t('verify.unknown'), body: t('verify.unknown_body') })
    : problem?.code === 'receipt.not_found'
      ? banner({ tone: 'bad', title: t('verify.receipt_unknown'), body: t('verify.receipt_unknown_body') })
    : problem?.code === 'document.not_valid'
      ? banner({ tone: 'bad', title: t('verify.doc_unknown'), body: t('verify.doc_unknown_body') })
      : null
  return html`<p class="lead">${t('verify.lead')}</p>
    <div id="result" tabindex="-1">${unknown ?? (problem ? problemBanner(problem) : nothing)}</div>
    <form @submit=${submit}>
      ${textField({ name: 'code', label: t('verify.code'), hint: t('verify.code_hint'), value: typed, required: true, maxlength: 16, pattern: '[0-9]{3} ?[0-9]{3}|[0-9A-Za-z]{4}[ \\-]?[0-9A-Za-z]{4}[ \\-]?[0-9A-Za-z]{4}', onInput: (value) => { typed = value; view.update() } })}
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

/** @param {Paper} one */
function checked(one) {
  return html`<div id="result" tabindex="-1">${shownPaper(one, same, (file) => void compare(one, file))}</div>
    <p class="button-row"><button type="button" class="button" @click=${again}>${t('verify.again')}</button></p>`
}

/**
 * @param {Paper} one
 * @param {File} file
 */
async function compare(one, file) {
  same = (await digest(file)) === one.sha256
  view.update()
}

function again() {
  bearer = null
  paper = null
  receipt = null
  same = null
  typed = ''
  window.history.replaceState(null, '', window.location.pathname)
  view.update()
}
