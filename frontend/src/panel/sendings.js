// @ts-check

/** Messages on their way: what waits, hangs, failed or was denied, and what the month has cost. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { DeadQueue, LetterBatch, MessageLine, OutboxSummary, Spending, TrayState } from './sendings/contract.js' */
/** @import { Context } from './shell.js' */

import { formatAgo, formatInstant, todayIn } from '../core/dates.js'
import { formatNumber, localeFor, t, tn } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, emptyState, kpi, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { channelText, costText, stateBadge, whyText } from './sendings/words.js'
import { start } from './shell.js'
import { follow } from './uploads/links.js'
import { noPortfolio } from './uploads/words.js'

/** @type {TrayState[]} */
const STATES = ['planned', 'reserved', 'failed', 'denied']

start(open, { roles: ['admin', 'supervisor', 'agent'] })

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  let state = trayOf(params.get('estado'))
  /** @type {OutboxSummary | null} */
  let summary = null
  /** @type {DeadQueue[]} */
  let dead = []
  /** @type {PortfolioList<MessageLine>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(),
    path: ({ portfolio_id: id }) => `/portfolios/${id}/messages?state=${state}`,
  })
  const ask = latest()
  const view = mountView(root, page)

  /** @param {Portfolio} portfolio */
  async function summarise(portfolio) {
    const current = ask()
    summary = null
    const found = await api.get(`/portfolios/${portfolio.portfolio_id}/outbox`).catch(() => null)
    if (!current()) return
    summary = found
    view.update()
  }

  async function countDead() {
    if (me.role !== 'admin') return
    const answer = await api.get('/dead-letters').catch(() => ({ items: [] }))
    dead = answer.items.filter((/** @type {DeadQueue} */ queue) => queue.dead > 0)
    view.update()
  }

  /** @param {string} name */
  async function sendBack(name) {
    try {
      const { sent } = await api.post(`/dead-letters/${name}/return`)
      toast(tn('sendings.sent_back', sent))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    await countDead()
  }

  /** @param {Portfolio | null} picked */
  function pick(picked) {
    list.pick(picked)
    if (picked !== null) void summarise(picked)
  }

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    state = trayOf(key)
    window.history.replaceState(null, '', addressOf(state))
    if (list.portfolio) list.pick(list.portfolio)
  }

  /** @param {string} of */
  function addressOf(of) {
    return pathTo('sendings', { [PARAM]: list.portfolio?.portfolio_id, estado: of })
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.sendings') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.sendings'), lead: t('sendings.lead'),
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: pick }),
    })}
    ${dead.map(deadBanner)}
    ${figures(portfolio)}
    ${me.role === 'agent' ? nothing : printing()}
    ${tabs(t('sendings.tabs'), STATES.map((key) => ({ key, label: t(`sendings.tab.${key}`), href: addressOf(key), count: countOf(key) })), state, show)}
    ${list.problem ? problemBanner(list.problem, () => void list.load()) : nothing}
    ${list.items === null ? (list.problem ? nothing : card({ body: skeleton(6) })) : messages(list.items)}`
  }

  /** @param {TrayState} key */
  function countOf(key) {
    if (summary === null) return undefined
    const count = summary.states[key]
    return count >= summary.counted_up_to ? `${count}+` : String(count)
  }

  /** @param {Portfolio} portfolio */
  function figures(portfolio) {
    if (summary === null) return nothing
    const locale = localeFor(portfolio.country)
    return html`<div class="kpis">
      ${spending('day', summary.day, locale)}
      ${spending('month', summary.month, locale)}
    </div>`
  }

  /** @param {'day' | 'month'} span @param {Spending} spent @param {string} locale */
  function spending(span, { messages: sent, spent_micros: micros, limit_micros: limit, currency }, locale) {
    return html`${kpi({ label: t(`sendings.${span}_sent`), value: formatNumber(sent) })}
      ${kpi({
        label: t(`sendings.${span}_cost`), value: costText(micros, currency, locale),
        note: limit === null ? t('sendings.no_budget') : t('sendings.of_budget', { budget: costText(limit, currency, locale) }),
        tone: limit !== null && micros >= limit ? 'bad' : 'neutral',
      })}`
  }

  function printing() {
    return html`<form class="toolbar" @submit=${printLetters}>
      <label class="picker picker-small"><span>${t('sendings.print_day')}</span><input type="date" name="day" required .value=${todayIn(new Date(), list.portfolio?.time_zone ?? 'UTC')}></label>
      <button class="button button-small">${icon('download')}${t('sendings.print')}</button></form>`
  }

  /** @param {SubmitEvent} event */
  async function printLetters(event) {
    event.preventDefault()
    const day = new FormData(/** @type {HTMLFormElement} */ (event.target)).get('day')
    try {
      /** @type {LetterBatch} */
      const made = await api.post(`/portfolios/${list.portfolio?.portfolio_id}/letter-batches`, { day })
      if (made.url === null) return toast(t('sendings.print_none'), 'info')
      follow(made.url)
      toast(tn('sendings.printed', made.letters, { pages: made.pages }))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {DeadQueue} queue */
  function deadBanner({ name, dead: count }) {
    return banner({
      tone: 'warn', title: tn('sendings.dead', count, { queue: t(`sendings.queue.${name}`) }), body: t('sendings.dead_body'),
      actions: html`<button type="button" class="button button-small" @click=${() => sendBack(name)}>${icon('refresh')}${t('sendings.send_back')}</button>`,
    })
  }

  /** @param {MessageLine[]} items */
  function messages(items) {
    if (items.length === 0) return emptyState({ icon: 'check', title: t(`sendings.none.${state}`), body: t(`sendings.about.${state}`) })
    return html`<p class="muted">${t(`sendings.about.${state}`)}</p>${card({
      tone: 'flush',
      body: dataTable({ caption: t(`sendings.tab.${state}`), columns, rows: items, id: ({ attempt_id: id }) => id }),
    })}${pager({ shown: items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @type {Column<MessageLine>[]} */
  const columns = [
    {
      key: 'who', label: t('sendings.who'), head: true,
      cell: (message) => html`<a href=${pathTo('sending', { caso: message.case_id, id: message.attempt_id })}>${message.name || t('common.nameless')}</a>`,
    },
    { key: 'channel', label: t('sendings.channel'), cell: ({ channel }) => channelText(channel) },
    { key: 'template', label: t('sendings.template'), shown: 'wide', cell: (message) => message.template_id || '–' },
    { key: 'state', label: t('sendings.state'), cell: (message) => html`${stateBadge(message)}${message.hangs ? html` ${badge(t('sendings.needs_you'), 'warn')}` : nothing}` },
    { key: 'why', label: t('sendings.why'), cell: (message) => whyText(message) || '–' },
    { key: 'when', label: t('sendings.when'), cell: whenCell },
  ]

  /** @param {MessageLine} message */
  function whenCell(message) {
    const at = message.ended_at ?? (message.state === 'planned' ? message.not_before : null) ?? message.created_at
    const locale = localeFor(list.portfolio?.country)
    return html`<time datetime=${at} title=${formatInstant(at, locale, list.portfolio?.time_zone)}>${formatAgo(at, new Date(), locale)}</time>`
  }

  await Promise.all([list.load(), list.portfolio ? summarise(list.portfolio) : null, countDead()])
}

/** @param {string | null} text @returns {TrayState} */
function trayOf(text) {
  return STATES.find((each) => each === text) ?? 'planned'
}
