/** Shapes of the HTTP API (v1) about conversations. */

import type { Money } from '../../core/contract.js'

export type Desk = 'bot' | 'waiting' | 'person' | 'quiet'
export type Tray = 'all' | 'waiting' | 'unknown' | 'shared'
export type Party = 'debtor' | 'codebtor' | 'guarantor' | 'family' | 'reference' | 'other'

export interface TalkCase { case_id: string; name: string; status: string; balance: Money }

export interface Conversation {
  conversation_id: string
  portfolio_id: string
  channel: string
  phone: string
  name: string
  case: TalkCase | null
  cases: number
  desk: Desk
  reason: string
  taken_by: { id: string; name: string } | null
  unread: number
  preview: string
  preview_by: string
  last_in_at: string | null
  moved_at: string
  window_ends_at: string | null
  messages: number
}

export interface ConversationList { items: Conversation[]; cursor: string | null; mark: string }

export interface Message {
  seq: number
  at: string
  by: { kind: 'debtor' | 'bot' | 'user' | 'business' | 'system'; name: string }
  kind: string
  text: string
  buttons: string[]
  media: { type: string; stored: boolean }[]
  intent: string
  state: string
  problem: string
}

export interface ConversationPage {
  conversation: Conversation
  cases: TalkCase[]
  identified: string
  portfolio: { id: string; name: string }
  messages: Message[]
  more: boolean
  window_ends_at: string | null
  can: { take: boolean; hand_back: boolean; reply: boolean; attach: boolean; erase: boolean }
  why_not: string
  next_allowed_at: string | null
  templates: string[]
}
