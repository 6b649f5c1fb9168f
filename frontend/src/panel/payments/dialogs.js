// @ts-check

/** What a person decides about a payment: whose it is, or that it goes back. */

/** @import { Api } from '../../core/api.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { ReceivedLine, ReportedLine, UnmatchedLine } from './contract.js' */

import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog, openDialog } from '../../core/ui/dialog.js'
import { textArea } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { findCaseDialog } from '../find-case.js'

/** @typedef {{ api: Api, portfolioId: string, locale: string }} Facts */

/**
 * Find the case a payment belongs to and put it there.
 *
 * @param {Facts & { one: UnmatchedLine }} facts
 * @returns {Promise<boolean>}  Whether it was.
 */
export async function assignDialog({ api, portfolioId, locale, one }) {
  const done = await findCaseDialog({
    api,
    portfolioId,
    title: t('payments.assign_title', { amount: formatMoney(one.kept, locale) }),
    texts: 'payments',
    lead: t('payments.assign_lead'),
    action: t('payments.assign'),
    chosen: one.state === 'assigning' ? one.case_id : '',
    about: (row) => `${row.tax_id} · ${formatMoney(row.balance, locale)}`,
    act: async (caseId) => {
      await api.post(`/portfolios/${portfolioId}/payments/${one.unmatched_id}`, { action: 'assign', case_id: caseId })
      return true
    },
  })
  return done === true
}

/**
 * Say whether a payment that a debtor reported was found; what is written is on their page.
 *
 * @param {Facts & { one: ReportedLine }} facts
 * @param {'found' | 'not_found'} verdict
 * @returns {Promise<boolean>}  Whether it was said.
 */
export async function reportedDialog({ api, portfolioId, locale, one }, verdict) {
  let words = ''
  /** @type {Problem | null} */
  let problem = null
  let busy = false
  const needed = verdict === 'not_found'
  const answer = await openDialog({
    title: one.amount ? t(`payments.${verdict}_title`, { amount: formatMoney(one.amount, locale) }) : t(`payments.${verdict}_only_title`),
    body: (handle) => {
      const settle = async () => {
        busy = true
        problem = null
        handle.update()
        try {
          await api.post(`/portfolios/${portfolioId}/payments/${one.reported_id}`, { action: verdict, case_id: one.case_id, answer: words.trim() })
          handle.close(true)
        } catch (error) {
          problem = asProblem(error)
          busy = false
          handle.update()
        }
      }
      return html`<form class="dialog-body" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); if (!needed || words.trim()) void settle() }}>
        <p>${t(`payments.${verdict}_body`, { name: one.name })}</p>
        ${problem ? problemBanner(problem) : nothing}
        ${textArea({ name: 'answer', label: t('payments.answer'), required: needed, rows: 3, maxlength: 1000, value: words, onInput: (value) => { words = value; handle.update() } })}
        <div class="dialog-foot">
          <button type="button" class="button" @click=${() => handle.close(false)}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${busy || (needed && words.trim() === '')}>${t(`payments.${verdict}`)}</button>
        </div>
      </form>`
    },
  })
  return answer === true
}

/**
 * Send a payment of the tray back to whoever paid it.
 *
 * @param {Facts & { one: UnmatchedLine }} facts
 */
export function sendBackDialog({ api, portfolioId, locale, one }) {
  const amount = formatMoney(one.kept, locale)
  return confirmDialog({
    title: t('payments.send_back_title', { amount }),
    body: html`<p>${t('payments.send_back_body')}</p>`,
    confirm: t('payments.send_back'),
    danger: true,
    work: () => api.post(`/portfolios/${portfolioId}/payments/${one.unmatched_id}`, { action: 'send_back' }),
  })
}

/**
 * Bring what went back of a merged case's payment to the case that has the debt now.
 *
 * @param {Facts & { one: UnmatchedLine }} facts
 */
export function bringDialog({ api, portfolioId, locale, one }) {
  const back = { minor: one.amount.minor - one.kept.minor, currency: one.amount.currency }
  return confirmDialog({
    title: t('payments.bring_title', { amount: formatMoney(back, locale) }),
    body: html`<p>${t('payments.bring_body')}</p>`,
    confirm: t('payments.bring'),
    work: () => api.post(`/portfolios/${portfolioId}/payments/${one.unmatched_id}`, { action: 'bring' }),
  })
}

/**
 * Give back what a payment brought beyond all that was owed.
 *
 * @param {Facts & { one: ReceivedLine }} facts
 */
export function giveBackDialog({ api, portfolioId, locale, one }) {
  const amount = formatMoney(one.over, locale)
  return confirmDialog({
    title: t('payments.give_back_title', { amount }),
    body: html`<p>${t('payments.give_back_body', { name: one.name })}</p>`,
    confirm: t('payments.give_back'),
    danger: true,
    work: () => api.post(`/portfolios/${portfolioId}/payments/${one.received_id}`, { action: 'give_back_over', case_id: one.case_id }),
  })
}
