// @ts-check

/** What was agreed with the debtor of this case, and what of it is paid. */

/** @import { Agreement } from '../agreements/contract.js' */
/** @import { CasePage } from '../cases/contract.js' */

import { formatDay, formatInstant } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { kindText, paidLine, schedule, stateBadge } from '../agreements/words.js'

const SHOWN = 4
const OPEN = ['pending', 'proposed', 'active']

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {() => void} facts.onMake
 * @param {(agreement: Agreement) => void} facts.onAccept
 * @param {(agreement: Agreement) => void} facts.onPaper
 * @param {(agreement: Agreement) => void} facts.onCancel
 */
export function agreementsCard({ page, locale, onMake, onAccept, onPaper, onCancel }) {
  if (!page.can.agree && page.agreements.length === 0) return nothing
  const zone = page.portfolio.time_zone

  /** @param {Agreement} one */
  function line(one) {
    const open = OPEN.includes(one.state)
    return html`<li class="agreement">
      <div class="row row-between"><strong>${kindText(one.kind)} · <span class="amount">${formatMoney(one.to_pay, locale)}</span></strong>${stateBadge(one)}</div>
      ${one.saved.minor > 0 ? html`<span class="small">${t('agreements.saves', { amount: formatMoney(one.saved, locale) })}</span>` : nothing}
      ${one.capitalised.minor > 0 ? html`<span class="small">${t('agreements.capitalised', { amount: formatMoney(one.capitalised, locale) })}</span>` : nothing}
      ${one.signed_at ? paidLine(one, locale) : nothing}
      <details ?open=${one.state === 'active'}><summary>${t('agreements.schedule')}</summary>${schedule(one.shares, locale)}</details>
      <span class="muted small">${said(one)}</span>
      <span class="button-row">
        ${one.can.accept ? html`<button type="button" class="button button-small button-primary" @click=${() => onAccept(one)}>${t('agreements.accept')}</button>` : nothing}
        <button type="button" class="link-button small" @click=${() => onPaper(one)}>${one.signed_at ? t('agreements.print') : t('agreements.preview')}</button>
        ${open && one.can.cancel ? html`<button type="button" class="link-button small" @click=${() => onCancel(one)}>${t('agreements.cancel')}</button>` : nothing}
      </span>
    </li>`
  }

  /** @param {Agreement} one */
  function said(one) {
    if (one.signed_at) return t('agreements.signed', { day: formatInstant(one.signed_at, locale, zone), proof: t(`agreements.proof.${one.proof ?? 'call'}`) })
    return one.state === 'proposed' || one.state === 'pending' ? t('agreements.until', { day: formatInstant(one.until, locale, zone) }) : one.ended_at ? formatDay(one.ended_at, locale, zone) : ''
  }

  return card({
    id: 'agreements', title: t('agreements.title'),
    actions: page.can.agree ? html`<button type="button" class="button button-small" @click=${onMake}>${t('agreements.make')}</button>` : nothing,
    body: page.agreements.length === 0
      ? html`<p class="muted">${t('agreements.none')}</p>`
      : html`<ul class="promises">${page.agreements.slice(0, SHOWN).map(line)}</ul>`,
  })
}
