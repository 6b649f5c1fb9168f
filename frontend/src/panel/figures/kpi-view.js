// @ts-check

/** A figure as a card: the number, what it is made of, and how sure it is. */

/** @import { Figure, FigureLine, KpiOffered, Period } from './contract.js' */
/** @import { Problem } from '../../core/problem.js' */

import { formatDate } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { barRows, chartTable } from '../../core/ui/charts.js'
import { badge, facts, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { passing } from './patient.js'
import { periodText } from './period.js'
import { groupText, moved, number, partText, valueText } from './words.js'

const MOST_BUTTONS = 6
const OF_CASES = new Set(['messages', 'calls', 'visits'])

/** @typedef {{ now: Figure | null, then: Figure | null, problem: Problem | null }} Asked */

/**
 * @param {object} facts
 * @param {KpiOffered} facts.kpi
 * @param {Asked | undefined} facts.asked
 * @param {Period} facts.before  What it is compared with.
 * @param {string} facts.locale
 * @param {(kpi: KpiOffered, group: [string, string], title: string) => void} facts.onCases
 * @param {() => void} facts.onAgain
 */
export function kpiCard({ kpi, asked, before, locale, onCases, onAgain }) {
  const figure = asked?.now
  return html`<article class="card figure ${kpi.lines === '' ? '' : 'figure-lines'}" aria-labelledby="kpi-${kpi.code}">
    <h2 id="kpi-${kpi.code}">${t(`figures.kpi.${kpi.code}`)}</h2>
    ${asked === undefined ? waiting(kpi) : figure ? told(kpi, figure, asked.then, before, locale, onCases) : missing(asked.problem, locale, onAgain)}
    <p class="small muted">${formula(kpi)}</p>
    ${(figure || asked === undefined) && kpi.cases && kpi.lines === '' ? html`<button type="button" class="button button-small" ?disabled=${!figure} @click=${() => onCases(kpi, ['', ''], t(`figures.kpi.${kpi.code}`))}>${t('figures.see_cases')}<span class="visually-hidden">: ${t(`figures.kpi.${kpi.code}`)}</span></button>` : nothing}
  </article>`
}

/** As high as what will stand there: the cards below do not jump when it comes. @param {KpiOffered} kpi */
function waiting(kpi) {
  if (kpi.lines !== '') return skeleton(6)
  const between = kpi.unit === 'ratio' && kpi.parts.every((part) => part === 'count')
  const later = html`<span class="skeleton-line figure-later"></span>`
  return html`<div class="skeleton" aria-busy="true"><span class="visually-hidden">${t('common.loading')}</span><p class="figure-value">${later}</p><p class="small">${later}</p></div>
    ${facts(['numerator', 'denominator', 'sample', ...(between ? ['between'] : []), 'period', 'version'].map((part) => [t(`figures.${part}`), later]))}`
}

/** @param {KpiOffered} kpi */
export function formula(kpi) {
  return t('figures.formula', { top: t(`figures.top.${kpi.code}`), under: t(`figures.under.${kpi.code}`) })
}

/** @param {Problem | null} problem @param {string} locale @param {() => void} [onAgain]  Where asking again may do. */
export function missing(problem, locale, onAgain) {
  if (problem === null) return nothing
  const day = problem.code === 'lake.day_missing' ? String(problem.details.day) : null
  return html`<p class="figure-value">–</p><p class="small">${day ? t('figures.no_day', { day: formatDate(day, locale) }) : problem.text}</p>
    ${onAgain && passing(problem) ? html`<button type="button" class="button button-small" @click=${onAgain}>${t('common.retry')}</button>` : nothing}`
}

/** @param {KpiOffered} kpi @param {Figure} figure @param {Figure | null} then @param {Period} before @param {string} locale @param {(kpi: KpiOffered, group: [string, string], title: string) => void} onCases */
function told(kpi, figure, then, before, locale, onCases) {
  if (kpi.lines !== '') return html`${lined(kpi, figure, locale, onCases)}${kpi.cases && !many(figure) ? casesOfLines(kpi, figure, onCases) : nothing}`
  const [line] = figure.lines
  if (line === undefined) return html`<p class="small">${t('figures.nothing')}</p>`
  const money = { locale, currency: figure.currency, days: figure.days }
  const was = then?.lines[0]?.value ?? null
  const change = moved(kpi, line.value, was, locale)
  return html`<p class="figure-value">${valueText(line.value, figure.unit, money)} ${line.few ? badge(t('figures.few'), 'warn') : nothing}</p>
    <p class="small">${change
      ? html`<strong class="figure-${change.tone}">${change.text}</strong> <span class="muted">${t('figures.against', { value: valueText(was, figure.unit, money), period: periodText(before, locale) })}</span>`
      : html`<span class="muted">${t('figures.no_compare')}</span>`}</p>
    ${facts([
      [t('figures.numerator'), partText(line.numerator, kpi.parts[0], money)],
      [t('figures.denominator'), partText(line.denominator, kpi.parts[1], money)],
      [t('figures.sample'), number(line.sample, locale)],
      [t('figures.between'), betweenText(line, figure, locale) || nothing],
      [t('figures.period'), periodText(figure, locale)],
      [t('figures.version'), `v${figure.version}`],
      [t('figures.days_there'), figure.days_there < figure.days ? t('figures.of_days', { there: figure.days_there, n: figure.days }) : nothing],
    ])}`
}

/** So many lines have the way to their cases in the table. @param {Figure} figure */
const many = ({ lines }) => lines.length > MOST_BUTTONS

/** What a line is called: of the cost of work, its part; else its groups. @param {KpiOffered} kpi @param {FigureLine} line */
function lineName(kpi, line) {
  const groups = [line.group_1, line.group_2].filter(Boolean)
  if (kpi.lines === 'costs') groups[0] = t(`figures.cost.${line.group_1}`)
  if (kpi.lines === 'tenths') return t('figures.tenth', { low: 10 * Number(line.group_1), high: line.group_1 === '9' ? 100 : 10 * Number(line.group_1) + 9 })
  return groups.map(groupText).join(' · ')
}

/** Whether cases have a part of a line: hours and kilometres of shifts are nobody's own, nor is the total. @param {KpiOffered} kpi @param {FigureLine} line */
const ofCases = (kpi, line) => kpi.cases && (kpi.lines !== 'costs' || OF_CASES.has(line.group_1))

/** Work that was done and is not in the cost, for want of a rate. @param {Figure} figure */
function leftOut(figure) {
  if (figure.left_out.length === 0) return nothing
  const parts = [...new Set(figure.left_out.map(({ part, of }) => (part === 'messages' ? `${t('figures.cost.messages')} (${of})` : t(`figures.cost.${part}`))))]
  return html`<p class="small figure-left-out">${badge(t('figures.not_in_it'), 'warn')} ${parts.join(', ')}. <a href=${`${pathTo('portfolios', { id: figure.portfolio_id })}#costs`}>${t('figures.set_rates')}</a></p>`
}

/** A figure of several lines: bars, with the numbers behind. @param {KpiOffered} kpi @param {Figure} figure @param {string} locale @param {(kpi: KpiOffered, group: [string, string], title: string) => void} onCases */
function lined(kpi, figure, locale, onCases) {
  if (figure.lines.length === 0) return html`${figure.left_out.length === 0 ? html`<p class="small">${t('figures.nothing')}</p>` : leftOut(figure)}`
  const name = (/** @type {FigureLine} */ line) => lineName(kpi, line)
  const of = (/** @type {FigureLine} */ line) => (kpi.lines === 'costs' ? figure.currency : line.group_1)
  const shown = (/** @type {FigureLine} */ line) => valueText(line.value, figure.unit, { locale, currency: figure.currency, of: of(line) })
  const money = { locale, currency: figure.currency, days: figure.days }
  const [arms, inside] = [kpi.lines === 'arms', kpi.cases && many(figure)]
  return html`${leftOut(figure)}${barRows({
    label: t(`figures.kpi.${kpi.code}`),
    rows: figure.lines.map((line) => ({ key: `${line.group_1}/${line.group_2}`, name: name(line), value: line.value ?? 0, shown: shown(line), tone: 'age-1' })),
  })}
  ${chartTable({
    caption: t(`figures.kpi.${kpi.code}`),
    head: [t('figures.line'), t('figures.value'), t('figures.numerator'), t('figures.denominator'), t('figures.sample'), ...(arms ? [t('figures.between'), t('figures.sure')] : []), ...(inside ? [t('figures.cases')] : [])],
    rows: figure.lines.map((line) => [name(line), shown(line), partText(line.numerator, kpi.parts[0], { ...money, of: of(line) }), partText(line.denominator, kpi.parts[1], money), number(line.sample, locale), ...(arms ? [betweenText(line, figure, locale), sureText(line, locale)] : []), ...(inside ? [ofCases(kpi, line) ? html`<button type="button" class="link-button small" @click=${() => onCases(kpi, [line.group_1, line.group_2], name(line))}>${t('figures.see_cases')}<span class="visually-hidden">: ${name(line)}</span></button>` : ''] : [])]),
  })}`
}

/** @param {FigureLine} line @param {Figure} figure @param {string} locale */
function betweenText(line, figure, locale) {
  if (typeof line.low !== 'number' || typeof line.high !== 'number') return ''
  const [low, high] = [line.low, line.high].map((end) => valueText(end, figure.unit, { locale, currency: figure.currency }))
  return t('figures.low_high', { low, high })
}

/** How sure it is that an arm differs, in words. @param {FigureLine} line @param {string} locale */
function sureText(line, locale) {
  if (typeof line.sure !== 'number') return '–'
  const share = valueText(line.sure, 'ratio', { locale, currency: '' })
  return t(line.sure >= 0.95 ? 'figures.differs' : 'figures.may_be_chance', { share })
}

/** @param {KpiOffered} kpi @param {Figure} figure @param {(kpi: KpiOffered, group: [string, string], title: string) => void} onCases */
function casesOfLines(kpi, figure, onCases) {
  return html`<p class="button-row">${figure.lines.filter((line) => ofCases(kpi, line)).map((line) => {
    const name = lineName(kpi, line)
    return html`<button type="button" class="button button-small" @click=${() => onCases(kpi, [line.group_1, line.group_2], name)}>${t('figures.see_cases')}: ${name}</button>`
  })}</p>`
}
