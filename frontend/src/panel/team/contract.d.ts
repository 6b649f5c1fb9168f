/** Shapes of the HTTP API (v1) about boards of people and teams. */

import type { Money } from '../../core/contract.js'

export interface Figures {
  attempts: number
  calls: number
  talk_s: number
  messages: number
  contacts: number
  rpc: number
  visits: number
  visits_verified: number
  promises: number
  promised: Money
  promises_matured: number
  promises_kept: number
  kept: Money
  collected: Money
}

export type PartOfGoals = Partial<Record<'attempts' | 'calls' | 'rpc' | 'visits_verified' | 'promises' | 'promises_kept', number | null>> & { collected?: Money | null }

export interface BoardRow {
  person: { id: string; name: string }
  team: string
  role: 'admin' | 'supervisor' | 'agent' | 'service'
  figures: Figures
  goals: PartOfGoals | null
  shift_s: number | null
}

export interface TeamRow { team: string; people: number; figures: Figures; goals: PartOfGoals | null }

export type Period = 'day' | 'week' | 'month'

export interface Board {
  portfolio_id: string
  period: Period
  first: string
  last: string
  month: string
  currency: string
  as_of: string
  ranking: boolean
  own: string
  rows: BoardRow[]
  teams: TeamRow[]
  total: { people: number; figures: Figures; goals: PartOfGoals | null }
}

export interface Act {
  kind: 'call' | 'message' | 'visit' | 'promise'
  at: string
  ended_at: string | null
  case_id: string
  name: string
  result: string
  label: Record<string, string> | null
  met: string
  verified: boolean | null
  amount: Money | null
  due_on: string | null
}

export interface CreditedPayment { case_id: string; name: string; entry_id: string; amount: Money; late_days: number | null; reversal: boolean }

export interface PersonDay {
  person: { id: string; name: string }
  team: string
  date: string
  today: string
  time_zone: string
  figures: Figures
  shifts: { started_at: string; ended_at: string | null }[]
  acts: Act[]
  more: boolean
  payments: CreditedPayment[]
}

export interface Goals { month: string; version: number; goals: Record<string, Record<string, number>> }

/** Of what was collected, by how late the debt was when it was credited; null: however late. */
export interface CommissionRules { from_month: string; rates: { up_to_days: number | null; ppm: number }[]; tiers: { reached_percent: number; percent: number }[] }

export interface Commission {
  person: { id: string; name: string }
  month: string
  rules: CommissionRules | null
  collected: Money | null
  goal: Money | null
  percent: number
  earned: Money | null
  lines: { case_id: string; name: string; entry_id: string; day: string; late_days: number | null; reversal: boolean; collected: Money; ppm: number; earned: Money }[]
  more: boolean
}

export interface CommissionRow {
  person: { id: string; name: string }
  team: string
  payments: number
  collected_minor: number | null
  goal_minor: number | null
  percent: number
  earned_minor: number | null
  bands: { up_to_days: number | null; ppm: number; payments: number; collected_minor: number; earned_minor: number }[]
}

export interface TeamCommission { month: string; currency: string; rules: CommissionRules | null; rows: CommissionRow[]; cursor: string | null }

export interface Coverage {
  days: number
  bands: { code: string; cases: number; never: number }[]
  items: { case_id: string; name: string; balance: Money; touched_on: string | null; due_on: string | null }[]
  cursor: string | null
}
