// @ts-check

/** The cash an agent holds: how much, how close to the limit, handing it in, the receipts given. */

import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { moneyField, radioField, selectField, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, emptyState } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, nothing, repeat } from '../core/view.js'
import { answersFor, fullness, hasCome } from './cash.js'
import { newId } from './ids.js'
import { waiting } from './waiting.js'
import { takePhoto } from './photos.js'
import { receiptView } from './receipt-view.js'
import { kept } from './space.js'
import { momentWords } from './words.js'

/** @import { App } from './app.js' */
/** @import { FieldPortfolio, Photo } from './types' */

/**
 * What is being declared. @typedef {{ portfolio_id: string, minor: number | null, text: string | undefined, way: 'bank' | 'office',
 *   reference: string, slip: Photo | null, faults: Record<string, string> }} Declared
 */
/** @type {Declared} */
let declared = nothingYet()
/** The receipt that is open. @type {string | null} */
let open = null

/** @returns {Declared} */
function nothingYet() {
  return { portfolio_id: '', minor: null, text: undefined, way: 'bank', reference: '', slip: null, faults: {} }
}

/** How full the hand is. @param {number} held @param {FieldPortfolio} portfolio @param {string} locale */
export function meter(held, portfolio, locale) {
  const limit = portfolio.cash_limit_minor ?? 0
  const state = fullness(held, limit)
  /** @param {number} minor */
  const money = (minor) => formatMoney({ minor, currency: portfolio.currency }, locale)
  const words = t('visit.cash_held', { held: money(held), limit: money(limit) })
  return html`<div class="cash-meter"><p>${words}</p><meter min="0" max=${limit} high=${limit * 0.8} value=${Math.min(Math.max(0, held), limit)} aria-label=${words}></meter></div>
    ${state === 'full' ? banner({ tone: 'bad', title: t('visit.cash_full'), body: t('visit.cash_full_body') }) : state === 'warn' ? banner({ tone: 'warn', title: t('visit.cash_warn'), body: t('visit.cash_warn_body') }) : nothing}`
}

/** Portfolios in which cash is taken or held. @param {App} app @returns {[string, FieldPortfolio][]} */
export function withCash(app) {
  return Object.entries(app.day?.portfolios ?? {}).filter(([id, one]) => one.cash_allowed || answersFor(app.cash, app.receipts, id) > 0)
}

/** @param {App} app */
export function cashView(app) {
  const portfolios = withCash(app)
  const receipts = app.receipts.toReversed()
  return html`<a class="back-link" href="#/yo">${icon('back')}${t('field.tab.me')}</a><h1>${t('visit.cash_title')}</h1>
    ${portfolios.length === 0 ? emptyState({ icon: 'shield', title: t('visit.cash_none'), body: t('visit.cash_none_body') }) : nothing}
    ${portfolios.map(([id, portfolio]) => card({ title: portfolio.name, id: `hand-${id}`, body: meter(answersFor(app.cash, app.receipts, id), portfolio, localeFor(portfolio.country)) }))}
    ${portfolios.length > 0 ? card({ title: t('visit.cash_declare'), id: 'declare', lead: t('visit.cash_declare_lead'), body: declareForm(app, portfolios) }) : nothing}
    ${depositsView(app)}
    ${receipts.length === 0 ? nothing : card({ title: t('visit.cash_receipts'), id: 'receipts', body: html`<ul class="waiting">${repeat(receipts, ({ number }) => number, (one) => html`<li class="waiting-item">
      <div><strong>${formatMoney({ minor: one.amount_minor, currency: one.currency }, localeFor(app.day?.portfolios[one.portfolio_id]?.country))}</strong> · ${one.name}<p class="muted small">${one.number} · ${momentWords(one.at)}</p></div>
      ${one.state === 'void' ? badge(t('visit.cash_void'), 'neutral') : hasCome(one, app.cash) ? badge(t('visit.cash_sent'), 'good') : badge(t('visit.cash_unsent'), 'warn')}
      ${open === one.number ? receiptView(app, one, app.day?.portfolios[one.portfolio_id]) : html`<div class="button-row"><button type="button" class="button" aria-label="${t('visit.cash_see')} ${one.number}" @click=${() => { open = one.number; app.paint() }}>${t('visit.cash_see')}</button></div>`}</li>`)}</ul>` })}`
}

