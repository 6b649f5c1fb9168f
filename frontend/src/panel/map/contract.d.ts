/** Shapes of the API that the supervisors' map reads and writes. */

import type { AgentState, LatLng } from '../../core/map/contract.js'

export interface LiveAgent {
  person_id: string
  name: string
  team: string
  state: AgentState
  why: string
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

export interface LivePage { items: LiveAgent[], mark: string | null }

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
  taken_by?: string | null
  taken_at?: string | null
}

export type Point = LatLng
