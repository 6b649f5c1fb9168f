// @ts-check

/** Proposing visits: what is due, in a zone, or picked by a rule; seen first, then assigned. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Column } from '../../core/ui/table.js' */
/** @import { Agent, Assigned, Proposed, ProposedVisit, Zone } from './contract.js' */

import { newKey } from '../../core/api.js'
import { formatNumber, localeFor, t, tOr, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { moneyField, radioField, selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, banner, card, emptyState, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, live, nothing } from '../../core/view.js'
import { Better, betterView, inOrder, wayText } from './better.js'
import { clock } from './days.js'

const WAYS = ['due', 'zone', 'rule']
const MOST_NAMES = 20

/** Holds what is asked, what was proposed for it, and what became of it. */
export class Proposal {
  #api
  #paint
  #onAssigned

  /** @param {{ api: Api, paint: () => void, onAssigned: () => Promise<void> }} parts */
  constructor({ api, paint, onAssigned }) {
    this.#api = api
    this.#paint = paint
    this.#onAssigned = onAssigned
    this.asked = { how: 'due', zone: '', band: '', city: '', min: /** @type {number | null} */ (null), minText: '', sort: 'due', segment: '', people: /** @type {string[]} */ ([]) }
    /** @type {Better | null} */
    this.better = null
    /** @type {Assigned | null} */
    this.assigned = null
    /** @type {Problem | null} */
    this.problem = null
    /** Where to look on from, once these are assigned. @type {string | null} */
    this.further = null
    this.busy = false
    this.dropped = new Set()
  }

  /** Forget what was proposed: another day or portfolio is looked at. */
  forget() {
    this.#drop()
    this.assigned = this.problem = this.further = null
    this.asked = { ...this.asked, segment: '', band: '' }
    this.dropped.clear()
  }

  /** @param {Partial<Proposal['asked']>} change */
  set(change) {
    this.asked = { ...this.asked, ...change }
    this.#drop()
    this.#paint()
  }

  /** @param {string} caseId @param {boolean} kept */
  keep(caseId, kept) {
    if (kept) this.dropped.delete(caseId)
    else this.dropped.add(caseId)
    this.#paint()
  }

  /** What is proposed: the first division, or a better one once it is there. */
  get proposed() {
    return this.better?.proposed ?? null
  }

  /** Show no proposal, and look for no better one. */
  #drop() {
    this.better?.stop()
    this.better = null
  }

  /** The visits that would be assigned. */
  get wanted() {
    return this.proposed?.items.filter(({ case_id: id }) => !this.dropped.has(id)) ?? []
  }

  /** @param {Portfolio} portfolio @param {string} day @param {string | null} [cursor]  Where the last one stopped looking. */
  ask(portfolio, day, cursor = null) {
    const { how, zone, band, city, min, sort, segment, people } = this.asked
    const where = how === 'due' ? {} : { band, city: city.trim(), ...(min === null ? {} : { min_minor: min }) }
    return this.#work(async () => {
      this.assigned = this.further = null
      this.dropped.clear()
      /** @type {Proposed} */
      const first = await this.#api.post('/assignments/preview', {
        portfolio_id: portfolio.portfolio_id, date: day, how, zone_id: how === 'zone' ? zone : '', people, where, sort, segment_id: how === 'due' ? '' : segment, cursor,
      })
      this.#drop()
      this.better = new Better({ api: this.#api, portfolioId: portfolio.portfolio_id, first, paint: this.#paint })
    })
  }

  /** @param {Portfolio} portfolio @param {string} day */
  assign(portfolio, day) {
    const items = this.wanted.map(({ case_id, address_id, person_id, why, task_id }) => ({ case_id, address_id, person_id, why, task_id }))
    const body = { portfolio_id: portfolio.portfolio_id, batch_id: `bat_${newKey()}`, date: day, items }
    return this.#work(async () => {
      this.assigned = await this.#api.post('/assignments', body)
      this.further = this.proposed?.cursor ?? null
      this.#drop()
      await this.#onAssigned()
    })
  }

  /** @param {Portfolio} portfolio */
  undo(portfolio) {
    const id = this.assigned?.batch_id
    return this.#work(async () => {
      await this.#api.delete(`/portfolios/${portfolio.portfolio_id}/assignment-batches/${id}`)
      this.assigned = this.further = null
      await this.#onAssigned()
    })
  }

  /** @param {() => Promise<void>} work */
  async #work(work) {
    this.busy = true
    this.problem = null
    this.#paint()
    try {
      await work()
    } catch (error) {
      this.problem = asProblem(error)
    }
    this.busy = false
    this.#paint()
  }
}

