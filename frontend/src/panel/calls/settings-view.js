// @ts-check

/** Results, scripts and weights of a portfolio's calls: edited, tried, and put back. */

/** @import { Editor } from '../portfolio-editor.js' */
/** @import { CallResult, CallSettings, QueuePreview, Stage } from './contract.js' */

import { formatDate, formatInstant } from '../../core/dates.js'
import { LANGUAGES, t, tOr } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { checkField, selectField, textArea } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, problemBanner } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { labelOf, reasonText } from './words.js'
import { ForecastView } from './forecast-view.js'
import { partsView, together } from './parts-view.js'
import { scriptFault } from './scripts.js'

const STAGES = /** @type {Stage[]} */ (['before_due', 'early', 'late', 'broken', 'agreed', 'disputed'])
const MOST_RESULTS = 20

export class CallSettingsView {
  #editor
  #forecast
  /** @type {CallSettings | null} */
  #known = null
  /** @type {QueuePreview | null} */
  #tried = null
  /** @type {ReturnType<typeof asProblem> | null} */
  #problem = null
  #busy = false
  #stage = /** @type {Stage} */ ('early')
  #language

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor
    this.#forecast = new ForecastView(editor)
    this.#language = editor.form.values.language
  }

  async read() {
    const [known] = await Promise.all([this.#editor.api.get(`${this.#path()}/call-settings`), this.#forecast.read()])
    this.#known = known
    this.#editor.paint()
  }

  /** @returns {Record<string, string>} */
  faults() {
    const known = this.#known
    if (known === null) return {}
    const sum = together(this.#policies().queue.segment_parts)
    /** @type {Record<string, string>} */
    const parts = sum > 100 ? { 'policies.queue.segment_parts': t('callsettings.parts_over', { n: sum }) } : {}
    return { ...parts, ...Object.fromEntries(this.#policies().calls.scripts.flatMap(({ stage, language, lines }) => {
      const fault = scriptFault(lines, known)
      return fault === null ? [] : [[`script.${stage}.${language}`, t(`callsettings.fault.${fault}`)]]
    })) }
  }

  view() {
    const known = this.#known
    if (known === null) return nothing
    return html`${this.#problem ? problemBanner(this.#problem) : nothing}
      ${this.#results(known)}${this.#scripts(known)}${this.#weights(known)}${partsView(this.#editor, known)}${this.#forecast.view()}${this.#before(known)}`
  }

  // Results

  /** @param {CallSettings} known */
  #results({ results: base }) {
    const { form } = this.#editor
    const { calls } = this.#policies()
    const rows = [
      ...base.map((result) => ({ result, always: result.always, own: -1 })),
      ...calls.results.map((result, own) => ({ result, always: false, own })),
    ]
    /** @param {string} code @param {boolean} shown */
    const show = (code, shown) => form.change(({ policies }) => {
      policies.calls.hidden = [...policies.calls.hidden.filter((one) => one !== code), ...(shown ? [] : [code])]
    })
    return html`<h3>${t('callsettings.results')}</h3><p class="hint">${t('callsettings.results_lead')}</p>
      ${dataTable({
        caption: t('callsettings.results'), rows, id: ({ result }) => result.code,
        columns: [
          { key: 'name', label: t('callsettings.result'), head: true, cell: ({ result, own }) => html`${labelOf(result)} ${own < 0 ? nothing : badge(t('callsettings.own'), 'good')}${result.visits ? html` ${badge(t('callsettings.visits_too'))}` : nothing}` },
          { key: 'met', label: t('callsettings.met'), cell: ({ result }) => t(`queue.met.${result.met}`) },
          { key: 'wants', label: t('callsettings.asks'), cell: ({ result }) => result.wants.map((want) => t(`callsettings.want.${want}`)).join(', ') || '–' },
          { key: 'does', label: t('callsettings.follows'), cell: ({ result }) => this.#follows(result) },
          { key: 'shown', label: t('callsettings.shown'), cell: ({ result, always }) => (always ? html`<span class="muted small">${t('callsettings.always')}</span>` : checkField({ name: `shown.${result.code}`, label: html`<span class="visually-hidden">${t('callsettings.show', { name: labelOf(result) })}</span>`, checked: !calls.hidden.includes(result.code), onInput: (on) => show(result.code, on) })) },
          { key: 'acts', label: t('callsettings.acts'), cell: ({ result, own }) => (own < 0 ? nothing : html`<span class="button-row">
            <button type="button" class="link-button small" @click=${() => this.#edit(own)}>${t('callsettings.change')}<span class="visually-hidden"> ${labelOf(result)}</span></button>
            <button type="button" class="icon-button" aria-label=${t('callsettings.remove', { name: labelOf(result) })} @click=${() => this.#remove(own)}>${icon('trash')}</button></span>`) },
        ],
      })}
      ${calls.results.length < MOST_RESULTS ? html`<div class="button-row"><button type="button" class="button button-small" @click=${() => this.#edit(calls.results.length)}>${icon('plus')}${t('callsettings.add')}</button></div>` : nothing}`
  }

  /** @param {CallResult} result */
  #follows({ does, again_hours: hours }) {
    const said = does === null ? '' : tOr(`queue.does.${does}`, does)
    return said || (hours > 0 ? t('callsettings.again', { n: hours }) : '–')
  }

  /** @param {number} index  Its own length: a new one. */
  async #edit(index) {
    const { resultDialog } = await import('./result-dialog.js')
    const { results } = this.#policies().calls
    const taken = [...(this.#known?.results ?? []), ...results].map(({ code }) => code)
    const kept = await resultDialog({ result: results[index] ?? null, taken })
    if (kept !== undefined) this.#editor.form.change(({ policies }) => { policies.calls.results[index] = kept })
  }

  /** @param {number} index */
  #remove(index) {
    this.#editor.form.change(({ policies: { calls } }) => {
      const [gone] = calls.results.splice(index, 1)
      calls.hidden = calls.hidden.filter((code) => code !== gone.code)
    })
  }

  // Scripts

  /** @param {CallSettings} known */
  #scripts(known) {
    const { form } = this.#editor
    const [stage, language] = [this.#stage, this.#language]
    const { scripts } = this.#policies().calls
    const own = scripts.find((one) => one.stage === stage && one.language === language)
    const base = known.scripts.find((one) => one.stage === stage && one.language === language)
    const fault = own ? scriptFault(own.lines, known) : null
    /** @param {string[] | null} lines  Null: as the base says it. */
    const put = (lines) => form.change(({ policies: { calls } }) => {
      calls.scripts = calls.scripts.filter((one) => one.stage !== stage || one.language !== language)
      if (lines !== null) calls.scripts.push({ stage, language, lines })
    })
    return html`<h3>${t('callsettings.scripts')}</h3><p class="hint">${t('callsettings.scripts_lead')}</p>
      <div class="form-grid">
        ${selectField({ name: 'script-stage', label: t('callsettings.stage'), required: true, value: stage, options: STAGES.map((one) => ({ value: one, label: t(`queue.stage.${one}`) })), onInput: (value) => { this.#stage = /** @type {Stage} */ (value); this.#editor.paint() } })}
        ${selectField({ name: 'script-language', label: t('callsettings.language'), required: true, value: language, options: LANGUAGES.map((code) => ({ value: code, label: t(`common.language_name.${code}`) })), onInput: (value) => { this.#language = /** @type {any} */ (value); this.#editor.paint() } })}
      </div>
      ${textArea({
        name: 'script', id: `script.${stage}.${language}`, label: t('callsettings.script'), hint: t('callsettings.script_hint', { names: known.variables.map((name) => `{${name}}`).join(' ') }), rows: 6, maxlength: 4000,
        value: (own ?? base)?.lines.join('\n') ?? '', error: fault === null ? undefined : t(`callsettings.fault.${fault}`),
        onInput: (text) => put(text.split('\n')),
      })}
      <div class="button-row">${own === undefined ? html`<span class="muted small">${t('callsettings.is_base')}</span>` : html`<button type="button" class="button button-small" @click=${() => put(null)}>${t('callsettings.to_base')}</button>`}</div>`
  }

  // Weights

  /** @param {CallSettings} known */
  #weights({ weights: usual, most_weight: most, forecast_until: until, hours_until: hours }) {
    const { form, drafts, locale } = this.#editor
    const { queue } = this.#policies()
    return html`<h3>${t('callsettings.weights')}</h3><p class="hint">${t('callsettings.weights_lead')} ${until === null ? t('callsettings.no_model') : t('callsettings.model', { day: formatDate(until, locale) })} ${hours === null ? t('callsettings.no_hours') : t('callsettings.hours', { day: formatDate(hours, locale) })}</p>
      <div class="form-grid">${Object.entries(usual).map(([code, weight]) => drafts.field({
        name: `policies.queue.weights.${code}`, label: t(`callsettings.factor.${code}`), hint: t('callsettings.usual', { n: weight }), locale, max: most,
        value: queue.weights[code] ?? weight, error: form.errors[`policies.queue.weights.${code}`],
        onInput: (value) => form.change(({ policies }) => { policies.queue.weights[code] = value ?? weight }, `policies.queue.weights.${code}`),
      }))}</div>
      <div class="button-row"><button type="button" class="button" ?disabled=${this.#busy} @click=${() => void this.#try()}>${t('callsettings.try')}</button></div>
      <div aria-live="polite">${this.#tried === null ? nothing : this.#first(this.#tried)}</div>`
  }

  async #try() {
    this.#busy = true
    this.#problem = null
    this.#editor.paint()
    try {
      this.#tried = await this.#editor.api.post(`${this.#path()}/queue-previews`, { weights: this.#policies().queue.weights })
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.#busy = false
    this.#editor.paint()
  }

  /** @param {QueuePreview} tried */
  #first({ items, looked, all }) {
    if (items.length === 0) return html`<p class="muted">${t('callsettings.none_ready')}</p>`
    return html`<div class="example"><p class="example-title">${t('callsettings.first', { n: items.length })}</p>
      <p class="small muted">${t(all ? 'callsettings.looked_all' : 'callsettings.looked', { n: looked })}</p>
      <ol class="queue-lines">${items.map((one, index) => html`<li>
        <p class="row row-between"><span>${index + 1}. <a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a> ${moved(one.was, index + 1)}</span><strong>${t('queue.points', { n: one.score })}</strong></p>
        <p class="small muted">${one.reasons.map((reason) => `${reasonText(reason)} (${reason.points})`).join(' · ')}</p></li>`)}</ol></div>`
  }

  // What was before

  /** @param {CallSettings} known */
  #before({ history }) {
    if (history.length === 0) return nothing
    const { form, locale, drafts } = this.#editor
    return html`<h3>${t('callsettings.history')}</h3><p class="hint">${t('callsettings.history_lead')}</p>
      <ul class="queue-lines">${history.map((one) => {
        const when = formatInstant(one.replaced_at, locale, form.values.time_zone)
        return html`<li class="row row-between"><span>${t('callsettings.until', { when, who: one.replaced_by.name })}</span>
          <button type="button" class="link-button small" @click=${() => {
            for (const code of Object.keys(this.#known?.weights ?? {})) drafts.forget(`policies.queue.weights.${code}`)
            for (const { segment } of this.#known?.segments ?? []) drafts.forget(`policies.queue.segment_parts.${segment || 'none'}`)
            drafts.forget('policies.queue.least_percent')
            form.change(({ policies }) => {
              // Weights are merged when saved: what was usual then is said outright.
              policies.queue = { ...structuredClone(one.queue), weights: { ...this.#known?.weights, ...one.queue.weights } }
              policies.calls = structuredClone(one.calls)
            })
          }}>${t('callsettings.put_back')}<span class="visually-hidden"> ${when}</span></button></li>`
      })}</ul>`
  }

  // Private

  #policies() {
    return this.#editor.form.values.policies
  }

  #path() {
    return `/portfolios/${encodeURIComponent(this.#editor.form.values.portfolio_id)}`
  }
}

/** Where a case would go from the place it has now. @param {number} was @param {number} is */
function moved(was, is) {
  if (was === is) return html`<span class="muted small">${t('callsettings.same')}</span>`
  return badge(t(was > is ? 'callsettings.up' : 'callsettings.down', { n: Math.abs(was - is) }), was > is ? 'good' : 'warn')
}
