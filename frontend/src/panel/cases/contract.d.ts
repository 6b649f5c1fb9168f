/** Shapes of the HTTP API (v1) about cases: the list and the page of one. */

import type { Agreement } from '../agreements/contract.js'
import type { Band, Money } from '../../core/contract.js'
import type { Task } from '../tasks/contract.js'

export type CaseStatus = 'open' | 'promised' | 'held' | 'settled' | 'void'
export type Matched = 'name' | 'tax_id' | 'phone' | 'email' | 'debt' | 'debtor'

export interface CaseRow {
  case_id: string
  portfolio_id: string
  name: string
  tax_id: string
  status: CaseStatus
  balance: Money
  oldest_due_on: string | null
  dpd: number
  band: string | null
  city: string
  tags: string[]
  debts: number
  last_payment_on: string | null
  /** Who answers for it. */
  owner: { id: string; name: string } | null
  /** How many of its debts are charged off and owe. */
  charged_off: number
  updated_at: string
  /** When the debtor was last written to, called or visited; of lists alone. */
  touched_on?: string | null
  matched?: Matched | null
}

export interface ExportJob { export_id: string; state: 'running' | 'done' | 'failed'; rows: number; url?: string | null }

export interface CaseFacts extends CaseRow {
  legal_dpd: number
  treatment_dpd: number
  total_due: Money
  interest_accrued: Money
  charged_off_balance: Money
  merged_into: string | null
  /** The number of the request by which the person's data were erased; empty: they were not. */
  erased: string
  /** Noted on the case; empty: none. */
  language: string
  /** Hours and days in which the debtor wants to be contacted. */
  wish: { opens_at: string; closes_at: string; not_on: string[] } | null
  /** What messages are written in now. */
  written_in: string
}

export interface Instalment { number: number; due_on: string; amount: Money; open: Money }

export interface ChargeOff {
  charge_off_id: string
  state: 'waiting' | 'standing' | 'returning'
  reason: string
  on: string
  amount: Money
  note: string
  asked_by: { id: string; name: string }
  /** The creditor's file says so, and who asked loaded it. */
  from_file: boolean
  in_force: boolean
  interest_stops: boolean
}

export interface Debt {
  debt_id: string
  external_id: string
  product: string
  issued_on: string | null
  due_on: string
  dpd: number
  band: string | null
  balance: Money
  principal: Money
  interest: Money
  fees: Money
  moratory: Money
  total_due: Money
  instalments: Instalment[]
  documents: string[]
  void: boolean
  forecast: { percent: number; days: number; expected: ForecastDays | null } | null
  charge_off: ChargeOff | null
}

/** In days after the due date; negative = before it. */
export interface ForecastDays { usual: number; low: number; high: number }
export interface ForecastReason { code: 'paid_before' | 'open_others'; speaks_for: boolean; debts: number; late: number; mean_days: number }
export interface Forecast { percent: number; days: number; expected: ForecastDays | null; reasons: ForecastReason[] }

export interface Contact {
  contact_id: string
  kind: 'phone' | 'email'
  value: string
  party: string
  quality: 'valid' | 'unverified' | 'invalid' | 'wrong_person'
  detail: string
  source: string
}

export interface Address {
  address_id: string
  lines: string
  city: string
  region: string
  postal_code: string
  country: string
  lat: number | null
  lng: number | null
  quality: 'rooftop' | 'street' | 'town' | 'none'
  /** Within it a visit is at the address; 0 without a point. */
  radius_m: number
  source: string
}

export type EntryKind = 'charge' | 'interest' | 'payment' | 'adjustment' | 'waiver' | 'reversal'

export interface Entry {
  entry_id: string
  debt_id: string
  kind: EntryKind
  amount: Money
  principal: Money
  interest: Money
  fees: Money
  effective_on: string
  recorded_at: string
  source: string
  reference: string
  actor: { id: string; name: string }
  reverses: string | null
  reversed_by: string | null
  reason: string
  recovered: boolean
}

export interface PromiseToPay {
  promise_id: string
  amount: Money
  due_on: string
  state: 'open' | 'kept' | 'partial' | 'broken' | 'cancelled' | 'replaced'
  made_at: string
  made_by: { id: string; name: string }
  channel: string
  last_day: string
  paid: Money
  series_id: string
}

/** One promise of a series being thought of; `meant_for` is its day by the calendar alone. */
export interface ProposedPromise { amount: Money; due_on: string; meant_for: string }

/** What became of promises that matured; `score`: what part of one to expect, null while none has. */
export interface Reliability {
  matured: number
  kept: number
  partial: number
  broken: number
  promised: Money
  kept_amount: Money
  score: number | null
}

export interface PersonReliability extends Reliability { person: { id: string; name: string } }

export interface TimelineEvent {
  seq: number
  kind: string
  at: string
  actor: { id: string; name: string }
  facts: Record<string, any>
  personal: Record<string, string>
  hash: string
  /** What a call came to, by language. */
  result: Record<string, string> | null
}

