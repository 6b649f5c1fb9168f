// @ts-check

/** The cases behind a number, and those it was only measured by. */

/** @import { Api } from '../../core/api.js' */
/** @import { CasesBehind, KpiOffered, Period } from './contract.js' */
/** @import { Problem } from '../../core/problem.js' */

import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { problemBanner, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { number, partText } from './words.js'

const SIDES = /** @type {const} */ (['counted', 'rest'])

/**
 * @param {object} facts
 * @param {Api} facts.api
 * @param {string} facts.portfolioId
 * @param {KpiOffered} facts.kpi
 * @param {Period} facts.period
 * @param {string} facts.channel
 * @param {Record<string, string | null>} [facts.only]  A zone, a hexagon, a segment.
 * @param {[string, string]} facts.group  The line it is of; empty texts where there is one.
 * @param {string} facts.title
 * @param {{ locale: string, currency: string, days: number }} facts.money  How what cases have is written.
 */
export function casesDialog({ api, portfolioId, kpi, period, channel, only = {}, group, title, money }) {
  /** @type {typeof SIDES[number]} */
  let side = 'counted'
  /** @type {CasesBehind | null} */
  let found = null
  /** @type {Problem | null} */
  let problem = null
  let paint = () => {}
  const done = openDialog({ title, size: 'wide', body: (handle) => {
    paint = handle.update
    return html`<div class="dialog-body stack">
      ${kpi.lines === 'bands' ? nothing : html`<div class="button-row" role="group" aria-label=${t('figures.which')}>${SIDES.map((one) => html`<button type="button" class="button button-small" aria-pressed=${one === side ? 'true' : 'false'} @click=${() => read(one)}>${t(`figures.side.${one}`)}</button>`)}</div>`}
      <p class="small muted">${t(`figures.side_help.${side}`)}</p>
      ${problem ? problemBanner(problem) : found === null ? skeleton(5) : list(found, worthText)}</div>`
  } })
  void read('counted')
  return done

  /** How often it counts; where the figure weighs, how much. @param {CasesBehind['items'][number]} one */
  function worthText({ times, worth }) {
    const work = kpi.lines === 'costs' && side === 'counted' ? group[0] : ''
    if (work === 'calls') return t('figures.minutes', { n: number(worth / 60, money.locale, 1) })
    const part = work === 'visits' ? 'count' : kpi.parts[side === 'counted' ? 0 : 1]
    if (part === 'count') return times > 1 ? `× ${times}` : ''
    return partText(worth, part, { ...money, of: work ? group[1] : group[0] })
  }

  /** @param {typeof SIDES[number]} asked */
  async function read(asked) {
    side = asked
    found = problem = null
    paint()
    try {
      const answer = await api.get(`/portfolios/${encodeURIComponent(portfolioId)}/figures/cases`, { query: {
        kpi: kpi.code, from: period.from, to: period.to, channel: channel || null, side: asked, group_1: group[0] || null, group_2: group[1] || null, ...only,
      } })
      if (asked === side) found = answer
    } catch (error) {
      if (asked === side) problem = asProblem(error)
    }
    paint()
  }
}

/** @param {CasesBehind} found @param {(one: CasesBehind['items'][number]) => string} worthText */
function list({ items, more }, worthText) {
  if (items.length === 0) return html`<p>${t('figures.no_cases')}</p>`
  return html`<ul class="case-links">${items.map((one) => html`<li><a href=${pathTo('case', { id: one.case_id })}>${one.name || t('figures.nameless')}</a>${worthText(one) === '' ? nothing : html` <span class="muted small">${worthText(one)}</span>`}</li>`)}</ul>
    ${more ? html`<p class="small">${t('figures.more_cases', { n: items.length })}</p>` : nothing}`
}
