// @ts-check

/** How good what the forecast told of cases was, this month and the two before. */

/** @import { Editor } from '../portfolio-editor.js' */
/** @import { ForecastBin, ForecastGroup, ForecastQuality, Span } from './contract.js' */

import { formatNumber, t, tn } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { badge, banner, facts, problemBanner } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'

const TONES = /** @type {const} */ ({ good: 'good', high: 'bad', low: 'bad', small: 'neutral' })

export class QualityView {
  #editor
  /** @type {ForecastQuality | null} */
  #found = null
  /** @type {ReturnType<typeof asProblem> | null} */
  #problem = null
  #busy = ''

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor
  }

  /** @param {('first' | 'second')[]} deployed */
  view(deployed) {
    if (deployed.length === 0) return html`<h4>${t('callsettings.quality.title')}</h4>${banner({ tone: 'info', title: t('callsettings.quality.no_model'), body: t('callsettings.quality.how') })}`
    return html`<h4>${t('callsettings.quality.title')}</h4><p class="hint">${t('callsettings.quality.lead')}</p>
      ${this.#problem ? problemBanner(this.#problem) : nothing}
      <div class="button-row">${deployed.map((name) => html`<button type="button" class="button" ?disabled=${this.#busy !== ''} @click=${() => void this.#count(name)}>${t(`callsettings.quality.ask.${name}`)}</button>`)}</div>
      <div class="stack" aria-live="polite" aria-busy=${this.#busy === '' ? 'false' : 'true'}>${this.#found === null ? nothing : came(this.#found, this.#busy !== '')}</div>`
  }

  /** @param {'first' | 'second'} model */
  async #count(model) {
    this.#busy = model
    this.#problem = null
    this.#found = null
    this.#editor.paint()
    try {
      /** @type {string | null} */
      let cursor = null
      do {
        const path = `/portfolios/${encodeURIComponent(this.#editor.form.values.portfolio_id)}/forecast-quality`
        this.#found = /** @type {ForecastQuality} */ (await this.#editor.api.get(path, { query: { model, cursor } }))
        cursor = this.#found.cursor
        this.#editor.paint()
      } while (cursor !== null)
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.#busy = ''
    this.#editor.paint()
  }
}

/** @param {ForecastQuality} found @param {boolean} busy */
function came(found, busy) {
  const { verdict, predicted, observed, cases, auc, brier, usual_brier: usual, months, drift } = found
  const told = months.reduce((sum, month) => sum + month.cases, 0)
  if (busy) return html`<p class="hint">${t('callsettings.forecast.counting')}</p>`
  if (told === 0) return html`<p class="hint">${t('callsettings.quality.nothing')}</p>`
  return html`<p>${badge(t(`callsettings.quality.verdict.${verdict}`), TONES[verdict])} ${tn('callsettings.quality.over', cases)} ${told > cases ? tn('callsettings.quality.waiting', told - cases) : nothing}</p>
    ${verdict === 'small' ? banner({ tone: 'warn', title: t('callsettings.quality.small'), body: t('callsettings.quality.small_body') }) : nothing}
    ${found.drifted ? banner({ tone: 'warn', title: t('callsettings.quality.drifted'), body: t('callsettings.quality.drifted_body') }) : nothing}
    ${facts([
      [t('callsettings.quality.predicted'), predicted === null ? null : percent(predicted)],
      [t('callsettings.quality.observed'), observed === null ? null : span(observed)],
      [t('callsettings.quality.auc'), auc === null ? null : decimals(auc)],
      [t('callsettings.quality.brier'), brier === null || usual === null ? null : t('callsettings.quality.against', { value: decimals(brier), usual: decimals(usual) })],
      [t('callsettings.quality.drift'), drift === null ? t('callsettings.quality.drift_few') : decimals(drift)],
    ])}
    ${cases === 0 ? nothing : html`${table(t('callsettings.quality.by_chance'), t('callsettings.quality.told'), found.bins.filter((bin) => bin.cases > 0), (bin) => t('callsettings.quality.bin', { low: bin.low, high: bin.high }), (bin) => String(bin.low))}
      ${table(t('callsettings.quality.by_group'), t('callsettings.quality.group'), found.groups, groupName, ({ by, name }) => `${by}:${name}`)}
      <p class="hint">${t('callsettings.quality.grey')}${found.sampled ? ` ${t('callsettings.quality.sampled')}` : ''}</p>`}
    <p class="hint">${tn('callsettings.quality.method', found.days)}</p>`
}

/**
 * Small samples are grey: their share is there, and says nothing.
 * @template {ForecastBin | ForecastGroup} Row
 * @param {string} caption @param {string} label @param {Row[]} rows
 * @param {(row: Row) => string} name @param {(row: Row) => string} id
 */
function table(caption, label, rows, name, id) {
  /** @param {Row} row @param {string} text */
  const cell = ({ small }, text) => (small ? html`<span class="muted">${text}</span>` : text)
  return dataTable({
    caption, rows, id,
    columns: [
      { key: 'name', label, head: true, cell: name },
      { key: 'cases', label: t('callsettings.forecast.cases'), align: 'end', cell: (row) => cell(row, formatNumber(row.cases)) },
      { key: 'predicted', label: t('callsettings.quality.predicted'), align: 'end', cell: (row) => cell(row, row.predicted === null ? '' : percent(row.predicted)) },
      { key: 'observed', label: t('callsettings.quality.observed'), align: 'end', cell: (row) => cell(row, row.observed === null ? '' : span(row.observed)) },
    ],
  })
}

/** @param {ForecastGroup} group */
function groupName({ by, name }) {
  return by === 'product' ? name || t('callsettings.quality.other_products') : t(`callsettings.quality.${by}`, { n: name })
}

/** @param {number} share */
const percent = (share) => formatNumber(share, { style: 'percent', maximumFractionDigits: 0 })

/** @param {number} value */
const decimals = (value) => formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** @param {Span} found */
const span = ({ value, low, high }) => `${percent(value)} [${percent(low)}, ${percent(high)}]`
