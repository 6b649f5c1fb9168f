// @ts-check

/** When the right person is reached: weekday by hour, as a table that is also its picture. */

/** @import { Figure, FigureLine } from './contract.js' */
/** @import { ChannelRule } from '../rules/contract.js' */

import { t } from '../../core/i18n.js'
import { chartTable } from '../../core/ui/charts.js'
import { cssVars, html, nothing } from '../../core/view.js'
import { number, valueText } from './words.js'

const WEEK = [1, 2, 3, 4, 5, 6, 7]
const MONDAY = Date.UTC(2026, 0, 5) // any Monday: only its name is used

/**
 * Which hours of which weekdays the law leaves open, in any of the channels.
 * @param {ChannelRule[]} rules
 * @param {string} channel  Empty: any that may be used.
 * @returns {(weekday: number, hour: number) => boolean}
 */
export function lawfulHours(rules, channel) {
  const open = rules.filter((rule) => rule.allowed && (channel === '' || rule.channel === channel))
  return (weekday, hour) => open.some((rule) => {
    const windows = weekday === 7 ? rule.sun : weekday === 6 ? rule.sat : rule.mon_fri
    return windows.some(([from, to]) => hour >= Math.floor(clock(from)) && hour < clock(to))
  })
}

/** @param {string} text */
function clock(text) {
  const [hour, minute] = text.split(':').map(Number)
  return hour + minute / 60
}

/**
 * @param {{ figure: Figure, rules: ChannelRule[], channel: string, locale: string, onCell: (weekday: number, hour: number) => void }} facts
 *   `rules`: empty where the country has none of its own.
 */
export function hoursTable({ figure, rules, channel, locale, onCell }) {
  const cells = new Map(figure.lines.map((line) => [`${line.group_1}/${line.group_2}`, line]))
  const law = lawfulHours(rules, channel)
  const lawful = (/** @type {number} */ day, /** @type {number} */ hour) => rules.length === 0 || law(day, hour)
  const inside = figure.lines.filter((line) => lawful(Number(line.group_1), Number(line.group_2)))
  const shown = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => WEEK.some((day) => (rules.length ? law(day, hour) : cells.has(`${day}/${hour}`))))
  if (shown.length === 0) return html`<p>${t('figures.no_hours')}</p>`
  const sure = inside.filter((line) => !line.few).sort((a, b) => (b.smoothed ?? 0) - (a.smoothed ?? 0))
  const most = Math.max(sure[0]?.smoothed ?? 0, 0.0001)
  const outside = figure.lines.filter((line) => !inside.includes(line)).reduce((sum, line) => sum + line.denominator, 0)
  return html`
    ${sure.length > 0 ? html`<p>${t('figures.best_hours', { hours: sure.slice(0, 3).map((line) => `${dayName(Number(line.group_1), locale)} ${line.group_2}:00 (${percent(line)})`).join(', ') })}</p>` : nothing}
    <div class="table-wrap figure-scroll" tabindex="0" role="region" aria-label=${t('figures.kpi.contact_hours')}><table class="table-plain heat">
      <caption class="visually-hidden">${t('figures.heat_caption')}</caption>
      <thead><tr><th scope="col">${t('figures.weekday')}</th>${shown.map((hour) => html`<th scope="col">${hour}</th>`)}</tr></thead>
      <tbody>${WEEK.map((day) => html`<tr><th scope="row">${dayName(day, locale)}</th>${shown.map((hour) => cell(day, hour))}</tr>`)}</tbody></table></div>
    <p class="legend small">${['low', 'high', 'few', 'closed'].map((key) => html`<span><i class="heat-key heat-${key}"></i>${t(`figures.heat_${key}`)}</span>`)}</p>
    ${outside > 0 ? html`<p class="small">${t('figures.outside', { n: number(outside, locale) })}</p>` : nothing}
    ${chartTable({
      caption: t('figures.kpi.contact_hours'),
      head: [t('figures.hour'), t('figures.direct'), t('figures.tries'), t('figures.rate'), t('figures.smoothed')],
      rows: figure.lines.map((line) => [`${dayName(Number(line.group_1), locale)} ${line.group_2}:00`, number(line.numerator, locale), number(line.denominator, locale), valueText(line.value, 'ratio', { locale, currency: '' }), percent(line)]),
    })}`

  /** @param {FigureLine} line */
  function percent(line) {
    return valueText(line.smoothed ?? null, 'ratio', { locale, currency: '' })
  }

  /** @param {number} day @param {number} hour */
  function cell(day, hour) {
    if (!lawful(day, hour)) return html`<td class="heat-closed" aria-label=${t('figures.heat_closed')}></td>`
    const line = cells.get(`${day}/${hour}`)
    if (line === undefined || line.few) return html`<td class="heat-few" aria-label="${t('figures.heat_few')}: ${line?.denominator ?? 0}">${line?.denominator ?? 0}</td>`
    const made = t('figures.heat_title', { direct: line.numerator, tries: line.denominator })
    return html`<td class="heat-cell" ${cssVars({ '--share': `${Math.round(((line.smoothed ?? 0) / most) * 60)}%` })}><button type="button" class="heat-button" title=${made}
      aria-label="${Math.round((line.smoothed ?? 0) * 100)} %, ${dayName(day, locale)} ${hour}:00, ${made}" @click=${() => onCell(day, hour)}>${Math.round((line.smoothed ?? 0) * 100)}</button></td>`
  }
}

/** @param {number} weekday 1 is Monday. @param {string} locale */
export function dayName(weekday, locale) {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(new Date(MONDAY + (weekday - 1) * 86_400_000))
}
