// @ts-check

/** What limits that are not saved yet would offer: asked of the server, which offers it in earnest. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Drafts } from '../drafts.js' */
/** @import { Offered } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { kindText } from './words.js'

const ASK = 5

/** Outlives paintings of the editor; nothing of it is saved. */
const tried = {
  principal: 0, dpd: 45, product: '', q: '',
  found: /** @type {{ case_id: string, name: string }[] | null} */ (null),
  answer: /** @type {(Offered & { rule: number | null, name: string }) | null} */ (null),
  problem: /** @type {Problem | null} */ (null),
  busy: false,
}

/**
 * @param {{ portfolio: Portfolio, api: Api, drafts: Drafts, locale: string, paint: () => void }} scene
 */
export function previewOf({ portfolio, api, drafts, locale, paint }) {
  const { currency, policies } = portfolio
  const path = `/portfolios/${encodeURIComponent(portfolio.portfolio_id)}`
  if (tried.principal === 0) tried.principal = policies.tolerance_minor + 1_000_000

  /** @param {() => Promise<void>} step */
  async function run(step) {
    Object.assign(tried, { busy: true, problem: null, answer: null })
    paint()
    await step().catch((error) => { tried.problem = asProblem(error) })
    tried.busy = false
    paint()
  }

  /** @param {object} on */
  const ask = (on) => run(async () => {
    tried.answer = await api.post(`${path}/agreement-previews`, { agreements: policies.agreements, agreement_rules: policies.agreement_rules, ...on })
  })
  const search = () => run(async () => {
    const { items } = await api.get(`${path}/cases?${new URLSearchParams({ q: tried.q, limit: String(ASK) })}`)
    tried.found = items
  })
  /** @param {KeyboardEvent} event */
  const onEnter = (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault() // it would save the portfolio
    if (tried.q.trim() !== '') void search()
  }

  return html`<div class="example">
    <p class="example-title">${t('portfolios.rule.try')}</p>
    <div class="form-grid">
      ${drafts.money({ name: 'try-principal', label: t('portfolios.rule.try_owed'), locale, currency, value: tried.principal, max: 10 ** 13, onInput: (minor) => { tried.principal = minor ?? 0 } })}
      ${drafts.field({ name: 'try-dpd', label: t('portfolios.rule.try_dpd'), locale, min: -365, max: 3650, suffix: t('portfolios.days_unit'), value: tried.dpd, onInput: (days) => { tried.dpd = days ?? 0 } })}
      ${textField({ name: 'try-product', label: t('portfolios.rule.try_product'), value: tried.product, maxlength: 120, onInput: (text) => { tried.product = text.trim() } })}
    </div>
    <div class="button-row"><button type="button" class="button" ?disabled=${tried.busy} @click=${() => ask({ example: { principal_minor: tried.principal, dpd: tried.dpd, product: tried.product } })}>${t('portfolios.rule.try_example')}</button></div>
    <div @keydown=${onEnter}>${textField({ name: 'try-case', label: t('portfolios.rule.try_case'), value: tried.q, maxlength: 120, onInput: (text) => { tried.q = text; paint() } })}</div>
    <div class="button-row"><button type="button" class="button" ?disabled=${tried.busy || tried.q.trim() === ''} @click=${search}>${t('portfolios.rule.try_search')}</button>
      ${(tried.found ?? []).map((one) => html`<button type="button" class="link-button" ?disabled=${tried.busy} @click=${() => ask({ case_id: one.case_id })}>${one.name || t('common.nameless')}</button>`)}</div>
    ${tried.found?.length === 0 ? html`<p class="muted small">${t('portfolios.rule.try_none')}</p>` : nothing}
    <div aria-live="polite">${tried.problem ? problemBanner(tried.problem) : nothing}${tried.answer === null ? nothing : result(tried.answer)}</div>
  </div>`

  /** @param {NonNullable<typeof tried.answer>} answer */
  function result({ rule, name, options }) {
    const holds = rule === null ? t('portfolios.rule.holds_own') : t('portfolios.rule.holds', { name: policies.agreement_rules[rule]?.name ?? '' })
    return html`<p><strong>${name ? `${name}: ` : ''}${holds}</strong></p>
      ${options.length === 0 ? html`<p class="muted">${t('portfolios.rule.offers_nothing')}</p>` : html`<ul>${options.map((one) => html`<li>${kindText(one.kind)}: ${formatMoney(one.to_pay, locale)}${one.discount.total.minor > 0 ? html`, ${t('agreements.saves', { amount: formatMoney(one.discount.total, locale) })}` : nothing}, ${tn('agreements.payments', one.shares.length)}${one.shares.length > 0 ? html` (${one.shares.map((share) => `${formatDate(share.due_on, locale, 'short')} ${formatMoney(share.amount, locale)}`).slice(0, 3).join(' · ')}${one.shares.length > 3 ? '…' : ''})` : nothing}</li>`)}</ul>`}`
  }
}
