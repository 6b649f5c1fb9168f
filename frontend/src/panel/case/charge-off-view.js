// @ts-check

/** What a debt's row says of its charge-off; loaded after the case is on the screen. */

/** @import { Content } from '../../core/view.js' */
/** @import { ChargeOff } from '../cases/contract.js' */

import { formatDate } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { badge, facts } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/** @typedef {{ mark: (one: ChargeOff) => Content, facts: (one: ChargeOff) => Content }} ChargeOffPieces */

/**
 * @param {{ locale: string, onReinstate: (one: ChargeOff) => void, onWithdraw: (one: ChargeOff) => void }} facts
 * @returns {ChargeOffPieces}
 */
export function chargeOffPieces({ locale, onReinstate, onWithdraw }) {
  return {
    mark: ({ state, in_force: stands }) => badge(t(`chargeoff.state.${state}`), stands ? 'neutral' : 'warn'),
    facts: (one) => {
      const says = t('chargeoff.says', { amount: formatMoney(one.amount, locale), day: formatDate(one.on, locale), reason: t(`chargeoff.reason.${one.reason}`) })
      return html`${facts([[t(`chargeoff.state.${one.state}`), says], [t('chargeoff.note'), one.note || null], [t('chargeoff.from_file'), one.from_file ? one.asked_by.name || one.asked_by.id : null]])}
        ${one.in_force ? html`<p class="muted small">${t(one.interest_stops ? 'chargeoff.no_interest' : 'chargeoff.interest')}</p>` : nothing}
        ${one.state === 'standing' ? html`<p><button type="button" class="link-button" @click=${() => onReinstate(one)}>${t('chargeoff.reinstate')}</button></p>` : nothing}
        ${one.state === 'waiting' ? html`<p><button type="button" class="link-button" @click=${() => onWithdraw(one)}>${t('chargeoff.withdraw')}</button></p>` : nothing}`
    },
  }
}
