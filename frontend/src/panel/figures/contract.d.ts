/** Shapes of the HTTP API (v1) about figures of the lake. */

export type Unit = 'ratio' | 'times' | 'days' | 'micros' | 'count' | 'money'
export type Part = 'count' | 'money' | 'days' | 'money_days' | 'micros' | 'points'

export interface KpiOffered {
  code: string
  group: string
  unit: Unit
  version: number
  lines: '' | 'bands' | 'vintages' | 'hours' | 'steps' | 'currencies' | 'channels' | 'arms' | 'costs' | 'tenths'
  parts: [Part, Part]
  by_channel: boolean
  by_place: boolean
  cases: boolean
}

export interface MeasureOffered { code: string; group: string; unit: Unit; over: 'count' | 'money' | 'micros' | null; needs: string | null; dimensions: string[] }
export interface DimensionOffered { code: string; kind: string }
export interface Catalogue { kpis: KpiOffered[]; measures: MeasureOffered[]; dimensions: DimensionOffered[]; boards: BoardOffered[] }

export interface GoodHours {
  learned: {
    since: string | null; made_at: string; from: string; to: string; days: number
    channels: { channel: string; tries: number; direct: number; best: { weekday: number; hour: number }[]; zones: number; segments: number }[]
  } | null
  used: { queue: number; messages: boolean }
}

export interface FigureLine {
  group_1: string
  group_2: string
  numerator: number
  denominator: number
  sample: number
  value: number | null
  few: boolean
  smoothed?: number | null
  low?: number | null
  high?: number | null
  sure?: number | null
}

export interface Told {
  portfolio_id: string
  currency: string
  from: string
  to: string
  days: number
  days_there: number
  engine: 'duckdb' | 'athena'
  bytes: number
}

/** Work that is in no line of a cost: there is no rate for it. */
export interface LeftOut { part: 'messages' | 'calls' | 'field' | 'visits' | 'km'; of: string; sample: number }
export interface Figure extends Told { kpi: string; version: number; unit: Unit; lines: FigureLine[]; left_out: LeftOut[] }

/** `worth`: what it has of that part of the figure, in the part's own unit. */
export interface CaseBehind { case_id: string; name: string; status: string; times: number; worth: number }
export interface CasesBehind { items: CaseBehind[]; more: boolean; cursor: string | null }

export interface Period { from: string; to: string }

export interface ReportFilter { dimension: string; values: string[] }
export interface ReportDefinition { measures: string[]; dimensions: string[]; filters: ReportFilter[]; limit: number }
export interface BoardOffered { code: string; reports: ReportDefinition[] }
/** `hidden`: of a report for somebody outside, that it is of too few cases to be told. */
export interface MeasureTold { numerator: number; denominator: number | null; value: number | null; hidden?: boolean }
export interface ReportLine { keys: string[]; names: string[]; values: MeasureTold[] }
export interface ReportTold extends Told { measures: string[]; dimensions: string[]; lines: ReportLine[]; more: boolean; borders?: Record<string, { lat: number; lng: number }[]> }
export interface SavedReport extends ReportDefinition {
  report_id: string
  name: string
  period: 'week' | 'days30' | 'month' | 'last_month' | 'days90'
  compare: boolean
  updated_by: { id: string; name: string }
  updated_at: string
  version: number
}
export interface HomeReport extends SavedReport { portfolio_id: string }
export interface HomeReports { items: HomeReport[]; most: number }
export interface ReportLink {
  link_id: string
  report_id: string
  name: string
  from: string
  to: string
  made_by: { id: string; name: string }
  made_at: string
  until: string
  opened: number
  opened_at: string | null
  revoked_at: string | null
  works: boolean
}
export interface SharedReport {
  name: string
  portfolio: string
  country: string
  made_at: string
  until: string
  currency: string
  from: string
  to: string
  days: number
  days_there: number
  measures: Pick<MeasureOffered, 'code' | 'unit' | 'over'>[]
  dimensions: string[]
  lines: { keys: string[]; names: string[]; values: { value: number | null; denominator: number | null; hidden: boolean }[] }[]
  left_out: number
  more: boolean
  least_cases: number
}

/** When a kept report goes by e-mail, of which days, how and to whom. */
export interface ScheduleTerms {
  every: 'day' | 'week' | 'month'
  weekday: number
  month_day: number
  hour: number
  days: 'yesterday' | 'last_7' | 'last_week' | 'month' | 'last_month'
  file: 'pdf' | 'xlsx'
  compare: boolean
  state: 'active' | 'paused'
}
export interface PersonOnSchedule { id: string; name: string; reads: boolean; stopped: boolean }
export interface ReportSchedule extends ScheduleTerms {
  schedule_id: string
  report_id: string
  people: PersonOnSchedule[]
  outside: { address: string; stopped: boolean }[]
  mine: boolean
  next_at: string | null
  updated_by: { id: string; name: string }
  updated_at: string
  version: number
}
export interface ReportSchedules { items: ReportSchedule[]; most_recipients: number; most_outside: number }
export interface ReportLetter { to: string; outside: boolean; state: string; code: string }
export interface ReportMailing {
  key: string
  due_at: string
  asked_by: { id: string; name: string } | null
  from: string
  to: string
  days: number
  days_there: number
  state: 'waiting' | 'sending' | 'sent' | 'failed'
  problem: string
  until: string
  ended_at: string | null
  letters: ReportLetter[]
}

export interface LakeTable { name: string; version: string; about: string; by_day: 'facts' | 'state'; columns: { name: string; type: string; about: string }[] }
export interface LakeFile { day: string; rows: number; size_bytes: number; sha256: string; whole: boolean; exported_at: string; url: string | null }
export interface LakeFiles { portfolio_id: string; portfolio: string; country: string; time_zone: string; currency: string; tables: LakeTable[]; items: LakeFile[] }