/**
 * @param {Proposal} proposal
 * @param {{ portfolio: Portfolio, day: string, agents: Agent[], zones: Zone[], segments: { segment_id: string, name: string }[] }} scene
 */
export function proposalView(proposal, { portfolio, day, agents, zones, segments }) {
  const locale = localeFor(portfolio.country)
  const { asked, proposed, assigned, problem, busy } = proposal
  const ask = (/** @type {Event} */ event) => {
    event.preventDefault()
    void proposal.ask(portfolio, day)
  }
  return html`<form class="card form" @submit=${ask}>
    ${radioField({ name: 'how', label: t('routes.how'), value: asked.how, options: WAYS.map((value) => ({ value, label: t(`routes.how.${value}`), hint: t(`routes.how.${value}_hint`) })), onInput: (how) => proposal.set({ how }) })}
    ${asked.how === 'zone' ? zoneField(proposal, zones) : nothing}
    ${asked.how === 'due' ? nothing : html`<div class="form-grid">
      ${selectField({ name: 'band', label: t('routes.band'), value: asked.band, options: [{ value: '', label: t('routes.any') }, ...portfolio.policies.bands.map(({ code }) => ({ value: code, label: code }))], onInput: (band) => proposal.set({ band }) })}
      ${segments.length > 0 ? selectField({ name: 'segment', label: t('routes.segment'), value: asked.segment, options: [{ value: '', label: t('routes.any') }, ...segments.map(({ segment_id: value, name }) => ({ value, label: name }))], onInput: (segment) => proposal.set({ segment }) }) : nothing}
      ${textField({ name: 'city', label: t('routes.city'), value: asked.city, maxlength: 80, onInput: (city) => proposal.set({ city }) })}
      ${moneyField({ name: 'min', label: t('routes.min'), minor: asked.min, text: asked.minText || undefined, currency: portfolio.currency, locale, onInput: (min, minText) => proposal.set({ min, minText }) })}
      ${asked.how === 'rule' ? selectField({ name: 'sort', label: t('routes.sort'), required: true, value: asked.sort, options: ['due', '-balance'].map((value) => ({ value, label: t(`routes.sort.${value}`) })), onInput: (sort) => proposal.set({ sort }) }) : nothing}
    </div>`}
    ${whom(proposal, agents)}
    <div class="button-row"><button class="button button-primary" ?disabled=${busy || agents.length === 0 || (asked.how === 'zone' && asked.zone === '')}>${icon('eye')}${t('routes.propose')}</button></div>
  </form>
  ${problem ? problemBanner(problem) : nothing}
  ${assigned ? outcome(proposal, assigned, portfolio, day) : nothing}
  ${busy && proposed === null ? card({ body: skeleton(4) }) : nothing}
  ${proposed ? found(proposal, proposed, { portfolio, day, agents, locale }) : nothing}`
}

/** @param {Proposal} proposal @param {Zone[]} zones */
function zoneField(proposal, zones) {
  if (zones.length === 0) return banner({ tone: 'info', title: t('routes.no_zones'), actions: html`<a class="button button-small" href=${pathTo('map', { vista: 'zonas' })}>${t('routes.draw')}</a>` })
  return selectField({ name: 'zone', label: t('routes.zone'), required: true, value: proposal.asked.zone, options: [{ value: '', label: t('routes.choose') }, ...zones.map(({ zone_id: value, name }) => ({ value, label: name }))], onInput: (zone) => proposal.set({ zone }) })
}

/** @param {Proposal} proposal @param {Agent[]} agents */
function whom(proposal, agents) {
  const { people } = proposal.asked
  return html`<fieldset class="field"><legend>${t('routes.whom')}</legend><p class="hint">${t('routes.whom_hint')}</p>
    <div class="routes-people">${agents.map(({ person_id: id, name, works }) => html`<label class="routes-person"><input type="checkbox" .checked=${live(people.includes(id))}
      @change=${(/** @type {any} */ event) => proposal.set({ people: event.target.checked ? [...people, id] : people.filter((one) => one !== id) })}><span>${name}${works ? nothing : html` <small class="muted">${t('routes.off')}</small>`}</span></label>`)}</div></fieldset>`
}

/** @param {Proposal} proposal @param {string | null} cursor @param {{ portfolio: Portfolio, day: string }} scene */
function further(proposal, cursor, { portfolio, day }) {
  if (cursor === null) return nothing
  return html`<button type="button" class="button button-small" ?disabled=${proposal.busy} @click=${() => proposal.ask(portfolio, day, cursor)}>${icon('search')}${t('routes.further')}</button>`
}

