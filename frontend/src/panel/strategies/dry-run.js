// @ts-check

/** What the plan would do on a day: asked for, watched, shown, downloaded. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { DryLine, DryRun } from './contract.js' */

import { addDays, formatInstant, todayIn } from '../../core/dates.js'
import { formatNumber, localeFor, t, tn, tOr } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, kpi, problemBanner } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { lawWords } from '../law-words.js'

const LOOK_MS = 1_500
const MOST_AHEAD = 120
const MICROS = 1_000_000
const SAMPLES = ['100', '500', '2000', '']
/** @type {Record<DryLine['outcome'], Tone>} */
const TONES = { goes: 'good', waits: 'info', denied: 'bad', asks: 'brand', nothing: 'neutral' }

export class DryRunPanel {
  #api
  #portfolio
  #strategyId
  #paint
  #wait
  /** @type {DryRun | null} */
  #run = null
  /** @type {import('../../core/problem.js').Problem | null} */
  #problem = null
  #busy = false
  #day
  #sample = '500'

  /**
   * @param {object} parts
   * @param {Api} parts.api
   * @param {Portfolio} parts.portfolio
   * @param {string} [parts.strategyId]  Whose draft is tried; none: what is published.
   * @param {() => void} parts.paint
   * @param {(ms: number) => Promise<void>} [parts.wait]
   */
  constructor({ api, portfolio, strategyId = '', paint, wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) }) }) {
    this.#api = api
    this.#portfolio = portfolio
    this.#strategyId = strategyId
    this.#paint = paint
    this.#wait = wait
    this.#day = todayIn(new Date(), portfolio.time_zone)
  }

  /** @param {Event} event */
  async #start(event) {
    event.preventDefault()
    const path = `/portfolios/${this.#portfolio.portfolio_id}/dry-runs`
    this.#busy = true
    this.#problem = null
    this.#paint()
    try {
      /** @type {DryRun} */
      let run = await this.#api.post(path, { day: this.#day, strategy_id: this.#strategyId, sample: this.#sample === '' ? null : Number(this.#sample) })
      while (run.state === 'running') {
        this.#run = run
        this.#paint()
        await this.#wait(LOOK_MS)
        run = await this.#api.get(`${path}/${encodeURIComponent(run.dry_run_id)}`)
      }
      this.#run = run
    } catch (error) {
      this.#problem = asProblem(error)
    } finally {
      this.#busy = false
      this.#paint()
    }
  }

  /** @param {boolean} [unsaved]  What was typed is not in it. */
  panel(unsaved = false) {
    const today = todayIn(new Date(), this.#portfolio.time_zone)
    return html`<form class="form" novalidate @submit=${(/** @type {Event} */ event) => void this.#start(event)}>
        ${this.#problem ? problemBanner(this.#problem) : nothing}
        <div class="field-grid">
          ${textField({ name: 'dry.day', type: 'date', label: t('strategies.dry.day'), required: true, min: today, max: addDays(today, MOST_AHEAD), value: this.#day, onInput: (day) => { this.#day = day; this.#paint() } })}
          ${selectField({ required: true, name: 'dry.sample', label: t('strategies.dry.sample'), value: this.#sample, options: SAMPLES.map((value) => ({ value, label: value === '' ? t('strategies.dry.all') : tn('strategies.dry.cases', Number(value)) })), onInput: (sample) => { this.#sample = sample; this.#paint() } })}
        </div>
        ${unsaved ? html`<p class="hint">${t('strategies.dry.unsaved')}</p>` : nothing}
        <div class="button-row"><button class="button" ?disabled=${this.#busy || this.#day === ''}>${t('strategies.dry.start')}</button></div>
      </form>
      <div aria-live="polite">${this.#run === null ? nothing : this.#result(this.#run)}</div>`
  }

  /** @param {DryRun} run */
  #result(run) {
    const locale = localeFor(this.#portfolio.country)
    const money = new Intl.NumberFormat(locale, { style: 'currency', currency: run.cost_currency, maximumFractionDigits: 2 })
    return html`<div class="kpis">
        ${kpi({ label: t('strategies.dry.looked'), value: formatNumber(run.cases), note: run.state === 'running' ? t('strategies.dry.running') : nothing })}
        ${kpi({ label: t('strategies.outcome.goes'), value: formatNumber(run.outcomes.goes ?? 0), tone: 'good', note: counts(run.channels, 'channel') })}
        ${kpi({ label: t('strategies.dry.blocked'), value: formatNumber((run.outcomes.waits ?? 0) + (run.outcomes.denied ?? 0)), tone: 'warn' })}
        ${kpi({ label: t('strategies.outcome.asks'), value: formatNumber(run.outcomes.asks ?? 0), tone: 'info' })}
        ${kpi({ label: t('strategies.dry.cost'), value: money.format(run.cost_micros / MICROS), note: costNote(run, money), tone: overBudget(run) > 0 ? 'warn' : 'neutral' })}
      </div>
      ${Object.keys(run.codes).length === 0 ? nothing : html`<p class="muted small">${t('strategies.dry.why')}: ${counts(run.codes, 'code')}</p>`}
      ${run.urls.length === 0 ? nothing : html`<div class="button-row">${run.urls.map((url, i) => html`<a class="button button-small" href=${url} download>${icon('download')}${run.urls.length === 1 ? t('strategies.dry.download') : t('strategies.dry.download_part', { n: i + 1 })}</a>`)}</div>`}
      ${run.lines.length === 0 ? html`<p class="muted">${t('strategies.dry.empty')}</p>` : dataTable({
        caption: t('strategies.dry.title'), rows: run.lines, id: (line) => `${line.case_id}/${line.step}/${line.channel}/${line.outcome}`,
        columns: [
          { key: 'name', label: t('strategies.dry.who'), head: true, cell: (line) => html`<a href=${pathTo('case', { id: line.case_id })}>${line.name || t('common.nameless')}</a>` },
          { key: 'outcome', label: t('strategies.dry.outcome'), cell: (line) => badge(t(`strategies.outcome.${line.outcome}`), TONES[line.outcome]) },
          { key: 'channel', label: t('strategies.dry.how'), cell: (line) => tOr(`strategies.${line.outcome === 'asks' ? 'work' : 'channel'}.${line.channel}`, line.channel) },
          { key: 'step', label: t('strategies.dry.step'), cell: (line) => line.step },
          { key: 'at', label: t('strategies.dry.at'), cell: (line) => (line.at ? formatInstant(line.at, locale, this.#portfolio.time_zone) : '–') },
          { key: 'why', label: t('strategies.dry.why'), cell: (line) => (line.code ? html`${codeWords(line.code)}${line.article ? html`<small class="muted"> ${lawWords(line.article)}</small>` : nothing}` : '–') },
        ],
      })}`
  }
}

/**
 * What the day costs above its budget; of a sample nobody can say.
 *
 * @param {DryRun} run
 */
function overBudget({ sample, cost_micros: cost, daily_budget_micros: budget }) {
  return sample === null && budget !== null ? Math.max(0, cost - budget) : 0
}

/** @param {DryRun} run @param {Intl.NumberFormat} money */
function costNote(run, money) {
  const usual = t('strategies.dry.cost_note')
  if (run.daily_budget_micros === null) return usual
  const over = overBudget(run)
  const budget = money.format(run.daily_budget_micros / MICROS)
  const told = over > 0 ? t('strategies.dry.over', { budget, over: money.format(over / MICROS) }) : t('strategies.dry.budget', { budget })
  return `${usual}. ${told}.`
}

/** @param {Record<string, number>} numbers @param {'channel' | 'code'} kind */
function counts(numbers, kind) {
  return Object.entries(numbers).sort(([, a], [, b]) => b - a)
    .map(([name, number]) => `${kind === 'code' ? codeWords(name) : tOr(`strategies.channel.${name}`, name)} ${formatNumber(number)}`).join(' · ')
}

/** @param {string} code */
function codeWords(code) {
  return tOr(`strategies.code.${code.toLowerCase()}`, code)
}
