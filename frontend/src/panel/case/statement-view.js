// @ts-check

/** The account statement: on paper or as a PDF by the browser's own print; never on the screen. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { CasePage } from '../cases/contract.js' */

import { formatDate, formatInstant } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { html, nothing } from '../../core/view.js'
import { nameOf } from './head-view.js'
import { debtName, debtNamed, debtProduct, debtsInOrder, lines, totals } from './ledger.js'

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {Portfolio | undefined} facts.portfolio
 * @param {string} facts.locale
 * @param {Date} facts.now
 */
export function statement({ page, portfolio, locale, now }) {
  const { case: one, debts, entries } = page
  const currency = page.portfolio.currency
  /** @param {number} minor */
  const money = (minor) => formatMoney({ minor, currency }, locale)
  const alive = debtsInOrder(debts).filter((debt) => !debt.void)
  const issued = formatInstant(now.toISOString(), locale, page.portfolio.time_zone)
  return html`<article class="statement" lang=${document.documentElement.lang}>
    <header>
      <p class="statement-by">${portfolio?.branding.display_name || page.portfolio.name}</p>
      <h2>${t('caseacts.statement')}</h2>
      <dl>
        <div><dt>${t('caseacts.statement_for')}</dt><dd>${nameOf(one)}${one.tax_id ? ` · ${one.tax_id}` : ''}</dd></div>
        <div><dt>${t('caseacts.statement_at')}</dt><dd>${issued} (${page.portfolio.time_zone})</dd></div>
        <div><dt>${t('case.total_due')}</dt><dd><strong>${formatMoney(one.total_due, locale, { code: true })}</strong></dd></div>
      </dl>
    </header>
    <h3>${t('caseacts.statement_debts')}</h3>
    <table>
      <thead><tr><th>${t('case.debt')}</th><th>${t('case.due_on')}</th><th class="num">${t('common.component.principal')}</th><th class="num">${t('common.component.interest')}</th><th class="num">${t('common.component.fees')}</th><th class="num">${t('common.component.moratory')}</th><th class="num">${t('case.total')}</th></tr></thead>
      <tbody>${alive.map((debt) => html`<tr><td>${debtName(debt)}${debtProduct(debt) ? html`<small>${debtProduct(debt)}</small>` : nothing}</td><td>${formatDate(debt.due_on, locale)}</td>
        <td class="num">${money(debt.principal.minor)}</td><td class="num">${money(debt.interest.minor)}</td><td class="num">${money(debt.fees.minor)}</td><td class="num">${money(debt.moratory.minor)}</td><td class="num">${money(debt.total_due.minor)}</td></tr>`)}</tbody>
      <tfoot><tr><td colspan="6">${t('case.total_due')}</td><td class="num">${formatMoney(one.total_due, locale)}</td></tr></tfoot>
    </table>
    <h3>${t('case.ledger')}</h3>
    <table>
      <thead><tr><th>${t('case.day')}</th><th>${t('case.debt')}</th><th>${t('case.concept')}</th><th class="num">${t('caseacts.charges')}</th><th class="num">${t('caseacts.credits')}</th><th class="num">${t('case.balance')}</th></tr></thead>
      <tbody>${lines(entries).map((line) => html`<tr><td>${formatDate(line.effective_on, locale)}</td><td>${debtNamed(debts, line.debt_id)}</td>
        <td>${t(`case.entry.${line.kind}`)}${line.kind === 'payment' && line.reference ? ` · ${line.reference}` : ''}</td>
        <td class="num">${line.amount.minor > 0 ? money(line.amount.minor) : ''}</td><td class="num">${line.amount.minor < 0 ? money(-line.amount.minor) : ''}</td><td class="num">${money(line.balance_minor)}</td></tr>`)}</tbody>
      <tfoot>${totals(entries).map(({ kind, minor }) => html`<tr><td colspan="3">${t(`case.entry_total.${kind}`)}</td><td class="num">${minor >= 0 ? money(minor) : ''}</td><td class="num">${minor < 0 ? money(-minor) : ''}</td><td></td></tr>`)}
        <tr><td colspan="5">${t('caseacts.statement_balance')}</td><td class="num">${formatMoney(one.balance, locale)}</td></tr>
        ${one.interest_accrued.minor > 0 ? html`<tr><td colspan="5">${t('caseacts.statement_accrued')}</td><td class="num">${formatMoney(one.interest_accrued, locale)}</td></tr>` : nothing}
        <tr><td colspan="5"><strong>${t('case.total_due')}</strong></td><td class="num"><strong>${formatMoney(one.total_due, locale)}</strong></td></tr></tfoot>
    </table>
    <footer>${portfolio?.branding.contact_line ? html`<p>${t('caseacts.statement_contact', { line: portfolio.branding.contact_line })}</p>` : nothing}<p>${t('caseacts.statement_note')}</p></footer>
  </article>`
}
