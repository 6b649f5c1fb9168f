/** Shapes of the HTTP API (v1) about the rules of contact. */

export interface ChannelRule {
  channel: string
  allowed: boolean
  exception_products: string[]
  mon_fri: string[][]
  sat: string[][]
  sun: string[][]
  holiday: string[][] | null
  article: string
  confidence: string
  sources: string[]
}

export interface Cap {
  kind: 'count' | 'count_per_channel' | 'distinct_channels' | 'min_gap_days' | 'after_conversation'
  channels: string[]
  most: number
  period: string
  two_way_only: boolean
}

export interface CapRule extends Cap { cap_id: string; article: string; confidence: string; sources: string[] }

export interface OwnCap { channels: string[]; most: number; period: string }

export interface Limits {
  closed_days: string[]
  closed_channels: string[]
  opens_at: string
  closes_at: string
  caps: OwnCap[]
  regime: string
  authorised_channels: string[]
}

export interface Rules {
  reference: string
  version: string
  valid_from: string
  confidence: string
  regimes: { code: string; name: string }[]
  subdivisions: string[]
  channels: ChannelRule[]
  caps: CapRule[]
  refused_recipients: Record<string, string>
  recipients_article: string
  workplace: 'always' | 'never' | 'if_employer_forbids'
  workplace_article: string
  authorisation_required: boolean
  authorisation_article: string
  hidden_caller_id_forbidden: boolean
  holidays: string[]
  sources: { source_id: string; title: string; address: string }[]
}

export interface RulesPage {
  portfolio_id: string
  version: number
  country: string
  limits: Limits
  rules: Rules | null
  can: { tighten: boolean }
}
