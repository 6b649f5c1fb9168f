/** What the API says about questionnaires; docs/openapi.json. */

import type { Disposition, FormUse } from '../../core/contract'
import type { Form } from '../../core/forms/form'

export interface FormLine {
  form_id: string
  title: string
  state: 'draft' | 'published' | 'archived'
  languages: string[]
  questions: number
  latest: number
  /** 0 when none is. */
  published: number
  without_forbidden: boolean
  revision: number
  created_at: string
  updated_at: string
  updated_by: { id: string; name: string }
  uses: FormUse[]
}

export interface VersionLine {
  number: number
  title: string
  source: 'file' | 'panel'
  base: number
  filename: string
  digest: string
  questions: number
  made_at: string
  made_by: { id: string; name: string }
}

export interface WholeForm extends FormLine {
  versions: VersionLine[]
}

/** What is wrong in a cell of the spreadsheet. */
export interface CellProblem {
  code: string
  detail: string
  sheet: string | null
  row: number | null
  column: string | null
  question: string | null
  text: Record<string, string>
}

export interface OpenedVersion {
  form_id: string
  number: number
  title: string
  compiled: Form
  warnings: CellProblem[]
  forbidden: { question: string; row: number | null; topic: string; article: string }[]
}

export interface DispositionPage {
  items: Disposition[]
  own: boolean
  defaults: Disposition[]
}
