/** Shapes of the API that the pages of texts use. */

export type Channel = 'whatsapp' | 'sms' | 'email' | 'letter' | 'call'
export type Stage = 'preventive' | 'due' | 'friendly' | 'firm' | 'formal' | 'offer' | 'service'
export type TextLanguage = 'es' | 'en' | 'pt'

export interface Button { code: string; title: string }

export interface TextLine {
  template_id: string
  channel: Channel
  language: TextLanguage
  stage: Stage
  subject: string
  version: number
  built_in: boolean
  saved_at: string | null
  saved_by: string | null
}

export interface TextVersion {
  version: number
  saved_at: string
  saved_by: string | null
  note: string
  active: boolean
  subject: string
  body: string
}

export interface TextWhole extends TextLine {
  body: string
  buttons: Button[]
  approved_name: string
  attach_statement: boolean
  own_version: number
  built_in_body: string | null
  built_in_subject: string | null
  versions: TextVersion[]
}

/** What the editor changes. */
export interface TextDraft {
  stage: Stage
  subject: string
  body: string
  buttons: Button[]
  approved_name: string
  attach_statement: boolean
}

export interface Finding {
  level: 'error' | 'warning'
  code: string
  where: string
  line: number
  facts: Record<string, any>
}

export interface SmsCount { encoding: 'gsm7' | 'ucs2'; units: number; segments: number; left: number; outside: string }

export interface TextPreview {
  text: string | null
  subject: string
  html: string
  buttons: Button[]
  sms: SmsCount | null
  approvable: string
  findings: Finding[]
  ok: boolean
}

export interface Variable {
  name: string
  group: string
  kind: string
  always: boolean
  about: string
  fields: string[]
  filters: string[]
}

export interface Offered {
  variables: Variable[]
  families: string[]
  channels: Channel[]
  stages: Stage[]
  buttons: Button[]
}

export interface CaseChoice { case_id: string; name: string }
