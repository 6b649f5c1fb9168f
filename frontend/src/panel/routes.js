// @ts-check

/** Planning field work: who visits whom on a day, in which order, and how each agent works. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { Agent, Route, Visit, Zone } from './routes/contract.js' */
/** @import { AgentDay } from './routes/days.js' */
/** @import { Context } from './shell.js' */

import { newKey } from '../core/api.js'
import { formatDate, todayIn } from '../core/dates.js'
import { localeFor, t, tOr, tn } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { toDecimal } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, emptyState, pageHead, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, live, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { csvOf, daysOf } from './routes/days.js'
import { agentDay } from './routes/days-view.js'
import { profileDialog } from './routes/profile-dialog.js'
import { Proposal, proposalView } from './routes/proposal.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

const TABS = /** @type {const} */ (['rutas', 'asignar', 'equipo'])
const DAY = /^\d{4}-\d\d-\d\d$/

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let portfolio = chosenPortfolio(portfolios, params)
  let tab = TABS.find((each) => each === params.get('ver')) ?? 'rutas'
  const asked = params.get('dia') ?? ''
  let day = DAY.test(asked) ? asked : todayIn(new Date(), portfolio?.time_zone ?? 'UTC')
  /** @type {Agent[] | null} */
  let agents = null
  /** @type {Visit[]} */
  let visits = []
  /** @type {Zone[]} */
  let zones = []
  /** @type {{ segment_id: string, name: string }[]} */
  let segments = []
  /** @type {Map<string, Route>} */
  let routes = new Map()
  /** @type {string[]} */
  let later = []
  /** @type {Problem | null} */
  let problem = null
  let busy = false
  const proposal = new Proposal({ api, paint: () => view.update(), onAssigned: load })
  const ask = latest()
  const view = mountView(root, page)

  async function load() {
    const current = ask()
    const of = portfolio?.portfolio_id
    try {
      const [team, made, drawn, plans] = await Promise.all([
        api.get('/agents', { query: { date: day } }), api.get('/assignments', { query: { date: day } }), api.get('/zones'),
        of === undefined ? null : api.get(`/portfolios/${of}/strategies`).catch(() => null),
      ])
      if (!current()) return
      segments = plans?.playbook?.segments ?? []
      agents = team.items
      visits = made.items
      zones = drawn.items
      problem = null
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    view.update()
  }

  /** @param {() => Promise<void>} act */
  async function doing(act) {
    busy = true
    view.update()
    try {
      await act()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    busy = false
    await load()
  }

  /** @param {string[]} people */
  function plan(people) {
    return doing(async () => {
      const made = await api.post('/routes/plans', { date: day, people })
      for (const route of made.routes) routes.set(route.person_id, route)
      later = made.later
      toast(tn('routes.planned', made.routes.length))
    })
  }

  /** @param {Visit} visit */
  function take(visit) {
    return doing(async () => {
      await api.delete(`/cases/${visit.case_id}/assignments/${visit.assignment_id}`)
      toast(t('routes.taken', { name: visit.name }))
    })
  }

  /** @param {Visit} visit @param {string} person */
  function give(visit, person) {
    return doing(async () => {
      const item = { case_id: visit.case_id, address_id: visit.address_id, person_id: person, instead_of: visit.assignment_id }
      const made = await api.post('/assignments', { portfolio_id: visit.portfolio_id, batch_id: `bat_${newKey()}`, date: day, items: [item] })
      const [refused] = made.refused
      if (refused) toast(tOr(`routes.refusal.${refused.code}`, refused.code), 'bad')
      else toast(t('routes.given', { name: visit.name, to: agents?.find(({ person_id: id }) => id === person)?.name ?? '' }))
    })
  }

  /** @param {Agent} agent */
  async function change(agent) {
    const kept = await profileDialog(api, agent)
    if (kept === undefined) return
    toast(t('routes.profile_kept', { name: agent.name }))
    await load()
  }

  /** @param {Partial<{ day: string, tab: typeof TABS[number], portfolio: Portfolio | null }>} to */
  function turn(to) {
    if (to.portfolio !== undefined) portfolio = to.portfolio
    if (to.tab !== undefined) tab = to.tab
    if (to.day !== undefined && DAY.test(to.day)) {
      day = to.day
      agents = null
      routes = new Map()
      later = []
    }
    if (to.day !== undefined || to.portfolio !== undefined) proposal.forget()
    window.history.replaceState(null, '', addressOf(tab))
    view.update()
    if (to.day !== undefined || to.portfolio !== undefined) void load()
  }

  /** @param {typeof TABS[number]} of */
  function addressOf(of) {
    return pathTo('routes', { [PARAM]: portfolio?.portfolio_id, dia: day, ver: of })
  }

  function save() {
    const head = ['agent', 'order', 'hour', 'debtor', 'address', 'city', 'owed', 'dpd', 'why'].map((name) => t(`routes.${name}`))
    const text = csvOf(daysOf(agents ?? [], visits), head, { why: (code) => tOr(`routes.why.${code}`, code), money: ({ balance }) => `${toDecimal(balance)} ${balance.currency}` })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }))
    link.download = `${t('routes.file')}-${day}.csv`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  function page() {
    if (portfolio === null) return html`${pageHead({ title: t('common.title.routes') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.routes'), lead: t('routes.lead'),
      actions: html`<label class="picker picker-small"><span>${t('routes.day')}</span><input type="date" .value=${live(day)} @change=${(/** @type {any} */ event) => turn({ day: event.target.value })}></label>
        ${portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => turn({ portfolio: picked }) })}`,
    })}
    ${tabs(t('routes.tabs'), TABS.map((key) => ({ key, label: t(`routes.tab.${key}`), href: addressOf(key) })), tab, (key, event) => {
      event.preventDefault()
      turn({ tab: /** @type {typeof TABS[number]} */ (key) })
    })}
    ${problem ? problemBanner(problem, () => void load()) : nothing}
    ${agents === null ? (problem ? nothing : card({ body: skeleton(6) })) : content(agents, portfolio)}`
  }

  /** @param {Agent[]} team @param {Portfolio} chosen */
  function content(team, chosen) {
    if (team.length === 0) return emptyState({ icon: 'people', title: t('routes.nobody'), body: t('routes.nobody_body'), actions: html`<a class="button" href=${pathTo('people')}>${t('routes.to_people')}</a>` })
    if (tab === 'asignar') return proposalView(proposal, { portfolio: chosen, day, agents: team, zones, segments })
    return tab === 'equipo' ? html`${people(team)}${areas()}` : days(team)
  }

  /** @param {Agent[]} team */
  function days(team) {
    const made = daysOf(team, visits)
    const planned = made.reduce((sum, { visits: own }) => sum + own.length, 0)
    if (planned === 0 && made.every(({ done, withdrawn }) => done + withdrawn.length === 0)) {
      return emptyState({
        icon: 'pin', title: t('routes.empty', { day: formatDate(day, localeFor()) }), steps: [1, 2, 3].map((step) => t(`routes.step_${step}`)),
        actions: html`<a class="button button-primary" href=${addressOf('asignar')} @click=${(/** @type {Event} */ event) => { event.preventDefault(); turn({ tab: 'asignar' }) }}>${t('routes.tab.asignar')}</a>`,
      })
    }
    const facts = { agents: team, portfolios, routes, busy, onPlan: (/** @type {AgentDay} */ one) => void plan([one.person_id]), onTake: (/** @type {Visit} */ visit) => void take(visit), onGive: (/** @type {Visit} */ visit, /** @type {string} */ person) => void give(visit, person) }
    return html`<div class="toolbar">
      <button type="button" class="button button-primary" ?disabled=${busy || planned === 0} @click=${() => plan(later)}>${icon('refresh')}${t(later.length > 0 ? 'routes.plan_rest' : 'routes.plan')}</button>
      <button type="button" class="button" ?disabled=${planned === 0} @click=${save}>${icon('download')}${t('routes.csv')}</button>
      <button type="button" class="button" @click=${() => window.print()}>${icon('file')}${t('routes.print')}</button></div>
      ${later.length > 0 ? banner({ tone: 'warn', title: tn('routes.later', later.length) }) : nothing}
      ${made.map((one) => agentDay(one, facts))}`
  }

  /** @param {Agent[]} team */
  function people(team) {
    /** @type {Column<Agent>[]} */
    const columns = [
      { key: 'name', label: t('routes.agent'), head: true, cell: ({ name }) => name },
      { key: 'team', label: t('routes.team'), shown: 'wide', cell: ({ team: name }) => name || '–' },
      { key: 'hours', label: t('routes.hours'), cell: ({ profile }) => `${profile.opens}–${profile.closes}` },
      { key: 'most', label: t('routes.visits_max'), align: 'end', cell: ({ profile }) => String(profile.visits_max) },
      { key: 'works', label: t('routes.today'), cell: ({ works, visits: count }) => works ? tn('routes.visits', count) : badge(t('routes.off'), 'neutral') },
      { key: 'acts', label: t('routes.acts'), align: 'end', cell: (agent) => html`<button type="button" class="button button-small" @click=${() => change(agent)}>${icon('edit')}${t('routes.change')}<span class="visually-hidden"> ${agent.name}</span></button>` },
    ]
    return card({ tone: 'flush', title: t('routes.agents'), lead: t('routes.agents_lead'), body: dataTable({ caption: t('routes.agents'), columns, rows: team, id: ({ person_id: id }) => id }) })
  }

  function areas() {
    const draw = html`<a class="button button-small" href=${pathTo('map', { vista: 'zonas' })}>${icon('pin')}${t('routes.draw')}</a>`
    if (zones.length === 0) return card({ title: t('routes.zones'), body: html`<p class="muted">${t('routes.no_zones')}</p>`, actions: draw })
    /** @type {Column<Zone>[]} */
    const columns = [
      { key: 'name', label: t('routes.zone'), head: true, cell: ({ name }) => name },
      { key: 'people', label: t('routes.zone_people'), cell: ({ people: ids }) => ids.map((id) => agents?.find(({ person_id }) => person_id === id)?.name ?? '').filter(Boolean).join(', ') || t('routes.anybody') },
    ]
    return card({ tone: 'flush', title: t('routes.zones'), actions: draw, body: dataTable({ caption: t('routes.zones'), columns, rows: zones, id: ({ zone_id: id }) => id }) })
  }

  await load()
}