export interface PlannedVisit {
  assignment_id: string
  address_id: string
  person: { id: string; name: string }
  day: string
  state: 'planned' | 'done' | 'withdrawn'
  why: string
  withdrawn: string | null
}

export interface CaseVisit {
  visit_id: string
  at: string
  person: { id: string; name: string }
  kind: 'visit' | 'exception'
  disposition: { code: string; label: Record<string, string> }
  met: string
  exception: string
  verdict: 'verified' | 'unsure' | 'outside'
  distance_m: number | null
  standing: 'received' | 'review' | 'accepted' | 'rejected'
  photos: number
  photos_wanted: number
  /** Null for who may not judge visits, and so not open them. */
  trust: number | null
  doubts: string[]
  lat: number | null
  lng: number | null
}

export interface CaseDispute {
  dispute_id: string
  kind: string
  state: string
  source: string
  debts: string[]
  opened_at: string
  due_on: string
  late: boolean
  owner: { id: string; name: string } | null
  ended_at: string | null
}

/** What was issued to the debtor; `url` works for some minutes. */
export interface IssuedDocument {
  document_id: string
  kind: 'receipt' | 'cash' | 'agreement' | 'settlement' | 'resolution' | 'statement'
  code: string
  issued_at: string
  annulled_at: string | null
  annulled_why: string
  url: string
}

export interface CasePage {
  case: CaseFacts
  portfolio: { id: string; name: string; country: string; currency: string; time_zone: string; bands: Band[] }
  debts: Debt[]
  forecast: Forecast | null
  /** Why there is none; empty where there is one. */
  no_forecast: '' | 'rules' | 'no_model' | 'nothing_open' | 'too_few_paid'
  contacts: Contact[]
  addresses: Address[]
  entries: Entry[]
  promises: PromiseToPay[]
  reliability: Reliability
  tasks: Task[]
  visits_planned: PlannedVisit[]
  /** The last one first. */
  visits: CaseVisit[]
  agreements: Agreement[]
  disputes: CaseDispute[]
  /** Newest first, all of them. */
  notes: TimelineEvent[]
  timeline: { items: TimelineEvent[]; cursor: string | null }
  chain: { seq: number; hash: string }
  can: Record<'pay' | 'adjust' | 'reverse' | 'waive' | 'note' | 'tag' | 'promise' | 'visit' | 'dispute' | 'agree' | 'charge_off' | 'see_requests', boolean>
}

/** A contact point or address on one channel, and what the gate says of it now. */
export interface Way {
  contact_id: string
  channel: 'call' | 'sms' | 'whatsapp' | 'email' | 'letter' | 'visit'
  allowed: boolean
  reason_code: string
  article: string
  rules: string
  next_allowed_at: string | null
  consent: 'given' | 'refused' | null
  consent_source: string | null
}

export interface DebtorLink {
  link_id: string
  made_at: string
  made_by: { id: string; name: string }
  until: string
  revoked_at: string | null
  works: boolean
}

export interface LinksPage {
  items: DebtorLink[]
  revoked_before: string | null
}

export interface Hold {
  hold_id: string
  reason: string
  since: string
  until: string | null
  placed_at: string
  placed_by: { id: string; name: string }
  lifted_at: string | null
  note: string
  active: boolean
}

export interface ContactPage {
  ways: Way[]
  holds: Hold[]
  consents: { contact_id: string; channel: Way['channel'] | null; state: 'given' | 'refused'; source: string; at: string; by: { id: string; name: string }; words: string }[]
  can: { consent: boolean; hold: boolean; lift: boolean; decide: boolean }
}

export interface Verdict { ok: boolean; events?: number; head?: string; first_altered?: number }

export type BulkAction = 'assign' | 'hand_out' | 'tag' | 'untag' | 'strategy' | 'hold' | 'release' | 'message' | 'charge_off'

export interface BulkJob {
  job_id: string
  portfolio_id: string
  action: BulkAction
  terms: Record<string, any>
  filters: Record<string, string | number>
  picked: number
  state: 'counting' | 'ready' | 'running' | 'stopped' | 'done' | 'undoing' | 'undone' | 'failed'
  count: number
  sample: { looked: number; reasons: Record<string, number>; lines: { case_id: string; name: string; outcome: 'skipped' | 'refused'; code: string }[] }
  hand_out: { left_out: number; shares: BulkShare[] } | null
  figures: { done: number; skipped: number; refused: number; left: number }
  undone: { done: number; skipped: number; refused: number }
  reasons: Record<string, number>
  created_by: { id: string; name: string }
  created_at: string
  updated_at: string
  url: string | null
  can: { confirm: boolean; stop: boolean; resume: boolean; undo: boolean }
}

/** Open cases that somebody has now and after, and how many of the list's come and go. */
export interface BulkShare { person_id: string; name: string; has: number; gets: number; gives: number; after: number }

export interface Colleague { person_id: string; name: string; role: 'admin' | 'supervisor' | 'agent' }
