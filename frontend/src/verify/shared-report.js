// @ts-check

/**
 * A report that somebody was given a link to: as it stood when the link was made, without an account.
 *
 * The link's secret is behind the #, and goes to the API in a body: no server's log holds it.
 */

/** @import { Problem } from '../core/problem.js' */
/** @import { SharedReport } from '../panel/figures/contract.js' */
/** @import { Told } from '../panel/figures/report-view.js' */

import { formatInstant } from '../core/dates.js'
import { lang, loadTexts, localeFor, t, tn } from '../core/i18n.js'
import { asProblem, problemOf } from '../core/problem.js'
import { banner, problemBanner, skeleton } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { periodText } from '../panel/figures/period.js'
import { reportCard } from '../panel/figures/report-view.js'

await loadTexts()

/** @type {SharedReport | null} */
let report = null
/** @type {Told | null} */
let told = null
/** @type {Problem | null} */
let problem = null

const view = mountView(/** @type {HTMLElement} */ (document.getElementById('page')), page)
window.addEventListener('hashchange', () => void read())
await read()

async function read() {
  const token = window.location.hash.slice(1)
  report = null
  problem = null
  view.update()
  if (token === '') return
  try {
    const answer = await fetch('/api/v1/shared-reports', {
      method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify({ token }),
    })
    if (!answer.ok) throw await problemOf(answer)
    const found = /** @type {SharedReport} */ (await answer.json())
    report = found
    told = { now: toldOf(found), then: null, problem: null, drawn: 0 }
  } catch (error) {
    problem = asProblem(error)
  }
  view.update()
}

function page() {
  if (window.location.hash.length < 2) return html`<h1>${t('common.title.shared_report')}</h1>${banner({ tone: 'warn', title: t('sharedreport.no_link'), body: t('sharedreport.no_link_body') })}`
  if (problem) {
    return html`<h1>${t('common.title.shared_report')}</h1>${problem.code === 'link.expired'
      ? banner({ tone: 'warn', title: t('sharedreport.gone'), body: t('sharedreport.gone_body') })
      : problemBanner(problem, () => void read())}`
  }
  if (report === null || told === null) return html`<h1>${t('common.title.shared_report')}</h1>${skeleton(6)}`
  const locale = localeFor(report.country)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const at = (/** @type {string} */ instant) => formatInstant(instant, lang(), zone)
  return html`<h1>${report.name}</h1>
    <p class="lead">${t('sharedreport.lead', { portfolio: report.portfolio, days: periodText(report, locale) })}</p>
    ${reportCard({
      report: { measures: report.measures.map(({ code }) => code), dimensions: report.dimensions, filters: [], limit: report.lines.length },
      told, catalogue: report, locale, samples: true, least: report.least_cases, onDraw: () => view.update(), onRetry: () => void read(), actions: nothing,
    })}
    ${report.left_out > 0 ? html`<p class="small">${tn('sharedreport.left_out', report.left_out, { least: report.least_cases })}</p>` : nothing}
    <p class="small muted">${t('sharedreport.made', { when: at(report.made_at), until: at(report.until) })} ${t('sharedreport.private', { least: report.least_cases })}</p>`
}

/** @param {SharedReport} one @returns {import('../panel/figures/contract.js').ReportTold} */
function toldOf(one) {
  return {
    ...one, portfolio_id: '', engine: 'duckdb', bytes: 0, measures: one.measures.map(({ code }) => code),
    lines: one.lines.map((line) => ({ ...line, values: line.values.map((value) => ({ ...value, numerator: 0 })) })),
  }
}
