// @ts-check

/** The picture of a report: one measure, by what its lines are of. Its table stands beside it. */

/** @import { MeasureOffered, ReportLine, ReportTold } from './contract.js' */

import { t } from '../../core/i18n.js'
import { barRows, niceScale } from '../../core/ui/charts.js'
import { html, nothing, svg } from '../../core/view.js'
import { inOrder, isOrdered, keyText, measureName, measureText } from './report-words.js'

const MOST_BARS = 15
const MOST_SERIES = 6
const [WIDTH, HEIGHT] = [420, 230]
const FRAME = { left: 76, right: 402, top: 10, bottom: 200 }

/**
 * @param {{ told: ReportTold, measure: Pick<MeasureOffered, 'code' | 'unit'>, at: number, locale: string }} facts
 *   `at`: which of the report's measures it is.
 */
export function reportChart({ told, measure, at, locale }) {
  if (told.dimensions.length === 0) return nothing
  const label = t('builder.picture', { name: measureName(measure.code) })
  const text = (/** @type {number | null} */ value) => measureText(measure, value, { locale, currency: told.currency })
  const lines = inOrder(told)
  const name = (/** @type {ReportLine} */ line, from = 0) => told.dimensions.slice(from).map((one, n) => keyText(one, line.keys[n + from], line.names[n + from], locale)).join(' · ')
  const keys = [...new Set(lines.map((line) => line.keys[0]))]
  const series = new Map(lines.map((line) => [name(line, 1), /** @type {Map<string, number | null>} */ (new Map())]))
  for (const line of lines) series.get(name(line, 1))?.set(line.keys[0], line.values[at].value)
  if (isOrdered(told.dimensions[0]) && keys.length > 2 && series.size <= MOST_SERIES) {
    const first = (/** @type {string} */ key) => keyText(told.dimensions[0], key, key, locale)
    return html`<figure class="figure-picture">${overTime({ label, keys, series: [...series], name: first, text })}</figure>`
  }
  return html`<figure class="figure-picture">${barRows({ label, rows: lines.slice(0, MOST_BARS).map((line) => {
    const { value } = line.values[at]
    return { key: line.keys.join('\n'), name: name(line), value: Math.max(0, value ?? 0), shown: text(value), tone: 'age-1' }
  }) })}${lines.length > MOST_BARS ? html`<figcaption class="small muted">${t('builder.first_bars', { n: MOST_BARS })}</figcaption>` : nothing}</figure>`
}

/**
 * Columns for one series, a line for each of several. What has no value is a gap, not a zero.
 * @param {{ label: string, keys: string[], series: [string, Map<string, number | null>][], name: (key: string) => string, text: (value: number | null) => string }} facts
 */
function overTime({ label, keys, series, name, text }) {
  const values = series.flatMap(([, points]) => [...points.values()].map((value) => value ?? 0))
  const { max, steps } = niceScale(Math.max(0, ...values))
  const slot = (FRAME.right - FRAME.left) / keys.length
  const x = (/** @type {number} */ n) => FRAME.left + slot * (n + 0.5)
  const y = (/** @type {number} */ value) => FRAME.bottom - (FRAME.bottom - FRAME.top) * (Math.max(0, value) / max)
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${steps.map((value) => svg`<line class="chart-grid" x1=${FRAME.left} x2=${FRAME.right} y1=${y(value)} y2=${y(value)}></line><text class="chart-text" x=${FRAME.left - 6} y=${y(value) + 4} text-anchor="end">${text(value)}</text>`)}
    ${series.length === 1 ? bars(series[0][1]) : series.map(([called, points], n) => curve(called, points, n))}
    <text class="chart-text" x=${FRAME.left} y="222">${name(keys[0])}</text>
    <text class="chart-text" x=${FRAME.right} y="222" text-anchor="end">${name(keys[keys.length - 1])}</text></svg>
    ${series.length === 1 ? nothing : html`<figcaption class="legend">${series.map(([called], n) => html`<span><svg viewBox="0 0 10 10" aria-hidden="true"><line class="curve curve-${n}" x1="0" x2="10" y1="5" y2="5"></line></svg>${called}</span>`)}</figcaption>`}`

  /** @param {Map<string, number | null>} points */
  function bars(points) {
    return keys.map((key, n) => {
      const value = points.get(key) ?? null
      return value === null ? nothing : svg`<rect class="column" x=${(x(n) - slot * 0.35).toFixed(1)} y=${y(value).toFixed(1)} width=${(slot * 0.7).toFixed(1)} height=${(FRAME.bottom - y(value)).toFixed(1)}><title>${name(key)}: ${text(value)}</title></rect>`
    })
  }

  /** @param {string} called @param {Map<string, number | null>} points @param {number} n */
  function curve(called, points, n) {
    const known = keys.flatMap((key, at) => {
      const value = points.get(key) ?? null
      return value === null ? [] : [{ key, at, value }]
    })
    return svg`<polyline class="curve curve-${n}" points=${known.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}></polyline>
      ${known.map(({ key, at, value }) => svg`<circle class="curve curve-${n}" cx=${x(at).toFixed(1)} cy=${y(value).toFixed(1)} r="3"><title>${called}, ${name(key)}: ${text(value)}</title></circle>`)}`
  }
}
