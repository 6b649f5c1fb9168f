/** Shapes of the HTTP API (v1) about the queue of calls and the calls themselves. */

import type { Money } from '../../core/contract.js'

export type Factor = 'call_back' | 'promise_broken' | 'due_today' | 'asked' | 'likely' | 'balance' | 'band' | 'rolls_soon' | 'rest' | 'closes_soon'

export interface CallTurn {
  case_id: string
  place: 'ready' | 'later' | 'taken' | 'done'
  segment: string
  segment_name: string
  score: number
  reasons: { code: Factor; points: number; value: number | null }[]
  why: string | null
  until: string | null
  since: string | null
  law_until: string | null
  person: { id: string; name: string } | null
}

export interface NextCall { turn: CallTurn | null; opens_at: string | null; waiting: number }

export interface CallResult {
  code: string
  label: Record<string, string>
  met: 'holder' | 'third' | 'nobody' | 'none'
  wants: ('promise' | 'dispute' | 'callback' | 'note')[]
  does: string | null
  again_hours: number
}

export interface CallSheet {
  stage: 'before_due' | 'early' | 'late' | 'broken'
  language: string
  script: string[]
  due_on: string | null
  brand: string
  results: CallResult[]
  open: { attempt_id: string; contact_id: string; began_at: string; by: string } | null
}

export interface QueueLine { turn: CallTurn; name: string; balance: Money }

export interface QueueBoard {
  segments: { segment: string; name: string; ready: number; given: number }[]
  most: number
  waiting: number
  taken: QueueLine[]
  top: QueueLine[]
  skipped: Record<string, number>
  weights: Record<string, number>
}
