// @ts-check

/** The team: what each person did, against goals, and earned; one person's day; cases nobody turned to. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Board, Commission, Coverage, Period, PersonDay, TeamCommission } from './team/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant, todayIn } from '../core/dates.js'
import { localeFor, t } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { card, pageHead, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { start, whileVisible } from './shell.js'
import { boardView } from './team/board-view.js'
import { coverageView, summed } from './team/coverage-view.js'
import { personView } from './team/person-view.js'
import { follow } from './uploads/links.js'
import { noPortfolio } from './uploads/words.js'

const PERIODS = ['day', 'week', 'month']
const COVERAGE = 'coverage'
const COMMISSIONS = 'commissions'
const EVERY_MS = 30_000

start(open)

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  const manager = me.role !== 'agent'
  const tabsShown = [...PERIODS, COMMISSIONS, ...(manager ? [COVERAGE] : [])]
  let portfolio = chosenPortfolio(portfolios, params)
  let tab = tabsShown.includes(params.get('ver') ?? '') ? /** @type {string} */ (params.get('ver')) : 'day'
  let person = params.get('persona') ?? ''
  let day = params.get('dia') ?? ''
  let days = 7
  let month = todayIn(new Date(), portfolio?.time_zone ?? 'UTC').slice(0, 7)
  let busy = false
  /** @type {Board | null} */
  let board = null
  /** @type {PersonDay | null} */
  let theirs = null
  /** @type {Coverage | null} */
  let coverage = null
  /** @type {{ found: Commission, view: typeof import('./team/commission-view.js').commissionView } | null} */
  let commission = null
  /** @type {{ found: TeamCommission, view: typeof import('./team/commissions-view.js').commissionsView } | null} */
  let earned = null
  /** @type {import('../core/problem.js').Problem | null} */
  let problem = null

  const base = () => `/portfolios/${encodeURIComponent(portfolio?.portfolio_id ?? '')}`
  const locale = () => localeFor(portfolio?.country)

  const ask = latest()

  async function read() {
    const current = ask()
    busy = false
    if (portfolio === null) return
    try {
      if (person !== '') {
        const found = await api.get(`${base()}/boards/${encodeURIComponent(person)}`, { query: { date: day } })
        if (!current()) return
        theirs = found
        await readCommission(found, current)
      } else if (tab === COMMISSIONS) {
        await readEarned(current)
      } else if (tab === COVERAGE) {
        const found = await api.get(`${base()}/untouched`, { query: { days } })
        if (current()) coverage = found
      } else {
        const found = await api.get(`${base()}/boards`, { query: { period: tab } })
        if (current()) board = found
      }
      if (!current()) return
      problem = null
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    view.update()
  }

  /** Below a person's day, what the month of that day has earned. @param {PersonDay} shown @param {() => boolean} current */
  async function readCommission(shown, current) {
    const [found, { commissionView }] = await Promise.all([
      api.get(`${base()}/boards/${encodeURIComponent(person)}/commission`, { query: { month: shown.date.slice(0, 7) } }),
      import('./team/commission-view.js'),
    ])
    if (current()) commission = { found, view: commissionView }
  }

  /** Everybody's month, some people an answer. @param {() => boolean} current */
  async function readEarned(current) {
    const { commissionsView } = await import('./team/commissions-view.js')
    const from = (/** @type {string | null} */ cursor) => /** @type {Promise<TeamCommission>} */ (api.get(`${base()}/commissions`, { query: { month, cursor } }))
    const found = await from(null)
    for (let { cursor } = found; cursor !== null && current();) {
      const more = await from(cursor)
      found.rows.push(...more.rows)
      cursor = more.cursor
    }
    if (current()) earned = { found, view: commissionsView }
  }

  async function excel() {
    try {
      const { url } = await api.post(`${base()}/commissions`, { month })
      follow(url)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  async function countOn() {
    if (coverage?.cursor === null || coverage === null || busy) return
    const current = ask()
    busy = true
    view.update()
    try {
      const more = await api.get(`${base()}/untouched`, { query: { days, cursor: coverage.cursor } })
      if (!current()) return
      coverage = summed(coverage, more)
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    busy = false
    view.update()
  }

  /** @param {{ tab?: string, person?: string, day?: string, portfolio?: Portfolio | null, days?: number, month?: string }} to */
  function go(to) {
    if (to.portfolio !== undefined) portfolio = to.portfolio
    tab = to.tab ?? tab
    person = to.person ?? person
    day = to.day ?? day
    days = to.days ?? days
    month = to.month ?? month
    board = theirs = coverage = commission = earned = problem = null
    window.history.replaceState(null, '', addressOf(tab, person, day))
    view.update()
    void read()
  }

  /** @param {string} of @param {string} [who] @param {string} [on] */
  const addressOf = (of, who = '', on = '') => pathTo('team', { [PARAM]: portfolio?.portfolio_id, ver: of === 'day' ? '' : of, persona: who, dia: on })

  async function goals() {
    if (board === null) return
    try {
      const { goalsDialog } = await import('./team/goals-dialog.js')
      if (!(await goalsDialog({ api, board, locale: locale() }))) return
      toast(t('team.goals_saved'), 'good')
      await read()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  async function rules() {
    if (board === null) return
    try {
      const { commissionDialog } = await import('./team/commission-dialog.js')
      if (await commissionDialog({ api, board, locale: locale() })) toast(t('team.rules_saved'), 'good')
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  function page() {
    if (portfolio === null) return html`${pageHead({ title: t('common.title.team') })}${noPortfolio()}`
    if (person !== '') return personPage()
    return html`${pageHead({
      title: t('common.title.team'), lead: t(manager ? 'team.lead' : 'team.lead_own'),
      actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => go({ portfolio: picked }) })}
        ${manager && tab !== COVERAGE ? html`<button type="button" class="button" ?disabled=${board === null} @click=${() => void goals()}>${t('team.goals')}</button><button type="button" class="button" ?disabled=${board === null} @click=${() => void rules()}>${t('team.rules')}</button>` : nothing}
        <button type="button" class="button" @click=${() => window.print()}>${icon('file')}${t('team.print')}</button>`,
    })}
    ${tabs(t('team.tabs'), tabsShown.map((key) => ({ key, label: t(`team.tab.${key}`), href: addressOf(key) })), tab, (key, event) => { event.preventDefault(); go({ tab: key }) })}
    ${problem ? problemBanner(problem, () => void read()) : nothing}
    ${tab === COMMISSIONS
      ? earned === null ? waiting() : earned.view(earned.found, { locale: locale(), month, personHref: (id) => addressOf(tab, id), onPerson: (id, event) => { event.preventDefault(); go({ person: id }) }, onMonth: (picked) => go({ month: picked }), onExcel: () => void excel() })
      : tab === COVERAGE
      ? coverage === null ? waiting() : coverageView(coverage, { portfolioId: portfolio.portfolio_id, locale: locale(), busy, onDays: (n) => go({ days: n }), onMore: () => void countOn() })
      : board === null ? waiting() : html`${boardView(board, { locale: locale(), manager, personHref: (id) => addressOf(tab, id), onPerson: (id, event) => { event.preventDefault(); go({ person: id }) } })}
        <p class="small muted">${t('team.as_of', { span: span(board), when: formatInstant(board.as_of, locale(), portfolio.time_zone) })}</p>`}`
  }

  function personPage() {
    return html`${pageHead({
      title: theirs?.person.name ?? t('common.title.team'), lead: t('team.person_lead'),
      back: { href: addressOf(tab), label: t('common.title.team') },
      actions: html`<button type="button" class="button" @click=${() => window.print()}>${icon('file')}${t('team.print')}</button>`,
    })}
    ${problem ? problemBanner(problem, () => void read()) : nothing}
    ${theirs === null ? waiting() : personView(theirs, { locale: locale(), onDay: (on) => go({ day: on }) })}
    ${commission === null ? nothing : commission.view(commission.found, locale())}`
  }

  const waiting = () => (problem ? nothing : card({ body: skeleton(6) }))

  /** @param {Board} shown */
  function span({ first, last, period }) {
    const of = /** @type {Period} */ (period)
    return of === 'day' ? formatDate(last, locale()) : `${formatDate(first, locale())} – ${formatDate(last, locale())}`
  }

  const view = mountView(root, page)
  // What was counted for hours is not counted again by itself.
  whileVisible(async () => { if (person !== '' || !((tab === COVERAGE && coverage !== null) || (tab === COMMISSIONS && earned !== null))) await read() }, EVERY_MS)
}
