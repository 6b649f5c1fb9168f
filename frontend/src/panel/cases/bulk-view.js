// @ts-check

/** A job of many cases as it is shown: its count and what will be refused, how it goes, what came of it. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { BulkJob } from './contract.js' */

import { formatDate, formatInstant } from '../../core/dates.js'
import { formatNumber, lang, localeFor, t, tn, tOr } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { textField } from '../../core/ui/fields.js'
import { banner, problemBanner, progress } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { peopleRefused } from './bulk-form.js'

/** From how many cases on the number is typed: a click is too easily given. */
export const TYPED_FROM = 50
/** Of more people their number is told. */
const NAMED = 4

/**
 * @typedef {object} JobFacts
 * @property {BulkJob} job
 * @property {Portfolio} portfolio
 * @property {Map<string, string>} names
 * @property {boolean} busy
 * @property {Problem | null} problem
 * @property {string} typed
 * @property {(text: string) => void} onTyped
 * @property {(what: 'begin' | 'stop' | 'go_on' | 'undo') => void} onDo
 * @property {() => void} onAgain
 * @property {() => void} onClose
 */

/** @param {JobFacts} facts */
export function jobView(facts) {
  const { job, portfolio, names, problem } = facts
  return html`<div class="form" aria-live="polite">${problem ? refusal(problem) : nothing}
    <p><strong>${actionWords(job, portfolio, names)}</strong></p>
    ${stage(facts)}
  </div>`
}

/**
 * Somebody may have left between the preview and its yes.
 * @param {Problem} problem
 */
function refusal(problem) {
  const words = peopleRefused(problem)
  return words === null ? problemBanner(problem) : banner({ tone: 'bad', title: words })
}

/** @param {JobFacts} facts */
function stage(facts) {
  const { job } = facts
  if (job.state === 'counting') return html`${progress({ value: 0, max: null, label: t('bulk.counting') })}<p>${tn('bulk.counted_so_far', job.count, { n: formatNumber(job.count) })}</p>${foot(facts)}`
  if (job.state === 'failed') return html`${banner({ tone: 'bad', title: t('bulk.failed'), body: t('bulk.failed_body') })}${foot(facts)}`
  if (job.state === 'ready') return ready(facts)
  return under(facts)
}

/** @param {JobFacts} facts */
function ready(facts) {
  const { job, typed, busy, onTyped, onDo } = facts
  if (job.count === 0) return html`${banner({ tone: 'info', title: t('bulk.none'), body: t('bulk.none_body') })}${foot(facts)}`
  const said = job.count < TYPED_FROM || typed.replaceAll(/\D/g, '') === String(job.count)
  return html`<p class="bulk-count">${tn('bulk.about', job.count, { n: formatNumber(job.count) })}</p>
    ${job.hand_out ? shareTable(job.hand_out) : sample(job)}
    <form class="form" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); if (said) onDo('begin') }}>
      ${job.count < TYPED_FROM ? nothing : textField({ name: 'bulk-typed', label: t('bulk.type_it', { n: formatNumber(job.count) }), required: true, inputmode: 'numeric', value: typed, onInput: onTyped })}
      ${foot(facts, html`<button class="button button-primary" ?disabled=${busy || !said || !job.can.confirm}>${tn('bulk.do_it', job.count, { n: formatNumber(job.count) })}</button>`)}
    </form>`
}

/** @param {BulkJob} job */
function sample({ sample: { looked, reasons, lines }, count }) {
  const left = Object.entries(reasons).filter(([name]) => name !== 'done:')
  if (left.length === 0) return html`<p class="muted">${tn('bulk.sample_fine', looked, { n: formatNumber(looked) })}</p>`
  return html`<p>${t(looked < count ? 'bulk.sample_some' : 'bulk.sample_all', { n: formatNumber(looked) })}</p>
    ${reasonList(left)}
    <details><summary>${t('bulk.which')}</summary><ul>${lines.map((line) => html`<li><a href=${pathTo('case', { id: line.case_id })}>${line.name || t('common.nameless')}</a> · ${reasonWords(line.code)}</li>`)}</ul></details>`
}

/**
 * Who has how many open cases, gets how many and comes to have how many; as it was counted.
 * @param {NonNullable<BulkJob['hand_out']>} handOut
 */
