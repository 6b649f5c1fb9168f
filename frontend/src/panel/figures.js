// @ts-check

/** Figures of a portfolio and a period: what each is made of, how sure it is, who is behind it. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Catalogue, Figure, GoodHours, KpiOffered } from './figures/contract.js' */
/** @import { Asked } from './figures/kpi-view.js' */
/** @import { Preset } from './figures/period.js' */
/** @import { Places } from './figures/places.js' */
/** @import { Reports } from './figures/reports.js' */
/** @import { Slice } from './figures/slice.js' */
/** @import { SliceAccess } from './figures/slice-access.js' */
/** @import { ChannelRule } from './rules/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Context } from './shell.js' */

import { addDays, formatDate, todayIn } from '../core/dates.js'
import { loadLaterTexts, localeFor, t } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { selectField, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, emptyState, pageHead, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { hoursUse } from './figures/hours-use.js'
import { dayName, hoursTable } from './figures/hours-view.js'
import { formula, kpiCard, missing } from './figures/kpi-view.js'
import { liquidation, rollMatrix } from './figures/matrix-view.js'
import { Narrowing } from './figures/narrowing.js'
import { patiently } from './figures/patient.js'
import { PRESETS, before, daysOf, periodOf, periodText, readPeriod } from './figures/period.js'
import { csv, csvLines, download, groupText } from './figures/words.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

const GROUPS = ['contact', 'promises', 'recovery', 'ageing', 'receivables', 'field', 'cost', 'strategy', 'hours']
const REPORTS = /** @type {const} */ (['places', 'boards', 'reports', 'slice']) // loaded when they are opened
const TABS = [...GROUPS, ...REPORTS]
const CHANNELS = ['', 'call', 'sms', 'whatsapp', 'email', 'letter', 'visit']
const AT_ONCE = 4 // questions under way
const MOST_BACK = 31 // days that may be ordered from here
const [LOOK_MS, LOOKS] = [2_000, 300] // whether ordered days are there
/** @typedef {{ day: string, first: string | null, last: string | null }} MissingDay */

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const [portfolios, catalogue] = await Promise.all([all(), /** @type {Promise<Catalogue>} */ (api.get('/kpi-catalogue'))])
  let portfolio = chosenPortfolio(portfolios, params)
  let linked = params.get('informe') ?? '' // a kept report that the address names
  const wanted = linked ? 'reports' : (params.get('ver') ?? '')
  const state = {
    group: TABS.includes(wanted) ? wanted : 'contact',
    channel: CHANNELS.includes(params.get('canal') ?? '') ? (params.get('canal') ?? '') : '',
    preset: /** @type {Preset | ''} */ ('days30'),
    period: periodOf('days30', today()),
    draft: { from: '', to: '' }, bad: false,
    /** @type {Map<string, Asked>} */ asked: new Map(),
    /** @type {ChannelRule[] | null} */ rules: null,
    /** @type {GoodHours | null} */ hours: null,
    /** Days were ordered and are not there yet. */ bringing: false,
    /** @type {Reports | null} */ reports: null,
    /** @type {Places | null} */ places: null,
    /** @type {{ files: Slice, access: SliceAccess } | null} */ slice: null,
    board: params.get('tablero') ?? '',
  }
  const given = readPeriod(params.get('desde'), params.get('hasta'))
  if (given) Object.assign(state, { period: given, preset: '' })
  const narrowing = new Narrowing({ api, zone: params.get('zona') ?? '', segment: params.get('segmento') ?? '', onPick: () => void again() })
  let round = 0
  const view = mountView(root, page)
  await again()

  function today() {
    return todayIn(new Date(), portfolio?.time_zone ?? 'UTC')
  }

  function locale() {
    return localeFor(portfolio?.country)
  }

  /** Those that the tab shows. @returns {KpiOffered[]} */
  function shown() {
    if (state.group === 'hours') return catalogue.kpis.filter(({ lines }) => lines === 'hours')
    return catalogue.kpis.filter(({ group, lines }) => group === state.group && lines !== 'hours')
  }

  async function again() {
    const own = ++round
    Object.assign(state, { asked: new Map(), bringing: false, draft: { ...state.period } })
    readdress()
    view.update()
    if (portfolio === null) return
    const chosen = portfolio
    if (state.group !== 'places') state.places?.leave()
    state.slice?.files.leave()
    const kind = REPORTS.find((one) => one === state.group)
    if (kind === 'places') return showPlaces(chosen, own)
    if (kind === 'slice') return showSlice(chosen, own)
    if (kind) return showReports(kind, chosen, own)
    if (state.group === 'hours') {
      const rules = state.rules === null ? api.get(`/portfolios/${encodeURIComponent(chosen.portfolio_id)}/contact-rules`).catch(() => null) : null
      const [found, used] = await Promise.all([rules, api.get(`/portfolios/${encodeURIComponent(chosen.portfolio_id)}/figures/hours`).catch(() => null), narrowing.load(chosen)])
      if (own !== round) return
      state.rules ??= found?.rules?.channels ?? []
      state.hours = used
      readdress()
    }
    const waiting = [...shown()]
    const worker = async () => {
      for (let kpi = waiting.shift(); kpi !== undefined && own === round; kpi = waiting.shift()) {
        const found = await patiently(() => ask(chosen, kpi), () => own === round)
        if (own !== round) return
        state.asked.set(kpi.code, found)
        if (missingDay()?.first === null) waiting.length = 0 // the others would say the same
        view.update()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  /** @param {Portfolio} chosen @param {number} own */
  async function showPlaces(chosen, own) {
    if (state.places === null) {
      const [{ Places: Made }] = await Promise.all([import('./figures/places.js'), loadLaterTexts()])
      state.places ??= new Made({ api, catalogue, root, paint: () => view.now() })
    }
    if (own === round) await state.places.show({ portfolio: chosen, period: state.period, locale: locale() })
  }

  /** @param {Portfolio} chosen @param {number} own */
  async function showSlice(chosen, own) {
    if (state.slice === null) {
      const [{ Slice: Files }, { SliceAccess: Access }] = await Promise.all([import('./figures/slice.js'), import('./figures/slice-access.js'), loadLaterTexts()])
      const facts = { api, update: () => view.update() }
      state.slice ??= { files: new Files({ ...facts, manages: true }), access: new Access(facts) }
    }
    if (own !== round) return
    const facts = { portfolioId: chosen.portfolio_id, locale: locale() }
    await Promise.all([state.slice.files.show({ ...facts, period: state.period }), state.slice.access.show({ ...facts, zone: chosen.time_zone })])
  }

  /** @param {'boards' | 'reports'} kind @param {Portfolio} chosen @param {number} own */
  async function showReports(kind, chosen, own) {
    if (state.reports === null) {
      const [{ Reports: Made }] = await Promise.all([import('./figures/reports.js'), loadLaterTexts()])
      state.reports ??= new Made({ api, catalogue, update: () => view.update(),
        onBoard: (board) => { state.board = board; void again() }, onBuild: () => { state.group = 'reports'; void again() }, onPeriod: pickPreset, onAddress: readdress })
      state.reports.openBoard(state.board)
    }
    if (own !== round) return
    if (linked && kind === 'reports') {
      const report = linked
      linked = ''
      await state.reports.saved.follow(params.get(PARAM) ?? chosen.portfolio_id, report)
    }
    if (own === round) await state.reports.show(kind, { portfolio: chosen, period: state.period, locale: locale(), preset: state.preset })
  }

  /** @param {Portfolio} chosen @param {KpiOffered} kpi @returns {Promise<Asked>} */
  async function ask(chosen, kpi) {
    const path = `/portfolios/${encodeURIComponent(chosen.portfolio_id)}/figures`
    const query = { kpi: kpi.code, channel: (kpi.by_channel && state.channel) || null, ...only() }
    const [now, then] = await Promise.allSettled([
      /** @type {Promise<Figure>} */ (api.get(path, { query: { ...query, ...state.period } })),
      kpi.lines ? Promise.resolve(null) : /** @type {Promise<Figure>} */ (api.get(path, { query: { ...query, ...before(state.period) } })),
    ])
    return {
      now: now.status === 'fulfilled' ? now.value : null,
      then: then.status === 'fulfilled' ? then.value : null,
      problem: now.status === 'rejected' ? asProblem(now.reason) : null,
    }
  }

  /** One card alone. @param {KpiOffered} kpi */
  async function oneAgain(kpi) {
    const own = round
    if (portfolio === null) return
    const chosen = portfolio
    state.asked.delete(kpi.code)
    view.update()
    const found = await patiently(() => ask(chosen, kpi), () => own === round)
    if (own !== round) return
    state.asked.set(kpi.code, found)
    view.update()
  }

  /** Hours are told of a zone or a segment, too. */
  function only() {
    return state.group === 'hours' ? narrowing.query : {}
  }

  /** Which day lacks, and which there are, as the figures asked so far were refused. */
  function missingDay() {
    const problems = state.group === 'slice' ? [] : state.group === 'places' ? [state.places?.problem] : isReports() ? (state.reports?.problems ?? []) : [...state.asked.values()].map((one) => one.problem)
    // What looks further back than the period's eve says so on its own card.
    const eve = addDays(state.period.from, -1)
    const problem = problems.find((one) => one?.code === 'lake.day_missing' && (String(one.details.day) >= eve || one.details.first === null))
    return problem ? /** @type {MissingDay} */ (problem.details) : null
  }

  /** Have the days told now that the coming night would tell. @param {string | null} since */
  async function bring(since) {
    const chosen = portfolio
    const own = round
    if (chosen === null) return
    const path = `/portfolios/${encodeURIComponent(chosen.portfolio_id)}/figures`
    try {
      const { state: found } = await api.put(path, since === null ? {} : { from: since })
      if (own !== round) return
      if (found === 'done') return toast(t('figures.all_there'), 'info')
    } catch (error) {
      return toast(asProblem(error).text, 'bad')
    }
    state.bringing = true
    view.update()
    const kpi = shown()[0] ?? catalogue.kpis[0]
    for (let looks = 0; looks < LOOKS; looks++) {
      await new Promise((resolve) => { window.setTimeout(resolve, LOOK_MS) })
      if (own !== round) return
      const found = await ask(chosen, kpi)
      if (own !== round) return
      if (found.problem?.code === 'lake.day_missing') continue
      // Other tables of the last day may still be on their way.
      const run = await api.put(path, {}).catch(() => null)
      if (own !== round) return
      if (run?.state === 'done') return again()
    }
    state.bringing = false
    toast(t('figures.slow'), 'info')
    view.update()
  }

  /** The first day that a figure of the period looks at, as far back as may be ordered. */
  function earliest() {
    return [addDays(state.period.from, -1), addDays(today(), -1 - MOST_BACK)].sort()[1]
  }

  /** @param {string} group */
  function addressOf(group) {
    return pathTo('figures', { [PARAM]: portfolio?.portfolio_id, ver: group === 'contact' ? '' : group, canal: state.channel, ...(group === 'hours' ? { zona: narrowing.zone, segmento: narrowing.segment } : {}), tablero: group === 'boards' ? state.board : '', informe: group === 'reports' ? linked || state.reports?.saved.openId : '', ...(state.preset === 'days30' ? {} : { desde: state.period.from, hasta: state.period.to }) })
  }

  function readdress() {
    window.history.replaceState(null, '', addressOf(state.group))
  }

  function page() {
    if (portfolio === null) return html`${pageHead({ title: t('common.title.figures') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.figures'), lead: t('figures.lead'),
      actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => { portfolio = picked; state.rules = state.hours = null; void again() } })}
        ${isReports() ? nothing : html`<button type="button" class="button" ?disabled=${state.asked.size === 0} @click=${save}>${icon('download')}CSV</button>`}
        <button type="button" class="button" @click=${() => window.print()}>${t('figures.print')}</button>`,
    })}
    ${tabs(t('figures.groups'), TABS.map((key) => ({ key, label: t(`figures.tab.${key}`), href: addressOf(key) })), state.group, (key, event) => { event.preventDefault(); state.group = key; void again() })}
    ${chooser()}
    <p class="print-only">${portfolio.name}, ${periodText(state.period, locale())}</p>
    ${isReports() ? nothing : html`<p class="muted" role="status">${state.asked.size === 0 ? t('figures.reading') : periodText(state.period, locale())}</p>`}
    ${lacking()}
    ${missingDay()?.first === null ? nothing : isReports() ? reports() : state.group === 'hours' ? hours() : figures()}`
  }

  function isReports() {
    return REPORTS.some((one) => one === state.group)
  }

  function reports() {
    if (state.group === 'places') return state.places?.view() ?? skeleton(8)
    if (state.group === 'slice') return state.slice ? html`${state.slice.files.view()}${state.slice.access.view()}` : skeleton(8)
    if (state.reports === null) return skeleton(8)
    return state.group === 'boards' ? state.reports.boards() : state.reports.build()
  }

  function chooser() {
    const byChannel = shown().some((kpi) => kpi.by_channel)
    return html`<form class="toolbar" @submit=${apply}>
      ${selectField({ name: 'preset', label: t('figures.period'), value: state.preset, onInput: pickPreset,
        options: [...PRESETS.map((key) => ({ value: key, label: t(`figures.preset.${key}`) })), { value: '', label: t('figures.preset.own') }] })}
      ${state.preset === '' ? html`
        ${textField({ name: 'from', label: t('figures.from'), type: 'date', value: state.draft.from, onInput: (value) => { state.draft.from = value } })}
        ${textField({ name: 'to', label: t('figures.to'), type: 'date', value: state.draft.to, error: state.bad ? t('figures.bad_period') : undefined, onInput: (value) => { state.draft.to = value } })}
        <button class="button">${t('figures.apply')}</button>` : nothing}
      ${byChannel ? selectField({ name: 'channel', label: t('figures.channel'), value: state.channel, onInput: (value) => { state.channel = value; void again() },
        options: CHANNELS.map((value) => ({ value, label: value ? groupText(value) : t('figures.all_channels') })) }) : nothing}
      ${state.group === 'hours' ? narrowing.fields() : nothing}
    </form>`
  }

  /** @param {string} value */
  function pickPreset(value) {
    state.preset = /** @type {Preset | ''} */ (value)
    state.bad = false
    if (state.preset === '') return view.update()
    state.period = periodOf(state.preset, today())
    void again()
  }

  /** @param {Event} event */
  function apply(event) {
    event.preventDefault()
    const period = readPeriod(state.draft.from, state.draft.to)
    state.bad = period === null
    if (period === null) return view.update()
    state.period = period
    void again()
  }

  /** Days that are not there are said once, with how to get them and the way to those that are. */
  function lacking() {
    const found = missingDay()
    if (found === null) return nothing
    if (state.bringing) return banner({ tone: 'info', title: t('figures.bringing'), body: t('figures.bringing_body') })
    const { day, first, last } = found
    const order = (/** @type {string | null} */ since) => html`<button type="button" class="button button-small ${first === null ? 'button-primary' : ''}" @click=${() => void bring(since)}>${t('figures.bring')}</button>`
    if (first === null || last === null) return emptyState({ icon: 'clock', title: t('figures.no_days'), body: t('figures.no_days_body'), actions: order(earliest()) })
    const to = last
    const from = [addDays(first, 1), addDays(last, -29)].sort()[1]
    return banner({
      tone: 'warn', title: t('figures.some_days', { first: formatDate(first, locale()), last: formatDate(last, locale()) }), body: t('figures.nightly'),
      actions: html`${day >= addDays(today(), -1 - MOST_BACK) && day < today() ? order(day < first ? day : null) : nothing}
        ${from <= to ? html`<button type="button" class="button button-small" @click=${() => { Object.assign(state, { preset: '', period: { from, to } }); void again() }}>${t('figures.go_there')}</button>` : nothing}`,
    })
  }

  function figures() {
    const [wide, plain] = [shown().filter(({ lines }) => lines === 'bands' || lines === 'vintages'), shown().filter(({ lines }) => lines !== 'bands' && lines !== 'vintages')]
    return html`<div class="figure-grid">${plain.map((kpi) => kpiCard({ kpi, asked: state.asked.get(kpi.code), before: before(state.period), locale: locale(), onCases: (one, group, title) => void cases(one, group, title), onAgain: () => void oneAgain(kpi) }))}</div>
      ${wide.map((kpi) => card({ title: t(`figures.kpi.${kpi.code}`), lead: formula(kpi), body: wideBody(kpi, state.asked.get(kpi.code)) }))}`
  }

  /** @param {KpiOffered} kpi @param {Asked | undefined} asked */
  function wideBody(kpi, asked) {
    if (asked === undefined) return skeleton(6)
    if (asked.now === null) return missing(asked.problem, locale(), () => void oneAgain(kpi))
    if (kpi.lines === 'vintages') return liquidation({ figure: asked.now, locale: locale(), onCell: (vintage, month) => void cases(kpi, [vintage, month], t('figures.curve_title', { vintage, month })) })
    const bands = portfolio?.policies.bands.map(({ code }) => code) ?? []
    return rollMatrix({ figure: asked.now, bands, locale: locale(), onCell: (from, to) => void cases(kpi, [from, to], `${groupText(from)} → ${groupText(to)}`) })
  }

  function hours() {
    const [kpi] = shown()
    const asked = state.asked.get(kpi.code)
    const use = portfolio && state.hours ? card({ title: t('figures.hours_use'), body: hoursUse({ hours: state.hours, portfolioId: portfolio.portfolio_id, timeZone: portfolio.time_zone, locale: locale() }) }) : nothing
    return html`${card({ title: t(`figures.kpi.${kpi.code}`), lead: t('figures.hours_lead'), body: hoursBody(kpi, asked) })}${use}`
  }

  /** @param {KpiOffered} kpi @param {Asked | undefined} asked */
  function hoursBody(kpi, asked) {
    if (asked === undefined) return skeleton(8)
    if (asked.now === null) return asked.problem?.code === 'lake.day_missing' ? missing(asked.problem, locale()) : problemBanner(/** @type {Problem} */ (asked.problem), () => void again())
    if (asked.now.lines.length === 0) return emptyState({ icon: 'phone', title: t('figures.no_tries'), body: t('figures.no_tries_body') })
    return hoursTable({ figure: asked.now, rules: state.rules ?? [], channel: state.channel, locale: locale(),
      onCell: (day, hour) => void cases(kpi, [String(day), String(hour)], `${dayName(day, locale())} ${hour}:00`) })
  }

  /** @param {KpiOffered} kpi @param {[string, string]} group @param {string} title */
  async function cases(kpi, group, title) {
    if (portfolio === null) return
    const { casesDialog } = await import('./figures/cases-dialog.js')
    await casesDialog({ api, portfolio, kpi, period: state.period, channel: kpi.by_channel ? state.channel : '', only: only(), group, title, money: { locale: locale(), currency: portfolio.currency, days: daysOf(state.period) } })
  }

  function save() {
    const head = ['kpi', 'version', 'unit', 'from', 'to', 'group_1', 'group_2', 'numerator', 'denominator', 'value', 'sample']
    const lines = [...state.asked].flatMap(([code, { now }]) => (now ? csvLines(code, now.lines, now) : []))
    download(`indicadores-${state.group}-${state.period.from}-${state.period.to}.csv`, csv([head, ...lines]))
  }
}
