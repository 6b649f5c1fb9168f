/** Requests by law as the API answers them; see `handlers/models/data_requests.py`. */

import type { Money } from '../../core/contract.js'

export type RequestKind = 'access' | 'rectification' | 'erasure' | 'opposition' | 'restriction' | 'portability'
export type RequestState = 'received' | 'identity' | 'work' | 'answered' | 'done' | 'refused'
export type Verdict = 'granted' | 'partly' | 'restricted' | 'refused'
export type Ground = 'not_proven' | 'not_held' | 'debt_in_force' | 'law_keeps' | 'others' | 'repeated'

interface Named { id: string; name: string }

export interface RequestLine {
  request_id: string
  portfolio_id: string
  number: string
  kind: RequestKind
  way: string
  state: RequestState
  name: string
  cases: number
  received_on: string
  due_on: string
  late: boolean
  days_left: number | null
  verdict: Verdict | ''
  owner: Named | null
  ended_at: string | null
}

export interface RequestCounts { late: number; soon: number; more: boolean }

export interface RequestLines {
  items: RequestLine[]
  cursor: string | null
  counts: RequestCounts
  kinds: RequestKind[]
}

export interface RequestCase { case_id: string; name: string; status: string; balance: Money }

export interface ErasureBlocker { case_id: string; name: string; reason: string; amount_minor: number | null; currency: string }

/** `goes` and `stays`: counted now, or once it is done what was counted as it was done.
 * A count of null: what is not counted. */
export interface Erasure {
  state: 'open' | 'asked' | 'rejected' | 'running' | 'done'
  asked_by: string
  asked_by_name: string
  asked_at: string | null
  decided_by: string
  decided_by_name: string
  decided_at: string | null
  note: string
  may_decide: boolean
  cases_done: number
  cases: number
  finished_at: string | null
  blockers: ErasureBlocker[]
  goes: { code: string; count: number }[]
  stays: { code: string; count: number | null; why: string; article: string }[]
}

export interface RequestPage extends RequestLine {
  version: number
  made_at: string
  made_by: Named
  words: string
  reply_to: string
  proof: string
  proven_at: string | null
  proven_by: Named | null
  term: {
    law: string; article: string; days: number; unit: 'business' | 'calendar' | 'month'; carry_days: number; own: boolean
    answer_by: string; carry_by: string | null; extended_to: string | null
  }
  case_list: RequestCase[]
  alike: RequestCase[]
  keeps: { article: string; checked: 'text' | 'secondary' | 'no' }
  in_force: boolean
  answer: { verdict: Verdict; ground: Ground | ''; article: string; text: string; at: string; by: Named } | null
  erasure: Erasure | null
  steps: { at: string; act: string; note: string; by: Named }[]
  can: { work: boolean; extend: boolean; carry_out: boolean; letter: boolean }
}
