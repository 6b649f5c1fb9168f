// @ts-check

/** The top of a case: who, how much, since when, and what can be done. */

/** @import { Content } from '../../core/view.js' */
/** @import { CasePage } from '../cases/contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { badge, kpi, pageHead } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { bandName } from '../bands.js'
import { lateness, statusBadge } from '../cases/words.js'

/** @typedef {'pay' | 'promise' | 'note' | 'adjust' | 'waive' | 'tag' | 'charge_off'} Act */

/**
 * @typedef {object} HeadFacts
 * @property {CasePage} page
 * @property {string} locale
 * @property {string} backHref
 * @property {(act: Act) => void} onAct
 * @property {() => void} onPrint
 * @property {() => void} onLink  Make or take back links to the debtor's own page.
 * @property {() => void} onStatement  Fetch the debtor's statement, in their language.
 */

/** @param {HeadFacts} facts */
export function caseHead(facts) {
  const { page, backHref, locale } = facts
  const { case: one, portfolio } = page
  return html`${pageHead({
    title: nameOf(one),
    back: { href: backHref, label: t('common.title.cases') },
    lead: html`<span class="row">${statusBadge(one.status)}${one.charged_off > 0 ? badge(tn('case.charged_off', one.charged_off, { amount: formatMoney(one.charged_off_balance, locale) }), 'neutral') : nothing}${one.tax_id ? html`<span>${one.tax_id}</span>` : nothing}<span class="muted">${portfolio.name}</span>${one.city ? html`<span class="muted">${one.city}</span>` : nothing}${one.owner ? html`<span class="muted">${t('cases.owned_by', { name: one.owner.name })}</span>` : nothing}</span>
      ${tagList(facts)}`,
    actions: actions(facts),
  })}${figures(facts)}`
}

/** Who it is; of somebody who had their data erased, by which request. @param {CasePage['case']} one */
export function nameOf({ name, erased }) {
  return name || t(erased ? 'case.erased_by' : 'common.nameless', { number: erased })
}

/** @param {HeadFacts} facts */
function tagList({ page, onAct }) {
  const { tags } = page.case
  if (tags.length === 0 && !page.can.tag) return nothing
  return html`<span class="row tags">${tags.map((tag) => html`<span class="tag">${tag}</span>`)}
    ${page.can.tag ? html`<button type="button" class="link-button small" @click=${() => onAct('tag')}>${tags.length === 0 ? t('case.add_tags') : t('case.edit_tags')}</button>` : nothing}</span>`
}

/** @param {HeadFacts} facts */
function actions({ page, onAct, onPrint, onStatement, onLink }) {
  const { can } = page
  /** @type {[boolean, Act, Content][]} */
  const more = [[can.adjust, 'adjust', t('case.act.adjust')], [can.waive, 'waive', t('case.act.waive')], [can.charge_off, 'charge_off', t('case.act.charge_off')]]
  return html`<div class="case-actions">
    ${can.pay ? html`<button type="button" class="button button-primary" @click=${() => onAct('pay')}>${icon('coin')}${t('case.act.pay')}</button>` : nothing}
    ${can.promise ? html`<button type="button" class="button" @click=${() => onAct('promise')}>${icon('calendar')}${t('case.act.promise')}</button>` : nothing}
    ${can.note ? html`<button type="button" class="button" @click=${() => onAct('note')}>${icon('edit')}${t('case.act.note')}</button>` : nothing}
    <details class="more-menu" @toggle=${closeElsewhere} @keydown=${closeOnEscape}>
      <summary class="button" aria-label=${t('case.more_actions')}>${icon('more')}</summary>
      <div class="more-box" @click=${closeMenu}>
        ${more.map(([allowed, act, label]) => (allowed ? html`<button type="button" @click=${() => onAct(act)}>${label}</button>` : nothing))}
        ${can.note ? html`<button type="button" @click=${onLink}>${t('case.act.link')}</button>` : nothing}
        <button type="button" @click=${onStatement}>${t('case.act.statement_pdf')}</button>
        <button type="button" @click=${onPrint}>${t('case.act.statement')}</button>
      </div>
    </details>
  </div>`
}

/** @param {Event} event */
function closeMenu(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget).closest('details')
  menu?.removeAttribute('open')
}

/** @param {KeyboardEvent} event */
function closeOnEscape(event) {
  const menu = /** @type {HTMLDetailsElement} */ (event.currentTarget)
  if (event.key !== 'Escape' || !menu.open) return
  menu.open = false
  menu.querySelector('summary')?.focus()
}

/** A press anywhere else closes the menu. @param {Event} event */
function closeElsewhere(event) {
  const menu = /** @type {HTMLDetailsElement} */ (event.currentTarget)
  if (!menu.open) return
  const close = (/** @type {Event} */ press) => {
    if (menu.contains(/** @type {Node} */ (press.target))) return
    menu.open = false
    document.removeEventListener('pointerdown', close)
  }
  document.addEventListener('pointerdown', close)
}

/** @param {HeadFacts} facts */
function figures({ page, locale }) {
  const { case: one, portfolio, promises } = page
  const promise = promises.find(({ state }) => state === 'open')
  const band = portfolio.bands.find(({ code }) => code === one.band)
  const paused = one.treatment_dpd !== one.legal_dpd
  return html`<div class="grid-4 case-figures">
    ${kpi({
      label: t('case.total_due'), value: formatMoney(one.total_due, locale), tone: one.total_due.minor > 0 ? 'brand' : 'good',
      note: one.interest_accrued.minor > 0
        ? t('case.total_of', { balance: formatMoney(one.balance, locale), interest: formatMoney(one.interest_accrued, locale) })
        : t('case.no_interest'),
    })}
    ${kpi({
      label: t('case.late'), value: lateness(one.legal_dpd, one.band, portfolio.bands),
      note: html`${band ? bandName(band) : nothing}${paused ? html` · ${tn('case.treatment', one.treatment_dpd)}` : nothing}`,
    })}
    ${kpi({
      label: t('case.since'), value: one.oldest_due_on ? formatDate(one.oldest_due_on, locale) : '–',
      note: one.oldest_due_on ? t('case.since_note') : t('case.nothing_due'),
    })}
    ${promise
      ? kpi({ label: t('case.promise'), value: formatMoney(promise.amount, locale), note: t('case.promise_for', { day: formatDate(promise.due_on, locale) }), tone: 'info' })
      : kpi({ label: t('case.last_payment'), value: one.last_payment_on ? formatDate(one.last_payment_on, locale) : t('common.never'), note: tn('case.debt_count', one.debts) })}
  </div>`
}

/** Where the list is, as the reader left it. @param {string | null} referrer */
export function backToList(referrer) {
  const list = pathTo('cases')
  if (referrer === null) return list
  try {
    const url = new URL(referrer)
    return url.origin === window.location.origin && url.pathname === list ? url.pathname + url.search : list
  } catch {
    return list
  }
}
