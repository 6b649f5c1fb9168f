/** The creditor's documents of a case, as the API answers them. */

import type { Scan } from '../../core/ui/scan.js'

export type PaperKind = 'invoice' | 'note' | 'contract' | 'statement' | 'delivery' | 'guarantee' | 'other'

export interface Paper {
  paper_id: string
  kind: PaperKind
  name: string
  debt_id: string | null
  shown: boolean
  at: string
  by: { id: string; name: string }
  state: 'stands' | 'replaced' | 'withdrawn' | 'erased'
  ended_at: string | null
  why: string
  url: string | null
  scan: Scan
}

export interface PaperPage {
  items: Paper[]
  can: { add: boolean; erase: boolean }
  shown_kinds: PaperKind[]
}

export interface PaperForms {
  items: { mark: string; post: { url: string; fields: Record<string, string> } }[]
}
