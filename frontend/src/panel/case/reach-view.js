// @ts-check

/** What the gate says of every way to the debtor now, and the holds on the case. */

/** @import { Content } from '../../core/view.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { CasePage, ContactPage, Hold, Way } from '../cases/contract.js' */

import { formatDate, formatInstant, todayIn } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { badge, banner, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { lawWords } from '../law-words.js'

/** @typedef {'active' | 'lifted' | 'over' | 'later'} HoldState */

/** @type {Record<HoldState, Tone>} */
const TONES = { active: 'warn', lifted: 'neutral', over: 'neutral', later: 'info' }
const SHOWN = 5

/**
 * Where the answers of the gate stand: asked for after the case itself is on the screen.
 *
 * @typedef {object} Reach
 * @property {ContactPage | null} page
 * @property {boolean} failed
 */

/**
 * The channels of one contact point or address.
 * @param {Reach} reach @param {string} contactId @param {CasePage} page @param {string} locale
 */
export function waysOf(reach, contactId, page, locale) {
  if (reach.page === null) return nothing
  const ways = reach.page.ways.filter((way) => way.contact_id === contactId)
  if (ways.length === 0) return nothing
  return html`<ul class="channels">${ways.map((way) => html`<li>
    <span>${t(`contact.channel.${way.channel}`)}${way.consent ? html` <span class="muted small">(${t(`contact.said.${way.consent}`)})</span>` : nothing}</span>
    ${way.allowed ? badge(t('contact.now'), 'good') : html`<span class="channel-not">${whyNot(way, page, locale)}</span>`}
  </li>`)}</ul>`
}

/** @param {Way} way @param {CasePage} page @param {string} locale */
function whyNot({ reason_code: code, article, next_allowed_at: next }, page, locale) {
  const why = tOr(`contact.why.${code}`, code)
  return html`${badge(next === null ? why : t('contact.from', { why, when: formatInstant(next, locale, page.portfolio.time_zone) }), next === null ? 'bad' : 'warn')}
    ${article === '' ? nothing : html`<span class="muted small">${t('contact.article', { article: lawWords(article) })}</span>`}`
}

/** Says that the gate could not be asked. @param {Reach} reach @param {() => void} onRetry */
export function reachNotice({ page, failed }, onRetry) {
  if (failed) return banner({ tone: 'warn', title: t('contact.failed'), actions: html`<button type="button" class="button" @click=${onRetry}>${t('contact.retry')}</button>` })
  return page === null ? html`<p class="muted small">${t('contact.loading')}</p>` : nothing
}

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {Reach} facts.reach
 * @param {string} facts.locale
 * @param {() => void} facts.onHold
 * @param {(hold: Hold) => void} facts.onLift
 * @returns {Content}
 */
export function holdsCard({ page, reach, locale, onHold, onLift }) {
  if (reach.page === null) return nothing
  const { holds, can } = reach.page
  const today = todayIn(new Date(), page.portfolio.time_zone)
  return card({
    id: 'holds', title: t('contact.holds'),
    actions: can.hold ? html`<button type="button" class="button" @click=${onHold}>${t('contact.hold')}</button>` : undefined,
    body: holds.length === 0 ? html`<p class="muted">${t('contact.no_holds')}</p>` : html`<ul class="promises">${holds.slice(0, SHOWN).map((hold) => {
      const state = stateOf(hold, today)
      const reason = t(`contact.reason.${hold.reason}`)
      return html`<li>
        <div class="row row-between"><strong>${reason}</strong>${badge(t(`contact.hold_state.${state}`), TONES[state])}</div>
        <div class="row row-between"><span class="muted small">${daysOf(hold, locale)}</span>
          ${can.lift && (state === 'active' || state === 'later') ? html`<button type="button" class="link-button small" aria-label=${t('contact.lift_of', { reason })} @click=${() => onLift(hold)}>${t('contact.lift')}</button>` : nothing}</div>
        ${hold.note ? html`<p class="small">${hold.note}</p>` : nothing}</li>`
    })}</ul>`,
  })
}

/**
 * @param {Pick<Hold, 'lifted_at' | 'active' | 'since'>} hold
 * @param {string} today
 * @returns {HoldState}
 */
export function stateOf({ lifted_at: lifted, active, since }, today) {
  if (lifted !== null) return 'lifted'
  if (active) return 'active'
  return since > today ? 'later' : 'over'
}

/** @param {Hold} hold @param {string} locale */
function daysOf({ since, until }, locale) {
  const from = formatDate(since, locale)
  return until === null ? t('contact.hold_open', { since: from }) : t('contact.hold_days', { since: from, until: formatDate(until, locale) })
}
