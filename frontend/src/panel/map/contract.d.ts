/** Shapes of the API that the supervisors' map reads and writes. */

import type { AgentState, LatLng } from '../../core/map/contract.js'

export interface LiveAgent {
  person_id: string
  name: string
  team: string
  state: AgentState
  why: string
  since: string | null
  at: string | null
  lat: number | null
  lng: number | null
  accuracy_m: number | null
  heading?: number | null
  battery: number | null
  charging: boolean | null
  network: string | null
  case_id?: string | null
  alarm?: string | boolean | null
}

export interface LivePage { items: LiveAgent[], mark: string | null, whole: boolean }

export interface Alarm {
  alarm_id: string
  person_id: string
  name: string
  team: string
  at: string
  lat: number | null
  lng: number | null
  accuracy_m: number | null
  state: 'open' | 'taken' | 'closed'
  taken_by_name: string | null
  taken_at: string | null
}

export interface TrailPoint extends LatLng { at: string, accuracy_m: number | null, speed_ms: number | null }

export interface TrailStop extends LatLng { started_at: string, finished_at: string, duration_s: number }

export interface TrailVisit {
  visit_id: string
  case_id: string
  at: string
  lat: number | null
  lng: number | null
  verdict: string
  disposition: string
}

export interface DayTrail {
  person_id: string
  date: string
  time_zone: string
  points: TrailPoint[]
  stops: TrailStop[]
  trips: { started_at: string, finished_at: string, distance_m: number }[]
  visits: TrailVisit[]
  received: number
  distance_m: number
  kept_until: string
}

export interface Zone {
  zone_id: string
  name: string
  colour: string
  polygon: LatLng[]
  cells: string[]
  /** Round the cells: polygons, each its outer ring and those of its holes. Empty of a polygon. */
  outline: LatLng[][][]
  /** H3 resolution of the cells. */
  cell_size: number | null
  people: string[]
  portfolios: string[]
  version: number
}

export interface NearDebt extends LatLng {
  case_id: string
  address_id: string
  name: string
  status: string
  balance: { minor: number, currency: string }
  dpd: number
  band: string | null
  debts: number
  quality: string
  /** Of its fence. */
  radius_m: number
  distance_m: number | null
}

/** A time that somebody was near a place. */
export interface Pass {
  person_id: string
  name: string
  team: string
  since: string
  until: string
  distance_m: number
  accuracy_m: number | null
  points: number
  visits: { case_id: string, visit_id: string, at: string }[]
}

export interface Assigned {
  batch_id: string
  assigned: number
  refused: { case_id: string, code: string, details: Record<string, unknown> }[]
}

export interface Tracker {
  tracker_id: string
  person_id: string
  person_name: string
  name: string
  sees_team: boolean
  created_at: string
  last_seen_at: string | null
}

export interface IssuedTracker extends Tracker {
  token: string
  urls: Record<string, string>
  apps: { app: string, link: string, qr_svg: string }[]
}
