// @ts-check

/** Payments by providers: what came in, what waits for somebody, what debtors set out to pay. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { CheckoutLine, Line, ReceivedLine, ReportedLine, UnmatchedLine } from './payments/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant } from '../core/dates.js'
import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { selectField, textField } from '../core/ui/fields.js'
import { card, emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { fileLink } from '../core/ui/scan.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { assignDialog, bringDialog, giveBackDialog, reportedDialog, sendBackDialog } from './payments/dialogs.js'
import { howText, stateBadge, whyText } from './payments/words.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

/** What each tab asks for: a list, and a state of it. @type {Record<string, [string, string]>} */
const TABS = {
  received: ['received', ''],
  unmatched: ['unmatched', 'open'],
  reported: ['reported', 'waiting'],
  over: ['received', 'over'],
  back: ['received', 'back'],
  checkouts: ['checkouts', ''],
  settled: ['unmatched', ''],
}

/** Where a debtor may have said that they paid. */
const SOURCES = ['self_pay', 'chat', 'whatsapp', 'sms', 'visit', 'call']

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let tab = tabOf(params.get('ver'))
  let words = params.get('q') ?? ''
  let source = sourceOf(params.get('medio'))
  /** @type {PortfolioList<Line>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(), path: pathOf,
  })
  const view = mountView(root, page)

  /** @param {Portfolio} portfolio */
  function pathOf({ portfolio_id: id }) {
    const [which, state] = TABS[tab]
    const query = new URLSearchParams({ list: which })
    if (state) query.set('state', state)
    if (words && tab === 'received') query.set('q', words)
    if (source && tab === 'reported') query.set('source', source)
    return `/portfolios/${id}/payments?${query}`
  }

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    tab = tabOf(key)
    words = ''
    source = ''
    again()
  }

  function again() {
    window.history.replaceState(null, '', addressOf(tab))
    list.pick(list.portfolio)
    view.update()
  }

  /** @param {string} of */
  function addressOf(of) {
    return pathTo('payments', { [PARAM]: list.portfolio?.portfolio_id, ver: of, q: words || undefined, medio: source || undefined })
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.payments') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.payments'), lead: t('payments.lead'),
      actions: portfolioPicker({
        portfolios, chosen: portfolio, onPick: (picked) => { list.pick(picked); view.update() },
      }),
    })}
    ${tabs(t('payments.tabs'), Object.keys(TABS).map((key) => ({ key, label: t(`payments.tab.${key}`), href: addressOf(key) })), tab, show)}
    ${tab === 'received' ? searchForm() : tab === 'reported' ? sourcePicker() : nothing}
    ${payments()}`
  }

  function searchForm() {
    return html`<form class="toolbar" role="search" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); again() }}>
      ${textField({ name: 'q', label: t('payments.by_id'), value: words, onInput: (value) => { words = value.trim() } })}
      <button class="button">${t('payments.search')}</button></form>`
  }

  function sourcePicker() {
    return html`<div class="toolbar">${selectField({
      name: 'medio', label: t('payments.reported_source'), required: true, value: source,
      options: [{ value: '', label: t('payments.reported_any') }, ...SOURCES.map((value) => ({ value, label: t(`payments.reported_by.${value}`) }))],
      onInput: (value) => { source = value; again() },
    })}</div>`
  }

  function payments() {
    if (list.problem) return problemBanner(list.problem, () => void list.load())
    if (list.items === null) return card({ body: skeleton(6) })
    if (list.items.length === 0 && list.cursor === null) {
      if (source) return emptyState({ icon: 'coin', title: t('payments.none.reported_source'), body: t('payments.none_body.reported') })
      if (words) return emptyState({ icon: 'search', title: t('payments.none.search'), body: t('payments.none_search_body') })
      return emptyState({ icon: 'coin', title: t(`payments.none.${tab}`), body: t(`payments.none_body.${TABS[tab][0]}`) })
    }
    return html`${card({
      tone: 'flush',
      body: dataTable({ caption: t(`payments.tab.${tab}`), columns: columnsOf(), rows: list.items, id: idOf }),
    })}${pager({ shown: list.items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @returns {Column<any>[]} */
  function columnsOf() {
    const [which] = TABS[tab]
    if (which === 'unmatched') return unmatchedColumns
    if (which === 'reported') return reportedColumns
    return which === 'checkouts' ? checkoutColumns : receivedColumns
  }

  /** @type {Column<any>} */
  const who = {
    key: 'case', label: t('payments.case'), head: true,
    cell: (/** @type {ReceivedLine | CheckoutLine} */ one) => html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>`,
  }
  /** @type {Column<any>} */
  const amount = { key: 'amount', label: t('payments.amount'), align: 'end', cell: (/** @type {Line} */ one) => (one.amount ? formatMoney(one.amount, locale()) : t('payments.reported_no_amount')) }
  /** @type {Column<any>} */
  const state = { key: 'state', label: t('payments.how_it_stands'), cell: stateBadge }
  /** @type {Column<any>} */
  const how = { key: 'how', label: t('payments.how'), shown: 'wide', cell: howText }

  /** @type {Column<any>[]} */
  const receivedColumns = [
    who, amount, state, how,
    { key: 'at', label: t('payments.paid_at'), cell: (/** @type {ReceivedLine} */ one) => at(one.paid_at ?? one.at) },
    { key: 'id', label: t('payments.payment_id'), shown: 'wide', cell: (/** @type {ReceivedLine} */ one) => html`<code class="small">${one.payment_id}</code>` },
    { key: 'do', label: t('payments.what'), cell: receivedDoing },
  ]
  /** @type {Column<any>[]} */
  const checkoutColumns = [
    who, amount, state, how,
    { key: 'pays', label: t('payments.pays'), cell: (/** @type {CheckoutLine} */ one) => t(`payments.pays.${one.pays}`) },
    { key: 'at', label: t('payments.started_at'), cell: (/** @type {CheckoutLine} */ one) => at(one.started_at) },
    { key: 'why', label: t('payments.why'), shown: 'wide', cell: (/** @type {CheckoutLine} */ one) => (one.problem ? whyText(one.problem) : nothing) },
  ]
  /** @type {Column<any>[]} */
  const unmatchedColumns = [
    {
      key: 'reference', label: t('payments.reference'), head: true,
      cell: (/** @type {UnmatchedLine} */ one) => html`<code>${one.reference || one.payment_id}</code>`,
    },
    amount, state, how,
    { key: 'at', label: t('payments.paid_at'), cell: (/** @type {UnmatchedLine} */ one) => at(one.paid_at ?? one.at) },
    { key: 'why', label: t('payments.why'), cell: (/** @type {UnmatchedLine} */ one) => (one.reason === 'merged' ? mergedWords(one) : whyText(one.reason)) },
    { key: 'do', label: t('payments.what'), cell: unmatchedDoing },
  ]

  /** @type {Column<any>[]} */
  const reportedColumns = [
    who, amount, state,
    { key: 'source', label: t('payments.reported_source'), cell: (/** @type {ReportedLine} */ one) => t(`payments.reported_by.${one.source}`) },
    { key: 'day', label: t('payments.paid_at'), cell: (/** @type {ReportedLine} */ one) => (one.paid_on ? formatDate(one.paid_on, locale()) : '–') },
    { key: 'reference', label: t('payments.reference'), cell: (/** @type {ReportedLine} */ one) => [one.reference, one.words].filter(Boolean).join(' · ') || '–' },
    {
      key: 'files', label: t('payments.files'),
      cell: (/** @type {ReportedLine} */ one) => one.files.map((file) => html`<div class="small">${fileLink(file)}</div>`),
    },
    { key: 'do', label: t('payments.what'), cell: reportedDoing },
  ]

  /** @param {ReportedLine} one */
  function reportedDoing(one) {
    if (one.state !== 'waiting') return nothing
    return html`<button type="button" class="button button-small" @click=${() => void decide(foundDialog, one)}>${t('payments.found')}</button>
      <button type="button" class="button button-small" @click=${() => void decide(notFoundDialog, one)}>${t('payments.not_found')}</button>`
  }

  /** @param {ReceivedLine} one */
  function receivedDoing(one) {
    if (one.over.minor > 0) {
      return html`<button type="button" class="button button-small" @click=${() => void decide(giveBackDialog, one)}>${t('payments.give_back_of', { amount: formatMoney(one.over, locale()) })}</button>`
    }
    const gone = one.backs.filter(({ returned }) => !returned)
    return gone.length ? gone.map(({ kind, amount: sum }) => html`<span class="small">${t(`payments.gone.${kind}`, { amount: formatMoney(sum, locale()) })}</span> `) : nothing
  }

  /** @param {UnmatchedLine} one */
  function mergedWords(one) {
    return html`<strong>${whyText(one.reason)}</strong><p class="small">${t('payments.bring_what')}</p>
      ${one.case_id && one.state === 'open' ? html`<a class="small" href=${pathTo('case', { id: one.case_id })}>${t('payments.bring_see')}</a>` : nothing}`
  }

  /** @param {UnmatchedLine} one */
  function unmatchedDoing(one) {
    if (one.case_id && one.state === 'assigned') return html`<a href=${pathTo('case', { id: one.case_id })}>${t('payments.to_case')}</a>`
    if (one.reason === 'merged') return html`<button type="button" class="button button-small" @click=${() => void decide(bringDialog, one)}>${t('payments.bring')}</button>`
    const waits = one.state === 'open'
    return html`${waits || one.state === 'assigning' ? html`<button type="button" class="button button-small" @click=${() => void decide(assignDialog, one)}>${t('payments.assign')}</button>` : nothing}
      ${waits || one.state === 'returning' ? html`<button type="button" class="button button-small" @click=${() => void decide(sendBackDialog, one)}>${t('payments.send_back')}</button>` : nothing}`
  }

  /**
   * @template T
   * @param {(facts: { api: typeof api, portfolioId: string, locale: string, one: T }) => Promise<boolean>} dialog
   * @param {T} one
   */
  async function decide(dialog, one) {
    const portfolioId = list.portfolio?.portfolio_id
    if (portfolioId === undefined) return
    if (await dialog({ api, portfolioId, locale: locale(), one })) {
      toast(t('payments.done'))
      again()
    }
  }

  /** @param {string} instant */
  function at(instant) {
    return formatInstant(instant, locale(), list.portfolio?.time_zone)
  }

  function locale() {
    return localeFor(list.portfolio?.country)
  }

  await list.load()
}

/** @param {Parameters<typeof reportedDialog>[0]} facts */
function foundDialog(facts) {
  return reportedDialog(facts, 'found')
}

/** @param {Parameters<typeof reportedDialog>[0]} facts */
function notFoundDialog(facts) {
  return reportedDialog(facts, 'not_found')
}

/** @param {string | null} text */
function sourceOf(text) {
  return text !== null && SOURCES.includes(text) ? text : ''
}

/** @param {Line} one */
function idOf(one) {
  if (one.kind === 'received') return one.received_id
  if (one.kind === 'reported') return one.reported_id
  return one.kind === 'checkout' ? one.checkout_id : one.unmatched_id
}

/** @param {string | null} text */
function tabOf(text) {
  return text !== null && text in TABS ? text : 'received'
}
