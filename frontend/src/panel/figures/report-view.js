// @ts-check

/** A report that was told: its table, and the picture of one of its measures beside it. */

/** @import { MeasureOffered, ReportDefinition, ReportLine, ReportTold } from './contract.js' */
/** @import { Problem } from '../../core/problem.js' */

import { t } from '../../core/i18n.js'
import { icon } from '../../core/ui/icons.js'
import { card, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { missing } from './kpi-view.js'
import { periodText } from './period.js'
import { reportChart } from './report-chart.js'
import { dimensionName, inOrder, keyText, linesBefore, measureName, measureText, titleOf } from './report-words.js'
import { moved, number, partText } from './words.js'

const MOST_ROWS = 100 // of those on the page; files have all

/** @typedef {{ now: ReportTold | null, then: ReportTold | null, problem: Problem | null, drawn: number }} Told */

/**
 * @param {object} facts
 * @param {string} [facts.name]  Empty: what it is made of.
 * @param {ReportDefinition} facts.report
 * @param {Told | undefined} facts.told  Undefined while it is asked for.
 * @param {{ measures: Pick<MeasureOffered, 'code' | 'unit' | 'over'>[] }} facts.catalogue
 * @param {string} facts.locale
 * @param {() => void} facts.onDraw  Something else is to be drawn.
 * @param {() => void} facts.onRetry
 * @param {unknown} facts.actions
 * @param {number} [facts.least]  Of how many cases a number is that is not hidden.
 * @param {boolean} [facts.samples]  Say under each fraction of how many it is.
 * @param {(measure: Pick<MeasureOffered, 'code' | 'unit' | 'over'>, line: ReportLine, title: string) => void} [facts.onCases]  Where the reader may see the cases of a number.
 */
export function reportCard({ name = '', report, told, catalogue, locale, onDraw, onRetry, actions, samples = false, least = 0, onCases }) {
  return card({
    title: name || titleOf(report),
    lead: told?.now ? `${periodText(told.now, locale)}${told.now.days_there < told.now.days ? ` · ${t('figures.days_there')}: ${t('figures.of_days', { there: told.now.days_there, n: told.now.days })}` : ''}` : undefined,
    actions,
    body: body(),
  })

  function body() {
    if (told === undefined) return skeleton(6)
    if (told.now === null) return told.problem?.code === 'lake.day_missing' ? missing(told.problem, locale) : problemBanner(/** @type {Problem} */ (told.problem), onRetry)
    if (told.now.lines.length === 0) return html`<p class="small">${t('figures.nothing')}</p>`
    return lines(told, told.now)
  }

  /** @param {Told} told @param {ReportTold} now */
  function lines(told, now) {
    const measures = now.measures.map((code) => /** @type {Pick<MeasureOffered, 'code' | 'unit' | 'over'>} */ (catalogue.measures.find((one) => one.code === code)))
    const before = linesBefore(now, told.then)
    const shown = inOrder(now).slice(0, MOST_ROWS)
    const named = (/** @type {ReportLine} */ line) => now.dimensions.map((one, at) => keyText(one, line.keys[at], line.names[at], locale))
    return html`<div class="figure-beside">
      <div class="table-wrap figure-scroll" tabindex="0" role="region" aria-label=${name || titleOf(report)}><table class="table-plain">
        <caption class="visually-hidden">${titleOf(report)}</caption>
        <thead><tr>${now.dimensions.length === 0 ? html`<th scope="col">${t('figures.period')}</th>` : now.dimensions.map((one) => html`<th scope="col" class="nowrap">${dimensionName(one)}</th>`)}${measures.map((one) => html`<th scope="col" class="cell-end">${measureName(one.code)}</th>`)}</tr></thead>
        <tbody>${shown.map((line) => html`<tr>${now.dimensions.length === 0 ? html`<th scope="row" class="nowrap">${t('reports.whole')}</th>` : named(line).map((text, at) => (at === 0 ? html`<th scope="row" class="nowrap">${text}</th>` : html`<td class="nowrap">${text}</td>`))}
          ${measures.map((one, at) => cell(one, line, at, before(line.keys)?.[at].value))}</tr>`)}</tbody></table></div>
      <div>${picker(told, measures)}${reportChart({ told: now, measure: measures[told.drawn], at: told.drawn, locale })}</div></div>
      ${now.more || now.lines.length > MOST_ROWS ? html`<p class="small">${t('builder.more', { n: shown.length })}</p>` : nothing}`

    /** @param {Pick<MeasureOffered, 'code' | 'unit' | 'over'>} measure @param {ReportLine} line @param {number} at @param {number | null | undefined} was */
    function cell(measure, line, at, was) {
      const { value, numerator, denominator, hidden } = line.values[at]
      if (hidden) return html`<td class="cell-end muted">${t('builder.few', { n: least })}</td>`
      const change = was === undefined ? null : moved(measure, value, was, locale)
      const text = measureText(measure, value, { locale, currency: now.currency })
      const behind = onCases !== undefined && (numerator !== 0 || (denominator ?? 0) !== 0)
      const title = t('figures.line_cases', { measure: measureName(measure.code), line: named(line).join(' · ') || t('reports.whole') })
      const parts = denominator === null || least > 0 ? nothing : `${number(numerator, locale)} / ${number(denominator, locale)}`
      return html`<td class="cell-end">${behind
        ? html`<button type="button" class="link-button figure-behind" title=${parts} aria-label=${`${text} · ${t('figures.see_cases')}: ${title}`} @click=${() => onCases(measure, line, title)}>${text}</button>`
        : html`<span title=${parts}>${text}</span>`}${samples && measure.over && denominator !== null ? html`<br><span class="small muted">${t('builder.of', { n: partText(denominator, measure.over, { locale, currency: now.currency, days: now.days }) })}</span>` : nothing}${change
        ? html`<br><span class="small figure-${change.tone}">${change.text}</span>` : nothing}</td>`
    }
  }

  /** Which measure is drawn. @param {Told} told @param {Pick<MeasureOffered, 'code'>[]} measures */
  function picker(told, measures) {
    if (measures.length < 2 || report.dimensions.length === 0) return nothing
    return html`<label class="small">${t('builder.draw')} <select @change=${(/** @type {any} */ event) => { told.drawn = Number(event.target.value); onDraw() }}>
      ${measures.map((one, at) => html`<option value=${at} ?selected=${at === told.drawn}>${measureName(one.code)}</option>`)}</select></label>`
  }
}

/** @param {string} name @param {string} label @param {() => void} act @param {boolean} [disabled] */
export function fileButton(name, label, act, disabled = false) {
  return html`<button type="button" class="button button-small" ?disabled=${disabled} @click=${act}>${icon('download')}${name}<span class="visually-hidden">: ${label}</span></button>`
}
