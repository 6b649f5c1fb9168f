/** Visits as the API answers them; docs/openapi.json is the source. */

import type { Scan } from '../../core/ui/scan.js'

export type Standing = 'received' | 'review' | 'accepted' | 'rejected'
export type VerdictName = 'verified' | 'unsure' | 'outside'

export interface Named { id: string, name: string }

export interface VisitLine {
  visit_id: string
  case_id: string
  case_name: string
  portfolio_id: string
  person: Named
  at: string
  received_at: string
  kind: 'visit' | 'exception'
  disposition: { code: string, label: Record<string, string> }
  met: string
  exception: string
  verdict: VerdictName
  distance_m: number | null
  trust: number
  doubts: string[]
  counted: boolean
  state: 'photos_wanted' | 'complete'
  standing: Standing
  photos: number
}

export interface Judged { verdict: VerdictName, distance_m: number | null, radius_m: number, reasons: string[] }

export interface Photo {
  photo_id: string
  kind: string
  taken_at: string
  width: number
  height: number
  lat: number | null
  lng: number | null
  url: string | null
  scan: Scan
}

export interface Evidence {
  address: { lat: number, lng: number, lines: string } | null
  quality: string
  radius_m: number
  fixes: { at: string, lat: number, lng: number, accuracy_m: number }[]
  trail: { at: string, lat: number, lng: number }[]
}

export interface VisitPage extends VisitLine {
  portfolio: { id: string, name: string, currency: string, time_zone: string }
  started_at: string
  finished_at: string
  stay_s: number
  /** When its result went out by e-mail. */
  told_at: string | null
  device_id: string
  app_version: string
  met_name: string
  exception_text: string
  phone_verdict: Judged
  server_verdict: Judged
  signs: { sign: string, weight: number, figure: number }[]
  review_below: number
  ruling: { allowed: boolean, reason_code: string, article: string, rules: string } | null
  conflicts: { code: string, details: Record<string, string | number> }[]
  promise: { promise_id: string, amount_minor: number, due_on: string } | null
  cash: { number: string, amount_minor: number, at: string } | null
  payment_report: { amount_minor: number, paid_on: string, reference: string } | null
  dispute: { kind: string, text: string } | null
  contacts: { kind: string, value: string, party: string }[]
  address_found: { lines: string, city: string } | null
  opt_outs: string[]
  note: string
  form: { form_id: string, version: number, answers: { question: string, answer: string }[] | null } | null
  photos_taken: Photo[]
  evidence: Evidence
  review: { accepted: boolean, by: Named, at: string, reason: string } | null
  can: { review: boolean }
}

export interface Device {
  device_id: string
  person: Named
  name: string
  platform: string
  created_at: string
  revoked_at: string | null
}

export interface ProposedPoint {
  case_id: string
  case_name: string
  address_id: string
  lines: string
  lat: number | null
  lng: number | null
  radius_m: number
  proposed_lat: number
  proposed_lng: number
  proposed_radius_m: number
  moved_m: number | null
  evidence: number
}
