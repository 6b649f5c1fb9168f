/** Many documents of the creditor at once, as the API answers of them. */

import type { PaperKind } from '../case/papers-contract.js'

export interface MatchedDebt { debt: string, case_id: string, case_name: string }

export interface Match {
  name: string
  outcome: 'matched' | 'ambiguous' | 'known' | 'no_debt'
  kind: PaperKind | null
  debts: MatchedDebt[]
}

export interface Placed {
  mark: string
  name: string
  outcome: 'placed' | 'known' | 'no_debt' | 'refused'
  reason: string
}

/**
 * `reading`: hashed and asked about. `twice`: the same bytes are in the heap already. `unfit`: no
 * document, or too large. `failed`: the line broke; it is sent again.
 */
export type LineState =
  | 'reading' | 'matched' | 'ambiguous' | 'no_debt' | 'known' | 'twice' | 'unfit'
  | 'sending' | 'placed' | 'refused' | 'failed'

export interface Line {
  id: string
  file: File
  path: string
  sha256: string
  state: LineState
  reason: string
  kind: PaperKind | null
  debts: MatchedDebt[]
  debt: string
}
