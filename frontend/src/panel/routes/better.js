// @ts-check

/** A better division of a proposal: looked for until it is there, told in what it saves. */

/** @import { Api } from '../../core/api.js' */
/** @import { Proposed, ProposedVisit, TeamPlan } from './contract.js' */

import { formatNumber, t, tn } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { icon } from '../../core/ui/icons.js'
import { banner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { Poll } from '../uploads/poll.js'

const LOOK_MS = 1_500
const MOST_FAILURES = 5
const MOVING = ['waiting', 'planning']

/** Follows one plan: how far it is, what it found, and which division the reader looks at. */
export class Better {
  #first
  #paint
  #poll

  /** @param {{ api: Api, portfolioId: string, first: Proposed, paint: () => void }} parts */
  constructor({ api, portfolioId, first, paint }) {
    this.#first = first
    this.#paint = paint
    /** @type {TeamPlan | null} */
    this.plan = null
    /** Why nobody knows any more how far it is. @type {string} */
    this.lost = ''
    /** @type {Proposed | null} */
    this.division = null
    this.shown = true
    /** @type {Poll<TeamPlan | null>} */
    this.#poll = new Poll({
      look: () => api.get(`/portfolios/${portfolioId}/team-plans/${first.plan_id}`),
      onSeen: (seen) => this.#see(/** @type {TeamPlan} */ (seen)),
      onMissed: (error, failures) => {
        const { status, text } = asProblem(error)
        if (status === 404 || failures >= MOST_FAILURES) this.lost = text
        this.#paint()
      },
      delay: ({ seen, looks, failures }) => (this.lost || (seen && !MOVING.includes(seen.state)) ? null : looks === 0 && failures === 0 ? LOOK_MS / 3 : LOOK_MS * (1 + failures)),
      page: document,
    })
    if (first.plan_id !== null) this.#poll.start(null)
  }

  stop() {
    this.#poll.stop()
  }

  /** Whether something better may still come. */
  get sought() {
    return this.#first.plan_id !== null && !this.lost && (this.plan === null || MOVING.includes(this.plan.state))
  }

  /** What is on the page now. */
  get proposed() {
    return this.division !== null && this.shown ? this.division : this.#first
  }

  /** @param {boolean} shown */
  show(shown) {
    this.shown = shown
    this.#paint()
  }

  /** @param {TeamPlan} seen */
  #see(seen) {
    this.plan = seen
    if (seen.found) this.division = divided(this.#first, seen)
    this.#paint()
  }
}

/**
 * The proposal as the plan divides it: the same visits, gone to others, in another order.
 * @param {Proposed} first @param {TeamPlan} plan
 * @returns {Proposed}
 */
export function divided(first, { found }) {
  if (found === null) return first
  const known = new Map([...first.items, ...first.without_room].map((item) => [item.case_id, item]))
  /** @type {ProposedVisit[]} */
  const items = []
  for (const { person_id, stops } of found.routes) {
    for (const { case_id: id, place, arrives } of stops) {
      const item = known.get(id)
      if (item) items.push({ ...item, person_id, place, arrives })
    }
  }
  const missed = [...new Set(found.missed.map(({ reason }) => reason))].map((reason) => ({ reason, cases: found.missed.filter((one) => one.reason === reason).length }))
  return {
    ...first, items, metres: found.metres, seconds: found.seconds,
    without_room: found.missed.map(({ case_id: id }) => known.get(id)).filter((item) => item !== undefined).map((item) => ({ ...item, person_id: '', place: 0, arrives: 0 })),
    agents: first.agents.map((agent) => ({ ...agent, added: items.filter(({ person_id: id }) => id === agent.person_id).length })),
    left_out: [...first.left_out.filter(({ reason }) => reason !== 'no_room'), ...missed],
  }
}

/** Visits by agent, each one's in the order of his way. @param {Proposed} proposed */
export function inOrder({ items, agents }) {
  const at = new Map(agents.map(({ person_id: id }, index) => [id, index]))
  return [...items].sort((a, b) => (at.get(a.person_id) ?? 0) - (at.get(b.person_id) ?? 0) || a.place - b.place)
}

/** @param {{ metres: number, seconds: number }} way */
export function wayText({ metres, seconds }) {
  const minutes = Math.round(seconds / 60)
  const time = minutes < 60 ? t('routes.minutes', { n: formatNumber(minutes) }) : t('routes.hours_minutes', { h: formatNumber(Math.floor(minutes / 60)), m: formatNumber(minutes % 60) })
  return t('routes.km_and_time', { km: kilometres(metres), time })
}

/** What the better plan makes different, in words that do not hide a longer way. @param {TeamPlan} plan */
export function savedText({ first, found }) {
  if (found === null) return ''
  const visits = found.visits - first.visits
  const less = { metres: first.metres - found.metres, seconds: first.seconds - found.seconds }
  const way = less.metres >= 0 ? t('routes.way_less', { way: wayText(less) }) : t('routes.way_more', { way: wayText({ metres: -less.metres, seconds: Math.max(0, -less.seconds) }) })
  if (visits === 0) return way
  return t('routes.and', { one: visits > 0 ? tn('routes.more_visits', visits) : tn('routes.fewer_visits', -visits), other: way })
}

/** @param {number} metres */
function kilometres(metres) {
  return formatNumber(metres / 1000, { maximumFractionDigits: 1 })
}

/**
 * How far the better division is, and what can be done about it.
 * @param {Better} better @param {{ busy: boolean, onAgain: () => void }} acts
 */
export function betterView(better, { busy, onAgain }) {
  const { plan, lost, division, shown } = better
  if (better.sought) return banner({ title: t('routes.better_sought'), body: t(plan?.state === 'planning' ? 'routes.better_planning' : 'routes.better_waiting') })
  if (plan === null && !lost) return nothing
  const again = html`<button type="button" class="button button-small" ?disabled=${busy} @click=${onAgain}>${icon('refresh')}${t('routes.better_again')}</button>`
  if (lost || plan === null) return banner({ tone: 'warn', title: t('routes.better_failed'), body: html`${lost} ${t('routes.better_first_stands')}`, actions: again })
  if (plan.state === 'failed') return banner({ tone: 'warn', title: t('routes.better_failed'), body: html`${t(`routes.problem.${plan.problem}`)} ${t('routes.better_first_stands')}`, actions: again })
  if (division === null) return banner({ tone: 'good', title: t('routes.better_none') })
  return banner({
    tone: 'good', title: t(shown ? 'routes.better_shown' : 'routes.first_shown'), body: shown ? savedText(plan) : t('routes.better_there', { saved: savedText(plan) }),
    actions: html`<button type="button" class="button button-small" @click=${() => better.show(!shown)}>${icon(shown ? 'undo' : 'check')}${t(shown ? 'routes.show_first' : 'routes.show_better')}</button>`,
  })
}
