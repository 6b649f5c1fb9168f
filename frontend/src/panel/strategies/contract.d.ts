/** Strategies, segments, dry runs and A/B results, as the API (v1) has them. */

export type Channel = 'call' | 'sms' | 'whatsapp' | 'email' | 'letter' | 'visit'
export type Work = 'call' | 'visit' | 'legal' | 'review'
export type Value = number | string | boolean | null | (number | string | boolean)[]

export interface Rule { op: string; field: string; value: Value; parts: Rule[] }
export interface Trigger { kind: 'due' | 'previous' | 'event'; days: number; event: string | null }
export interface Offer { principal_ppm: number; interest_ppm: number; fees_ppm: number; valid_days: number }

export interface Step {
  code: string
  trigger: Trigger
  condition: Rule | null
  channels: Channel[]
  template_id: string
  work: Work[]
  offer: Offer | null
  call_back: 'never' | 'answered' | 'unanswered'
  late_days: number | null
  arms: string[]
}

export interface Arm { code: string; weight: number; holdout: boolean }
export interface Fault { where: string; field: string; reason: string }

export interface Content {
  name: string
  steps: Step[]
  min_gap_days: number
  stop: Rule | null
  pause_on_promise: boolean
  arms: Arm[]
}

export interface Strategy extends Content {
  strategy_id: string
  portfolio_id: string
  version: number
  /** Sent back with every change: of two who write, the second is told. */
  edit: number
  state: 'draft' | 'published' | 'archived'
  valid_from: string | null
  ready_made: string
  created_at: string | null
  created_by: string
  published_at: string | null
  problems: Fault[]
}

export interface Segment {
  segment_id: string
  name: string
  priority: number
  strategy_id: string
  rule: Rule | null
  daily_quota: number | null
}

export interface ListPrice { channel: string; unit: string; micros: number; basis: string }

export interface Playbook {
  portfolio_id: string
  segments: Segment[]
  monthly_budget_micros: number | null
  daily_budget_micros: number | null
  budget_currency: string
  own_prices: Record<string, number>
  updated_at: string | null
  updated_by: string
  version: number
}

export interface ReadyMade {
  code: string
  names: Record<string, string>
  texts: Record<string, string>
  rule: Rule | null
  steps: Step[]
}

export interface Vocabulary {
  fields: { name: string; kind: 'number' | 'money' | 'text' | 'flag' | 'set'; ops: string[] }[]
  events: string[]
  channels: Channel[]
  work: Work[]
  ready_made: ReadyMade[]
}

export interface SegmentCounts {
  items: { segment_id: string; cases: number; balance_minor: number }[]
  seen: number
  sampled: boolean
}

export interface DryLine {
  case_id: string
  name: string
  outcome: 'goes' | 'waits' | 'denied' | 'asks' | 'nothing'
  segment: string
  strategy: string
  arm: string
  step: string
  channel: string
  template_id: string
  at: string | null
  code: string
  article: string
  cost_micros: number
  balance_minor: number
}

export interface DryRun {
  dry_run_id: string
  state: 'running' | 'done'
  day: string
  cases: number
  outcomes: Record<string, number>
  channels: Record<string, number>
  codes: Record<string, number>
  cost_micros: number
  sample: number | null
  daily_budget_micros: number | null
  cost_currency: string
  lines: DryLine[]
  urls: string[]
}

export interface Interval { value: number; low: number; high: number }
export interface Experiment {
  strategy: string
  base: string
  arms: { code: string; holdout: boolean; cases: number; paid: number; rate: Interval | null; against: Interval | null }[]
  cursor: string | null
}
