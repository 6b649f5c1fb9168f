// @ts-check

/** Cash: who holds what, what waits to be counted, differences, the receipts and their holes. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { CashDeposit, CashHand, CashLine, CashOverview, CashReceipt, CashSeries } from './cash/contract.js' */
/** @import { Context } from './shell.js' */

import { formatInstant } from '../core/dates.js'
import { localeFor, t, tn } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { scanNote } from '../core/ui/scan.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { countDialog, settleDialog, voidDialog } from './cash/dialogs.js'
import { WORDS, receiptWords } from './cash/words.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

const TABS = ['hands', 'words', 'receipts', 'history']
const KINDS = ['receipt', 'void', 'deposit', 'count', 'settlement']

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let tab = tabOf(params.get('ver'))
  let portfolio = chosenPortfolio(portfolios, params)
  const asked = { person: params.get('quien') ?? '', kind: params.get('tipo') ?? '', from: params.get('desde') ?? '', to: params.get('hasta') ?? '' }
  /** @type {CashOverview | null} */
  let overview = null
  /** @type {CashSeries[] | null} */
  let series = null
  /** @type {import('../core/problem.js').Problem | null} */
  let problem = null
  /** @type {PortfolioList<CashLine>} */
  const lines = new PortfolioList({ api, portfolio, paint: () => view.update(), path: historyPath })
  const wanted = { word: WORDS.find((one) => one === params.get('palabra')) ?? 'open', person: params.get('de') ?? '' }
  const words = receiptWords({
    api, portfolio, asked: wanted, scene: () => scene(), money: (minor) => money(minor), when: (at) => when(at), done: (asking, said) => done(asking, said),
    narrowed: () => window.history.replaceState(null, '', addressOf(tab)), paint: () => view.update(),
  })
  const ask = latest()
  const view = mountView(root, page)

  /** @param {Portfolio} of */
  function historyPath({ portfolio_id: id }) {
    const query = new URLSearchParams({ portfolio: id })
    for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value)
    return `/cash/moves?${query}`
  }

  async function read() {
    const current = ask()
    if (portfolio === null) return
    const { portfolio_id: id } = portfolio
    problem = null
    try {
      const [first, second] = await Promise.all([
        api.get('/cash', { query: { portfolio: id } }), tab === 'receipts' ? api.get('/cash/series', { query: { portfolio: id } }) : null,
        tab === 'words' ? null : words.count(portfolio),
      ])
      if (!current()) return
      overview = first
      if (second !== null) series = second.items
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    view.update()
    if (tab === 'history') lines.pick(portfolio)
    if (tab === 'words') words.pick(portfolio)
  }

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    tab = tabOf(key)
    window.history.replaceState(null, '', addressOf(tab))
    view.update()
    void read()
  }

  /** @param {Portfolio | null} picked */
  function pick(picked) {
    portfolio = lines.portfolio = picked
    overview = series = null
    view.update()
    void read()
  }

  /** @param {string} of @param {string} [word] */
  function addressOf(of, word = of === 'words' ? wanted.word : '') {
    return pathTo('cash', { [PARAM]: portfolio?.portfolio_id, ver: of, palabra: word, de: of === 'words' ? wanted.person : '', quien: asked.person, tipo: asked.kind, desde: asked.from, hasta: asked.to })
  }

  const locale = () => localeFor(portfolio?.country)
  /** @param {number} minor */
  const money = (minor) => formatMoney({ minor, currency: portfolio?.currency ?? 'USD' }, locale())
  /** @param {string} at */
  const when = (at) => html`<time datetime=${at}>${formatInstant(at, locale(), portfolio?.time_zone)}</time>`
  const scene = () => ({ api, portfolioId: portfolio?.portfolio_id ?? '', currency: portfolio?.currency ?? 'USD', locale: locale() })

  /** @param {Promise<boolean>} asking @param {string} words */
  async function done(asking, words) {
    if (!(await asking)) return
    toast(t(words))
    await read()
  }

  function page() {
    if (portfolio === null) return html`${pageHead({ title: t('common.title.cash') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.cash'), lead: t('cash.lead'),
      actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick: pick })}<button type="button" class="button" @click=${() => window.print()}>${icon('file')}${t('cash.print')}</button>`,
    })}
    ${tab === 'words' ? nothing : words.alert(addressOf('words', 'denied'))}
    ${tabs(t('cash.tabs'), TABS.map((key) => ({ key, label: t(`cash.tab.${key}`), href: addressOf(key) })), tab, show)}
    ${problem ? problemBanner(problem, () => void read()) : overview === null ? card({ body: skeleton(6) })
      : tab === 'words' ? words.view() : tab === 'receipts' ? receipts() : tab === 'history' ? history(overview) : hands(overview)}`
  }

  /** @param {CashOverview} cash */
  function hands(cash) {
    return html`
      ${cash.barred_by ? banner({ tone: 'warn', title: t('cash.barred'), body: t('cash.barred_body', { article: cash.barred_by }) }) : cash.allowed ? nothing : banner({ tone: 'info', title: t('cash.off'), body: t('cash.off_body') })}
      ${card({
        title: t('cash.hands'), id: 'hands', lead: t('cash.hands_lead', { limit: money(cash.limit_minor) }), tone: cash.hands.length > 0 ? 'flush' : undefined,
        body: cash.hands.length === 0 ? emptyState({ icon: 'coin', title: t('cash.no_hands'), body: t('cash.no_hands_body') })
          : dataTable({ caption: t('cash.hands'), columns: handColumns, rows: cash.hands, id: ({ person }) => person.id }),
      })}
      ${card({
        title: t('cash.deposits'), id: 'deposits', lead: t('cash.deposits_lead'), tone: cash.deposits.length > 0 ? 'flush' : undefined,
        body: cash.deposits.length === 0 ? emptyState({ icon: 'check', title: t('cash.no_deposits'), body: t('cash.no_deposits_body') })
          : dataTable({ caption: t('cash.deposits'), columns: depositColumns, rows: cash.deposits, id: ({ deposit_id: id }) => id }),
      })}`
  }

  /** @type {Column<CashHand>[]} */
  const handColumns = [
    { key: 'who', label: t('cash.who'), head: true, cell: ({ person }) => person.name || '–' },
    { key: 'held', label: t('cash.held'), align: 'end', cell: (hand) => html`${money(hand.held_minor)} ${hand.state === 'fine' ? nothing : badge(t(`cash.state.${hand.state}`), hand.state === 'full' ? 'bad' : 'warn')}` },
    { key: 'declared', label: t('cash.declared'), align: 'end', shown: 'wide', cell: (hand) => money(hand.declared_minor) },
    { key: 'owed', label: t('cash.owed'), align: 'end', cell: (hand) => (hand.owed_minor === 0 ? '–' : money(hand.owed_minor)) },
    {
      key: 'do', label: t('cash.do'),
      cell: (hand) => (hand.owed_minor !== 0 && hand.can.settle ? html`<button type="button" class="button button-small" aria-label="${t('cash.settle')}: ${hand.person.name}" @click=${() => void done(settleDialog(hand, scene()), 'cash.settled')}>${t('cash.settle')}</button>` : nothing),
    },
  ]

  /** @type {Column<CashDeposit>[]} */
  const depositColumns = [
    { key: 'who', label: t('cash.who'), head: true, cell: ({ person }) => person.name || '–' },
    { key: 'amount', label: t('cash.amount'), align: 'end', cell: (one) => money(one.amount_minor) },
    { key: 'way', label: t('cash.way'), shown: 'wide', cell: (one) => [t(`cash.way.${one.way}`), one.reference].filter(Boolean).join(' · ') },
    { key: 'at', label: t('cash.when'), cell: ({ at }) => when(at) },
    { key: 'slip', label: t('cash.slip'), cell: ({ slip_url: url, slip_scan: scan }) => (url ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${t('cash.see_slip')}</a> ${scanNote(scan)}` : scan === 'infected' ? scanNote(scan) : '–') },
    {
      key: 'state', label: t('cash.result'),
      cell: (one) => {
        if (one.state === 'declared') return one.can.count ? html`<button type="button" class="button button-small button-primary" aria-label="${t('cash.count')}: ${one.person.name}" @click=${() => void done(countDialog(one, scene()), 'cash.counted_done')}>${t('cash.count')}</button>` : badge(t('cash.not_yours'), 'neutral')
        const text = one.difference_minor === 0 ? t('cash.exact') : t(one.difference_minor > 0 ? 'cash.missing' : 'cash.over', { amount: money(Math.abs(one.difference_minor)) })
        return html`${badge(text, one.difference_minor > 0 ? 'bad' : 'good')} <span class="small muted">${[one.counted_by, one.reason].filter(Boolean).join(': ')}</span>`
      },
    },
  ]

  function receipts() {
    if (series === null) return card({ body: skeleton(6) })
    if (series.length === 0) return emptyState({ icon: 'file', title: t('cash.no_receipts'), body: t('cash.no_receipts_body') })
    return series.map((one) => card({
      title: t('cash.series_of', { name: one.person.name || '–', series: one.series }), id: `series-${one.series}`,
      lead: t('cash.series_lead', { last: one.last, device: one.device_id }),
      body: html`${one.missing.length === 0 ? nothing : banner({
        tone: 'warn', title: tn('cash.holes', one.missing.length),
        body: html`<p>${t('cash.holes_body')}</p><ul>${one.missing.map(({ number, since }) => html`<li>${number}, ${t('cash.since')} ${when(since)}</li>`)}</ul>`,
      })}
      ${one.elsewhere > 0 ? html`<p class="muted">${tn('cash.elsewhere', one.elsewhere)}</p>` : nothing}
      ${dataTable({ caption: one.series, columns: receiptColumns, rows: one.receipts, id: ({ key }) => key })}`,
    }))
  }

  /** @type {Column<CashReceipt>[]} */
  const receiptColumns = [
    { key: 'number', label: t('cash.number'), head: true, cell: ({ number }) => number },
    { key: 'amount', label: t('cash.amount'), align: 'end', cell: (one) => money(one.amount_minor) },
    { key: 'at', label: t('cash.when'), cell: ({ at }) => when(at) },
    { key: 'case', label: t('cash.case'), shown: 'wide', cell: (one) => html`<a href=${pathTo('case', { id: one.case_id })}>${t('cash.see_case')}</a>` },
    {
      key: 'state', label: t('cash.result'),
      cell: (one) => html`${one.state === 'void' ? html`${badge(t('cash.is_void'), 'neutral')} <span class="small muted">${one.reason}</span>` : badge(t(one.confirmed ? 'cash.confirmed' : 'cash.credited'), one.confirmed ? 'good' : 'neutral')}
        ${one.doubts.map((doubt) => html` ${badge(t(`cash.doubt.${doubt}`), 'warn')}`)}`,
    },
    { key: 'do', label: t('cash.do'), cell: (one) => (one.can.void ? html`<button type="button" class="button button-small" aria-label="${t('cash.void')} ${one.number}" @click=${() => void done(voidDialog(one, scene()), 'cash.voided')}>${t('cash.void')}</button>` : nothing) },
  ]

  /** @param {CashOverview} cash */
  function history(cash) {
    return html`<form class="toolbar" @change=${narrow} @submit=${(/** @type {Event} */ e) => e.preventDefault()}>
        <label class="picker picker-small"><span>${t('cash.who')}</span><select name="person" .value=${asked.person}><option value="">${t('cash.everybody')}</option>${cash.hands.map(({ person }) => html`<option value=${person.id} ?selected=${asked.person === person.id}>${person.name}</option>`)}</select></label>
        <label class="picker picker-small"><span>${t('cash.kind_of')}</span><select name="kind" .value=${asked.kind}><option value="">${t('cash.all_kinds')}</option>${KINDS.map((kind) => html`<option value=${kind} ?selected=${asked.kind === kind}>${t(`cash.kind.${kind}`)}</option>`)}</select></label>
        <label class="picker picker-small"><span>${t('cash.from')}</span><input type="date" name="from" .value=${asked.from}></label>
        <label class="picker picker-small"><span>${t('cash.to')}</span><input type="date" name="to" .value=${asked.to}></label></form>
      ${lines.problem ? problemBanner(lines.problem, () => void lines.load()) : lines.items === null ? card({ body: skeleton(6) })
        : lines.items.length === 0 ? emptyState({ icon: 'history', title: t('cash.no_history'), body: t('cash.no_history_body') })
        : html`${card({ tone: 'flush', body: dataTable({ caption: t('cash.tab.history'), columns: lineColumns, rows: lines.items, id: ({ move_id: id }) => id }) })}
          ${pager({ shown: lines.items.length, busy: lines.busy, more: lines.cursor !== null, onMore: () => void lines.load({ more: true }) })}`}`
  }

  /** @param {Event} event */
  function narrow(event) {
    const field = /** @type {HTMLInputElement} */ (event.target)
    asked[/** @type {keyof typeof asked} */ (field.name)] = field.value
    window.history.replaceState(null, '', addressOf(tab))
    if (portfolio) lines.pick(portfolio)
  }

  /** @type {Column<CashLine>[]} */
  const lineColumns = [
    { key: 'what', label: t('cash.kind_of'), head: true, cell: (one) => t(`cash.kind.${one.kind}`) },
    { key: 'when', label: t('cash.when'), cell: ({ at }) => when(at) },
    { key: 'who', label: t('cash.who'), cell: ({ person }) => person.name || '–' },
    { key: 'held', label: t('cash.moved'), align: 'end', cell: (one) => (one.held_minor === 0 ? (one.declared_minor === 0 ? '–' : t('cash.said', { amount: money(one.declared_minor) })) : money(one.held_minor)) },
    { key: 'owed', label: t('cash.difference'), align: 'end', cell: (one) => (one.owed_minor === 0 ? '–' : money(one.owed_minor)) },
    { key: 'of', label: t('cash.of'), shown: 'wide', cell: (one) => html`${one.case_id ? html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('cash.see_case')}</a> ` : nothing}${[one.receipt, one.reason].filter(Boolean).join(' · ')}` },
    { key: 'by', label: t('cash.by'), shown: 'wide', cell: ({ by }) => by },
  ]

  await read()
}

/** @param {string | null} key */
function tabOf(key) {
  return TABS.find((one) => one === key) ?? TABS[0]
}
