// @ts-check

/**
 * Charts as plain SVG and HTML. Each is a picture for the eye with the same figures in a table
 * behind it, for screen readers and for whoever wants the exact numbers.
 */

import { t } from '../i18n.js'
import { html, nothing, svg } from '../view.js'

/** @import { Content } from '../view.js' */

/**
 * The figures of a chart, folded away until asked for.
 * @param {{ caption: string, head: string[], rows: Content[][], total?: Content[] }} facts
 */
export function chartTable({ caption, head, rows, total }) {
  return html`<details class="chart-data"><summary>${t('common.see_figures')}</summary>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${caption}: ${t('common.figures')}"><table class="table-plain"><caption class="visually-hidden">${caption}</caption>
      <thead><tr>${head.map((name, i) => html`<th scope="col" class=${i === 0 ? '' : 'cell-end'}>${name}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map((value, i) => (i === 0 ? html`<th scope="row">${value}</th>` : html`<td class="cell-end">${value}</td>`))}</tr>`)}</tbody>
      ${total ? html`<tfoot><tr>${total.map((value, i) => (i === 0 ? html`<th scope="row">${value}</th>` : html`<td class="cell-end">${value}</td>`))}</tr></tfoot>` : nothing}
    </table></div></details>`
}

/**
 * Bars lying down, one a row: label, bar, figure. Widths are shares of the largest.
 *
 * @param {{ label: string, rows: { key: string, name: Content, value: number, shown: Content, note?: Content, tone: string, href?: string }[] }} facts
 *   `tone`: a class that colours the bar.
 */
export function barRows({ label, rows }) {
  const most = Math.max(1, ...rows.map(({ value }) => value))
  return html`<ul class="bars" aria-label=${label}>${rows.map((row) => {
    const width = Math.max(row.value > 0 ? 0.6 : 0, (row.value / most) * 100)
    return html`<li class="bar-row">
      <span class="bar-name">${row.href ? html`<a href=${row.href}>${row.name}</a>` : row.name}</span>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-ground" width="100" height="10"></rect><rect class=${row.tone} width=${width.toFixed(2)} height="10"></rect></svg>
      <span class="bar-figure">${row.shown}</span>${row.note ? html`<span class="bar-note">${row.note}</span>` : nothing}
    </li>`
  })}</ul>`
}

/**
 * One bar cut into shares of a whole.
 * @param {{ label: string, parts: { value: number, tone: string }[] }} facts
 */
export function stackedBar({ label, parts }) {
  const whole = parts.reduce((sum, { value }) => sum + value, 0)
  if (whole === 0) return nothing
  let x = 0
  return html`<svg class="stacked" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label=${label}>${parts.map(({ value, tone }) => {
    const width = (value / whole) * 100
    const piece = svg`<rect class=${tone} x=${x.toFixed(2)} width=${width.toFixed(2)} height="10"></rect>`
    x += width
    return piece
  })}</svg>`
}

const PAD = { top: 12, right: 4, bottom: 24, left: 58 }
const NARROW = '(width < 40rem)'

/**
 * Columns over days with the figure of each on its title. Days without anything are gaps, not lies.
 *
 * @param {{ label: string, points: { key: string, name: string, value: number, shown: string }[],
 *   scale: (value: number) => string, ticks: number[] }} facts
 *   `ticks`: indexes of the points named on the axis.
 */
export function columns({ label, points, scale, ticks }) {
  const { max, steps } = niceScale(Math.max(0, ...points.map(({ value }) => value)))
  // One unit is about one pixel, so that text keeps its size on any screen.
  const [width, height] = window.matchMedia(NARROW).matches ? [340, 180] : [1080, 220]
  const inner = { width: width - PAD.left - PAD.right, height: height - PAD.top - PAD.bottom }
  const slot = inner.width / points.length
  /** @param {number} value */
  const y = (value) => PAD.top + inner.height * (1 - value / max)
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${label}>
    ${steps.map((value) => svg`<line class="chart-grid" x1=${PAD.left} x2=${width - PAD.right} y1=${y(value)} y2=${y(value)}></line>
      <text class="chart-text" x=${PAD.left - 8} y=${y(value) + 4} text-anchor="end">${scale(value)}</text>`)}
    ${points.map((point, i) => svg`<rect class=${i === points.length - 1 ? 'column column-now' : 'column'} x=${(PAD.left + slot * i + slot * 0.15).toFixed(1)} y=${y(point.value).toFixed(1)}
      width=${(slot * 0.7).toFixed(1)} height=${Math.max(0, y(0) - y(point.value)).toFixed(1)} rx="2"><title>${point.name}: ${point.shown}</title></rect>`)}
    ${ticks.map((i) => svg`<text class="chart-text" x=${(PAD.left + slot * (i + 0.5)).toFixed(1)} y=${height - 6} text-anchor=${i === points.length - 1 ? 'end' : 'middle'}>${points[i].name}</text>`)}
  </svg>`
}

/**
 * A round number above the largest value, and round steps up to it.
 * @param {number} largest
 * @returns {{ max: number, steps: number[] }}
 */
export function niceScale(largest) {
  if (largest <= 0) return { max: 1, steps: [0] }
  const rough = largest / 3
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power
  const count = Math.ceil(largest / step - 1e-9)
  return { max: step * count, steps: Array.from({ length: count + 1 }, (_, i) => i * step) }
}
