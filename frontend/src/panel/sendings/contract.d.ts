/** Messages on their way, as the API answers them. */

export type TrayState = 'planned' | 'reserved' | 'failed' | 'denied'

export interface MessageLine {
  case_id: string
  attempt_id: string
  name: string
  channel: string
  direction: 'out' | 'in'
  state: string
  hangs: boolean
  template_id: string
  problem: string
  reason_code: string
  not_before: string | null
  created_at: string
  sent_at: string | null
  delivered_at: string | null
  read_at: string | null
  ended_at: string | null
  cost_micros: number
  cost_currency: string
  provider: string
  provider_id: string
  tracking: string
}

export interface OutboxSummary {
  states: Record<TrayState, number>
  counted_up_to: number
  month: Spending & { month: string }
  day: Spending & { day: string }
}

export interface Spending {
  messages: number
  spent_micros: number
  limit_micros: number | null
  currency: string
}

export interface MessagePage {
  message: MessageLine
  portfolio: { id: string, name: string, time_zone: string }
  cause: { kind: string, strategy: string, step: string, anchor: string | null, variant: string, by: { id: string, name: string } }
  ruling: { at: string, allowed: boolean, reason_code: string, article: string, rules: string, next_allowed_at: string | null } | null
  content: { to: string, subject: string, text: string, language: string, template: string, buttons: string[], attachments: string[], files: { name: string, sha256: string, url: string }[] } | null
  events: import('../cases/contract.js').TimelineEvent[]
  can: { retry: boolean, settle: boolean, withdraw: boolean, post: boolean }
}

export interface LetterBatch { day: string, letters: number, pages: number, url: string | null }

export interface DeadQueue { name: string, dead: number }
