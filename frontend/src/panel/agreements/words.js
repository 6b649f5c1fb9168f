// @ts-check

/** How agreements are said and drawn, on the case and in the queue. */

/** @import { Money } from '../../core/contract.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { AgreedShare, Agreement, AgreementState, Breach, Share } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { badge } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html } from '../../core/view.js'

/** @type {Record<AgreementState, Tone>} */
const TONES = {
  pending: 'warn', proposed: 'info', active: 'info', completed: 'good', defaulted: 'bad',
  cancelled: 'neutral', expired: 'neutral', rejected: 'bad', replaced: 'neutral',
}
/** @type {Record<AgreedShare['state'], Tone>} */
const SHARE_TONES = { open: 'neutral', late: 'warn', missed: 'bad', paid: 'good' }
const MONEY = ['down_payment_minor', 'affordable_minor']
const PPM = ['discount_principal_ppm', 'discount_interest_ppm', 'discount_fees_ppm']

/** @param {Pick<Agreement, 'state'>} one */
export const stateBadge = ({ state }) => badge(t(`agreements.state.${state}`), TONES[state])

/** @param {string} kind */
export const kindText = (kind) => t(`agreements.kind.${kind}`)

/** @param {Share} share */
export const shareName = ({ number }) => (number === 0 ? t('agreements.down') : t('agreements.share', { number }))

/**
 * Where an offer goes beyond the limits, in words.
 * @param {Breach} breach @param {string} currency @param {string} locale
 */
export function breachText({ field, reason, limit }, currency, locale) {
  let said = String(limit)
  if (MONEY.includes(field) || reason === 'share_too_small') said = formatMoney({ minor: limit, currency }, locale)
  if (PPM.includes(field)) said = `${limit / 10_000} %`
  return tOr(`agreements.breach.${field}.${reason}`, null, { limit: said }) ?? t('agreements.breach.other', { field, limit: said })
}

/**
 * The payments of a plan; with what is paid of each, where that is known.
 * @param {(Share | AgreedShare)[]} shares @param {string} locale
 */
export function schedule(shares, locale) {
  const known = shares.some((share) => 'state' in share)
  return dataTable({
    caption: t('agreements.schedule'), rows: shares, id: ({ number }) => String(number),
    columns: [
      { key: 'number', label: t('agreements.payment'), head: true, cell: shareName },
      { key: 'day', label: t('agreements.due_on'), cell: ({ due_on: day }) => formatDate(day, locale) },
      { key: 'amount', label: t('agreements.amount'), align: 'end', cell: ({ amount }) => formatMoney(amount, locale) },
      ...(known ? [{
        key: 'state', label: t('agreements.how'),
        cell: (/** @type {Share | AgreedShare} */ share) => ('state' in share ? badge(shareState(share, locale), SHARE_TONES[share.state]) : ''),
      }] : []),
    ],
  })
}

/** @param {AgreedShare} share @param {string} locale */
function shareState(share, locale) {
  if (share.state === 'paid' || share.paid.minor === 0) return t(`agreements.share_state.${share.state}`)
  return t('agreements.share_state.part', { amount: formatMoney(share.paid, locale) })
}

/** @param {{ to_pay: Money, paid: Money }} agreement @param {string} locale */
export function paidLine({ to_pay: whole, paid }, locale) {
  return html`<div class="row row-between"><span class="muted small">${t('agreements.paid_of', { paid: formatMoney(paid, locale), whole: formatMoney(whole, locale) })}</span></div>
    <progress class="agreement-progress" max=${Math.max(1, whole.minor)} value=${paid.minor} aria-label=${t('agreements.progress')}></progress>`
}
