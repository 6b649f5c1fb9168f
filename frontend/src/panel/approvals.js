// @ts-check

/** Agreements beyond the limits, waiting for a second person; the first to lapse first. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Approval } from './agreements/contract.js' */
/** @import { Context } from './shell.js' */

import { formatInstant } from '../core/dates.js'
import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { card, emptyState, pageHead, problemBanner, skeleton } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { breachText, kindText, schedule } from './agreements/words.js'
import { chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let busy = false
  /** @type {PortfolioList<Approval>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(), path: pathOf,
  })
  const view = mountView(root, page)

  /** @param {Portfolio} portfolio */
  function pathOf({ portfolio_id: id }) {
    return `/agreement-approvals?${new URLSearchParams({ portfolio: id })}`
  }

  /** @param {Approval} one */
  const pathOfOne = ({ case_id: id, agreement }) => `/cases/${encodeURIComponent(id)}/agreements/${encodeURIComponent(agreement.agreement_id)}`

  /** @param {Approval} one */
  async function approve(one) {
    busy = true
    view.update()
    try {
      await api.patch(pathOfOne(one), { decision: 'approved' })
      toast(t('approvals.approved'))
      await list.load()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    busy = false
    view.update()
  }

  /** @param {Approval} one */
  async function reject(one) {
    const { endDialog } = await import('./agreements/accept.js')
    if ((await endDialog({ api, path: pathOfOne(one), decision: 'rejected' })) === undefined) return
    toast(t('agreements.rejected'))
    await list.load()
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.approvals') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.approvals'), lead: t('approvals.lead'),
      actions: portfolioPicker({
        portfolios, chosen: portfolio, onPick: (picked) => { list.pick(picked); view.update() },
      }),
    })}${waiting(portfolio)}`
  }

  /** @param {Portfolio} portfolio */
  function waiting(portfolio) {
    if (list.problem) return problemBanner(list.problem, () => void list.load())
    if (list.items === null) return card({ body: skeleton(5) })
    if (list.items.length === 0) {
      return emptyState({ icon: 'check', title: t('approvals.none'), body: t('approvals.none_body'), steps: ['a', 'b', 'c'].map((step) => t(`approvals.step.${step}`)) })
    }
    return html`<div class="stack">${list.items.map((one) => shown(one, portfolio))}</div>`
  }

  /** @param {Approval} one @param {Portfolio} portfolio */
  function shown(one, portfolio) {
    const locale = localeFor(portfolio.country)
    const { agreement } = one
    return card({
      title: html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('agreements.nameless')}</a>`,
      lead: t('agreements.asked_by', { name: agreement.made_by?.name || agreement.made_by?.id || '', until: formatInstant(agreement.until, locale, portfolio.time_zone) }),
      body: html`<p><strong>${kindText(agreement.kind)} · ${formatMoney(agreement.to_pay, locale)}</strong>
          ${agreement.saved.minor > 0 ? t('agreements.saves', { amount: formatMoney(agreement.saved, locale) }) : nothing} · ${t('agreements.owes', { amount: formatMoney(one.balance, locale) })}</p>
        <ul>${agreement.breaches.map((breach) => html`<li>${breachText(breach, one.balance.currency, locale)}</li>`)}</ul>
        <blockquote>${agreement.reason}</blockquote>
        <details><summary>${t('agreements.schedule')}</summary>${schedule(agreement.shares, locale)}</details>
        ${agreement.can.decide ? html`<div class="button-row">
          <button type="button" class="button button-primary" ?disabled=${busy} @click=${() => void approve(one)}>${t('approvals.approve')}</button>
          <button type="button" class="button" ?disabled=${busy} @click=${() => void reject(one)}>${t('agreements.reject')}</button>
        </div>` : html`<p class="muted">${t('agreements.not_yours')}</p>`}`,
    })
  }

  await list.load()
}
