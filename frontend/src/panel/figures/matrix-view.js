// @ts-check

/** The roll matrix and the liquidation curves: the table, and its picture beside it. */

/** @import { Figure, FigureLine } from './contract.js' */

import { t } from '../../core/i18n.js'
import { niceScale } from '../../core/ui/charts.js'
import { cssVars, html, nothing, svg } from '../../core/view.js'
import { groupText, number, valueText } from './words.js'

const WORST = 7 // of the eight colours of ageing

/**
 * Where the balance of each band went. Rows sum to one.
 * @param {{ figure: Figure, bands: string[], locale: string, onCell: (from: string, to: string) => void }} facts
 */
export function rollMatrix({ figure, bands, locale, onCell }) {
  if (figure.lines.length === 0) return html`<p class="small">${t('figures.nothing')}</p>`
  const cells = new Map(figure.lines.map((line) => [`${line.group_1}/${line.group_2}`, line]))
  const order = ['current', ...bands.filter((band) => band !== 'current')]
  const [began, ended] = [new Set(figure.lines.map((line) => line.group_1)), new Set(figure.lines.map((line) => line.group_2))]
  const rows = [...order, 'charged_off'].filter((band) => began.has(band))
  const columns = ['paid', ...[...order, 'charged_off', 'gone'].filter((band) => ended.has(band))]
  return html`<div class="figure-beside">
    <div class="table-wrap figure-scroll" tabindex="0" role="region" aria-label=${t('figures.kpi.roll_matrix')}><table class="table-plain">
      <caption class="visually-hidden">${t('figures.roll_caption')}</caption>
      <thead><tr><th scope="col">${t('figures.from_to')}</th>${columns.map((to) => html`<th scope="col" class="cell-end">${groupText(to)}</th>`)}<th scope="col" class="cell-end">${t('figures.sample')}</th></tr></thead>
      <tbody>${rows.map((from) => html`<tr><th scope="row">${groupText(from)}</th>${columns.map((to) => cell(cells.get(`${from}/${to}`), from, to))}
        <td class="cell-end muted">${number(columns.reduce((sum, to) => sum + (cells.get(`${from}/${to}`)?.sample ?? 0), 0), locale)}</td></tr>`)}</tbody></table></div>
    ${stacks(rows, columns, cells, order)}</div>`

  /** @param {FigureLine | undefined} line @param {string} from @param {string} to */
  function cell(line, from, to) {
    if (line === undefined) return html`<td class="cell-end muted">0</td>`
    return html`<td class="cell-end heat-cell" ${cssVars({ '--share': `${Math.round((line.value ?? 0) * 60)}%` })}>
      <button type="button" class="heat-button" aria-label=${t('figures.cell_cases', { from: groupText(from), to: groupText(to), n: line.sample, share: ratio(line.value, locale) })} @click=${() => onCell(from, to)}>${ratio(line.value, locale)}</button></td>`
  }
}

/** @param {number | null} value @param {string} locale */
function ratio(value, locale) {
  return valueText(value, 'ratio', { locale, currency: '' })
}

/** A bar a band, cut by where its balance went. @param {string[]} rows @param {string[]} columns @param {Map<string, FigureLine>} cells @param {string[]} order */
function stacks(rows, columns, cells, order) {
  const height = rows.length * 34 + 4
  /** @param {string} to */
  const tone = (to) => (to === 'paid' ? 'fill-paid' : to === 'gone' ? 'fill-gone' : to === 'charged_off' ? `age-${WORST}` : `age-${Math.min(WORST, Math.max(0, order.indexOf(to)))}`)
  return html`<figure class="figure-picture"><svg class="chart" viewBox="0 0 420 ${height}" role="img" aria-label=${t('figures.roll_picture')}>
    ${rows.map((from, at) => {
      let x = 110
      return svg`<text class="chart-text" x="104" y=${at * 34 + 22} text-anchor="end">${groupText(from)}</text>
        ${columns.map((to) => {
          const width = (cells.get(`${from}/${to}`)?.value ?? 0) * 300
          const piece = svg`<rect class=${tone(to)} x=${x.toFixed(1)} y=${at * 34 + 6} width=${width.toFixed(1)} height="24"><title>${groupText(from)} → ${groupText(to)}</title></rect>`
          x += width
          return piece
        })}`
    })}</svg>
    <figcaption class="legend">${columns.map((to) => html`<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class=${tone(to)} width="10" height="10"></rect></svg>${groupText(to)}</span>`)}</figcaption></figure>`
}

