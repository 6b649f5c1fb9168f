/** The shapes of planning field work, as the API answers them (docs/openapi.json). */

import type { Money } from '../../core/money.js'

export type Place = { lat: number, lng: number }

export interface Profile {
  person_id: string
  weekdays: number[]
  opens: string
  closes: string
  start: Place | null
  end: Place | null
  visits_max: number
  visit_minutes: number
  skills: string[]
  portfolios: string[]
  version: number
}

export interface Agent {
  person_id: string
  name: string
  team: string
  portfolios: string[]
  profile: Profile
  works: boolean
  visits: number
}

export interface Zone {
  zone_id: string
  name: string
  colour: string
  polygon: Place[]
  cells: string[]
  people: string[]
  portfolios: string[]
  version: number
}

export interface Visit {
  assignment_id: string
  case_id: string
  address_id: string
  person_id: string
  person_name: string
  day: string
  state: 'planned' | 'done' | 'withdrawn'
  why: string
  place: number
  arrives: number
  withdrawn: string | null
  portfolio_id: string
  name: string
  balance: Money
  dpd: number
  band: string | null
  lines: string
  city: string
}

export interface ProposedVisit {
  case_id: string
  address_id: string
  person_id: string
  name: string
  city: string
  balance: Money
  dpd: number
  why: string
  task_id: string
  /** Of the agent's visits that are proposed; 0: none. */
  place: number
  arrives: number
}

export interface Proposed {
  items: ProposedVisit[]
  agents: { person_id: string, name: string, visits: number, added: number, visits_max: number }[]
  left_out: { reason: string, cases: number }[]
  considered: number
  /** There are more cases: assign these, then ask again with it. */
  cursor: string | null
  /** Visits that nobody has time for. */
  without_room: ProposedVisit[]
  metres: number
  seconds: number
  /** A better division is sought; null: there is too little to divide. */
  plan_id: string | null
}

export interface Division {
  visits: number
  left_out: number
  metres: number
  seconds: number
}

export interface TeamPlan {
  plan_id: string
  state: 'waiting' | 'planning' | 'done' | 'failed'
  problem: string
  first: Division
  /** Null while it is sought, and where nothing is better than the first. */
  found: (Division & {
    routes: { person_id: string, stops: { case_id: string, place: number, arrives: number }[] }[]
    missed: { case_id: string, reason: string }[]
  }) | null
}

export interface Route {
  person_id: string
  name: string
  made: number
  left_out: string[]
  without_point: number
  metres: number
  back: number
}

export interface Assigned {
  batch_id: string
  assigned: number
  refused: { case_id: string, code: string, details: Record<string, unknown> }[]
}