/** @param {Proposal} proposal @param {Assigned} assigned @param {Portfolio} portfolio @param {string} day */
function outcome(proposal, assigned, portfolio, day) {
  const tone = assigned.refused.length > 0 ? 'warn' : 'good'
  return banner({
    tone, title: tn('routes.assigned', assigned.assigned),
    body: assigned.refused.length > 0 ? html`<p>${tn('routes.refused', assigned.refused.length)}</p>
      <ul>${[...new Set(assigned.refused.map(({ code }) => code))].map((code) => html`<li>${tOr(`routes.refusal.${code}`, code)}</li>`)}</ul>` : nothing,
    actions: html`<button type="button" class="button button-small" ?disabled=${proposal.busy} @click=${() => proposal.undo(portfolio)}>${icon('undo')}${t('routes.undo')}</button>${further(proposal, proposal.further, { portfolio, day })}`,
  })
}

/** Who would have been visited, had anybody time. @param {Proposed} proposed */
function roomless({ without_room: missed }) {
  if (missed.length === 0) return nothing
  return html`<p>${tn('routes.without_room', missed.length, { names: missed.slice(0, MOST_NAMES).map(({ name }) => name).join(', ') + (missed.length > MOST_NAMES ? '…' : '') })}</p>`
}

/**
 * @param {Proposal} proposal @param {Proposed} proposed
 * @param {{ portfolio: Portfolio, day: string, agents: Agent[], locale: string }} scene
 */
function found(proposal, proposed, { portfolio, day, agents, locale }) {
  const names = new Map(agents.map(({ person_id: id, name }) => [id, name]))
  const left = proposed.left_out.length > 0
    ? html`<details><summary>${t('routes.left_out')}</summary><ul>${proposed.left_out.map(({ reason, cases }) => html`<li>${formatNumber(cases)}: ${tOr(`routes.left.${reason}`, reason)}</li>`)}</ul>${roomless(proposed)}</details>`
    : nothing
  const more = proposed.cursor === null ? nothing : html`<p class="hint">${t('routes.further_told')}</p>`
  if (proposed.items.length === 0) return html`${emptyState({ icon: 'check', title: t('routes.nothing'), body: t('routes.nothing_body'), actions: further(proposal, proposed.cursor, { portfolio, day }) })}${left}`
  /** @type {Column<ProposedVisit>[]} */
  const columns = [
    { key: 'name', label: t('routes.debtor'), head: true, cell: (visit) => html`<a href=${pathTo('case', { id: visit.case_id })}>${visit.name || t('common.nameless')}</a>` },
    { key: 'who', label: t('routes.who'), cell: ({ person_id: id, place, arrives }) => html`${names.get(id) ?? '–'}${place > 0 ? html` <small class="muted routes-stop">${t('routes.stop', { place: formatNumber(place), hour: clock(arrives) })}</small>` : nothing}` },
    { key: 'city', label: t('routes.city'), shown: 'wide', cell: ({ city }) => city || '–' },
    { key: 'owed', label: t('routes.owed'), align: 'end', cell: ({ balance }) => formatMoney(balance, locale) },
    { key: 'dpd', label: t('routes.dpd'), align: 'end', shown: 'wide', cell: ({ dpd }) => formatNumber(dpd) },
    { key: 'why', label: t('routes.why'), cell: ({ why }) => badge(tOr(`routes.why.${why}`, why), why === 'promise' ? 'brand' : 'neutral') },
    {
      key: 'take', label: t('routes.include'), align: 'end',
      cell: ({ case_id: id, name }) => html`<input type="checkbox" aria-label=${t('routes.include_one', { name })} .checked=${live(!proposal.dropped.has(id))}
        @change=${(/** @type {any} */ event) => proposal.keep(id, event.target.checked)}>`,
    },
  ]
  const again = () => void proposal.ask(portfolio, day)
  return html`${proposal.better ? betterView(proposal.better, { busy: proposal.busy, onAgain: again }) : nothing}${card({
    tone: 'flush', title: tn('routes.proposed', proposal.wanted.length),
    lead: html`${t('routes.on_the_way', { way: wayText(proposed) })}<br>${proposed.agents.map(({ name, visits, added, visits_max: most }) => t('routes.agent_load', { name, visits: visits + added, most })).join(' · ')}`,
    actions: html`<button type="button" class="button button-primary" ?disabled=${proposal.busy || proposal.wanted.length === 0} @click=${() => proposal.assign(portfolio, day)}>${icon('check')}${tn('routes.assign', proposal.wanted.length)}</button>`,
    body: html`${dataTable({ caption: t('routes.proposal'), columns, rows: inOrder(proposed), id: ({ case_id: id }) => id })}${more}${left}`,
  })}`
}
