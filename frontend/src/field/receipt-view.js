// @ts-check

/** A provisional receipt as the debtor sees it: on the screen, on paper, or in a message. */

import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { icon } from '../core/ui/icons.js'
import { html, nothing } from '../core/view.js'
import { hasCome } from './cash.js'
import { momentWords } from './words.js'

/** @import { App } from './app.js' */
/** @import { FieldPortfolio, Receipt } from './types' */

/** @type {typeof import('../core/ui/qr.js').qrCode | null} */
let qrCode = null

/** @param {App} app @param {Receipt} receipt @param {FieldPortfolio | undefined} portfolio */
export function receiptView(app, receipt, portfolio) {
  if (qrCode === null) {
    void import('../core/ui/qr.js').then((module) => {
      qrCode = module.qrCode
      app.paint()
    })
  }
  const { number, at, state, name, token } = receipt
  const money = formatMoney({ minor: receipt.amount_minor, currency: receipt.currency }, localeFor(portfolio?.country))
  const url = token ? new URL(`/verificar/#recibo=${token}`, window.location.origin).href : ''
  const words = t('visit.cash_words', { amount: money, number, creditor: portfolio?.creditor ?? '', when: momentWords(at, portfolio?.time_zone), url })
  return html`<section class="receipt card" aria-label=${t('visit.cash_receipt')}>
      <h2>${t('visit.cash_provisional')}</h2>
      <p class="receipt-amount">${money}</p>
      <p><strong>${number}</strong>${state === 'void' ? html` · ${t('visit.cash_void')}` : nothing}</p>
      <p>${t('visit.cash_from', { name })}<br>${portfolio?.creditor ?? ''}${portfolio?.agency ? ` · ${portfolio.agency}` : ''}<br>${momentWords(at, portfolio?.time_zone)} · ${t('visit.cash_by', { name: app.me.name })}</p>
      ${url !== '' && qrCode !== null && state === 'issued' ? qrCode(url, t('visit.cash_qr')) : nothing}
      <p class="muted small">${t('visit.cash_provisional_body')}</p>
    </section>
    ${state === 'void' ? nothing : html`<p class="small">${t(hasCome(receipt, app.cash) ? 'visit.cash_come' : 'visit.cash_waits')}</p>
    <div class="button-row">
      <a class="button button-large" href="https://wa.me/?text=${encodeURIComponent(words)}" target="_blank" rel="noopener noreferrer">${icon('message')}WhatsApp</a>
      ${'share' in navigator ? html`<button type="button" class="button button-large" @click=${() => void navigator.share({ text: words }).catch(() => {})}>${icon('upload')}${t('visit.cash_share')}</button>` : nothing}
      <button type="button" class="button button-large" @click=${() => window.print()}>${icon('file')}${t('visit.cash_print')}</button></div>`}`
}
