/** Agreements as the API answers them; see `handlers/models/agreements.py`. */

import type { Money } from '../../core/contract.js'

export type AgreementKind = 'plan' | 'settlement' | 'extension' | 'restructure' | 'refinance'
export type AgreementState =
  | 'pending' | 'proposed' | 'active' | 'completed' | 'defaulted' | 'cancelled' | 'expired' | 'rejected' | 'replaced'
export type Frequency = 'weekly' | 'fortnightly' | 'monthly'

export interface Share { number: number; due_on: string; amount: Money }
export interface AgreedShare extends Share { paid: Money; paid_on: string | null; state: 'open' | 'late' | 'missed' | 'paid' }
export interface Breach { field: string; reason: string; limit: number }
interface Named { id: string; name: string }

export interface Agreement {
  agreement_id: string
  kind: AgreementKind
  state: AgreementState
  made_at: string
  made_by: Named | null
  until: string
  reason: string
  breaches: Breach[]
  decided_by: Named | null
  signed_at: string | null
  proof: 'code' | 'signature' | 'call' | null
  ended_at: string | null
  missed: number
  grace_days: number
  to_pay: Money
  saved: Money
  paid: Money
  capitalised: Money
  document_id: string
  letter_id: string
  shares: AgreedShare[]
  can: Record<'accept' | 'decide' | 'cancel', boolean>
}

export interface Offer {
  instalments: number
  frequency: Frequency
  down_payment_minor: number | null
  first_on: string | null
  discount_principal_ppm: number
  discount_interest_ppm: number
  discount_fees_ppm: number
  affordable_minor: number | null
  capitalise: boolean
}

interface Parts { principal: Money; interest: Money; fees: Money; total: Money }

export interface Simulation {
  offer: Offer
  owed: Parts
  discount: Parts
  to_pay: Money
  shares: Share[]
  breaches: Breach[]
  counter: Simulation | null
  extension: boolean
}

export interface Option extends Simulation { kind: AgreementKind }

export interface Offered {
  limits: { max_instalments: number; frequencies: Frequency[]; extension_days: number; capitalise: boolean }
  options: Option[]
  simulation: Simulation | null
}

export interface CodeSent { code_id: string; to: string; expires_at: string }

export interface Approval { case_id: string; name: string; balance: Money; agreement: Agreement }
