/** Shapes of the HTTP API (v1) about the queue of calls and the calls themselves. */

import type { Money } from '../../core/contract.js'
import type { Forecast } from '../cases/contract.js'

export type Factor = 'call_back' | 'promise_broken' | 'due_today' | 'asked' | 'likely' | 'forecast' | 'balance' | 'band' | 'rolls_soon' | 'rest' | 'closes_soon' | 'good_hour' | 'charged_off' | 'quota'

export interface CallTurn {
  case_id: string
  place: 'ready' | 'later' | 'taken' | 'done'
  segment: string
  segment_name: string
  score: number
  reasons: { code: Factor; points: number; value: number | null; basis: '' | 'own' | 'segment' | 'zone' | 'portfolio' | 'voice_heard' | 'voice_unheard' }[]
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
  wants: ('promise' | 'agreement' | 'dispute' | 'callback' | 'note')[]
  does: string | null
  again_hours: number
  visits: boolean
}

export type Stage = 'before_due' | 'early' | 'late' | 'broken' | 'agreed' | 'disputed'

export interface Script { stage: Stage; language: string; lines: string[] }

export interface CallPolicy { results: CallResult[]; hidden: string[]; scripts: Script[] }

export interface QueuePolicy { weights: Record<string, number>; least_percent: number; hold_minutes: number; fill: number; segment_parts: { segment: string; percent: number }[] }

export interface CallSettings {
  results: (CallResult & { always: boolean })[]
  scripts: Script[]
  variables: string[]
  of_the_debt: string[]
  weights: Record<string, number>
  most_weight: number
  forecast_until: string | null
  hours_until: string | null
  /** What of today's calls each segment had; an empty one: cases of none. */
  segments: { segment: string; name: string; given: number }[]
  history: { portfolio_version: number; replaced_at: string; replaced_by: { id: string; name: string }; queue: QueuePolicy; calls: CallPolicy }[]
}

export type ForecastModel = 'rules' | 'first' | 'second'

/** With its 95 % interval. */
export interface Span { value: number; low: number; high: number }

export interface ForecastSettings {
  version: number
  models: { name: 'first' | 'second'; model_id: string | null; until: string | null }[]
  champion: ForecastModel
  challenger: ForecastModel | null
  percent: number
  test_id: string | null
  current: boolean
  can_change: boolean
  tests: { test_id: string; champion: ForecastModel; champion_id: string; challenger: ForecastModel; challenger_id: string; percent: number; started_at: string; started_by: { id: string; name: string }; running: boolean }[]
}

/** `watched`: cases whose days are over; only they count in what follows. */
export interface ForecastArm { code: 'champion' | 'challenger'; model: ForecastModel; cases: number; watched: number; paid: number; rate: Span | null; collected: Money; promises: number; kept: number }

interface ForecastCounted { cases: number; observed: Span | null; small: boolean }
export interface ForecastBin extends ForecastCounted { low: number; high: number; predicted: number | null }
export interface ForecastGroup extends ForecastCounted { by: 'open_debts' | 'paid_debts' | 'product'; name: string; predicted: number }

export interface ForecastQuality {
  model: 'first' | 'second'
  model_id: string | null
  until: string | null
  days: number
  months: { month: string; cases: number }[]
  sampled: boolean
  cases: number
  paid: number
  predicted: number | null
  observed: Span | null
  auc: number | null
  brier: number | null
  usual_brier: number | null
  verdict: 'small' | 'good' | 'high' | 'low'
  bins: ForecastBin[]
  groups: ForecastGroup[]
  drift: number | null
  drifted: boolean
  cursor: string | null
}

export interface ForecastResult {
  test_id: string
  days: number
  arms: ForecastArm[]
  paid: Span | null
  kept: Span | null
  collected_minor: Span | null
  needed: number
  enough: boolean
  cursor: string | null
}

/** `was`: its place with the weights that hold; `all`: nothing else is ready. */
export interface QueuePreview {
  items: { case_id: string; name: string; was: number; score: number; reasons: CallTurn['reasons'] }[]
  looked: number
  all: boolean
}

export interface CallSheet {
  stage: Stage
  language: string
  script: string[]
  /** What of the names in a script is not on the case's page. */
  words: Record<string, string>
  /** Null: `no_forecast` says why. */
  forecast: Forecast | null
  no_forecast: '' | 'rules' | 'no_model' | 'nothing_open' | 'too_few_paid'
  due_on: string | null
  brand: string
  results: CallResult[]
  open: { attempt_id: string; contact_id: string; began_at: string; by: string; rung: boolean } | null
  /** One rings for a call, if it is asked to; else it is dialled by hand. */
  dialer: boolean
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