/** @param {App} app */
function depositsView(app) {
  const deposits = app.cash?.deposits ?? []
  if (deposits.length === 0) return nothing
  return card({ title: t('visit.cash_deposits'), id: 'deposits', body: html`<ul class="waiting">${deposits.map((one) => {
    /** @param {number} minor */
    const money = (minor) => formatMoney({ minor, currency: one.currency }, localeFor(app.day?.portfolios[one.portfolio_id]?.country))
    const state = one.state === 'declared' ? badge(t('visit.cash_uncounted'), 'warn') : badge(t('visit.cash_counted'), one.difference_minor > 0 ? 'bad' : 'good')
    return html`<li class="waiting-item"><div><strong>${money(one.amount_minor)}</strong> · ${momentWords(one.at)}${one.difference_minor === 0 ? nothing : html`<p class="small">${t(one.difference_minor > 0 ? 'visit.cash_missing' : 'visit.cash_over', { amount: money(Math.abs(one.difference_minor)) })}</p>`}</div>${state}</li>`
  })}</ul>` })
}

/** @param {App} app @param {[string, FieldPortfolio][]} portfolios */
function declareForm(app, portfolios) {
  const chosen = portfolios.find(([id]) => id === declared.portfolio_id) ?? portfolios[0]
  const [portfolioId, portfolio] = chosen
  const { faults } = declared
  const set = (/** @type {Partial<Declared>} */ part) => { declared = { ...declared, ...part, faults: {} }; app.paint() }
  /** @param {Event} event */
  const slip = async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget)
    const [file] = input.files ?? []
    if (file === undefined) return
    const photo = await takePhoto(file, { visitId: '', kind: 'receipt', fix: null, now: Date.now() }).catch(() => null)
    if (photo === null) toast(t('visit.photo_bad'), 'bad')
    else set({ slip: photo })
  }
  return html`<div class="stack-s">
    ${portfolios.length > 1 ? selectField({ name: 'deposit-portfolio', label: t('visit.cash_portfolio'), value: portfolioId, options: portfolios.map(([id, one]) => ({ value: id, label: one.name })), onInput: (id) => set({ portfolio_id: id }) }) : nothing}
    ${moneyField({ name: 'deposit-amount', label: t('visit.amount'), minor: declared.minor, text: declared.text, currency: portfolio.currency, locale: localeFor(portfolio.country), required: true, error: faults.amount && t(faults.amount), onInput: (minor, text) => set({ minor, text }) })}
    ${radioField({ name: 'deposit-way', label: t('visit.cash_way'), value: declared.way, options: ['bank', 'office'].map((way) => ({ value: way, label: t(`visit.cash_way_${way}`) })), onInput: (way) => set({ way: /** @type {'bank'} */ (way) }) })}
    ${textField({ name: 'deposit-reference', label: t('visit.reference'), value: declared.reference, maxlength: 60, onInput: (reference) => { declared.reference = reference } })}
    <div class="field photo-field ${faults.slip ? 'field-bad' : ''}"><label for="deposit-slip">${t('visit.cash_slip')}</label>
      <span class="button button-large button-block photo-button"><input id="deposit-slip" type="file" accept="image/*" capture="environment" aria-invalid=${faults.slip ? 'true' : nothing} @change=${slip}>${icon('camera')}<span aria-hidden="true">${t(declared.slip === null ? 'visit.photo_take' : 'visit.cash_slip_taken')}</span></span>
      ${faults.slip ? html`<p class="field-error">${icon('warning')}${t(faults.slip)}</p>` : nothing}</div>
    <button type="button" class="button button-primary button-large button-block" @click=${() => void declare(app, portfolioId)}>${icon('check')}${t('visit.cash_declare')}</button></div>`
}

/** @param {App} app @param {string} portfolioId */
async function declare(app, portfolioId) {
  const { minor, way, reference, slip } = declared
  /** @type {Record<string, string>} */
  const faults = {}
  if (minor === null || minor <= 0) faults.amount = 'visit.need_amount'
  // At the office somebody takes it out of one's hands; a bank only gives a paper.
  if (way === 'bank' && slip === null) faults.slip = 'visit.cash_need_slip'
  if (Object.keys(faults).length > 0) {
    declared = { ...declared, faults }
    app.paint()
    return
  }
  const now = Date.now()
  const depositId = newId('dep', now)
  const body = {
    deposit_id: depositId, portfolio_id: portfolioId, amount_minor: minor, at: new Date(now).toISOString(), way, reference: reference.trim(),
    slip: slip === null ? null : { sha256: slip.sha256, bytes: slip.bytes },
  }
  const item = waiting({ kind: 'deposit', ref: depositId, path: '/field/cash/deposits', text: JSON.stringify(body) }, now)
  if (!(await kept(app.store.queueDeposit(slip === null ? item : { ...item, photo_id: slip.photo_id }, slip)))) return toast(t('visit.no_space'), 'bad')
  declared = nothingYet()
  toast(t('visit.cash_declared'))
  await app.queued()
}
