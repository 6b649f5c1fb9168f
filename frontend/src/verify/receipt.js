// @ts-check

/** A provisional receipt for cash, as whoever holds it may check it. */

import { formatInstant } from '../core/dates.js'
import { lang, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { problemOf } from '../core/problem.js'
import { banner, facts } from '../core/ui/pieces.js'
import { html } from '../core/view.js'

/** @typedef {{ number: string, amount: import('../core/money.js').Money, at: string, state: 'credited' | 'void' | 'waiting' | 'other', taken_by: string, creditor: string, agency: string }} HeldReceipt */

const TONES = /** @type {const} */ ({ credited: 'good', void: 'bad', waiting: 'info', other: 'bad' })

/** @param {string} token @returns {Promise<HeldReceipt>} */
export async function readReceipt(token) {
  const answer = await fetch(`/api/v1/cash/receipts/${encodeURIComponent(token)}`, { headers: { accept: 'application/json' } })
  if (!answer.ok) throw await problemOf(answer)
  return answer.json()
}

/** @param {HeldReceipt} one */
export function shownReceipt(one) {
  return html`${banner({ tone: TONES[one.state], title: t(`verify.receipt_${one.state}`), body: t(`verify.receipt_${one.state}_body`) })}
    ${facts([
      [t('verify.receipt_number'), one.number],
      [t('verify.doc_amount'), formatMoney(one.amount, lang())],
      [t('verify.doc_day'), formatInstant(one.at, lang(), Intl.DateTimeFormat().resolvedOptions().timeZone)],
      [t('verify.receipt_by'), one.taken_by || null],
      [t('verify.agency'), one.agency || null],
      [t('verify.creditor'), one.creditor || null],
    ])}`
}