/**
 * What of each month's placings was paid, month by month since.
 * @param {{ figure: Figure, locale: string, onCell: (vintage: string, month: string) => void }} facts
 */
export function liquidation({ figure, locale, onCell }) {
  if (figure.lines.length === 0) return html`<p class="small">${t('figures.nothing')}</p>`
  /** @type {Map<string, { month: number, line: FigureLine }[]>} */
  const curves = new Map()
  for (const line of figure.lines) {
    const points = curves.get(line.group_1) ?? []
    points.push({ month: monthsBetween(line.group_1, line.group_2), line })
    curves.set(line.group_1, points)
  }
  const last = Math.max(...[...curves.values()].flat().map(({ month }) => month))
  const months = Array.from({ length: last + 1 }, (_, month) => month)
  return html`<div class="figure-beside">
    <div class="table-wrap figure-scroll" tabindex="0" role="region" aria-label=${t('figures.kpi.liquidation')}><table class="table-plain">
      <caption class="visually-hidden">${t('figures.liquidation_caption')}</caption>
      <thead><tr><th scope="col">${t('figures.vintage')}</th>${months.map((month) => html`<th scope="col" class="cell-end">${t('figures.month_n', { n: month })}</th>`)}<th scope="col" class="cell-end">${t('figures.sample')}</th></tr></thead>
      <tbody>${[...curves].map(([vintage, points]) => html`<tr><th scope="row">${vintage}</th>${months.map((month) => paid(points.find((one) => one.month === month)?.line))}
        <td class="cell-end muted">${number(points[0].line.sample, locale)}</td></tr>`)}</tbody></table></div>
    ${lines([...curves], last, locale)}</div>`

  /** @param {FigureLine | undefined} line */
  function paid(line) {
    if (line === undefined) return html`<td class="cell-end">${ratio(null, locale)}</td>`
    const { group_1: vintage, group_2: month } = line
    return html`<td class="cell-end"><button type="button" class="heat-button" aria-label=${t('figures.curve_cases', { vintage, month, share: ratio(line.value, locale) })} @click=${() => onCell(vintage, month)}>${ratio(line.value, locale)}</button></td>`
  }
}

/** @param {[string, { month: number, line: FigureLine }[]][]} curves @param {number} last @param {string} locale */
function lines(curves, last, locale) {
  const { max, steps } = niceScale(Math.max(...curves.flatMap(([, points]) => points.map(({ line }) => line.value ?? 0))))
  const x = (/** @type {number} */ month) => 52 + (month / Math.max(1, last)) * 350
  const y = (/** @type {number} */ value) => 10 + 190 * (1 - value / max)
  return html`<figure class="figure-picture"><svg class="chart" viewBox="0 0 420 230" role="img" aria-label=${t('figures.liquidation_picture')}>
    ${steps.map((value) => svg`<line class="chart-grid" x1="52" x2="402" y1=${y(value)} y2=${y(value)}></line><text class="chart-text" x="46" y=${y(value) + 4} text-anchor="end">${ratio(value, locale)}</text>`)}
    ${curves.map(([vintage, points], at) => svg`<polyline class="curve curve-${at % 6}" points=${points.map(({ month, line }) => `${x(month).toFixed(1)},${y(line.value ?? 0).toFixed(1)}`).join(' ')}></polyline>
      ${points.map(({ month, line }) => svg`<circle class="curve curve-${at % 6}" cx=${x(month).toFixed(1)} cy=${y(line.value ?? 0).toFixed(1)} r="3"><title>${vintage}, ${t('figures.month_n', { n: month })}: ${ratio(line.value, locale)}</title></circle>`)}`)}
    <text class="chart-text" x="52" y="222">${t('figures.month_n', { n: 0 })}</text>
    ${last > 0 ? svg`<text class="chart-text" x="402" y="222" text-anchor="end">${t('figures.month_n', { n: last })}</text>` : nothing}</svg>
    <figcaption class="legend">${curves.map(([vintage], at) => html`<span><svg viewBox="0 0 10 10" aria-hidden="true"><line class="curve curve-${at % 6}" x1="0" x2="10" y1="5" y2="5"></line></svg>${vintage}</span>`)}</figcaption></figure>`
}

/** @param {string} from @param {string} to  Both `yyyy-mm`. */
function monthsBetween(from, to) {
  const [year, month] = from.split('-').map(Number)
  const [later, other] = to.split('-').map(Number)
  return Math.max(0, (later - year) * 12 + other - month)
}
