// @ts-check

/** What a portfolio has to state before its debtors are written to, and where to state it. */

/** @import { Portfolio } from '../../core/contract.js' */

import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { banner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/**
 * @param {string[]} lacking  Paths of the portfolio's fields.
 * @param {Portfolio} portfolio
 * @param {boolean} mayWrite
 */
export function lackingBanner(lacking, portfolio, mayWrite) {
  if (lacking.length === 0) return nothing
  return banner({
    tone: 'warn', title: t('strategies.lacking_title'),
    body: html`<p>${t('strategies.lacking_body')}</p><ul>${lacking.map((path) => html`<li>${t(`strategies.part.${path}`)}</li>`)}</ul>`,
    actions: mayWrite ? html`<a class="button button-small" href="${pathTo('portfolios', { id: portfolio.portfolio_id })}#${lacking[0]}">${t('strategies.lacking_open')}</a>` : nothing,
  })
}
