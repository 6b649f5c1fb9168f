// @ts-check

/** One strategy: its steps as a timeline, its versions, its publication. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Context } from '../shell.js' */
/** @import { Content, Fault, Step, Strategy, Vocabulary } from './contract.js' */

import { addDays, formatDate, formatInstant, todayIn } from '../../core/dates.js'
import { Form } from '../../core/form.js'
import { localeFor, t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog, openDialog } from '../../core/ui/dialog.js'
import { checkField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { banner, card, pageHead, problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, mountView, nothing, repeat } from '../../core/view.js'
import { PARAM } from '../chosen-portfolio.js'
import { Drafts } from '../drafts.js'
import { guardLeaving } from '../shell.js'
import { armsSection } from './arms-view.js'
import { DryRunPanel } from './dry-run.js'
import { lackingBanner } from './lacking-view.js'
import { ruleEditor } from './rule-view.js'
import { stepCard } from './step-view.js'
import { faultWords, stateBadge } from './words.js'

const MOST_AHEAD = 365

/**
 * @param {Context} context
 * @param {{ portfolio: Portfolio, vocabulary: Vocabulary, versions: Strategy[] }} known
 */
export function openEditor({ root, api, me, setTitle }, { portfolio, vocabulary, versions }) {
  const locale = localeFor(portfolio.country)
  const path = `/portfolios/${portfolio.portfolio_id}/strategies/${encodeURIComponent(versions[0].strategy_id)}`
  const mayWrite = me.role !== 'agent'
  const state = { versions, shown: versions[0], problem: /** @type {any} */ (null) }
  const form = new Form(contentOf(state.shown), () => view.update())
  const drafts = new Drafts(() => view.update())
  /** @type {Set<string>} */
  const open = new Set()
  /** @type {WeakMap<Step, string>} */
  const keys = new WeakMap()
  let made = 0
  /** A name for a step that stays while it is moved and renamed. @param {Step} step */
  const keyOf = (step) => {
    const known = keys.get(step) ?? `k${++made}`
    keys.set(step, known)
    return known
  }
  const dryRun = new DryRunPanel({ api, portfolio, strategyId: versions[0].strategy_id, paint: () => view.update() })
  setTitle(state.shown.name || t('strategies.unnamed'))
  guardLeaving(() => form.dirty)
  const view = mountView(root, page)

  /** @param {Strategy} stored */
  function take(stored) {
    state.versions = [stored, ...state.versions.filter(({ version }) => version !== stored.version)]
    state.shown = stored
    state.problem = null
    drafts.clear()
    form.reset(contentOf(stored))
    setTitle(stored.name || t('strategies.unnamed'))
  }

  /** @param {Event} [event] @returns {Promise<boolean>} */
  async function save(event) {
    event?.preventDefault()
    const stored = await form.submit((content) => api.put(path, { edit: state.versions[0].edit, content }), () => drafts.errors())
    if (stored === undefined) return false
    take(stored)
    toast(t('strategies.saved'))
    return true
  }

  async function publish() {
    if (form.dirty && !(await save())) return
    const today = todayIn(new Date(), portfolio.time_zone)
    let day = today
    const agreed = await openDialog({
      title: t('strategies.publish_title'),
      body: (handle) => html`<form class="form" novalidate @submit=${async (/** @type {Event} */ event) => {
        event.preventDefault()
        try {
          take(await api.post(`${path}/publication`, { edit: state.versions[0].edit, valid_from: day }))
          handle.close(true)
        } catch (error) {
          state.problem = asProblem(error)
          handle.close(false)
        }
      }}>
        <p>${t('strategies.publish_body')}</p>
        ${textField({ name: 'valid_from', type: 'date', label: t('strategies.valid_from'), required: true, min: today, max: addDays(today, MOST_AHEAD), value: day, onInput: (typed) => { day = typed; handle.update() } })}
        <div class="button-row"><button class="button button-primary">${t('strategies.publish')}</button></div></form>`,
    })
    if (agreed) toast(t('strategies.published'))
    view.update()
  }

  async function archive() {
    const agreed = await confirmDialog({
      title: t('strategies.archive_title'), body: html`<p>${t('strategies.archive_body')}</p>`, confirm: t('strategies.archive'), danger: true,
      work: () => api.post(`${path}/archival`, {}),
    })
    if (agreed) window.location.assign(pathTo('strategies', { [PARAM]: portfolio.portfolio_id }))
  }

  /** @param {Strategy} version */
  function show(version) {
    state.shown = version
    drafts.clear()
    open.clear()
    form.reset(contentOf(version))
  }

  function addStep() {
    const last = form.values.steps.filter(({ trigger }) => trigger.kind === 'due').at(-1)
    const days = (last?.trigger.days ?? -2) + 5
    const step = /** @type {Step} */ ({
      code: freshCode(form.values.steps, `day-${Math.abs(days)}`), trigger: { kind: 'due', days, event: null }, condition: null,
      channels: ['whatsapp', 'sms'], template_id: 'reminder_friendly', work: [], call_back: 'never', offer: null, late_days: null, arms: [],
    })
    form.change(({ steps }) => { steps.push(step) })
    open.add(keyOf(form.values.steps[form.values.steps.length - 1]))
    setTimeout(() => document.getElementById(`steps.${form.values.steps.length - 1}.kind`)?.focus())
  }

  function page() {
    const { shown } = state
    const newest = shown.version === state.versions[0].version
    const disabled = !mayWrite || !newest || shown.state === 'archived'
    const faults = form.dirty ? [] : (/** @type {Fault[]} */ (state.problem?.details?.problems ?? shown.problems))
    const whole = faults.filter(({ where }) => where === '')
    const general = whole.filter(({ field }) => !field.includes('.'))
    const lacking = whole.filter(({ field }) => field.includes('.')).map(({ field }) => field)
    const bench = { form, drafts, vocabulary, portfolio, faults, disabled, open, keyOf, paint: () => view.update() }
    return html`${pageHead({
      title: html`${form.values.name || t('strategies.unnamed')} ${stateBadge(shown)}`,
      lead: t('strategies.version', { n: shown.version, day: shown.valid_from ? formatDate(shown.valid_from, locale) : t('strategies.no_day') }),
      back: { href: pathTo('strategies', { [PARAM]: portfolio.portfolio_id }), label: t('common.title.strategies') },
      actions: disabled ? nothing : html`${shown.state === 'draft' ? html`<button type="button" class="button button-primary" @click=${() => void publish()}>${t('strategies.publish')}</button>` : nothing}
        <button type="button" class="button" @click=${() => void archive()}>${t('strategies.archive')}</button>`,
    })}
    ${state.problem ? problemBanner(state.problem) : nothing}
    ${general.length > 0 ? banner({ tone: 'warn', title: t('strategies.not_ready'), body: html`<ul>${general.map(({ field, reason }) => html`<li>${t(`strategies.part.${field}`)}: ${faultWords(reason)}</li>`)}</ul>` }) : nothing}
    ${lackingBanner(lacking, portfolio, mayWrite)}
    ${newest ? nothing : banner({ tone: 'info', title: t('strategies.old_version'), actions: html`<button type="button" class="button button-small" @click=${() => show(state.versions[0])}>${t('strategies.to_newest')}</button>` })}
    <form class="stack" novalidate @submit=${save}>
      ${form.problem ? problemBanner(form.problem) : nothing}
      ${card({ id: 'steps', title: t('strategies.steps'), lead: t('strategies.steps_lead'), body: html`
        <ol class="steps">${repeat(form.values.steps, keyOf, (step, index) => stepCard(bench, step, index))}</ol>
        ${disabled ? nothing : html`<div class="button-row"><button type="button" class="button" @click=${addStep}>${icon('plus')}${t('strategies.step.add')}</button></div>`}` })}
      ${card({ id: 'rules', title: t('strategies.general'), body: html`
        ${textField({ name: 'name', label: t('strategies.part.name'), required: true, maxlength: 80, value: form.values.name, disabled, error: form.errors.name, onInput: (name) => form.set('name', name) })}
        <div class="field-grid">${drafts.field({ name: 'min_gap_days', label: t('strategies.part.min_gap_days'), hint: t('strategies.gap_hint'), value: form.values.min_gap_days, locale, min: 1, max: 60, disabled, onInput: (days) => form.set('min_gap_days', days ?? 1) })}</div>
        ${checkField({ name: 'pause_on_promise', label: t('strategies.pause_on_promise'), checked: form.values.pause_on_promise, disabled, onInput: (checked) => form.set('pause_on_promise', checked) })}
        ${ruleEditor({ name: 'stop', label: t('strategies.part.stop'), rule: form.values.stop, vocabulary, portfolio, drafts, disabled, onChange: (stop) => form.set('stop', stop) })}` })}
      ${armsSection({ form, drafts, locale, disabled, api, path, shown, paint: () => view.update() })}
      ${saveBar(disabled)}
    </form>
    ${mayWrite ? card({ id: 'dry-run', title: t('strategies.dry.title'), lead: t('strategies.dry.draft_lead'), body: dryRun.panel(form.dirty) }) : nothing}
    ${card({ id: 'versions', title: t('strategies.versions'), body: html`<ul class="strategy-versions">${state.versions.map((version) => html`<li class="row row-between">
      <span>${stateBadge(version)} ${t('strategies.version', { n: version.version, day: version.valid_from ? formatDate(version.valid_from, locale) : t('strategies.no_day') })}
        ${version.created_at ? html`<small class="muted">${formatInstant(version.created_at, locale, portfolio.time_zone)}</small>` : nothing}</span>
      ${version.version === shown.version ? html`<span class="muted small">${t('strategies.shown')}</span>` : html`<button type="button" class="link-button small" ?disabled=${form.dirty} @click=${() => show(version)}>${t('strategies.show', { n: version.version })}</button>`}
    </li>`)}</ul>` })}`
  }

  /** @param {boolean} disabled */
  function saveBar(disabled) {
    const faults = Object.keys(form.errors).length
    if (disabled || (!form.dirty && faults === 0)) return nothing
    return html`<div class="save-bar" role="region" aria-label=${t('common.unsaved_title')}>
      <p role="status">${faults > 0 ? html`<span class="field-error">${icon('warning')}${t('strategies.check_numbers')}</span>` : state.shown.state === 'published' ? t('strategies.next_version') : t('common.unsaved_title')}</p>
      <div class="button-row"><button type="button" class="button" @click=${() => { drafts.clear(); form.revert() }}>${t('strategies.discard')}</button>
      <button class="button button-primary" ?disabled=${form.busy}>${t('strategies.save_draft')}</button></div>
    </div>`
  }
}

/** @param {Strategy} strategy @returns {Content} */
function contentOf({ name, steps, min_gap_days, stop, pause_on_promise, arms }) {
  return { name, steps, min_gap_days, stop, pause_on_promise, arms }
}

/** @param {Step[]} steps @param {string} wanted */
function freshCode(steps, wanted) {
  const taken = new Set(steps.map(({ code }) => code))
  let code = wanted
  for (let n = 2; taken.has(code); n += 1) code = `${wanted}-${n}`
  return code
}
