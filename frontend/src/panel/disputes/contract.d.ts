/** Disputes as the API answers them; see `handlers/models/disputes.py`. */

import type { Money } from '../../core/contract.js'
import type { Scan } from '../../core/ui/scan.js'

export type DisputeKind =
  | 'not_mine' | 'wrong_amount' | 'already_paid' | 'goods_or_service' | 'deceased' | 'fraud' | 'prescribed' | 'other'
export type DisputeState = 'open' | 'investigating' | 'accepted' | 'partly' | 'rejected' | 'withdrawn'
export type Verdict = 'accepted' | 'partly' | 'rejected' | 'withdrawn'

interface Named { id: string; name: string }

export interface DisputeLine {
  dispute_id: string
  case_id: string
  case_name: string
  portfolio_id: string
  kind: DisputeKind
  state: DisputeState
  source: string
  debts: string[]
  disputed: Money
  opened_at: string
  due_on: string
  late: boolean
  days_left: number | null
  owner: Named | null
  evidence: number
  ended_at: string | null
}

export interface EvidenceFile {
  evidence_id: string
  side: 'debtor' | 'ours'
  name: string
  media_type: string
  size_bytes: number
  at: string
  by: Named
  shown: boolean
  url: string | null
  scan: Scan
}

export interface DisputePage extends DisputeLine {
  text: string
  claimed: Money | null
  opened_by: Named
  taken_up_at: string | null
  files: EvidenceFile[]
  resolution: { at: string; by: Named; reason: string; adjusted: Money; code: string; letter: string | null } | null
  can: { take: boolean; give: boolean; resolve: boolean; evidence: boolean }
}
