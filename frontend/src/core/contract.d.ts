/** Shapes of the HTTP API (v1) that the pages read and write. See docs/ and /api/v1/openapi.json. */

export interface Money { minor: number; currency: string }

export type Role = 'admin' | 'supervisor' | 'agent'
export type Language = 'es' | 'en' | 'pt'

export interface Me {
  person_id: string
  email: string
  name: string
  role: Role
  portfolios: string[]
  language: Language
  totp: boolean
  team: string
  phone: string
  mention_mail: Often
  task_mail: Often
  call_back_mail: Often
  approval_mail: Often
}

/** How often one is told by e-mail. */
export type Often = 'now' | 'daily' | 'never'

export interface Person extends Me {
  disabled: boolean
  status: 'invited' | 'active' | 'disabled'
  invited_at: string | null
  last_seen_at: string | null
  /** Empty without a photo. */
  photo_key: string
}

export interface List<T> { items: T[]; cursor: string | null }

export interface Tokens { access_token: string; expires_in: number; me: Me }

export interface Challenge {
  challenge: 'new_password' | 'totp' | 'totp_setup'
  session: string
  totp?: { secret: string; uri: string }
}

export interface Country {
  code: string
  currency: string
  currencies: string[]
  time_zones: string[]
  default_time_zone: string
  languages: Language[]
  tax_ids: string[]
}

export interface Band { code: string; from_dpd: number | null; to_dpd: number | null }
export type Component = 'fees' | 'interest' | 'principal'

export interface Moratory {
  annual_rate_ppm: number
  day_count: number
  grace_days: number
  cap_ppm: number | null
}

export interface AgreementLimits {
  min_down_payment_ppm: number
  max_instalments: number
  max_discount_principal_ppm: number
  max_discount_interest_ppm: number
  max_discount_fees_ppm: number
  min_share_minor: number
  frequencies: ('weekly' | 'fortnightly' | 'monthly')[]
  first_within_days: number
  valid_days: number
  earned: 'start' | 'share' | 'end'
  missed: number
  grace_days: number
  extension_days: number
  restructures: number
  capitalise: boolean
  approver: 'supervisor' | 'admin'
  approval_hours: number
}

/** Empty lists and nulls: any. */
export interface AgreementRule {
  name: string
  limits: AgreementLimits
  bands: string[]
  products: string[]
  min_minor: number | null
  max_minor: number | null
}

export interface Policies {
  bands: Band[]
  allocation_order: Component[]
  moratory: Moratory
  tolerance_minor: number
  geofence_radius_m: number
  cash_allowed: boolean
  cash: { hand_limit_minor: number | null }
  queue: import('../panel/calls/contract.d.ts').QueuePolicy
  calls: import('../panel/calls/contract.d.ts').CallPolicy
  ranking: boolean
  best_hour: boolean
  /** In minor units; null is not counted. */
  costs: Record<'call_hour_minor' | 'field_hour_minor' | 'visit_minor' | 'km_minor' | 'dollar_minor', number | null>
  commission: import('../panel/team/contract.d.ts').CommissionRules[]
  agreements: AgreementLimits
  /** The first that fits a case holds, else the limits above. */
  agreement_rules: AgreementRule[]
  role_limits: {
    agent_payment_minor: number | null
    agent_adjustment_minor: number | null
    supervisor_adjustment_minor: number | null
  }
  charge_off: { after_days: number | null; interest_goes_on: boolean }
  retention_years: number
  promises: Record<'most_days' | 'broken_before_person' | 'pause_days' | 'most_together' | 'tolerance_days' | 'kept_percent' | 'partial_percent', number>
  disputes: { answer_days: number; owner: string }
  office: OfficeDay[]
  field: FieldPolicy
}

/** When people answer on a day of the week; 1 = Monday. */
export interface OfficeDay {
  weekday: number
  opens_at: string
  closes_at: string
}

/** One result that a visit can come to. */
export interface Disposition {
  code: string
  label: { es: string; en: string; pt: string }
  met: ('holder' | 'codebtor' | 'family' | 'neighbour' | 'employer' | 'nobody')[]
  wants: ('promise' | 'cash' | 'payment_report' | 'dispute' | 'contacts' | 'address' | 'opt_outs' | 'notice_photo' | 'door_photo' | 'signature' | 'agreement' | 'note')[]
  needs_cash: boolean
}

/** Where a questionnaire is asked; empty lists mean everywhere. */
export interface FormUse {
  form_id: string
  products: string[]
  dispositions: string[]
}

export interface FieldPolicy {
  show_amount: 'exact' | 'band' | 'none'
  /** Empty: the country's list holds. */
  dispositions: Disposition[]
  forms: FormUse[]
  /** The creditor's addresses that are told of each visit. */
  visit_results_to: string[]
}

export interface Branding {
  display_name: string
  colour: string
  logo_key: string | null
  contact_line: string
}

/** Who collects and for whom; all plain texts. */
export interface Identification {
  creditor: string
  creditor_tax_id: string
  creditor_address: string
  agency: string
  registration: string
  address: string
  phone: string
  email: string
  complaints: string
  payment_means: string
}

export interface PortfolioBody {
  name: string
  creditor: string
  country: string
  currency: string
  time_zone: string
  language: Language
  branding: Branding
  identification: Identification
  policies: Policies
}

export interface Portfolio extends PortfolioBody {
  portfolio_id: string
  created_at: string
  updated_at: string
  version: number
  archived: boolean
  kpis?: { cases: number; balance: Money; overdue: Money }
}

export interface PaymentAccount {
  enabled: boolean
  methods: string[]
  settings: Record<string, string>
  key_hint: string
  label: string
  tested_at: string | null
  problem: string
  version: number
}

export interface PaymentProvider { provider: string; methods: string[]; keys: string[]; settings: string[]; notify_url: string; account: PaymentAccount | null }

export interface BankFileQuestion { id: string; kind: string; suggested?: string; choices: { value: string; example?: string }[] }

export interface BankFileReport {
  rows: number
  outcomes: Record<string, number>
  rejects: { row: number; text: string }[]
  rejected: number
  next_row: number | null
  questions: BankFileQuestion[]
}

export interface Token { token_id: string; name: string; use: 'uploads' | 'slice'; until: string | null; works: boolean; created_at: string; last_used_at?: string | null; token?: string }

/** What became of agreements in a span; kept is counted on payments that matured in it. */
export interface AgreementFigures {
  offered: number
  accepted: number
  completed: number
  broken: number
  agreed: Money
  matured: number
  kept: number
  due: Money
  paid: Money
}

export interface KpiFigures {
  currency: string
  balance: Money
  overdue: Money
  debts: number
  cases: Record<'open' | 'promised' | 'held' | 'settled', number>
  bands: (Band & { balance: Money; debts: number })[]
  recovered: Record<'today' | 'this_week' | 'this_month' | 'last_month_to_date' | 'last_month', Money>
  payments: { today: number; this_month: number }
  disputes: { open: number; cases: number; balance: Money; this_month: Record<'opened' | 'accepted' | 'partly' | 'rejected' | 'withdrawn', number> }
  promises: Record<'matured' | 'kept' | 'partial' | 'broken', number>
  agreements: Record<'this_week' | 'this_month' | 'last_month', AgreementFigures>
  days: { day: string; paid: Money; payments: number }[]
}

export interface Kpis extends KpiFigures { as_of: string; today: string }
