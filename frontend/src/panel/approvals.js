// @ts-check

/**
 * All that waits for a second person: counted by kind with its age, the oldest first, with the
 * page to decide it on. Agreements, corrections, charge-offs and erasures are decided here.
 */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Approval } from './agreements/contract.js' */
/** @import { ApprovalKind, ApprovalTray, WaitingApproval } from './approvals/contract.js' */
/** @import { Context } from './shell.js' */

import { formatAgo, formatDate, formatInstant } from '../core/dates.js'
import { formatNumber, loadLaterTexts, localeFor, t, tn } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { card, emptyState, pageHead, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing, repeat } from '../core/view.js'
import { breachText, kindText, schedule } from './agreements/words.js'
import { isTyping, keyAction, target } from './cases/roving.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

const ALL = 'all'
/** Where the kinds are decided that are not decided here. @type {Partial<Record<ApprovalKind, (portfolio: string) => string>>} */
const PAGES = {
  cash: (cartera) => pathTo('cash', { cartera }),
  point: (cartera) => pathTo('visits', { cartera, estado: 'points' }),
  merge: (cartera) => pathTo('merges', { cartera }),
  reported: (cartera) => pathTo('payments', { cartera, ver: 'reported' }),
}

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let portfolio = chosenPortfolio(portfolios, params)
  /** @type {string} */
  let kind = params.get('tipo') ?? ALL
  let busy = false
  /** @type {ApprovalTray | null} */
  let tray = null
  /** @type {Map<string, Approval>} */
  let agreed = new Map()
  /** What was decided stays where it was, so that no other row comes under the finger. */
  /** @type {Map<string, 'approved' | 'rejected'>} */
  const decided = new Map()
  /** @type {Problem | null} */
  let problem = null
  const ask = latest()
  const view = mountView(root, page)

  async function load() {
    const current = ask()
    if (portfolio === null) return
    const id = portfolio.portfolio_id
    try {
      const [waiting, agreements] = await Promise.all([
        api.get(`/portfolios/${encodeURIComponent(id)}/approvals`),
        api.get('/agreement-approvals', { query: { portfolio: id } }),
      ])
      if (!current()) return
      tray = waiting
      agreed = new Map(agreements.items.map((/** @type {Approval} */ one) => [one.agreement.agreement_id, one]))
      problem = null
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    view.update()
  }

  /** @param {Portfolio | null} picked */
  function pick(picked) {
    portfolio = picked
    tray = null
    problem = null
    decided.clear()
    view.update()
    void load()
  }

  /** @param {WaitingApproval} one */
  function pathOf(one) {
    if (one.kind === 'agreement') return `/cases/${encodeURIComponent(one.case_id)}/agreements/${encodeURIComponent(one.key)}`
    if (one.kind === 'charge_off') return `/cases/${encodeURIComponent(one.case_id)}/charge-offs/${encodeURIComponent(one.key)}`
    return `/portfolios/${encodeURIComponent(portfolio?.portfolio_id ?? '')}/approvals/${encodeURIComponent(one.key)}`
  }

  /** Which of two things that may wait under one key was seen. @param {WaitingApproval} one @returns {Record<string, string>} */
  const moreOf = ({ kind: of, detail }) => (of === 'charge_off' ? { what: detail.what } : {})

  /** @param {WaitingApproval} one */
  async function approve(one) {
    if (one.kind === 'erasure') return decideErasure(one, 'erase_approve')
    busy = true
    view.update()
    try {
      await api.patch(pathOf(one), { ...moreOf(one), decision: 'approved' })
      settle(one, 'approved')
    } catch (error) {
      toast(asProblem(error).text, 'bad')
      await load() // somebody else may have decided it
    }
    busy = false
    view.update()
  }

  /** @param {WaitingApproval} one */
  async function reject(one) {
    if (one.kind === 'erasure') return decideErasure(one, 'erase_reject')
    const { endDialog } = await import('./agreements/accept.js')
    if ((await endDialog({ api, path: pathOf(one), decision: 'rejected', more: moreOf(one) })) === undefined) return
    settle(one, 'rejected')
  }

  /**
   * An erasure is decided over the request as it stands now, with the same words as on its page.
   * @param {WaitingApproval} one @param {'erase_approve' | 'erase_reject'} act
   */
  async function decideErasure(one, act) {
    const path = `/portfolios/${encodeURIComponent(portfolio?.portfolio_id ?? '')}/data-requests/${encodeURIComponent(one.key)}`
    try {
      const [request, { erase }] = await Promise.all([api.get(path), import('./requests/erasure.js'), loadLaterTexts()])
      if (await erase(act, { api, path, request })) settle(one, act === 'erase_approve' ? 'approved' : 'rejected')
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {WaitingApproval} one @param {'approved' | 'rejected'} how */
  function settle(one, how) {
    decided.set(one.key, how)
    toast(t(how === 'approved' ? 'approvals.approved' : 'agreements.rejected'))
    view.now()
    const card = [...root.querySelectorAll('.approval')].find((each) => /** @type {HTMLElement} */ (each).dataset.key === one.key)
    card?.querySelector('a')?.focus() // the button that had it is gone
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (document.querySelector('dialog[open]')) return
    const cards = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.approval')])
    const current = cards.findIndex((one) => one.contains(document.activeElement))
    const action = keyAction(event, { typing: isTyping(event.target), onRow: current !== -1 })
    if (action === null || action === 'search') return
    event.preventDefault()
    const next = cards[target(current, action, cards.length)]
    next?.querySelector('a')?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }

  /** @param {string} key */
  const addressOf = (key) => pathTo('approvals', { [PARAM]: portfolio?.portfolio_id, tipo: key === ALL ? '' : key })

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    kind = key
    window.history.replaceState(null, '', addressOf(key))
    view.update()
  }

  function page() {
    if (portfolio === null) return html`${pageHead({ title: t('common.title.approvals') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.approvals'), lead: t('approvals.lead'),
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: pick }),
    })}${problem ? problemBanner(problem, () => void load()) : nothing}
      ${tray === null ? (problem ? nothing : card({ body: skeleton(5) })) : waiting(tray, portfolio)}`
  }

  /** @param {ApprovalTray} known @param {Portfolio} chosen */
  function waiting({ kinds, items }, chosen) {
    const locale = localeFor(chosen.country)
    const now = new Date()
    const left = (/** @type {string} */ of) => kinds.reduce((sum, one) => sum + (of === ALL || of === one.kind ? one.count : 0), 0)
      - items.filter((one) => decided.has(one.key) && (of === ALL || of === one.kind)).length
    if (items.length === 0 && left(ALL) === 0) {
      return emptyState({ icon: 'check', title: t('approvals.none'), body: t('approvals.none_body'), steps: ['a', 'b', 'c'].map((step) => t(`approvals.step.${step}`)) })
    }
    const shown = items.filter((one) => kind === ALL || one.kind === kind)
    const counted = kinds.find((one) => one.kind === kind)
    return html`${tabs(t('approvals.kinds'), [
      { key: ALL, label: t('approvals.all'), href: addressOf(ALL), count: formatNumber(left(ALL)) },
      ...kinds.map((one) => ({ key: one.kind, label: t(`approvals.kind.${one.kind}`), href: addressOf(one.kind), count: `${formatNumber(left(one.kind))}${one.more ? '+' : ''}` })),
    ], kind, show)}
      ${counted?.oldest_at ? html`<p class="muted">${t('approvals.oldest', { ago: formatAgo(counted.oldest_at, now, locale, chosen.time_zone) })}</p>` : nothing}
      ${shown.length === 0 ? html`<p>${t('approvals.none_of_kind')}</p>` : html`<div class="stack">${repeat(shown, (one) => `${one.kind} ${one.key}`, (one) => item(one, chosen, now))}</div>`}
      <p class="muted small keys">${t('approvals.keys')}</p>`
  }

  /** @param {WaitingApproval} one @param {Portfolio} chosen @param {Date} now */
  function item(one, chosen, now) {
    const locale = localeFor(chosen.country)
    const who = one.asked_by?.name || one.asked_by?.id || t(one.kind === 'reported' ? 'approvals.by_debtor' : 'approvals.by_system')
    const elsewhere = PAGES[one.kind]
    const how = decided.get(one.key)
    return html`<div class="approval" data-key=${one.key}>${card({
      title: one.kind === 'erasure' ? html`<a href=${pathTo('request', { [PARAM]: chosen.portfolio_id, id: one.key })}>${t('approvals.request', { number: one.detail.number })}</a>`
        : one.case_id ? html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>` : html`<a href=${elsewhere?.(chosen.portfolio_id) ?? ''}>${who}</a>`,
      lead: html`${t(`approvals.kind.${one.kind}`)} · ${t('approvals.asked', { name: who, ago: formatAgo(one.asked_at, now, locale, chosen.time_zone) })}${one.until ? html` · ${t('approvals.until', { until: formatInstant(one.until, locale, chosen.time_zone) })}` : nothing}`,
      body: html`${said(one, locale)}${how ? html`<p><strong>${t(how === 'approved' ? 'approvals.approved' : 'agreements.rejected')}</strong></p>`
        : one.own ? html`<p class="muted">${t('approvals.own')}</p>`
        : !one.can_decide ? html`<p class="muted">${t('agreements.not_yours')}</p>`
          : elsewhere ? html`<div class="button-row"><a class="button" href=${elsewhere(chosen.portfolio_id)}>${t(`approvals.go.${one.kind}`)}</a></div>`
            : html`<div class="button-row">
          <button type="button" class="button button-primary" ?disabled=${busy} @click=${() => void approve(one)}>${t('approvals.approve')}</button>
          <button type="button" class="button" ?disabled=${busy} @click=${() => void reject(one)}>${t('agreements.reject')}</button>
        </div>`}`,
    })}</div>`
  }

  /** @param {WaitingApproval} one @param {string} locale */
  function said(one, locale) {
    const amount = one.amount ? formatMoney(one.amount, locale) : ''
    if (one.kind === 'agreement') return agreementSaid(agreed.get(one.key), locale)
    if (one.kind === 'correction') {
      const { correction, component, reason } = one.detail
      return html`<p><strong>${t(`approvals.correction.${correction}`, { amount, component: t(`common.component.${component}`).toLocaleLowerCase() })}</strong></p><blockquote>${reason}</blockquote>`
    }
    if (one.kind === 'charge_off') {
      const { what, debt, on, charge_off: why, reason } = one.detail
      return html`<p><strong>${t(`approvals.charge_off.${what}`, { debt, amount, on: formatDate(on, locale) })}</strong> ${t('approvals.charge_off.owed')}</p>
        <p class="muted">${t(`chargeoff.reason.${why}`)}</p><blockquote>${reason || t('approvals.charge_off.policy')}</blockquote>`
    }
    if (one.kind === 'erasure') return html`<p><strong>${tn('approvals.says.erasure', one.detail.cases)}</strong></p>${one.detail.note ? html`<blockquote>${one.detail.note}</blockquote>` : nothing}`
    const values = { ...one.detail, amount, moved: formatNumber(one.detail.moved_m ?? 0) }
    const bare = one.kind === 'reported' && !(one.amount && one.detail.paid_on)
    return html`<p>${t(bare ? 'approvals.says.reported_only' : `approvals.says.${one.kind}`, values)}</p>`
  }

  /** @param {Approval | undefined} one @param {string} locale */
  function agreementSaid(one, locale) {
    if (one === undefined) return nothing
    const { agreement } = one
    return html`<p><strong>${kindText(agreement.kind)} · ${formatMoney(agreement.to_pay, locale)}</strong>
        ${agreement.saved.minor > 0 ? t('agreements.saves', { amount: formatMoney(agreement.saved, locale) }) : nothing} · ${t('agreements.owes', { amount: formatMoney(one.balance, locale) })}</p>
      <ul>${agreement.breaches.map((breach) => html`<li>${breachText(breach, one.balance.currency, locale)}</li>`)}</ul>
      <blockquote>${agreement.reason}</blockquote>
      <details><summary>${t('agreements.schedule')}</summary>${schedule(agreement.shares, locale)}</details>`
  }

  document.addEventListener('keydown', onKey)
  await load()
}
