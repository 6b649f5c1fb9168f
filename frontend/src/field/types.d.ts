/** Shapes of the field: what the phone is given, keeps and sends. */

import type { Money } from '../core/contract.js'
import type { Form } from '../core/forms/form'

export type Quality = 'rooftop' | 'street' | 'town' | 'none'
export type Verdict = 'verified' | 'unsure' | 'outside'
export type Texts = Record<'es' | 'en' | 'pt', string>
export type Want =
  | 'promise' | 'cash' | 'payment_report' | 'dispute' | 'contacts' | 'address' | 'opt_outs'
  | 'notice_photo' | 'door_photo' | 'signature' | 'agreement' | 'note'
export type Met = 'holder' | 'codebtor' | 'family' | 'neighbour' | 'employer' | 'nobody'

export interface Judged {
  verdict: Verdict
  distance_m: number | null
  radius_m: number
  reasons: string[]
}

export interface Disposition {
  code: string
  label: Texts
  met: Met[]
  wants: Want[]
  form_id?: string | null
  /** By product, where another questionnaire is asked. */
  product_forms?: Record<string, string>
}

/** A portfolio as the day tells of it. */
export interface FieldPortfolio {
  name: string
  creditor: string
  agency?: string
  colour?: string
  country?: string
  currency: string
  time_zone: string
  language?: string
  cash_allowed: boolean
  cash_limit_minor?: number
  show_amount: 'exact' | 'band' | 'none'
  promise: { most_days: number; least_minor: number }
  dispositions: Disposition[]
}

export interface Window {
  allowed: boolean
  reason_code: string | null
  law: string | null
  next_allowed_at: string | null
  until: string | null
}

export interface StopAddress {
  address_id: string
  lines: string
  city: string
  lat: number | null
  lng: number | null
  quality: Quality
  radius_m: number | null
}

export interface Stop {
  assignment_id: string | null
  order: number
  case_id: string
  portfolio_id: string
  name: string
  address: StopAddress | null
  amount: Money | null
  amount_range?: { from_minor: number; to_minor: number } | null
  band: string | null
  dpd: number | null
  debts: number
  products?: string[]
  last_results: { at: string; channel: string; disposition: string; verdict?: string | null; label?: Texts | null }[]
  notes: (string | { text: string; at?: string })[]
  promise: { amount_minor: number | null; due_on: string; state: string } | null
  window: Window | null
  distance_m: number | null
  why: string | null
  state: 'planned' | 'withdrawn' | 'done'
  withdrawn?: string | null
}

export interface Day {
  date: string
  mark: string
  unchanged: boolean
  server_time: string
  person: { person_id?: string; name?: string }
  portfolios: Record<string, FieldPortfolio>
  stops: Stop[]
  forms: { form_id: string; version: string | number; compiled: Form }[]
  dropped: { assignment_id: string; code: string; name?: string }[]
}

export interface Fix {
  at: string
  lat: number
  lng: number
  accuracy_m: number
  mock: boolean | null
}

export interface Point extends Omit<Fix, 'mock'> {
  speed_ms: number | null
  heading: number | null
  battery: number | null
  charging: boolean | null
  network: string | null
  activity: string | null
}

export type PhotoKind = 'door' | 'notice' | 'document' | 'receipt' | 'signature'

export interface PhotoFacts {
  photo_id: string
  kind: PhotoKind
  sha256: string
  bytes: number
  width: number
  height: number
  taken_at: string
  lat: number | null
  lng: number | null
  accuracy_m: number | null
}

/** A photo as the phone keeps it until it has arrived; `question`: of the questionnaire. */
export interface Photo extends PhotoFacts { visit_id: string; blob: Blob; content_type: string }

export type StepName =
  | 'arrive' | 'exception' | 'identify' | 'met' | 'result' | 'cash' | 'agreement' | 'details' | 'form' | 'photos' | 'signature' | 'review'

/** A visit in progress or done, as the phone keeps it. */
export interface Visit {
  visit_id: string
  assignment_id: string | null
  case_id: string
  portfolio_id: string
  name: string
  address: StopAddress | null
  products?: string[]
  state: 'open' | 'queued' | 'sent' | 'complete' | 'refused'
  step: StepName
  started_at: string
  arrived_at: string | null
  finished_at: string | null
  tracked: boolean
  fixes: Fix[]
  verdict: Judged | null
  kind: 'visit' | 'exception'
  exception: { reason: string; text: string } | null
  met: { who: Met; name: string } | null
  disposition: string | null
  form: { form_id: string; version: string | number; answers: Record<string, any> } | null
  promise: { promise_id: string; amount_minor: number | null; due_on: string } | null
  payment_report: { amount_minor: number | null; paid_on: string; reference: string; photo_id: string | null } | null
  /** Money that was taken, under the number of its receipt. */
  cash?: { number: string; amount_minor: number; at: string; code_id?: string } | null
  /** What was picked to be signed, as it was shown; then what it became. */
  agreement?: FieldOffer | null
  agreement_id?: string
  document_id?: string
  /** The debtor read the code out, and it was right. */
  cash_confirmed?: boolean
  dispute: { kind: string; text: string } | null
  /** Channels the debtor refused. */
  opt_outs?: string[]
  contacts: { kind: 'phone' | 'email'; value: string; party: string }[]
  new_address: { lines: string; city: string; lat: number | null; lng: number | null } | null
  note: string
  photos: PhotoFacts[]
  server?: { verdict?: Judged; conflicts?: Conflict[]; state?: string } | null
}

/** What may be signed at the door today, as the server worked it out. */
export interface FieldOffer {
  kind: 'plan' | 'settlement' | 'extension' | 'restructure' | 'refinance'
  offer: Record<string, any>
  owed_minor: number
  saved_minor: number
  to_pay_minor: number
  currency: string
  shares: { number: number; due_on: string; amount_minor: number }[]
}

/** `why`: nothing is offered. */
export interface FieldOffers { as_of: string; items: { case_id: string; offers: FieldOffer[]; why: string }[] }

export interface Conflict { code: string; details?: Record<string, any> }

/** One request that waits for its turn. */
export interface OutboxItem {
  seq?: number
  kind: 'visit' | 'photo' | 'assignment' | 'shift' | 'alarm' | 'torn' | 'deposit' | 'agreement'
    | 'trail' // of another phone: one's own goes from the points
  /** What it is about: the visit's, photo's or shift's id. */
  ref: string
  visit_id: string | null
  title: string
  method: 'POST' | 'PATCH'
  path: string
  text: string
  headers: Record<string, string>
  /** A picture that goes with it. */
  photo_id?: string
  made_at: string
  state: 'waiting' | 'refused'
  tries: number
  next_at: number
  problem: { code: string; status: number; details: Record<string, any> } | null
}

/** A provisional receipt, kept for as long as somebody may ask for it. */
export interface Receipt {
  number: string
  visit_id: string
  case_id: string
  portfolio_id: string
  name: string
  amount_minor: number
  currency: string
  at: string
  state: 'issued' | 'void'
  reason: string
  /** What its QR says; empty until it is signed. */
  token: string
}

/** What the server knows of one's cash. */
export interface CashFacts {
  as_of: string
  series: string
  last: number
  missing: number[]
  hands: { portfolio_id: string; currency: string; held_minor: number; declared_minor: number; owed_minor: number; answers_for_minor: number; limit_minor: number }[]
  deposits: {
    deposit_id: string; portfolio_id: string; amount_minor: number; currency: string; at: string; state: 'declared' | 'counted'
    difference_minor: number
  }[]
}
