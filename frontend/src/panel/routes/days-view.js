// @ts-check

/** The team's day on the page: one card an agent, his visits in order. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Column } from '../../core/ui/table.js' */
/** @import { Agent, Route, Visit } from './contract.js' */
/** @import { AgentDay } from './days.js' */

import { formatNumber, localeFor, t, tOr, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card, progress } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { clock, unordered } from './days.js'

/**
 * @typedef {object} Facts
 * @property {Agent[]} agents
 * @property {Portfolio[]} portfolios
 * @property {Map<string, Route>} routes  Of plans made on this page.
 * @property {boolean} busy
 * @property {(day: AgentDay) => void} onPlan
 * @property {(visit: Visit) => void} onTake  Take it back.
 * @property {(visit: Visit, person: string) => void} onGive  Give it to another.
 */

/** @param {AgentDay} day @param {Facts} facts */
export function agentDay(day, facts) {
  const route = facts.routes.get(day.person_id)
  return card({
    id: `day-${day.person_id}`, title: day.name, tone: day.visits.length > 0 ? 'flush' : undefined,
    lead: html`${words(day)}${route ? html` · ${t('routes.way', { km: formatNumber(route.metres / 1000, { maximumFractionDigits: 1 }), back: clock(route.back) })}` : nothing}`,
    actions: html`${unordered(day) ? badge(t('routes.unordered'), 'warn') : nothing}
      ${day.visits.length > 1 ? html`<button type="button" class="button button-small" ?disabled=${facts.busy} @click=${() => facts.onPlan(day)}>${icon('refresh')}${t('routes.plan_one')}</button>` : nothing}`,
    body: html`${day.most > 0 ? progress({ value: Math.min(day.visits.length + day.done, day.most), max: day.most, label: t('routes.load', { name: day.name }) }) : nothing}
      ${leftOut(day, route)}
      ${day.visits.length > 0 ? dataTable({ caption: t('routes.caption', { name: day.name }), columns: columns(day, facts), rows: day.visits, id: ({ assignment_id: id }) => id }) : html`<p class="muted">${t('routes.free')}</p>`}
      ${day.withdrawn.length > 0 ? html`<details class="routes-withdrawn"><summary>${tn('routes.withdrawn', day.withdrawn.length)}</summary><ul>${day.withdrawn.map((visit) => html`<li>${visit.name || t('common.nameless')}: ${tOr(`routes.gone.${visit.withdrawn}`, visit.withdrawn ?? '')}</li>`)}</ul></details>` : nothing}`,
  })
}

/** @param {AgentDay} day */
function words(day) {
  const planned = tn('routes.visits', day.visits.length)
  return day.done > 0 ? `${planned} · ${tn('routes.done', day.done)}` : planned
}

/** @param {AgentDay} day @param {Route | undefined} route */
function leftOut(day, route) {
  if (route === undefined || route.left_out.length === 0) return nothing
  const names = day.visits.filter(({ assignment_id: id }) => route.left_out.includes(id)).map(({ name }) => name)
  return html`<p class="field-error">${icon('warning')}${tn('routes.not_fitting', names.length, { names: names.join(', ') })}</p>`
}

/** @param {AgentDay} day @param {Facts} facts @returns {Column<Visit>[]} */
function columns(day, { agents, portfolios, busy, onTake, onGive }) {
  const others = agents.filter(({ person_id: id }) => id !== day.person_id)
  /** @param {Visit} visit */
  const locale = (visit) => localeFor(portfolios.find(({ portfolio_id: id }) => id === visit.portfolio_id)?.country)
  return [
    { key: 'place', label: t('routes.order'), cell: ({ place, arrives }) => html`${place || '–'}${arrives ? html` <small class="muted">${clock(arrives)}</small>` : nothing}` },
    { key: 'name', label: t('routes.debtor'), head: true, cell: (visit) => html`<a href=${pathTo('case', { id: visit.case_id })}>${visit.name || t('common.nameless')}</a>` },
    { key: 'address', label: t('routes.address'), shown: 'wide', cell: ({ lines, city }) => [lines, city].filter(Boolean).join(', ') || '–' },
    { key: 'owed', label: t('routes.owed'), align: 'end', cell: (visit) => formatMoney(visit.balance, locale(visit)) },
    { key: 'dpd', label: t('routes.dpd'), align: 'end', shown: 'wide', cell: ({ dpd }) => formatNumber(dpd) },
    { key: 'why', label: t('routes.why'), cell: ({ why }) => badge(tOr(`routes.why.${why}`, why), why === 'promise' ? 'brand' : 'neutral') },
    {
      key: 'acts', label: t('routes.acts'), align: 'end',
      cell: (visit) => html`<div class="routes-acts">
        <label><span class="visually-hidden">${t('routes.give_to', { name: visit.name })}</span>
          <select ?disabled=${busy || others.length === 0} @change=${(/** @type {any} */ event) => { if (event.target.value) onGive(visit, event.target.value); event.target.value = '' }}>
            <option value="">${t('routes.give')}</option>${others.map((agent) => html`<option value=${agent.person_id}>${agent.name}</option>`)}
          </select></label>
        <button type="button" class="icon-button" ?disabled=${busy} aria-label=${t('routes.take', { name: visit.name })} @click=${() => onTake(visit)}>${icon('trash')}</button></div>`,
    },
  ]
}
