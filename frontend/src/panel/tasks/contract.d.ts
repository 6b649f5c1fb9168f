/** Tasks, as the API gives them (docs/openapi.json). */

import type { Money } from '../../core/contract.js'

export type TaskKind = 'call' | 'visit' | 'legal' | 'review' | 'other' | 'mention'

export interface Task {
  task_id: string
  kind: TaskKind
  state: 'open' | 'done' | 'dropped'
  due_on: string
  /** Why it is asked for: `strategy`, `reply`, `payment`, `manual`, `mention`... */
  cause: string
  /** Id and version of the strategy that asked for it. */
  strategy: string
  step: string
  text: string
  owner: { id: string; name: string } | null
  asked_by: { id: string; name: string }
  created_at: string
  ended_at: string | null
  ended_by: { id: string; name: string }
  outcome: string
}

export interface TaskLine extends Task {
  case_id: string
  case_name: string
  portfolio_id: string
  balance: Money
  when: 'late' | 'today' | 'later'
  /** Until it is due; below nothing, it is late. */
  days: number
}

export interface Colleague {
  person_id: string
  name: string
  role: string
}

/** What `PATCH /cases/{id}/tasks/{task}` takes: one of these. */
export interface TaskChange {
  state?: Task['state']
  outcome?: string
  owner?: string
  due_on?: string
}
