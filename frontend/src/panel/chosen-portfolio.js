// @ts-check

/**
 * Which portfolio the reader is working in. The address says it (`?cartera=`), so that a link
 * shows the same to the next reader; the browser remembers the last one for pages opened bare.
 */

import { t } from '../core/i18n.js'
import { html, live, nothing } from '../core/view.js'

/** @import { Api } from '../core/api.js' */
/** @import { Portfolio } from '../core/contract.js' */

export const PARAM = 'cartera'
const STORED = 'recobro.portfolio'

/**
 * @param {Api} api
 * @returns {() => Promise<Portfolio[]>}
 */
export function portfoliosOf(api) {
  /** @type {Promise<Portfolio[]> | null} */
  let asked = null
  return () => {
    asked ??= everyPage(api).catch((error) => {
      asked = null
      throw error
    })
    return asked
  }
}

/** @param {Api} api */
async function everyPage(api) {
  /** @type {Portfolio[]} */
  const all = []
  /** @type {string | null} */
  let cursor = null
  do {
    const page = await api.get('/portfolios', { query: { cursor } })
    all.push(...page.items)
    cursor = page.cursor ?? null
  } while (cursor !== null)
  return all
}

/**
 * @param {Portfolio[]} portfolios
 * @param {URLSearchParams} params
 * @param {{ all?: boolean }} [rules]  `all`: the page can show every portfolio together.
 * @returns {Portfolio | null}  Null: all of them, or there are none.
 */
export function chosenPortfolio(portfolios, params, { all = false } = {}) {
  const wanted = params.get(PARAM) ?? window.localStorage.getItem(STORED)
  const found = portfolios.find((portfolio) => portfolio.portfolio_id === wanted)
  if (found !== undefined) return found
  return all && portfolios.length > 1 ? null : mostWork(portfolios)
}

/** Whoever comes for the first time starts where most is to be done. @param {Portfolio[]} portfolios */
function mostWork(portfolios) {
  const cases = (/** @type {Portfolio} */ { kpis }) => kpis?.cases ?? 0
  return portfolios.reduce((/** @type {Portfolio | null} */ most, one) => (most === null || cases(one) > cases(most) ? one : most), null)
}

/**
 * Remember the choice and put it into the address without loading the page again.
 * @param {Portfolio | null} portfolio
 */
export function rememberPortfolio(portfolio) {
  const url = new URL(window.location.href)
  if (portfolio === null) {
    window.localStorage.removeItem(STORED)
    url.searchParams.delete(PARAM)
  } else {
    window.localStorage.setItem(STORED, portfolio.portfolio_id)
    url.searchParams.set(PARAM, portfolio.portfolio_id)
  }
  window.history.replaceState(window.history.state, '', url)
}

/**
 * The picker at the top of pages that are about one portfolio, or all.
 * @param {{ portfolios: Portfolio[], chosen: Portfolio | null, all?: boolean, disabled?: boolean, onPick: (portfolio: Portfolio | null) => void }} facts
 */
export function portfolioPicker({ portfolios, chosen, all = false, disabled = false, onPick }) {
  if (portfolios.length === 0) return nothing
  const offerAll = all && portfolios.length > 1
  /** @param {any} event */
  const pick = (event) => {
    const portfolio = portfolios.find(({ portfolio_id }) => portfolio_id === event.target.value) ?? null
    rememberPortfolio(portfolio)
    onPick(portfolio)
  }
  return html`<label class="picker"><span>${t('common.portfolio')}</span>
    <select name="portfolio" ?disabled=${disabled} @change=${pick}>
      ${offerAll ? html`<option value="" .selected=${live(chosen === null)}>${t('common.all_portfolios')}</option>` : nothing}
      ${portfolios.map((portfolio) => html`<option value=${portfolio.portfolio_id} .selected=${live(portfolio.portfolio_id === chosen?.portfolio_id)}>${portfolio.name}</option>`)}
    </select>
  </label>`
}
