/** Cash as the API answers it; docs/openapi.json is the source. */

import type { Scan } from '../../core/ui/scan.js'

export interface Named { id: string, name: string }

export interface CashHand {
  portfolio_id: string
  person: Named
  held_minor: number
  declared_minor: number
  owed_minor: number
  answers_for_minor: number
  limit_minor: number
  state: 'fine' | 'warn' | 'full'
  can: { settle: boolean }
}

export interface CashDeposit {
  deposit_id: string
  person: Named
  amount_minor: number
  at: string
  declared_at: string
  way: 'bank' | 'office'
  state: 'declared' | 'counted'
  reference: string
  note: string
  counted_minor: number | null
  counted_at: string | null
  counted_by: string | null
  reason: string
  difference_minor: number
  slip_url: string | null
  slip_scan: Scan
  can: { count: boolean }
}

export interface CashOverview {
  portfolio: { portfolio_id: string, name: string, currency: string, country: string, time_zone: string }
  allowed: boolean
  barred_by: string
  limit_minor: number
  hands: CashHand[]
  deposits: CashDeposit[]
}

export interface CashLine {
  move_id: string
  kind: 'receipt' | 'void' | 'deposit' | 'count' | 'settlement'
  person: Named
  at: string
  by: string
  held_minor: number
  declared_minor: number
  owed_minor: number
  receipt: string
  case_id: string
  name: string
  reason: string
}

export interface CashReceipt {
  key: string
  number: string
  case_id: string
  visit_id: string
  amount_minor: number
  at: string
  state: 'issued' | 'void'
  confirmed: string
  doubts: string[]
  reason: string
  can: { void: boolean }
}

export interface SaidReceipt extends Omit<CashReceipt, 'can'> {
  word: 'open' | 'confirmed' | 'denied'
  person: Named
  name: string
  age_days: number
  said_minor: number | null
  said_at: string | null
  can: { call: boolean, void: boolean }
}

export interface WordCounts { open: number, confirmed: number, denied: number }

export interface AgentWords extends WordCounts { person: Named }

export interface CashSeries {
  series: string
  person: Named
  device_id: string
  last: number
  missing: { number: string, since: string }[]
  elsewhere: number
  receipts: CashReceipt[]
}
