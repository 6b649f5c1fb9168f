/** Shapes of the HTTP API (v1) about uploads and merges. */

import type { Money } from '../../core/contract.js'

export type Mode = 'debts' | 'balances' | 'payments'

export type UploadState =
  | 'awaiting_file' | 'reading' | 'needs_mapping' | 'checking' | 'ready' | 'applying'
  | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone'

export type ColumnKind =
  | 'money' | 'date' | 'phone' | 'email' | 'tax_id' | 'id' | 'text' | 'number' | 'coordinate' | 'empty'

export interface UploadField {
  field: string
  required: boolean
  kind: ColumnKind
  /** Of the fields with the same value here, one is needed. */
  one_of?: string | null
}

export interface Column {
  index: number
  header: string
  samples: string[]
  kind: ColumnKind
  field: string | null
  confidence: number
  reading: Reading
  distinct: number
  empty: number
  /** Exact, of the readable cells: amounts. */
  sum?: string | null
  /** ISO dates. */
  min?: string | null
  max?: string | null
  unreadable?: number
}

/** How a column's cells are read; which of these are there depends on its kind. */
export interface Reading {
  decimal?: string | null
  order?: string | null
  form?: string | null
  /** Why it is read so; `asked`: it waits for an answer. */
  because?: string | null
  [more: string]: unknown
}

export interface Question {
  id: string
  column: number | null
  kind: string
  suggested?: string | null
  choices: { value: string; label_key?: string | null; example?: string | null }[]
}

export interface Inspection {
  encoding: string | null
  delimiter: string | null
  sheet: string | null
  sheets: string[]
  header_rows: number[]
  first_data_row: number
  rows: number
  shape: string
  columns: Column[]
  questions: Question[]
  preview: string[][]
  problems: { code: string; details: Record<string, any> }[]
  totals_rows: number[]
  remembered: boolean
}

export interface Mapping {
  columns: Record<string, string | null>
  answers: Record<string, string>
  sheet: string | null
  header_rows?: number[]
}

export interface Figures {
  rows: number
  created: number
  updated: number
  unchanged: number
  rejected: number
  closed: number
  amount_minor: number
}

export interface Progress {
  rows_total: number | null
  rows_read: number
  rows_done: number
  created: number
  updated: number
  unchanged: number
  rejected: number
  rows_per_s: number | null
  seconds_left: number | null
}

export interface RejectReason { code: string; field?: string | null; count: number; rows: number[] }

export interface Upload {
  upload_id: string
  portfolio_id: string
  mode: Mode
  state: UploadState
  filename: string
  size_bytes: number
  close_absent?: boolean
  apply_automatically?: boolean
  created_by: { id: string; name: string }
  created_at: string
  updated_at: string
  started_at: string | null
  finished_at: string | null
  inspection: Inspection | null
  mapping: Mapping | null
  checked: Figures | null
  applied: Figures | null
  progress: Progress
  problem: { code: string; details: Record<string, any> } | null
  same_as: string | null
  has_rejects: boolean
  reasons: RejectReason[]
  warnings: RejectReason[]
  can: { apply: boolean; cancel: boolean; undo: boolean; map: boolean }
}

export interface MergeCase {
  case_id: string
  name: string
  tax_id: string
  city: string
  status: string
  debts: number
  balance: Money
  phones: string[]
  emails: string[]
  addresses: string[]
  products: string[]
}

export interface MergeProposal {
  proposal_id: string
  cases: MergeCase[]
  score: number
  reasons: string[]
}
