// @ts-check

/** What the check of a document's code answers; the file itself is compared on this device. */

import { formatDate, formatInstant } from '../core/dates.js'
import { lang, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { banner, facts } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'

/** @import { Money } from '../core/money.js' */
/**
 * @typedef {object} Paper
 * @property {string} code
 * @property {string} kind
 * @property {string} creditor
 * @property {string} agency
 * @property {string} issued_at
 * @property {string} sha256
 * @property {boolean} stands
 * @property {string | null} annulled_at
 * @property {string} annulled_why
 * @property {{ amount?: Money, on?: string, reference?: string }} facts
 */

const CODE = /^[0-9A-Z]{4}(-?[0-9A-Z]{4}){2}$/

/**
 * The code of a document in what was typed or in the address; empty when it is none.
 * @param {string} typed
 */
export function paperCode(typed) {
  const plain = typed.replace(/\s/g, '').toUpperCase()
  return CODE.test(plain) ? plain : ''
}

/**
 * The SHA-256 of a file, as the check states it.
 * @param {Blob} file
 */
export async function digest(file) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * @param {Paper} paper
 * @param {boolean | null} same  Whether a file that was chosen is the one issued; null: none was.
 * @param {(file: File) => void} onFile
 */
export function shownPaper(paper, same, onFile) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const at = (/** @type {string} */ instant) => formatInstant(instant, lang(), zone)
  const { amount, on, reference } = paper.facts
  return html`${paper.stands
      ? banner({ tone: 'good', title: t('verify.doc_stands') })
      : banner({ tone: 'warn', title: t('verify.doc_annulled'), body: t(`verify.why.${paper.annulled_why}`) })}
    ${facts([
      [t('verify.doc_kind'), t(`verify.kind.${paper.kind}`)],
      [t('verify.doc_creditor'), paper.creditor],
      [t('verify.doc_agency'), paper.agency || null],
      [t('verify.doc_amount'), amount ? formatMoney(amount, lang(), { code: true }) : null],
      [t('verify.doc_day'), on ? formatDate(on, lang()) : null],
      [t('verify.doc_reference'), reference ?? null],
      [t('verify.doc_issued'), at(paper.issued_at)],
      [t('verify.doc_annulled_at'), paper.annulled_at ? at(paper.annulled_at) : null],
      [t('verify.doc_code'), html`<code>${paper.code}</code>`],
      [t('verify.doc_sha'), html`<code class="digest">${paper.sha256}</code>`],
    ])}
    <div class="field"><label for="file">${t('verify.doc_file')}</label>
      <p class="hint" id="file-hint">${t('verify.doc_file_hint')}</p>
      <input id="file" type="file" accept="application/pdf" aria-describedby="file-hint" @change=${(/** @type {Event} */ event) => {
        const file = /** @type {HTMLInputElement} */ (event.target).files?.[0]
        if (file) onFile(file)
      }}></div>
    <div aria-live="polite">${same === null ? nothing : same
      ? banner({ tone: 'good', title: t('verify.doc_same') })
      : banner({ tone: 'bad', title: t('verify.doc_other') })}</div>`
}
