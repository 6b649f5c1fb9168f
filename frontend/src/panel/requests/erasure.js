// @ts-check

/**
 * Erasing a person's data, on the page of the request that asks for it: what goes, what stays and
 * why, what is in the way, who asked and who decided, how far it has come, what it came to.
 */

/** @import { Content } from '../../core/view.js' */
/** @import { Scene } from './dialogs.js' */
/** @import { Erasure, ErasureBlocker, RequestPage } from './contract.js' */

import { formatInstant } from '../../core/dates.js'
import { formatNumber, t, tOr, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { badge, banner, card, facts, progress } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/** `restrict`: answered once more, so that the data are kept apart instead. @typedef {'erase_ask' | 'erase_withdraw' | 'erase_approve' | 'erase_reject' | 'restrict'} EraseAct */

/** @type {Record<Erasure['state'], import('../../core/ui/pieces.js').Tone>} */
const TONES = { open: 'neutral', asked: 'warn', rejected: 'neutral', running: 'info', done: 'good' }
const LOOK_MS = 3_000
const AWAY_MS = 60_000

/**
 * How long until it is looked at again; null: it moves no more by itself.
 * @param {{ seen: RequestPage, hidden: boolean, failures: number }} facts
 */
export function lookAgain({ seen, hidden, failures }) {
  if (seen.erasure?.state !== 'running') return null
  return hidden ? AWAY_MS : Math.min(LOOK_MS * 2 ** failures, AWAY_MS)
}

/**
 * @typedef {object} ErasureFacts
 * @property {RequestPage} request
 * @property {Erasure} erasure
 * @property {string} me  Who looks.
 * @property {string} locale
 * @property {string | undefined} zone
 * @property {boolean} busy
 * @property {Content} letter  How the letter is taken.
 * @property {(act: EraseAct) => void} onAct
 */

/** @param {ErasureFacts} facts */
export function erasureCard(facts) {
  const { erasure } = facts
  const over = erasure.state === 'done'
  return card({
    id: 'erasure',
    title: html`${t(over ? 'requests.erasure.title_done' : 'requests.erasure.title')} ${badge(t(`requests.erasure.state.${erasure.state}`), TONES[erasure.state])}`,
    lead: t(over ? 'requests.erasure.lead_done' : 'requests.erasure.lead'),
    body: html`${standing(facts)}
      ${over || erasure.state === 'running' ? nothing : blocked(facts)}
      <div class="grid grid-2">${goes(erasure)}${stays(erasure)}</div>
      ${acts(facts)}`,
  })
}

/** How it stands, in a sentence. @param {ErasureFacts} facts */
function standing({ request, erasure, me, locale, zone, letter }) {
  /** @param {string | null} at */
  const when = (at) => (at === null ? '' : formatInstant(at, locale, zone))
  const asked = { who: erasure.asked_by_name || erasure.asked_by, when: when(erasure.asked_at) }
  const decided = { who: erasure.decided_by_name || erasure.decided_by, when: when(erasure.decided_at) }
  const words = erasure.note ? html`<blockquote class="pre-line">${erasure.note}</blockquote>` : nothing
  switch (erasure.state) {
    case 'asked': return html`${banner({ tone: 'warn', title: t('requests.erasure.waits'), body: t(erasure.asked_by === me ? 'requests.erasure.waits_own' : 'requests.erasure.waits_for', asked) })}${words}`
    case 'rejected': return html`${banner({ title: t('requests.erasure.rejected', decided), body: t('requests.erasure.rejected_body') })}${words}`
    case 'running': return running(erasure)
    case 'done': return html`${banner({ tone: 'good', title: t('requests.erasure.done', { when: when(erasure.finished_at) }), body: t('requests.erasure.done_body', { number: request.number }) })}
      ${facts([[t('requests.erasure.asked_by'), `${asked.who}, ${asked.when}`], [t('requests.erasure.decided_by'), `${decided.who}, ${decided.when}`], [t('requests.cases'), formatNumber(erasure.cases)]])}
      ${letter}`
    default: return nothing
  }
}

/** Said aloud as it moves, politely. @param {Erasure} erasure */
function running({ cases, cases_done: done }) {
  const said = tn('requests.erasure.running_of', cases, { done: formatNumber(done) })
  return html`<div role="status" aria-live="polite"><p><strong>${said}</strong></p></div>
    ${progress({ value: done, max: cases, label: t('requests.erasure.state.running') })}
    <p class="muted">${t('requests.erasure.running_body')}</p>`
}

/** What is in the way, by case, and what the law offers meanwhile. @param {ErasureFacts} facts */
function blocked(facts) {
  const { request, erasure, locale, busy, onAct } = facts
  if (erasure.blockers.length === 0) return nothing
  /** @type {Map<string, ErasureBlocker[]>} */
  const cases = new Map()
  for (const one of erasure.blockers) cases.set(one.case_id, [...(cases.get(one.case_id) ?? []), one])
  const { article } = request.keeps
  return banner({
    tone: 'warn',
    title: t('requests.erasure.blocked'),
    body: html`<ul>${[...cases].map(([id, why]) => html`<li><a href=${pathTo('case', { id })}>${why[0].name || t('common.nameless')}</a>: ${why.map((one) => blockerText(one, locale)).join('; ')}</li>`)}</ul>
      <p>${t(article ? 'requests.erasure.restrict' : 'requests.erasure.restrict_bare', { article })}</p>`,
    actions: isFree(facts) ? html`<button type="button" class="button" ?disabled=${busy} @click=${() => onAct('restrict')}>${t('requests.erasure.restrict_act')}</button>` : nothing,
  })
}

/** @param {ErasureBlocker} one @param {string} locale */
function blockerText({ reason, amount_minor: minor, currency }, locale) {
  const said = tOr(`requests.erasure.blocker.${reason}`, t('requests.erasure.blocker.other'))
  return minor === null ? said : `${said} (${formatMoney({ minor, currency }, locale)})`
}

/** @param {Erasure} erasure */
function goes({ state, goes: all }) {
  const items = all.filter(({ count }) => count > 0)
  return html`<div><h3>${t(state === 'done' ? 'requests.erasure.gone' : 'requests.erasure.goes')}</h3>
    ${items.length === 0 ? html`<p class="muted">${t('requests.erasure.goes_nothing')}</p>` : html`<ul class="promises">${items.map(({ code, count }) => html`<li><div class="row row-between"><span>${tOr(`requests.erasure.goes.${code}`, code)}</span><strong>${formatNumber(count)}</strong></div></li>`)}</ul>`}</div>`
}

/** @param {Erasure} erasure */
function stays({ state, stays: items }) {
  return html`<div><h3>${t(state === 'done' ? 'requests.erasure.stayed' : 'requests.erasure.stays')}</h3>
    ${items.length === 0 ? html`<p class="muted">${t('requests.erasure.stays_nothing')}</p>` : html`<ul class="promises">${items.map(({ code, count, why, article }) => html`<li><div class="row row-between"><span>${tOr(`requests.erasure.stays.${code}`, code)}</span>${count === null ? html`<span class="muted small">${t('requests.erasure.not_counted')}</span>` : html`<strong>${formatNumber(count)}</strong>`}</div>
      <p class="small muted">${tOr(`requests.erasure.why.${why}`, why)}${article ? html` (<cite>${article}</cite>)` : nothing}</p></li>`)}</ul>`}</div>`
}

/** Whether nobody waits for a decision, and nothing was done yet. @param {ErasureFacts} facts */
function isFree({ request, erasure }) {
  return request.state === 'answered' && ['open', 'rejected'].includes(erasure.state)
}

/** @param {ErasureFacts} facts */
function acts(facts) {
  const { erasure, me, busy, onAct } = facts
  const free = erasure.blockers.length === 0
  /** @param {EraseAct} act @param {string} look */
  const button = (act, look) => html`<button type="button" class="button ${look}" ?disabled=${busy} @click=${() => onAct(act)}>${t(`requests.erasure.${act}`)}</button>`
  if (erasure.state === 'asked') {
    if (erasure.asked_by === me) return html`<div class="button-row">${button('erase_withdraw', '')}</div>`
    if (!erasure.may_decide) return nothing
    return html`<div class="button-row">${free ? button('erase_approve', 'button-danger') : nothing}${button('erase_reject', '')}</div>`
  }
  if (!isFree(facts) || !free) return nothing
  return html`<div class="button-row">${button('erase_ask', 'button-danger')}</div>`
}

/**
 * Do what was pressed: with a dialog, but for taking one's own word back.
 * @param {EraseAct} act @param {Scene} scene @returns {Promise<RequestPage | undefined>}
 */
export async function erase(act, scene) {
  if (act === 'restrict') return (await import('./dialogs.js')).answerDialog(scene, true)
  const show = await import('./erasure-dialogs.js')
  return act === 'erase_withdraw' ? show.withdraw(scene) : act === 'erase_reject' ? show.rejectDialog(scene) : show.eraseDialog(scene, act)
}
