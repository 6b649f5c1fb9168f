// @ts-check

/** Disputes: what waits for an answer, the first to answer first. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { DisputeLine } from './disputes/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant } from '../core/dates.js'
import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { card, emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, mountView } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { dueBadge, kindText, stateBadge } from './disputes/words.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

const TABS = ['live', 'mine', 'nobody', 'ended']

start(open, { roles: ['admin', 'supervisor', 'agent'] })

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  let tab = tabOf(params.get('estado'))
  /** @type {PortfolioList<DisputeLine>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(), path: pathOf,
  })
  const view = mountView(root, page)

  /** @param {Portfolio} portfolio */
  function pathOf({ portfolio_id: id }) {
    const query = new URLSearchParams({ portfolio: id, state: tab === 'ended' ? 'ended' : 'live' })
    if (tab === 'mine') query.set('owner', me.person_id)
    if (tab === 'nobody') query.set('owner', 'none')
    return `/disputes?${query}`
  }

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    tab = tabOf(key)
    window.history.replaceState(null, '', addressOf(tab))
    list.pick(list.portfolio)
    view.update()
  }

  /** @param {string} of */
  function addressOf(of) {
    return pathTo('disputes', { [PARAM]: list.portfolio?.portfolio_id, estado: of })
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.disputes') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.disputes'), lead: t('disputes.lead'),
      actions: portfolioPicker({
        portfolios, chosen: portfolio, onPick: (picked) => { list.pick(picked); view.update() },
      }),
    })}
    ${tabs(t('disputes.tabs'), TABS.map((key) => ({ key, label: t(`disputes.tab.${key}`), href: addressOf(key) })), tab, show)}
    ${disputes()}`
  }

  function disputes() {
    if (list.problem) return problemBanner(list.problem, () => void list.load())
    if (list.items === null) return card({ body: skeleton(6) })
    if (list.items.length === 0) {
      return emptyState({ icon: 'check', title: t(`disputes.none.${tab}`), body: t('disputes.none_body'), steps: ['a', 'b', 'c'].map((step) => t(`disputes.step.${step}`)) })
    }
    return html`${card({
      tone: 'flush',
      body: dataTable({ caption: t(`disputes.tab.${tab}`), columns, rows: list.items, id: ({ dispute_id: id }) => id }),
    })}${pager({ shown: list.items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @type {Column<DisputeLine>[]} */
  const columns = [
    {
      key: 'case', label: t('disputes.case'), head: true,
      cell: (one) => html`<a href=${pathTo('dispute', { caso: one.case_id, id: one.dispute_id })}>${one.case_name || t('common.nameless')}</a>`,
    },
    { key: 'kind', label: t('disputes.about'), cell: ({ kind }) => kindText(kind) },
    { key: 'state', label: t('disputes.how'), cell: ({ state }) => stateBadge(state) },
    { key: 'due', label: t('disputes.due'), cell: dueCell },
    { key: 'owner', label: t('disputes.owner'), cell: ({ owner }) => (owner ? owner.name || owner.id : t('disputes.no_owner')) },
    { key: 'money', label: t('disputes.disputed'), shown: 'wide', cell: ({ disputed }) => formatMoney(disputed, locale()) },
    { key: 'opened', label: t('disputes.opened'), shown: 'wide', cell: ({ opened_at: at }) => formatInstant(at, locale(), list.portfolio?.time_zone) },
  ]

  /** @param {DisputeLine} one */
  function dueCell(one) {
    return html`${dueBadge(one, locale())} <span class="muted small">${one.days_left === null ? '' : formatDate(one.due_on, locale())}</span>`
  }

  function locale() {
    return localeFor(list.portfolio?.country)
  }

  await list.load()
}

/** @param {string | null} text */
function tabOf(text) {
  return TABS.find((each) => each === text) ?? 'live'
}
