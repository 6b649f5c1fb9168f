/** Payments as the API answers them; see `handlers/models/payments.py`. */

import type { Money } from '../../core/contract.js'
import type { Scan } from '../../core/ui/scan.js'

export type ReceivedState = 'posted' | 'over' | 'back'
export type CheckoutState = 'open' | 'pending' | 'paid' | 'failed' | 'closed' | 'expired'
export type UnmatchedState = 'open' | 'assigning' | 'assigned' | 'returning' | 'returned'

export interface GoneBack { kind: 'refund' | 'chargeback'; amount: Money; at: string; reason: string; returned: boolean }

export interface ReceivedLine {
  kind: 'received'
  received_id: string
  case_id: string
  name: string
  provider: string
  payment_id: string
  method: string
  amount: Money
  kept: Money
  over: Money
  state: ReceivedState
  paid_at: string | null
  at: string
  checkout_id: string
  backs: GoneBack[]
}

export interface CheckoutLine {
  kind: 'checkout'
  checkout_id: string
  case_id: string
  name: string
  provider: string
  method: string
  pays: string
  amount: Money
  paid: Money
  state: CheckoutState
  started_at: string
  started_by: string
  expires_at: string
  problem: string
}

export interface UnmatchedLine {
  kind: 'unmatched'
  unmatched_id: string
  provider: string
  payment_id: string
  reference: string
  method: string
  amount: Money
  kept: Money
  paid_at: string | null
  reason: string
  state: UnmatchedState
  case_id: string
  at: string
  updated_at: string
}

/** What a debtor says they paid; each file's `url` works for some minutes. Some say only that they did. */
export interface ReportedLine {
  kind: 'reported'
  reported_id: string
  case_id: string
  name: string
  amount: Money | null
  paid_on: string | null
  reference: string
  words: string
  state: 'waiting' | 'found' | 'not_found' | 'moved'
  at: string
  source: 'self_pay' | 'chat' | 'whatsapp' | 'sms' | 'email' | 'visit' | 'call'
  answer: string
  ended_at: string | null
  files: { name: string; media_type: string; url: string | null; scan: Scan }[]
}

export type Line = ReceivedLine | CheckoutLine | ReportedLine | UnmatchedLine
