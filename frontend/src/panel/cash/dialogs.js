// @ts-check

/** What a person other than the agent does about cash: count it, settle a difference, void a receipt. */

/** @import { Api } from '../../core/api.js' */
/** @import { Content } from '../../core/view.js' */
/** @import { CashDeposit, CashHand, SaidReceipt } from './contract.js' */

import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { moneyField, radioField, textArea } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/** @typedef {{ api: Api, portfolioId: string, currency: string, locale: string }} Scene */

/**
 * @param {object} facts
 * @param {string} facts.title @param {Content} facts.lead @param {string} facts.submit
 * @param {boolean} [facts.danger]
 * @param {{ label: string, minor: number | null } | null} facts.amount  Null: none is asked for.
 * @param {(minor: number | null) => boolean} facts.needsReason
 * @param {(minor: number | null, reason: string, key: string) => Promise<unknown>} facts.send
 * @param {Scene} facts.scene
 * @returns {Promise<boolean>}
 */
async function ask({ title, lead, submit, danger = false, amount, needsReason, send, scene }) {
  const key = crypto.randomUUID()
  let minor = amount?.minor ?? null
  /** @type {string | undefined} */
  let text
  let reason = ''
  let busy = false
  /** @type {Record<string, string>} */
  let errors = {}
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  const done = await openDialog({
    title,
    body: (handle) => {
      const submitted = async (/** @type {Event} */ event) => {
        event.preventDefault()
        errors = {}
        if (amount !== null && minor === null) errors.amount = t('common.field_money')
        if (needsReason(minor) && reason.trim() === '') errors.reason = t('cash.need_reason')
        if (Object.keys(errors).length === 0) {
          busy = true
          problem = null
          handle.update()
          try {
            await send(minor, reason.trim(), key)
            return handle.close(true)
          } catch (error) {
            problem = asProblem(error)
          }
          busy = false
        }
        handle.update()
      }
      return html`<form class="form" novalidate @submit=${submitted}>${problem ? problemBanner(problem) : nothing}<p>${lead}</p>
        ${amount === null ? nothing : moneyField({ name: 'amount', label: amount.label, minor, text, currency: scene.currency, locale: scene.locale, required: true, error: errors.amount, onInput: (value, typed) => { minor = value; text = typed; handle.update() } })}
        ${textArea({ name: 'reason', label: t('cash.reason'), hint: needsReason(minor) ? '' : t('cash.reason_if'), value: reason, rows: 2, maxlength: 500, required: needsReason(minor), error: errors.reason, onInput: (value) => { reason = value } })}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button ${danger ? 'button-danger' : 'button-primary'}" ?disabled=${busy}>${submit}</button></footer></form>`
    },
  })
  return done === true
}

/** @param {CashDeposit} deposit @param {Scene} scene */
export function countDialog(deposit, scene) {
  const { api, portfolioId: portfolio_id, currency, locale } = scene
  return ask({
    title: t('cash.count_title', { name: deposit.person.name }), submit: t('cash.count'), scene,
    lead: t('cash.count_lead', { amount: formatMoney({ minor: deposit.amount_minor, currency }, locale) }),
    amount: { label: t('cash.counted'), minor: null },
    needsReason: (minor) => minor !== null && minor !== deposit.amount_minor,
    send: (counted_minor, reason) => api.post(`/cash/deposits/${encodeURIComponent(deposit.deposit_id)}`, { portfolio_id, counted_minor, reason }),
  })
}

/** @param {CashHand} hand @param {Scene} scene */
export function settleDialog(hand, scene) {
  const { api, portfolioId: portfolio_id } = scene
  const sign = hand.owed_minor < 0 ? -1 : 1
  return ask({
    title: t('cash.settle_title', { name: hand.person.name }), submit: t('cash.settle'), scene,
    lead: t(hand.owed_minor < 0 ? 'cash.settle_back' : 'cash.settle_lead'),
    amount: { label: t('cash.amount'), minor: Math.abs(hand.owed_minor) },
    needsReason: () => true,
    send: (minor, reason, key) => api.post('/cash/settlements', { portfolio_id, person_id: hand.person.id, amount_minor: sign * (minor ?? 0), reason }, { key }),
  })
}

/** @param {SaidReceipt} receipt @param {Scene} scene */
export function callDialog(receipt, scene) {
  const { api, currency, locale } = scene
  const outcomes = ['confirms', 'denies', 'unreached']
  let outcome = ''
  let minor = /** @type {number | null} */ (null)
  /** @type {string | undefined} */
  let typed
  let words = ''
  let busy = false
  /** @type {Record<string, string>} */
  let errors = {}
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  return openDialog({
    title: t('cash.call_title', { number: receipt.number }),
    body: (handle) => {
      const submitted = async (/** @type {Event} */ event) => {
        event.preventDefault()
        errors = {}
        if (outcome === '') errors.outcome = t('cash.need_outcome')
        if (outcome === 'denies' && minor === null) errors.amount = t('common.field_money')
        if (Object.keys(errors).length === 0) {
          busy = true
          problem = null
          handle.update()
          try {
            await api.post('/cash/receipts', { key: receipt.key, outcome, words: words.trim(), ...(outcome === 'denies' ? { said_minor: minor } : {}) })
            return handle.close(true)
          } catch (error) {
            problem = asProblem(error)
          }
          busy = false
        }
        handle.update()
      }
      return html`<form class="form" novalidate @submit=${submitted}>${problem ? problemBanner(problem) : nothing}
        <p>${t('cash.call_lead', { amount: formatMoney({ minor: receipt.amount_minor, currency }, locale) })}</p>
        ${radioField({
          name: 'outcome', label: t('cash.debtor_says'), value: outcome, required: true, error: errors.outcome,
          options: outcomes.map((one) => ({ value: one, label: t(`cash.outcome.${one}`) })), onInput: (one) => { outcome = one; handle.update() },
        })}
        ${outcome !== 'denies' ? nothing : moneyField({ name: 'amount', label: t('cash.really_paid'), hint: t('cash.really_paid_hint'), minor, text: typed, currency, locale, required: true, error: errors.amount, onInput: (value, text) => { minor = value; typed = text; handle.update() } })}
        ${textArea({ name: 'words', label: t('cash.call_words'), value: words, rows: 2, maxlength: 500, onInput: (value) => { words = value } })}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${busy}>${t('cash.call')}</button></footer></form>`
    },
  }).then((closed) => closed === true)
}

/** @param {{ key: string, number: string, amount_minor: number }} receipt @param {Scene} scene */
export function voidDialog(receipt, scene) {
  const { api, currency, locale } = scene
  return ask({
    title: t('cash.void_title', { number: receipt.number }), submit: t('cash.void'), danger: true, scene,
    lead: t('cash.void_lead', { amount: formatMoney({ minor: receipt.amount_minor, currency }, locale) }),
    amount: null, needsReason: () => true,
    send: (_, reason) => api.post('/cash/voids', { key: receipt.key, reason }),
  })
}
