// @ts-check

/** Which forecast a portfolio goes by, a test of another against it, and what that came to. */

/** @import { Editor } from '../portfolio-editor.js' */
/** @import { ForecastArm, ForecastModel, ForecastResult, ForecastSettings, Span } from './contract.js' */

import { formatDate, formatInstant } from '../../core/dates.js'
import { formatNumber, t, tOr, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { badge, banner, problemBanner } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { QualityView } from './quality-view.js'

const USUAL_PERCENT = '20'
const FIELDS = ['champion', 'challenger', 'percent']

export class ForecastView {
  #editor
  #quality
  /** @type {ForecastSettings | null} */
  #known = null
  #chosen = { champion: 'first', challenger: '', percent: USUAL_PERCENT }
  /** @type {ReturnType<typeof asProblem> | null} */
  #problem = null
  /** @type {ForecastResult | null} */
  #result = null
  #busy = false
  #saved = false

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor
    this.#quality = new QualityView(editor)
  }

  async read() {
    this.#take(await this.#editor.api.get(this.#path()))
  }

  view() {
    const known = this.#known
    if (known === null) return nothing
    return html`<h3>${t('callsettings.forecast.title')}</h3><p class="hint">${t('callsettings.forecast.lead')}</p>
      ${this.#problem && !FIELDS.includes(this.#problem.details.field) ? problemBanner(this.#problem) : nothing}
      ${known.test_id !== null && !known.current ? banner({ tone: 'warn', title: t('callsettings.forecast.moved') }) : nothing}
      ${this.#choice(known)}${this.#tests(known)}
      ${this.#quality.view(known.models.filter(({ until }) => until !== null).map(({ name }) => name))}`
  }

  /** @param {ForecastSettings} known */
  #choice(known) {
    const { champion, challenger, percent } = this.#chosen
    const disabled = !known.can_change
    const names = /** @type {ForecastModel[]} */ (['rules', ...known.models.map(({ name }) => name)])
    const options = names.map((value) => ({ value, label: this.#named(value, known) }))
    /** @param {Partial<{ champion: string, challenger: string, percent: string }>} change */
    const set = (change) => { Object.assign(this.#chosen, change); this.#saved = false; this.#editor.paint() }
    return html`<div class="form-grid">
        ${selectField({ name: 'forecast-champion', label: t('callsettings.forecast.champion'), required: true, disabled, value: champion, options, error: this.#fault('champion'), onInput: (value) => set({ champion: value, challenger: value === challenger ? '' : challenger }) })}
        ${selectField({ name: 'forecast-challenger', label: t('callsettings.forecast.challenger'), required: true, disabled, value: challenger, error: this.#fault('challenger'), options: [{ value: '', label: t('callsettings.forecast.no_test') }, ...options.filter(({ value }) => value !== champion)], onInput: (value) => set({ challenger: value }) })}
        ${challenger === '' ? nothing : textField({ name: 'forecast-percent', label: t('callsettings.forecast.percent'), hint: t('callsettings.forecast.percent_hint'), required: true, disabled, type: 'number', inputmode: 'numeric', min: '1', max: '50', value: percent, error: this.#fault('percent'), onInput: (value) => set({ percent: value }) })}
      </div>
      ${disabled ? html`<p class="hint">${t('callsettings.forecast.admins')}</p>` : html`<div class="button-row"><button type="button" class="button" ?disabled=${this.#busy} @click=${() => void this.#save(known)}>${t('callsettings.forecast.save')}</button>
        <span aria-live="polite">${this.#saved ? t('callsettings.forecast.saved') : nothing}</span></div>`}`
  }

  /** @param {string} name */
  #fault(name) {
    const { field, reason } = this.#problem?.details ?? {}
    return field === name ? tOr(`errors.reason.${reason}`, this.#problem?.text ?? '') : undefined
  }

  /** @param {ForecastSettings} known */
  #tests(known) {
    if (known.tests.length === 0) return nothing
    const { locale, form } = this.#editor
    return html`<h4>${t('callsettings.forecast.tests')}</h4>
      <ul class="queue-lines">${known.tests.map((one) => {
        const when = formatInstant(one.started_at, locale, form.values.time_zone)
        return html`<li>
          <p class="row row-between"><span>${t('callsettings.forecast.test', { champion: this.#named(one.champion), challenger: this.#named(one.challenger), percent: one.percent })} ${one.running ? badge(t('callsettings.forecast.running'), 'good') : nothing}</span>
            <button type="button" class="link-button small" ?disabled=${this.#busy} @click=${() => void this.#count(one.test_id)}>${t('callsettings.forecast.ask')}<span class="visually-hidden"> ${when}</span></button></p>
          <p class="small muted">${t('callsettings.forecast.since', { when, who: one.started_by.name })} · ${one.champion_id} / ${one.challenger_id}</p>
          <div class="stack" aria-live="polite">${this.#result?.test_id === one.test_id ? this.#came(this.#result) : nothing}</div></li>`
      })}</ul>`
  }

  /** @param {ForecastResult} result */
  #came(result) {
    const { locale } = this.#editor
    const [{ collected: { currency } }] = result.arms
    const money = (/** @type {number} */ minor) => formatMoney({ minor: Math.round(minor), currency }, locale)
    // A line a measure: the names of forecasts are long, their figures short.
    /** @type {{ key: string, label: string, of: (arm: ForecastArm) => unknown }[]} */
    const rows = [
      { key: 'cases', label: t('callsettings.forecast.cases'), of: ({ cases }) => formatNumber(cases) },
      { key: 'watched', label: tn('callsettings.forecast.watched', result.days), of: ({ watched }) => formatNumber(watched) },
      { key: 'paid', label: t('callsettings.forecast.paid'), of: ({ paid, rate }) => html`${formatNumber(paid)} ${rate ? html`<span class="small muted">${span(rate, percent)}</span>` : nothing}` },
      { key: 'collected', label: t('callsettings.forecast.collected'), of: ({ collected }) => formatMoney(collected, locale) },
      { key: 'kept', label: t('callsettings.forecast.kept'), of: ({ kept, promises }) => t('callsettings.forecast.of', { n: kept, all: promises }) },
    ]
    return html`${dataTable({
        caption: t('callsettings.forecast.came'), rows, id: ({ key }) => key,
        columns: [
          { key: 'measure', label: t('callsettings.forecast.measure'), head: true, cell: ({ label }) => label },
          ...result.arms.map((arm) => ({ key: arm.code, label: t(`callsettings.forecast.${arm.code}`), align: /** @type {const} */ ('end'), cell: (/** @type {typeof rows[number]} */ { of }) => of(arm) })),
        ],
      })}
      <ul class="arm-results">
        ${[['paid', result.paid, percent], ['collected', result.collected_minor, money], ['kept', result.kept, percent]].map(([name, found, shown]) => (found === null ? nothing : html`<li>${t(`callsettings.forecast.${name}_differs`)} ${span(/** @type {Span} */ (found), /** @type {(n: number) => string} */ (shown))} ${result.enough ? verdict(/** @type {Span} */ (found)) : nothing}</li>`))}
      </ul>
      ${result.cursor !== null ? html`<p class="hint">${t('callsettings.forecast.counting')}</p>` : nothing}
      ${result.enough ? nothing : banner({ tone: 'warn', title: t('callsettings.forecast.small'), body: t('callsettings.forecast.small_body', { n: formatNumber(result.needed) }) })}
      <p class="hint">${tn('callsettings.forecast.method', result.days)}</p>`
  }

  /** @param {ForecastSettings} known */
  async #save({ version }) {
    const { champion, challenger, percent } = this.#chosen
    await this.#while(async () => {
      this.#take(await this.#editor.api.put(this.#path(), { version: this.#editor.form.values.version ?? version, champion, challenger: challenger || null, percent: challenger === '' ? 0 : Number(percent) || 0 }))
      this.#saved = true
    })
  }

  /** @param {string} id */
  async #count(id) {
    await this.#while(async () => {
      /** @type {string | null} */
      let cursor = null
      do {
        this.#result = /** @type {ForecastResult} */ (await this.#editor.api.get(`${this.#path()}/${encodeURIComponent(id)}`, { query: { cursor } }))
        cursor = this.#result.cursor
        this.#editor.paint()
      } while (cursor !== null)
    })
  }

  /** @param {() => Promise<void>} work */
  async #while(work) {
    this.#busy = true
    this.#problem = null
    this.#editor.paint()
    try {
      await work()
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.#busy = false
    this.#editor.paint()
  }

  /** @param {ForecastSettings} found */
  #take(found) {
    this.#known = found
    this.#chosen = { champion: found.champion, challenger: found.challenger ?? '', percent: found.percent > 0 ? String(found.percent) : USUAL_PERCENT }
    // The portfolio has another version by it: what else is being changed is saved over that one.
    this.#editor.form.absorb((values) => { values.version = found.version })
  }

  /** @param {ForecastModel} name @param {ForecastSettings | null} known */
  #named(name, known = this.#known) {
    if (name === 'rules') return t('callsettings.forecast.rules')
    const until = known?.models.find((one) => one.name === name)?.until ?? null
    return until === null ? t(`callsettings.forecast.${name}_none`) : t(`callsettings.forecast.${name}`, { day: formatDate(until, this.#editor.locale) })
  }

  #path() {
    return `/portfolios/${encodeURIComponent(this.#editor.form.values.portfolio_id)}/forecast`
  }
}

/** @param {Span} found */
function verdict({ low, high }) {
  if (low > 0) return badge(t('callsettings.forecast.better'), 'good')
  return high < 0 ? badge(t('callsettings.forecast.worse'), 'bad') : badge(t('callsettings.forecast.unsure'))
}

/** @param {Span} found @param {(n: number) => string} shown */
const span = ({ value, low, high }, shown) => `${shown(value)} [${shown(low)}, ${shown(high)}]`

/** @param {number} share */
const percent = (share) => formatNumber(share, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
