// @ts-check

/** Visits: those that a person has to look at, the others, and the phones that sign them. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { VisitLine } from './visits/contract.js' */
/** @import { Context } from './shell.js' */

import { formatAgo, formatInstant } from '../core/dates.js'
import { formatNumber, localeFor, t } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { badge, card, emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'
import { DeviceList } from './visits/devices.js'
import { PointList } from './visits/points.js'
import { doubtsText, resultText, standingBadge, verdictBadge } from './visits/words.js'

const TABS = ['review', 'all', 'accepted', 'rejected', 'points', 'devices']

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let tab = tabOf(params.get('estado'))
  const asked = { from: params.get('desde') ?? '', to: params.get('hasta') ?? '' }
  /** @type {PortfolioList<VisitLine>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(), path: pathOf,
  })
  const devices = new DeviceList({ api, paint: () => view.update() })
  const points = new PointList({ api, paint: () => view.update() })
  const view = mountView(root, page)

  /** @param {Portfolio} portfolio */
  function pathOf({ portfolio_id: id }) {
    const query = new URLSearchParams({ portfolio: id })
    if (tab !== 'all') query.set('state', tab)
    if (asked.from) query.set('from', asked.from)
    if (asked.to) query.set('to', asked.to)
    return `/visits?${query}`
  }

  /** @param {string} key @param {Event} event */
  function show(key, event) {
    event.preventDefault()
    tab = tabOf(key)
    window.history.replaceState(null, '', addressOf(tab))
    void read()
    view.update()
  }

  /** What the tab shows, of the chosen portfolio. */
  function read() {
    if (tab === 'devices') return devices.load()
    if (list.portfolio === null) return
    if (tab === 'points') return points.load(list.portfolio.portfolio_id)
    list.pick(list.portfolio)
  }

  /** @param {Portfolio | null} picked */
  function pick(picked) {
    list.portfolio = picked
    void read()
    view.update()
  }

  /** @param {string} of */
  function addressOf(of) {
    return pathTo('visits', { [PARAM]: list.portfolio?.portfolio_id, estado: of, desde: asked.from, hasta: asked.to })
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.visits') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.visits'), lead: t('visits.lead'),
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: pick }),
    })}
    ${tabs(t('visits.tabs'), TABS.map((key) => ({ key, label: t(`visits.tab.${key}`), href: addressOf(key) })), tab, show)}
    ${tab === 'devices' ? devices.view() : tab === 'points' ? points.view() : html`${days()}${visits()}`}`
  }

  function days() {
    return html`<form class="toolbar" @change=${narrow} @submit=${(/** @type {Event} */ e) => e.preventDefault()}>
      <label class="picker picker-small"><span>${t('visits.from')}</span><input type="date" name="from" .value=${asked.from}></label>
      <label class="picker picker-small"><span>${t('visits.to')}</span><input type="date" name="to" .value=${asked.to}></label></form>`
  }

  /** @param {Event} event */
  function narrow(event) {
    const field = /** @type {HTMLInputElement} */ (event.target)
    asked[field.name === 'from' ? 'from' : 'to'] = field.value
    window.history.replaceState(null, '', addressOf(tab))
    if (list.portfolio) list.pick(list.portfolio)
  }

  function visits() {
    if (list.problem) return problemBanner(list.problem, () => void list.load())
    if (list.items === null) return card({ body: skeleton(6) })
    if (list.items.length === 0) return emptyState({ icon: 'check', title: t(`visits.none.${tab}`), body: t(`visits.about.${tab}`) })
    return html`<p class="muted">${t(`visits.about.${tab}`)}</p>${card({
      tone: 'flush',
      body: dataTable({ caption: t(`visits.tab.${tab}`), columns, rows: list.items, id: ({ visit_id: id }) => id }),
    })}${pager({ shown: list.items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @type {Column<VisitLine>[]} */
  const columns = [
    {
      key: 'case', label: t('visits.case'), head: true,
      cell: (visit) => html`<a href=${pathTo('visit', { caso: visit.case_id, id: visit.visit_id })}>${visit.case_name || t('common.nameless')}</a>`,
    },
    { key: 'who', label: t('visits.who'), cell: ({ person }) => person.name || '–' },
    { key: 'result', label: t('visits.result'), cell: (visit) => resultText(visit) },
    { key: 'verdict', label: t('visits.verdict'), cell: ({ verdict }) => verdictBadge(verdict) },
    { key: 'trust', label: t('visits.trust'), cell: ({ trust }) => formatNumber(trust) },
    {
      key: 'why', label: t('visits.why'), shown: 'wide',
      cell: (visit) => html`${visit.standing === 'review' ? doubtsText(visit) : standingBadge(visit.standing)}${
        visit.state === 'photos_wanted' ? html` ${badge(t('visits.photos_wanted'), 'info')}` : nothing}`,
    },
    { key: 'when', label: t('visits.when'), cell: whenCell },
  ]

  /** @param {VisitLine} visit */
  function whenCell({ at }) {
    const locale = localeFor(list.portfolio?.country)
    return html`<time datetime=${at} title=${formatInstant(at, locale, list.portfolio?.time_zone)}>${formatAgo(at, new Date(), locale)}</time>`
  }

  await read()
}

/** @param {string | null} text */
function tabOf(text) {
  return TABS.find((each) => each === text) ?? 'review'
}
