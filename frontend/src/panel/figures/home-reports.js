// @ts-check

/** Reports that stand on one's own home page: told once they come into sight. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Catalogue, HomeReport, HomeReports as Listed, MeasureOffered, Period, ReportLine, ReportTold } from './contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Told } from './report-view.js' */

import { todayIn } from '../../core/dates.js'
import { loadLaterTexts, localeFor, t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { PARAM } from '../chosen-portfolio.js'
import { before, periodOf } from './period.js'
import { reportCard } from './report-view.js'

const PLACE = 'home-reports'
const AT_ONCE = 2 // reports under way

export class HomeReports {
  /** @type {HomeReport[]} */
  #items = []
  /** @type {Catalogue | null} */
  #catalogue = null
  /** By the report's id; undefined while it is asked for. @type {Map<string, Told>} */
  #told = new Map()
  /** @type {Problem | null} */
  #problem = null
  #seen = false

  /**
   * @param {object} facts
   * @param {Api} facts.api
   * @param {Portfolio[]} facts.portfolios
   * @param {() => void} facts.update
   */
  constructor({ api, portfolios, update }) {
    this.api = api
    this.portfolios = portfolios
    this.update = update
  }

  /** Read which there are; their numbers wait until somebody comes to see them. */
  async read() {
    this.#problem = null
    try {
      const { items } = /** @type {Listed} */ (await this.api.get('/home-reports'))
      if (items.length === 0) return
      const [catalogue] = await Promise.all([/** @type {Promise<Catalogue>} */ (this.api.get('/kpi-catalogue')), loadLaterTexts()])
      this.#items = items
      this.#catalogue = catalogue
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.update()
    requestAnimationFrame(() => this.#watch())
  }

  /** @param {Portfolio | null} chosen  Null: all of them. */
  view(chosen) {
    if (this.#problem) return problemBanner(this.#problem, () => void this.read())
    const catalogue = this.#catalogue
    const shown = this.#items.filter(({ portfolio_id: id }) => chosen === null || id === chosen.portfolio_id)
    if (catalogue === null || this.#items.length === 0) return nothing
    return html`<section class="stack" id=${PLACE} aria-label=${t('home.reports')} ?hidden=${shown.length === 0}>
      <h2>${t('home.reports')}</h2>
      ${shown.map((one) => {
        const portfolio = this.#portfolio(one)
        return reportCard({
          name: chosen === null && portfolio ? `${one.name} · ${portfolio.name}` : one.name,
          report: one, told: this.#told.get(one.report_id), catalogue, locale: localeFor(portfolio?.country), samples: true,
          onCases: portfolio && ((measure, line, title) => void this.#cases(one, portfolio, { measure, line, title })),
          onDraw: this.update, onRetry: () => { this.#told.delete(one.report_id); this.update(); void this.#ask(one) },
          actions: html`<a class="button button-small" href=${pathTo('figures', { [PARAM]: one.portfolio_id, informe: one.report_id })}>${t('home.report_open')}<span class="visually-hidden">: ${one.name}</span></a>
            <button type="button" class="button button-small" @click=${() => void this.#take(one)}>${t('builder.off_home')}<span class="visually-hidden">: ${one.name}</span></button>`,
        })
      })}</section>`
  }

  /** Ask for the numbers when the section comes near what is seen. */
  #watch() {
    const place = document.getElementById(PLACE)
    if (place === null || this.#seen) return
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      observer.disconnect()
      this.#seen = true
      void this.#askAll()
    }, { rootMargin: '200px' })
    observer.observe(place)
  }

  async #askAll() {
    const waiting = [...this.#items]
    const worker = async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await this.#ask(one)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  /** @param {HomeReport} one */
  async #ask(one) {
    const { portfolio_id: id, report_id: key, measures, dimensions, filters, limit, compare } = one
    const period = periodOf(one.period, todayIn(new Date(), this.#portfolio(one)?.time_zone ?? 'UTC'))
    const ask = (/** @type {Period} */ days) => /** @type {Promise<ReportTold>} */ (this.api.post(`/portfolios/${encodeURIComponent(id)}/figures`, { measures, dimensions, filters, limit, ...days }))
    const [now, then] = await Promise.allSettled([ask(period), compare ? ask(before(period)) : null])
    this.#told.set(key, {
      now: now.status === 'fulfilled' ? now.value : null,
      then: then.status === 'fulfilled' ? then.value : null,
      problem: now.status === 'rejected' ? asProblem(now.reason) : null,
      drawn: 0,
    })
    this.update()
  }

  /**
   * The cases behind a number, of the days it was told of.
   * @param {HomeReport} report @param {Portfolio} portfolio
   * @param {{ measure: Pick<MeasureOffered, 'code' | 'unit' | 'over'>, line: ReportLine, title: string }} number
   */
  async #cases(report, portfolio, number) {
    const now = this.#told.get(report.report_id)?.now
    if (!now) return
    try {
      const { lineCasesDialog } = await import('./cases-dialog.js')
      await lineCasesDialog({
        api: this.api, portfolio, report, ...number, period: { from: now.from, to: now.to },
        money: { locale: localeFor(portfolio.country), currency: portfolio.currency, days: now.days },
      })
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {HomeReport} one */
  async #take(one) {
    try {
      await this.api.delete(`/portfolios/${encodeURIComponent(one.portfolio_id)}/reports/${encodeURIComponent(one.report_id)}/home`)
      this.#items = this.#items.filter((each) => each !== one)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    this.update()
  }

  /** @param {HomeReport} one */
  #portfolio({ portfolio_id: id }) {
    return this.portfolios.find((each) => each.portfolio_id === id)
  }
}
