// @ts-check

import { formatAgo, formatDate } from '../core/dates.js'
import { formatNumber, lang, localeFor, t, tn } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { formatMoney, formatMoneyShort } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { barRows, chartTable, columns, stackedBar } from '../core/ui/charts.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, emptyState, kpi, pageHead, problemBanner, skeleton } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, mountView, nothing } from '../core/view.js'
import { agreementsCard } from './agreements/figures.js'
import { bandName, bandTone } from './bands.js'
import { chosenPortfolio, PARAM, portfolioPicker } from './chosen-portfolio.js'
import { start, whileVisible } from './shell.js'

/** @import { KpiFigures, Money, Portfolio } from '../core/contract.js' */

const REFRESH_MS = 10_000
const CASE_STATES = /** @type {const} */ (['open', 'promised', 'held', 'settled'])

start(async ({ root, api, me, params, portfolios }) => {
  const all = await portfolios()
  let chosen = chosenPortfolio(all, params, { all: true })
  /** @type {KpiFigures[] | null} */
  let figures = null
  /** @type {string | null} */
  let asOf = null
  /** @type {import('./cases/contract.js').PersonReliability[] | null} */
  let agents = null
  /** @type {import('../core/problem.js').Problem | null} */
  let problem = null
  /** @type {import('./figures/home-reports.js').HomeReports | null} */
  let reports = null
  /** Requests by law that are late or soon due. @type {import('./requests/contract.js').RequestCounts | null} */
  let byLaw = null

  const [askFigures, askAgents, askByLaw] = [latest(), latest(), latest()]
  const view = mountView(root, () => (all.length === 0 ? nothingYet() : page()))
  if (all.length > 0) whileVisible(load, REFRESH_MS)
  void readAgents()
  void readByLaw()
  if (all.length > 0 && me.role !== 'agent') void readReports()

  async function load() {
    const current = askFigures()
    const asked = chosen
    try {
      const answer = asked === null ? await api.get('/kpis') : await api.get(`/portfolios/${asked.portfolio_id}/kpis`)
      if (!current()) return
      figures = asked === null ? answer.currencies : [answer]
      asOf = answer.as_of ?? new Date().toISOString()
      problem = null
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    view.update()
  }

  /** One's own reports, whose code and words come after what everybody reads. */
  async function readReports() {
    const { HomeReports } = await import('./figures/home-reports.js')
    reports = new HomeReports({ api, portfolios: all, update: () => view.update() })
    await reports.read()
  }

  /** How far the promises each person agreed are kept. */
  async function readAgents() {
    const current = askAgents()
    const asked = chosen
    agents = null
    if (asked === null || me.role === 'agent') return
    const answer = await api.get(`/portfolios/${asked.portfolio_id}/reliability`).catch(() => ({ items: [] }))
    if (!current()) return
    agents = answer.items
    view.update()
  }

  /** What people ask about their own data, where its term is near or over. */
  async function readByLaw() {
    const current = askByLaw()
    const asked = chosen
    byLaw = null
    if (asked === null || me.role === 'agent') return
    const answer = await api.get(`/portfolios/${asked.portfolio_id}/data-requests`, { query: { limit: 1 } }).catch(() => null)
    if (!current() || answer === null) return
    byLaw = answer.counts
    view.update()
  }

  /** @param {Portfolio | null} portfolio */
  function pick(portfolio) {
    chosen = portfolio
    figures = null
    void readAgents()
    void readByLaw()
    view.update()
    void load()
  }

  function page() {
    return html`${pageHead({
        title: t('home.title'),
        lead: asOf === null ? t('home.lead') : t('home.as_of', { when: formatAgo(asOf, new Date(), lang()) }),
        actions: portfolioPicker({ portfolios: all, chosen, all: true, onPick: pick }),
      })}
      ${problem && figures ? banner({ tone: 'warn', body: `${problem.text} ${t('home.stale')}` }) : nothing}
      ${problem && !figures ? problemBanner(problem, load) : nothing}
      ${figures === null ? (problem ? nothing : skeleton(6)) : figures.map((each) => one(each))}
      ${reports === null ? nothing : reports.view(chosen)}`
  }

  /** @param {KpiFigures} figure */
  function one(figure) {
    const locale = localeFor(countryOf(figure))
    if (figure.debts === 0) return noDebts()
    return html`<section class="stack" aria-label=${chosen?.name ?? t('home.in_currency', { currency: figure.currency })}>
      ${chosen === null ? html`<h2 class="currency-head">${t('home.in_currency', { currency: figure.currency })}</h2>` : nothing}
      ${headline(figure, locale)}
      <div class="split">
        ${bands(figure, locale)}
        ${cases(figure)}
      </div>
      ${recovery(figure, locale)}
      ${agreementsCard({ figures: figure.agreements, title: titled('home.agreements.title', figure.currency), id: `agreements-${figure.currency}`, locale })}
      ${chosen !== null && me.role !== 'agent' ? reliable() : nothing}
    </section>`
  }

  /** @param {KpiFigures} figure @param {string} locale */
  function headline(figure, locale) {
    const { recovered } = figure
    return html`<div class="kpis">
      ${kpi({ label: t('home.balance'), ...shown(figure.balance, locale), note: tn('home.debts', figure.debts), tone: 'brand' })}
      ${kpi({ label: t('home.overdue'), ...shown(figure.overdue, locale), note: t('home.of_balance', { share: share(figure.overdue, figure.balance) }), tone: 'bad' })}
      ${kpi({ label: t('home.recovered_today'), ...shown(recovered.today, locale), note: tn('home.payments', figure.payments.today), tone: 'good' })}
      ${kpi({ label: t('home.recovered_week'), ...shown(recovered.this_week, locale), tone: 'good' })}
      ${kpi({ label: t('home.recovered_month'), ...shown(recovered.this_month, locale), note: against(recovered, locale), tone: 'good' })}
      ${figure.promises.matured > 0 ? kpi({ label: t('home.promises'), value: formatNumber(figure.promises.kept), note: t('home.promises_of', { n: formatNumber(figure.promises.matured) }) }) : nothing}
      ${figure.disputes.open > 0 ? kpi({
        label: t('home.disputed'), ...shown(figure.disputes.balance, locale), note: tn('home.disputes', figure.disputes.open), tone: 'warn',
        href: chosen === null ? undefined : pathTo('disputes', { [PARAM]: chosen.portfolio_id }),
      }) : nothing}
      ${byLaw !== null && chosen !== null && byLaw.late + byLaw.soon > 0 ? kpi({
        label: t('home.by_law'), value: formatNumber(byLaw.late + byLaw.soon), note: tn('home.by_law_late', byLaw.late), tone: byLaw.late > 0 ? 'bad' : 'warn',
        href: pathTo('requests', { [PARAM]: chosen.portfolio_id }),
      }) : nothing}
    </div>`
  }

  /** @param {KpiFigures['recovered']} recovered @param {string} locale */
  function against({ this_month: now, last_month_to_date: before }, locale) {
    if (before.minor === 0) return t('home.nothing_last_month')
    const change = (now.minor - before.minor) / before.minor
    const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format(change)
    return html`<span class=${change < 0 ? 'trend trend-down' : 'trend trend-up'}>${icon(change < 0 ? 'down' : 'up')}${percent}</span> ${t('home.against_last_month', { amount: formatMoneyShort(before, locale) })}`
  }

  /** @param {KpiFigures} figure @param {string} locale */
  function bands({ bands: rows, balance, debts }, locale) {
    const outside = {
      balance: { minor: balance.minor - rows.reduce((sum, band) => sum + band.balance.minor, 0), currency: balance.currency },
      debts: debts - rows.reduce((sum, band) => sum + band.debts, 0),
    }
    return card({
      id: `bands-${balance.currency}`,
      title: titled('home.bands_title', balance.currency),
      lead: t('home.bands_lead'),
      body: html`${barRows({
        label: t('home.bands_title'),
        rows: rows.map((band, i) => ({
          key: band.code,
          name: bandName(band),
          value: Math.max(0, band.balance.minor),
          shown: formatMoney(band.balance, locale, { whole: true }),
          note: share(band.balance, balance),
          tone: bandTone(i, rows.length),
          href: chosen === null ? undefined : pathTo('cases', { [PARAM]: chosen.portfolio_id, band: band.code }),
        })),
      })}
      ${outside.balance.minor === 0 ? nothing : html`<p class="hint">${t('home.outside_note', { amount: formatMoney(outside.balance, locale, { whole: true }) })}</p>`}
      ${chartTable({
        caption: titled('home.bands_title', balance.currency),
        head: [t('home.band'), t('home.debts_head'), t('home.balance'), '%'],
        rows: [
          ...rows.map((band) => [bandName(band), formatNumber(band.debts), formatMoney(band.balance, locale), share(band.balance, balance)]),
          ...(outside.balance.minor === 0 ? [] : [[t('home.outside_bands'), formatNumber(outside.debts), formatMoney(outside.balance, locale), share(outside.balance, balance)]]),
        ],
        total: [t('home.total'), formatNumber(debts), formatMoney(balance, locale), ''],
      })}`,
    })
  }

  /** @param {KpiFigures} figure */
  function cases({ cases: counts, currency }) {
    const total = CASE_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
    return card({
      id: `cases-${currency}`,
      title: titled('home.cases_title', currency),
      lead: tn('home.cases_total', total),
      body: html`${stackedBar({ label: t('home.cases_title'), parts: CASE_STATES.map((state) => ({ value: counts[state] ?? 0, tone: `state-${state}` })) })}
      <dl class="state-list">${CASE_STATES.map((state) => html`<div>
        <dt><span class="dot state-${state}"></span>${chosen === null
          ? t(`common.case_status.${state}`)
          : html`<a href=${pathTo('cases', { [PARAM]: chosen.portfolio_id, status: state })}>${t(`common.case_status.${state}`)}</a>`}</dt>
        <dd>${formatNumber(counts[state] ?? 0)}</dd></div>`)}</dl>`,
    })
  }

  function reliable() {
    if (agents === null) return nothing
    return card({
      id: 'agents', title: t('home.agents'), lead: t('home.agents_lead'),
      body: agents.length === 0 ? html`<p class="muted">${t('home.agents_none')}</p>` : dataTable({
        caption: t('home.agents'), rows: agents, id: ({ person }) => person.id,
        columns: [
          { key: 'who', label: t('home.agent'), head: true, cell: ({ person }) => person.name || person.id },
          { key: 'matured', label: t('home.agent_matured'), cell: ({ matured }) => formatNumber(matured) },
          { key: 'kept', label: t('home.agent_kept'), cell: ({ kept }) => formatNumber(kept) },
          { key: 'broken', label: t('home.agent_broken'), cell: ({ broken }) => formatNumber(broken) },
          { key: 'score', label: t('home.agent_score'), cell: ({ score }) => (score === null ? '–' : formatNumber(score)) },
        ],
      }),
    })
  }

  /** @param {KpiFigures} figure @param {string} locale */
  function recovery({ days, currency }, locale) {
    const sum = days.reduce((total, { paid }) => total + paid.minor, 0)
    const last = days.length - 1
    return card({
      id: `days-${currency}`,
      title: titled('home.days_title', currency),
      lead: t('home.days_lead', { amount: formatMoney({ minor: sum, currency }, locale, { whole: true }) }),
      body: sum === 0
        ? html`<p class="muted">${t('home.days_none')}</p>`
        : html`${columns({
          label: t('home.days_lead', { amount: formatMoney({ minor: sum, currency }, locale) }),
          points: days.map(({ day, paid }) => ({ key: day, name: formatDate(day, lang(), 'short'), value: paid.minor, shown: formatMoney(paid, locale) })),
          scale: (minor) => formatMoneyShort({ minor: Math.round(minor), currency }, locale),
          ticks: [0, 7, 14, 21].filter((i) => i < last - 3).concat(last),
        })}
        ${chartTable({
          caption: titled('home.days_title', currency),
          head: [t('home.day'), t('home.payments_head'), t('home.amount')],
          rows: days.toReversed().map(({ day, paid, payments }) => [formatDate(day, lang()), formatNumber(payments), formatMoney(paid, locale)]),
        })}`,
    })
  }

  /** Currencies shown together have a card each; the title says which. @param {string} key @param {string} currency */
  function titled(key, currency) {
    return chosen === null ? `${t(key)} · ${currency}` : t(key)
  }

  /** @param {KpiFigures} figure */
  function countryOf({ currency }) {
    return (chosen ?? all.find((portfolio) => portfolio.currency === currency))?.country
  }

  function nothingYet() {
    const mayCreate = me.role !== 'agent'
    return html`${pageHead({ title: t('home.welcome', { name: me.name.split(' ')[0] }) })}
      ${mayCreate
        ? emptyState({
          icon: 'portfolio',
          title: t('home.empty_title'),
          body: t('home.empty_body'),
          steps: [t('home.empty_step_1'), t('home.empty_step_2'), t('home.empty_step_3')],
          actions: html`<a class="button button-primary button-large" href=${pathTo('portfolios', { id: 'nueva' })}>${icon('plus')}${t('home.create_portfolio')}</a>`,
        })
        : emptyState({ icon: 'portfolio', title: t('home.empty_agent_title'), body: t('home.empty_agent_body') })}`
  }

  function noDebts() {
    return emptyState({
      icon: 'upload',
      title: t('home.no_debts_title'),
      body: t('home.no_debts_body'),
      actions: me.role === 'agent' ? nothing : html`<a class="button button-primary" href=${pathTo('uploads', { [PARAM]: chosen?.portfolio_id })}>${icon('upload')}${t('home.upload_file')}</a>`,
    })
  }
})

/**
 * A figure for a card: whole units, the exact amount for screen readers and on hover.
 * @param {Money} money @param {string} locale
 */
function shown(money, locale) {
  return { value: formatMoney(money, locale, { whole: true }), exact: formatMoney(money, locale, { code: true }) }
}

/** @param {Money} part @param {Money} whole */
function share(part, whole) {
  return formatNumber(whole.minor === 0 ? 0 : part.minor / whole.minor, { style: 'percent', maximumFractionDigits: 0 })
}
