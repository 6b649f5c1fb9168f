/** A compiled questionnaire, as `chalicelib/forms/compiling.py` makes it. */

export type Tree = (string | number | Tree)[]
/** One text, or texts and expressions in turn where it mentions answers. */
export type Text = string | (string | Tree)[]
export type Texts = Record<string, Text>

export interface Choice {
  name: string
  label: Texts
  columns?: Record<string, string>
  media?: Record<string, Record<string, string>>
}

export interface Item {
  name: string
  kind: string
  row?: number | null
  label?: Texts
  hint?: Texts
  guidance?: Texts
  required_message?: Texts
  constraint_message?: Texts
  media?: Record<string, Record<string, string>>
  appearance?: string[]
  parameters?: Record<string, string>
  relevant?: Tree
  required?: true | Tree
  constraint?: Tree
  calculate?: Tree
  volatile?: true
  read_only?: true
  default?: string
  dynamic_default?: Tree
  list?: string
  list_from?: string[]
  filter?: Tree
  count?: Tree
  trigger?: string[][]
  source?: string
  topic?: string
  forbidden?: string
  items?: Item[]
}

export interface Form {
  format: number
  form_id: string
  title: string
  version: string
  digest: string
  root: string
  default_language: string
  languages: string[]
  lists: Record<string, Choice[]>
  items: Item[]
}

/** What a form may know beside its answers; see `Surroundings` in `chalicelib/forms/evaluate.py`. */
export interface Surroundings {
  now: string
  language?: string
  presets?: Record<string, string>
  device?: Record<string, string>
  saved?: Record<string, string>
}

export interface Problem { question: string; path: string; code: string }