function shareTable({ left_out: leftOut, shares }) {
  const figures = /** @type {const} */ (['has', 'gets', 'gives', 'after'])
  const sum = (/** @type {typeof figures[number]} */ name) => shares.reduce((all, one) => all + one[name], 0)
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${t('bulk.share.caption')}><table class="table-plain bulk-shares">
      <caption class="visually-hidden">${t('bulk.share.caption')}</caption>
      <thead><tr><th scope="col">${t('bulk.share.person')}</th>${figures.map((name) => html`<th scope="col" class="cell-end">${t(`bulk.share.${name}`)}</th>`)}</tr></thead>
      <tbody>${shares.map((one) => html`<tr><th scope="row">${one.name || t('bulk.somebody')}</th>${figures.map((name) => html`<td class="cell-end">${formatNumber(one[name])}</td>`)}</tr>`)}</tbody>
      <tfoot><tr><th scope="row">${t('bulk.share.total')}</th>${figures.map((name) => html`<td class="cell-end">${formatNumber(sum(name))}</td>`)}</tr></tfoot>
    </table></div>
    ${leftOut > 0 ? html`<p class="muted">${tn('bulk.left_out', leftOut, { n: formatNumber(leftOut) })}</p>` : nothing}`
}

/** @param {[string, number][]} reasons */
function reasonList(reasons) {
  return html`<ul>${reasons.map(([name, number]) => {
    const [outcome, code] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
    return html`<li>${formatNumber(number)} · ${t(`bulk.outcome.${outcome}`)}: ${reasonWords(code)}</li>`
  })}</ul>`
}

/** @param {string} code */
export function reasonWords(code) {
  return tOr(`bulk.why.${code}`, null) ?? tOr(`contact.why.${code}`, code)
}

/** @param {JobFacts} facts */
function under(facts) {
  const { job, busy, onDo } = facts
  const back = job.state === 'undoing' || job.state === 'undone'
  const figures = back ? { ...job.undone, left: job.count - job.undone.done - job.undone.skipped - job.undone.refused } : job.figures
  const reasons = Object.entries(job.reasons).filter(([name]) => !name.startsWith('done:'))
  const moving = job.state === 'running' || job.state === 'undoing'
  return html`<p>${t(`bulk.state.${job.state}`)}</p>
    ${moving ? progress({ value: job.count - figures.left, max: job.count, label: t(`bulk.state.${job.state}`) }) : nothing}
    <dl class="facts">${/** @type {const} */ (['done', 'skipped', 'refused', 'left']).map((name) => html`<div><dt>${t(`bulk.figure.${back && name === 'done' ? 'undone' : name}`)}</dt><dd>${formatNumber(figures[name])}</dd></div>`)}</dl>
    ${reasons.length > 0 ? reasonList(reasons) : nothing}
    ${job.hand_out && !back ? shareTable(job.hand_out) : nothing}
    ${job.url ? html`<p><a href=${job.url} download>${t('bulk.file')}</a></p>` : nothing}
    ${moving ? html`<p class="muted">${t('bulk.may_close')}</p>` : nothing}
    ${foot(facts, html`
      ${job.can.undo && !moving ? html`<button type="button" class="button button-danger" ?disabled=${busy} @click=${() => onDo('undo')}>${t('bulk.undo')}</button>` : nothing}
      ${job.can.stop ? html`<button type="button" class="button" ?disabled=${busy} @click=${() => onDo('stop')}>${t('bulk.stop')}</button>` : nothing}
      ${job.can.resume ? html`<button type="button" class="button button-primary" ?disabled=${busy} @click=${() => onDo('go_on')}>${t('bulk.go_on')}</button>` : nothing}`)}`
}

/** @param {JobFacts} facts @param {unknown} [actions] */
function foot({ onAgain, onClose }, actions = nothing) {
  return html`<footer class="dialog-foot"><button type="button" class="button" @click=${onAgain}>${t('bulk.another')}</button>
    <button type="button" class="button" @click=${onClose}>${t('common.close')}</button>${actions}</footer>`
}

/**
 * What a job does, in a sentence.
 * @param {BulkJob} job @param {Portfolio} portfolio @param {Map<string, string>} names
 */
export function actionWords({ action, terms }, portfolio, names) {
  const values = {
    person: names.get(terms.person_id) ?? t('bulk.somebody'),
    tags: (terms.tags ?? []).join(', '),
    people: peopleWords((terms.person_ids ?? []).map((/** @type {string} */ id) => names.get(id) ?? t('bulk.somebody'))),
    strategy: names.get(terms.strategy_id) ?? '',
    reason: terms.reason ? t(`${action === 'charge_off' ? 'chargeoff' : 'contact'}.reason.${terms.reason}`) : '',
    until: terms.until ? formatDate(terms.until, localeFor(portfolio.country)) : t('bulk.until_lifted'),
    text: terms.template_id ? tOr(`templates.family.${terms.template_id}`, terms.template_id) : '',
    channel: terms.channel ? t(`contact.channel.${terms.channel}`) : '',
  }
  if (action === 'assign' && !terms.person_id) return t('bulk.says.unassign')
  if (action === 'strategy' && !terms.strategy_id) return t('bulk.says.strategy_segment')
  if (action === 'strategy' && terms.strategy_id === 'none') return t('bulk.says.strategy_none')
  return t(`bulk.says.${action}`, values)
}

/** @param {string[]} people */
function peopleWords(people) {
  return people.length > NAMED ? t('bulk.people_n', { n: formatNumber(people.length) }) : new Intl.ListFormat(lang()).format(people)
}

/** @param {{ jobs: BulkJob[], portfolio: Portfolio, onOpen: (job: BulkJob) => void }} facts */
export function recentJobs({ jobs, portfolio, onOpen }) {
  if (jobs.length === 0) return nothing
  const locale = localeFor(portfolio.country)
  return html`<details class="bulk-recent"><summary>${t('bulk.recent')}</summary><ul>${jobs.map((job) => html`<li>
    <button type="button" class="link-button" @click=${() => onOpen(job)}>${t(`bulk.action.${job.action}`)} · ${tn('bulk.cases', job.count, { n: formatNumber(job.count) })}</button>
    <span class="muted small">${t(`bulk.state.${job.state}`)} · ${job.created_by.name} · ${formatInstant(job.created_at, locale, portfolio.time_zone)}</span></li>`)}</ul></details>`
}
