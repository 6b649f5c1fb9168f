// @ts-check

/** Requests about people's own data by law: the first due first, late ones marked. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { RequestLine, RequestLines } from './requests/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, todayIn } from '../core/dates.js'
import { localeFor, t, tn } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { selectField, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { KINDS, dueBadge, stateBadge } from './requests/words.js'
import { start } from './shell.js'
import { save } from './team/csv.js'
import { noPortfolio } from './uploads/words.js'

const TABS = ['live', 'ended']

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  let tab = TABS.find((each) => each === params.get('estado')) ?? 'live'
  let kind = KINDS.find((each) => each === params.get('derecho')) ?? ''
  let words = params.get('q') ?? ''
  let taking = false
  /** @type {Pick<RequestLines, 'counts' | 'kinds'> | null}  What came with the last page. */
  let beside = null
  const watching = { get: async (/** @type {string} */ path, /** @type {any} */ how) => {
    const answer = await api.get(path, how)
    beside = answer
    return answer
  } }
  /** @type {PortfolioList<RequestLine>} */
  const list = new PortfolioList({ api: watching, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(), path: pathOf })
  const view = mountView(root, page)

  /** @param {Portfolio} portfolio */
  function pathOf({ portfolio_id: id }) {
    const query = new URLSearchParams({ state: tab })
    if (kind) query.set('kind', kind)
    if (words.trim()) query.set('q', words.trim())
    return `/portfolios/${encodeURIComponent(id)}/data-requests?${query}`
  }

  /** @param {string} of */
  function addressOf(of) {
    return pathTo('requests', { [PARAM]: list.portfolio?.portfolio_id, estado: of, derecho: kind, q: words.trim() })
  }

  function again() {
    window.history.replaceState(null, '', addressOf(tab))
    list.pick(list.portfolio)
    view.update()
  }

  async function takeIn() {
    if (list.portfolio === null) return
    const { newDialog } = await import('./requests/dialogs.js')
    const { portfolio_id: portfolioId, time_zone: zone } = list.portfolio
    const made = await newDialog({ api, portfolioId, kinds: beside?.kinds ?? KINDS, today: todayIn(new Date(), zone) })
    if (made === undefined) return
    window.location.assign(pathTo('request', { [PARAM]: portfolioId, id: made.request_id }))
  }

  async function allowAgain() {
    if (list.portfolio === null) return
    const { againDialog } = await import('./requests/again-dialog.js')
    const done = await againDialog({ api, portfolioId: list.portfolio.portfolio_id })
    if (done !== undefined) toast(t('requests.again_done'), 'good')
  }

  async function take() {
    if (list.portfolio === null) return
    taking = true
    view.update()
    try {
      const { registerFile } = await import('./requests/file.js')
      save(await registerFile(api, pathOf(list.portfolio)), `${t('requests.file_name')}-${tab}.csv`)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    taking = false
    view.update()
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.requests') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.requests'), lead: t('requests.lead'),
      actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => { list.pick(picked); view.update() } })}
        ${me.role === 'admin' ? html`<button type="button" class="button" @click=${() => void allowAgain()}>${t('requests.again')}</button>` : nothing}
        <button type="button" class="button" ?disabled=${taking} @click=${() => void take()}>${icon('download')}${t('requests.take')}</button>
        <button type="button" class="button button-primary" @click=${() => void takeIn()}>${t('requests.new')}</button>`,
    })}
    ${due()}
    ${tabs(t('requests.tabs'), TABS.map((key) => ({ key, label: t(`requests.tab.${key}`), href: addressOf(key) })), tab, (key, event) => {
      event.preventDefault()
      tab = key
      again()
    })}
    <form class="toolbar" role="search" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); again() }}>
      ${textField({ name: 'q', label: t('requests.search'), type: 'search', value: words, maxlength: 80, onInput: (value) => { words = value } })}
      ${selectField({ name: 'kind', id: 'only-kind', label: t('requests.kind'), value: kind, options: [{ value: '', label: t('requests.any_kind') }, ...KINDS.map((value) => ({ value, label: t(`requests.kind.${value}`) }))], onInput: (value) => { kind = value; again() } })}
      <button class="button">${t('requests.find')}</button>
    </form>
    ${register()}`
  }

  function due() {
    if (beside === null || beside.counts.late + beside.counts.soon === 0) return nothing
    const { late, soon } = beside.counts
    return banner({
      tone: late > 0 ? 'bad' : 'warn',
      title: [late > 0 ? tn('requests.count_late', late) : '', soon > 0 ? tn('requests.count_soon', soon) : ''].filter(Boolean).join(' · '),
      body: t('requests.count_body'),
    })
  }

  function register() {
    if (list.problem) return problemBanner(list.problem, () => void list.load())
    if (list.items === null) return card({ body: skeleton(6) })
    if (list.items.length === 0) {
      const sought = kind !== '' || words.trim() !== ''
      return emptyState({ icon: sought ? 'search' : 'check', title: t(sought ? 'requests.none.found' : `requests.none.${tab}`), body: t('requests.none_body'), steps: ['a', 'b', 'c'].map((step) => t(`requests.step.${step}`)) })
    }
    return html`${card({
      tone: 'flush',
      body: dataTable({ caption: t(`requests.tab.${tab}`), columns, rows: list.items, id: ({ request_id: id }) => id }),
    })}${pager({ shown: list.items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @type {Column<RequestLine>[]} */
  const columns = [
    {
      key: 'who', label: t('requests.who'), head: true,
      cell: (one) => html`<a href=${pathTo('request', { [PARAM]: one.portfolio_id, id: one.request_id })}>${one.name || t('common.nameless')}</a> <span class="muted small">${one.number}</span>`,
    },
    { key: 'kind', label: t('requests.kind'), cell: (one) => t(`requests.kind.${one.kind}`) },
    { key: 'state', label: t('requests.how'), cell: ({ state }) => stateBadge(state) },
    { key: 'due', label: t('requests.due'), cell: (one) => html`${dueBadge(one, locale())} <span class="muted small">${one.days_left === null ? '' : formatDate(one.due_on, locale())}</span>` },
    { key: 'owner', label: t('requests.owner'), cell: ({ owner }) => (owner ? owner.name || owner.id : t('requests.no_owner')) },
    { key: 'received', label: t('requests.received'), shown: 'wide', cell: ({ received_on: on }) => formatDate(on, locale()) },
    { key: 'way', label: t('requests.way'), shown: 'wide', cell: ({ way }) => t(`requests.way.${way}`) },
  ]

  function locale() {
    return localeFor(list.portfolio?.country)
  }

  await list.load()
}
