// @ts-check

/** The cases behind a number, and those it was only measured by: read on, taken as a file, worked on. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { CasesBehind, KpiOffered, MeasureOffered, Part, Period, ReportDefinition, ReportLine } from './contract.js' */
/** @import { Problem } from '../../core/problem.js' */

import { isAbort } from '../../core/api.js'
import { formatNumber, loadLaterTexts, t, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { icon } from '../../core/ui/icons.js'
import { pager, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { follow } from '../uploads/links.js'
import { number, partText } from './words.js'

const SIDES = /** @type {const} */ (['counted', 'rest'])
/** As many as a bulk action takes by their names. */
export const MOST_PICKED = 500

/** @typedef {typeof SIDES[number]} Side */
/** @typedef {{ locale: string, currency: string, days: number }} MoneyFacts */

/**
 * @param {object} facts
 * @param {Api} facts.api
 * @param {Portfolio} facts.portfolio
 * @param {KpiOffered} facts.kpi
 * @param {Period} facts.period
 * @param {string} facts.channel
 * @param {Record<string, string | null>} [facts.only]  A zone, a hexagon, a segment.
 * @param {[string, string]} facts.group  The line it is of; empty texts where there is one.
 * @param {string} facts.title
 * @param {MoneyFacts} facts.money  How what cases have is written.
 */
export function casesDialog({ kpi, period, channel, only = {}, group, ...facts }) {
  const work = kpi.lines === 'costs' ? group[0] : ''
  return dialog({
    ...facts, of: work ? group[1] : group[0], sides: kpi.lines !== 'bands', timed: work === 'calls',
    part: (side) => (work === 'visits' && side === 'counted' ? 'count' : kpi.parts[side === 'counted' ? 0 : 1]),
    asked: { kpi: kpi.code, ...period, channel: channel || null, group_1: group[0] || null, group_2: group[1] || null, ...only },
  })
}

/**
 * The cases behind a measure in a line of a report.
 * @param {object} facts
 * @param {Api} facts.api
 * @param {Portfolio} facts.portfolio
 * @param {Pick<MeasureOffered, 'code' | 'unit' | 'over'>} facts.measure
 * @param {ReportDefinition} facts.report
 * @param {ReportLine} facts.line
 * @param {Period} facts.period
 * @param {string} facts.title
 * @param {MoneyFacts} facts.money
 */
export function lineCasesDialog({ measure, report: { dimensions, filters }, line, period: { from, to }, ...facts }) {
  const cost = dimensions.indexOf('cost_currency')
  return dialog({
    ...facts, sides: measure.over !== null, part: (side) => partOf(measure, side),
    of: cost === -1 ? (filters.find(({ dimension }) => dimension === 'cost_currency')?.values[0] ?? '') : line.keys[cost],
    asked: { measure: measure.code, dimensions, filters, keys: line.keys, from, to },
  })
}

/** What numerator and denominator of a measure count. @param {Pick<MeasureOffered, 'unit' | 'over'>} measure @param {Side} side @returns {Part} */
export function partOf({ unit, over }, side) {
  if (over !== null && (side === 'rest' || unit === 'ratio' || unit === 'times')) return over
  return /** @type {Part} */ (unit)
}

/**
 * @param {object} facts
 * @param {Api} facts.api
 * @param {Portfolio} facts.portfolio
 * @param {Record<string, unknown>} facts.asked  The number, as the API is asked.
 * @param {boolean} facts.sides  It has a denominator with cases of its own.
 * @param {(side: Side) => Part} facts.part
 * @param {string} facts.of  The currency of a cost.
 * @param {boolean} [facts.timed]  What counts is seconds.
 * @param {string} facts.title
 * @param {MoneyFacts} facts.money
 */
function dialog({ api, portfolio, asked, sides, part, of, timed = false, title, money }) {
  const base = `/portfolios/${encodeURIComponent(portfolio.portfolio_id)}`
  /** @type {Side} */
  let side = 'counted'
  /** @type {CasesBehind | null} */
  let found = null
  /** @type {Problem | null} */
  let problem = null
  let busy = false
  /** @type {AbortController | null} */
  let saving = null
  let paint = () => {}
  const done = openDialog({ title, size: 'wide', body: (handle) => {
    paint = handle.update
    return html`<div class="dialog-body stack">
      ${sides ? html`<div class="button-row" role="group" aria-label=${t('figures.which')}>${SIDES.map((one) => html`<button type="button" class="button button-small" aria-pressed=${one === side ? 'true' : 'false'} @click=${() => turn(one)}>${t(`figures.side.${one}`)}</button>`)}</div>` : nothing}
      <p class="small muted">${t(`figures.side_help.${side}`)}</p>
      ${problem ? problemBanner(problem, () => void read()) : nothing}
      ${found === null ? (problem ? nothing : skeleton(5)) : list(found, handle)}</div>`
  } })
  void read()
  return done.finally(() => saving?.abort())

  /** @param {CasesBehind} shown @param {{ close: () => void }} handle */
  function list({ items, cursor }, handle) {
    if (items.length === 0 && cursor === null) return html`<p>${t('figures.no_cases')}</p>`
    const picked = items.slice(0, MOST_PICKED).map(({ case_id: id }) => id)
    return html`<ul class="case-links" tabindex="0" role="list" aria-label=${title}>${items.map((one) => html`<li><a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>${worthText(one) === '' ? nothing : html` <span class="muted small">${worthText(one)}</span>`}</li>`)}</ul>
      ${pager({ shown: items.length, busy, more: cursor !== null, onMore: () => void read() })}
      <div class="button-row">
        <button type="button" class="button button-small" ?disabled=${saving !== null} @click=${save}>${icon('download')}${t(saving ? 'figures.cases_saving' : 'figures.cases_file')}</button>
        <button type="button" class="button button-small" ?disabled=${picked.length === 0} @click=${() => { handle.close(); void act(picked) }}>${icon('people')}${tn('figures.cases_act', picked.length, { n: formatNumber(picked.length) })}</button></div>
      <p class="small muted">${t('figures.cases_act_help', { n: formatNumber(MOST_PICKED) })}</p>`
  }

  /** How often it counts; where the number weighs, how much. @param {CasesBehind['items'][number]} one */
  function worthText({ times, worth }) {
    if (timed && side === 'counted') return t('figures.minutes', { n: number(worth / 60, money.locale, 1) })
    const counts = part(side)
    if (counts === 'count') return times > 1 ? `× ${times}` : ''
    return partText(worth, counts, { ...money, of })
  }

  /** @param {Side} wanted */
  function turn(wanted) {
    side = wanted
    found = null
    void read()
  }

  /** The next page of what is shown; the first, where nothing is. */
  async function read() {
    const [of_, known] = [side, found]
    const query = { ...asked, side, cursor: known?.cursor ?? null }
    problem = null
    busy = true
    paint()
    try {
      const path = `${base}/figures/cases`
      const page = /** @type {CasesBehind} */ (await ('kpi' in asked ? api.get(path, { query: /** @type {any} */ (query) }) : api.post(path, query)))
      if (of_ !== side || known !== found) return
      found = { ...page, items: [...(known?.items ?? []), ...page.items] }
    } catch (error) {
      if (of_ !== side || known !== found) return
      problem = asProblem(error)
    }
    busy = false
    paint()
  }

  /** All of them, however many, written by the server. */
  async function save() {
    saving = new AbortController()
    paint()
    try {
      const { exportList } = await import('../cases/export.js')
      const job = await exportList({ api, portfolioId: portfolio.portfolio_id, filters: { behind: { ...asked, side } }, onProgress: () => {}, signal: saving.signal })
      if (job.url) follow(job.url)
      toast(tn('figures.cases_saved', job.rows, { n: formatNumber(job.rows) }), 'good')
    } catch (error) {
      if (!isAbort(error)) toast(asProblem(error).text, 'bad')
    }
    saving = null
    paint()
  }

  /** @param {string[]} picked */
  async function act(picked) {
    try {
      const [{ bulkDialog }] = await Promise.all([import('../cases/bulk.js'), loadLaterTexts()])
      await bulkDialog({ api, portfolio, filters: {}, picked })
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }
}
