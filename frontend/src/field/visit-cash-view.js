// @ts-check

/** Cash at the door: what may be taken, the receipt that is given for it, tearing one up. */

import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { moneyField, textField } from '../core/ui/fields.js'
import { openDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { banner } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { answersFor } from './cash.js'
import { meter } from './cash-view.js'
import { receiptView } from './receipt-view.js'

/** @import { Desk } from './visit-view.js' */

/** What the debtor reads out. */
let code = ''
/** @type {{ visit: string, minor: number | null, text: string | undefined }} */
let typed = { visit: '', minor: null, text: undefined }

/** @param {Desk} at */
export function cashStep(at) {
  const { app, desk, visit, portfolio } = at
  if (typed.visit !== visit.visit_id) typed = { visit: visit.visit_id, minor: null, text: undefined }
  const { faults } = desk
  const locale = localeFor(portfolio.country)
  const receipt = app.receipts.find(({ number }) => number === visit.cash?.number)
  if (visit.cash && receipt) {
    return html`<h1 tabindex="-1">${t('visit.cash_receipt')}</h1>
      <p>${t('visit.cash_give')}</p>
      ${receiptView(app, receipt, portfolio)}
      ${confirmation(at)}
      ${visit.cash_confirmed ? nothing : html`<button type="button" class="button button-large button-block button-danger-quiet" ?disabled=${desk.busy} @click=${() => void tearUp(at)}>${icon('trash')}${t('visit.cash_tear')}</button>`}`
  }
  const held = answersFor(app.cash, app.receipts, visit.portfolio_id)
  return html`<h1 tabindex="-1">${t('visit.cash')}</h1>
    <p>${t('visit.cash_lead')}</p>
    ${meter(held, portfolio, locale)}
    ${moneyField({
      name: 'cash-amount', label: t('visit.amount'), hint: owedWords(at), minor: typed.minor, text: typed.text, currency: portfolio.currency, locale, required: true,
      error: faults.amount && t(faults.amount), onInput: (minor, text) => { typed = { ...typed, minor, text }; desk.faults = {}; app.paint() },
    })}
    ${faults.cash ? banner({ tone: 'warn', title: t(faults.cash) }) : ''}
    <button type="button" class="button button-primary button-large button-block" ?disabled=${desk.busy} @click=${() => void desk.takeCash(typed.minor)}>${icon('check')}${t('visit.cash_issue')}</button>`
}

/** @param {Desk} at */
function owedWords({ desk, portfolio }) {
  const owed = desk.owedMinor
  return owed === null ? '' : t('visit.cash_owed', { amount: formatMoney({ minor: owed, currency: portfolio.currency }, localeFor(portfolio.country)) })
}

/** The debtor confirms with a code that comes by message; without signal there is none. @param {Desk} at */
function confirmation({ app, desk, visit }) {
  if (visit.cash_confirmed) return banner({ tone: 'good', title: t('visit.cash_confirmed') })
  if (visit.cash?.code_id) {
    return html`${textField({
      name: 'cash-code', label: t('visit.cash_code'), hint: t('visit.cash_code_hint'), value: code, inputmode: 'numeric', maxlength: 12,
      error: desk.faults.code && t(desk.faults.code), onInput: (text) => { code = text },
    })}<button type="button" class="button button-large button-block" ?disabled=${desk.busy} @click=${() => void desk.confirmCash(code)}>${icon('check')}${t('visit.cash_confirm')}</button>`
  }
  return app.online
    ? html`<button type="button" class="button button-large button-block" ?disabled=${desk.busy} @click=${() => { code = ''; void desk.askCashCode() }}>${icon('message')}${t('visit.cash_ask_code')}</button>`
    : html`<p class="muted small">${t('visit.cash_code_offline')}</p>`
}

/** A paper that is wrong is torn up with a reason; its number is accounted for. @param {Desk} at */
async function tearUp({ desk }) {
  let reason = ''
  const agreed = await openDialog({
    title: t('visit.cash_tear_title'),
    body: (handle) => html`<div class="dialog-body"><p>${t('visit.cash_tear_body')}</p>
        ${textField({ name: 'tear-reason', label: t('visit.cash_tear_reason'), value: reason, maxlength: 200, required: true, onInput: (text) => { reason = text } })}</div>
      <div class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
        <button type="button" class="button button-danger" @click=${() => { if (reason.trim().length > 3) handle.close('tear') }}>${t('visit.cash_tear')}</button></div>`,
  })
  if (agreed === 'tear') await desk.tearUpCash(reason.trim())
}
