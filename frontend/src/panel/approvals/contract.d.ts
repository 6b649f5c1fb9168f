import type { Money } from '../../core/contract.js'

export type ApprovalKind = 'agreement' | 'correction' | 'cash' | 'point' | 'merge' | 'reported' | 'charge_off' | 'erasure'

export interface WaitingApproval {
  kind: ApprovalKind
  key: string
  case_id: string
  name: string
  asked_by: { id: string; name: string } | null
  asked_at: string
  until: string | null
  amount: Money | null
  detail: Record<string, any>
  own: boolean
  can_decide: boolean
}

export interface ApprovalTray {
  kinds: { kind: ApprovalKind; count: number; more: boolean; oldest_at: string | null; yours: number }[]
  items: WaitingApproval[]
}
