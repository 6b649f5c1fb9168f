// @ts-check

/** Conversations with debtors, live: a list, a chat, a person's turn, strangers to be placed. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Conversation, ConversationList, ConversationPage, Message, Tray } from './conversations/contract.js' */
/** @import { Context } from './shell.js' */

import { localeFor, t } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { isTyping, keyAction, target } from './cases/roving.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { attachDialog } from './conversations/attach-dialog.js'
import { chat } from './conversations/chat-view.js'
import { eraseDialog } from './conversations/erase-dialog.js'
import { numbers, trayQuery, withMessages, withMoved } from './conversations/feed.js'
import { conversationList } from './conversations/list-view.js'
import { start, whileVisible } from './shell.js'
import { warn } from './uploads/links.js'
import { noPortfolio } from './uploads/words.js'

const EVERY_MS = 4000
/** What a provider tells of a message moves no list: the open chat is looked at itself this often. */
const CHAT_EVERY = 3

start(open, { roles: ['admin', 'supervisor', 'agent'] })

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  let portfolio = chosenPortfolio(portfolios, params)
  const seesShared = me.portfolios.includes('*') && portfolios.length > 1
  /** @type {Tray} */
  let tray = trayOf(params.get('bandeja'))
  let current = params.get('id') ?? ''
  /** @type {Conversation[] | null} */
  let items = null
  /** @type {string | null} */
  let cursor = null
  let mark = ''
  /** @type {ConversationPage | null} */
  let page = null
  /** @type {Message[]} */
  let messages = []
  let more = false
  let draft = ''
  let template = ''
  let busy = false
  let round = 0
  /** @type {Problem | null} */
  let problem = null
  const askList = latest()
  const view = mountView(root, paint)

  /** @param {string | null} name @returns {Tray} */
  function trayOf(name) {
    const known = { espera: 'waiting', desconocidos: 'unknown', compartidos: 'shared' }
    return /** @type {Tray} */ (known[/** @type {keyof typeof known} */ (name)] ?? 'all')
  }

  /** @param {Tray} which @param {string} [id] */
  function href(which, id) {
    const names = { all: '', waiting: 'espera', unknown: 'desconocidos', shared: 'compartidos' }
    return pathTo('conversations', { [PARAM]: portfolio?.portfolio_id, bandeja: names[which], id })
  }

  const listPath = () => `/portfolios/${tray === 'shared' ? '-' : portfolio?.portfolio_id}/conversations`

  async function load() {
    const asked = askList()
    if (portfolio === null) return
    problem = null
    busy = false
    try {
      /** @type {ConversationList} */
      const answer = await api.get(listPath(), { query: trayQuery(tray) })
      if (!asked()) return
      items = answer.items
      cursor = answer.cursor
      mark = answer.mark
    } catch (error) {
      if (!asked()) return
      problem = asProblem(error)
    }
    view.update()
  }

  async function loadMore() {
    const asked = askList()
    busy = true
    view.update()
    try {
      /** @type {ConversationList} */
      const answer = await api.get(listPath(), { query: { ...trayQuery(tray), cursor } })
      if (!asked()) return
      items = withMoved(items ?? [], answer.items, tray)
      cursor = answer.cursor
    } catch (error) {
      if (!asked()) return
      toast(asProblem(error).text, 'bad')
    }
    busy = false
    view.update()
  }

  /** Ask what moved since; one small query while nothing does. */
  async function look() {
    if (portfolio === null || items === null) return
    const asked = listPath() + tray
    /** @type {ConversationList} */
    const answer = await api.get(listPath(), { query: { tray: trayQuery(tray).tray, since: mark } })
    if (asked !== listPath() + tray) return
    mark = answer.mark
    items = withMoved(items, answer.items, tray)
    round += 1
    const { last } = numbers(messages)
    const moved = answer.items.find((one) => one.conversation_id === current)
    if (current !== '' && page !== null && ((moved && moved.messages > last) || round % CHAT_EVERY === 0)) await refresh()
    view.update()
  }

  async function refresh() {
    const asked = current
    const known = Math.max(0, numbers(messages).last - 5)
    const answer = await api.get(`/conversations/${asked}`, { query: { after: known } })
    if (asked === current) show(answer, { keep: true })
  }

  /** @param {string} id */
  async function openTalk(id) {
    current = id
    page = null
    messages = []
    draft = ''
    template = ''
    view.update()
    if (id === '') return
    try {
      const answer = await api.get(`/conversations/${id}`)
      if (id !== current) return
      more = answer.more
      show(answer)
      const heading = /** @type {HTMLElement | null} */ (root.querySelector('.chat-head h2'))
      heading?.focus({ preventScroll: true })
    } catch (error) {
      if (id !== current) return
      current = ''
      toast(asProblem(error).text, 'bad')
      view.update()
    }
  }

  /** @param {ConversationPage} answer @param {{ keep?: boolean }} [rules] */
  function show(answer, { keep = false } = {}) {
    const log = root.querySelector('#chat-log')
    const atEnd = !keep || log === null || log.scrollHeight - log.scrollTop - log.clientHeight < 80
    page = answer
    messages = withMessages(messages, answer.messages)
    items = items && withMoved(items, [answer.conversation], tray)
    view.now()
    if (atEnd) root.querySelector('#chat-log')?.scrollTo({ top: 1e9 })
    if (answer.conversation.unread > 0 && document.visibilityState === 'visible') void markRead(answer.conversation.conversation_id)
  }

  /** @param {string} id */
  async function markRead(id) {
    const answer = await api.post(`/conversations/${id}/reading`).catch(() => null)
    if (answer !== null && id === current && page !== null) {
      page.conversation = answer.conversation
      items = items && withMoved(items, [answer.conversation], tray)
      view.update()
    }
  }

  async function earlier() {
    const asked = current
    try {
      const answer = await api.get(`/conversations/${asked}`, { query: { before: numbers(messages).first } })
      if (asked !== current) return
      more = answer.more
      messages = withMessages(messages, answer.messages)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    view.update()
  }

  /** @param {Message} message @param {number} number */
  async function openFile({ seq }, number) {
    try {
      const { url, scan } = await api.get(`/conversations/${current}/file`, { query: { seq, number } })
      warn(scan)
      window.location.assign(url)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** Come from a case: open its newest conversation. @param {string} caseId */
  async function openOfCase(caseId) {
    /** @type {ConversationList} */
    const { items: own } = await api.get(`/cases/${encodeURIComponent(caseId)}/conversations`)
    if (own.length === 0) return toast(t('conversations.none_of_case'), 'info')
    const id = own[0].conversation_id
    window.history.replaceState(null, '', href(tray, id))
    await openTalk(id)
  }

  /** @param {() => Promise<ConversationPage>} work @param {string} [done] */
  async function act(work, done) {
    const asked = current
    busy = true
    view.update()
    try {
      const answer = await work()
      busy = false
      if (asked === current) show(answer)
      if (done) toast(done)
    } catch (error) {
      busy = false
      toast(asProblem(error).text, 'bad')
      await refresh().catch(() => null)
      view.update()
    }
  }

  const send = () => {
    const text = draft.trim()
    if (text === '' || busy) return
    void act(async () => {
      const asked = current
      const answer = await api.post(`/conversations/${asked}/messages`, { text })
      if (asked === current) draft = '' // another conversation's is being written
      return answer
    })
  }

  const sendTemplate = () => act(async () => {
    const asked = current
    const answer = await api.post(`/conversations/${asked}/messages`, { template_id: template })
    if (asked === current) template = ''
    return answer
  }, t('conversations.template_planned'))

  async function attach() {
    if (page === null || portfolio === null) return
    const answer = await attachDialog({ api, one: page.conversation, portfolioId: page.portfolio.id || portfolio.portfolio_id })
    if (answer === undefined) return
    toast(t('conversations.attached'))
    show(answer)
  }

  async function erase() {
    if (page === null || !(await eraseDialog({ api, one: page.conversation }))) return
    toast(t('conversations.erased'))
    const id = page.conversation.case ? current : ''
    if (id === '') window.history.replaceState(null, '', href(tray))
    await openTalk(id)
    await load()
  }

  /** @param {string} id @param {Event} [event] */
  function go(id, event) {
    event?.preventDefault()
    window.history.pushState(null, '', href(tray, id))
    void openTalk(id)
  }

  /** @param {Tray} picked @param {Event} event */
  function pickTray(picked, event) {
    event.preventDefault()
    tray = picked
    items = null
    window.history.pushState(null, '', href(tray))
    void openTalk('')
    void load()
  }

  window.addEventListener('popstate', () => {
    const now = new URLSearchParams(window.location.search)
    const before = tray
    tray = trayOf(now.get('bandeja'))
    if (tray !== before) {
      items = null
      void load()
    }
    void openTalk(now.get('id') ?? '')
  })

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && current !== '' && !document.querySelector('dialog[open]')) return go('')
    const links = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.talk')])
    const at = links.indexOf(/** @type {any} */ (document.activeElement))
    if (event.key === 'r' && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
      const answer = /** @type {HTMLElement | null} */ (root.querySelector('#answer'))
      if (answer !== null) event.preventDefault()
      return answer?.focus()
    }
    const move = keyAction(event, { typing: isTyping(event.target), onRow: at !== -1 })
    if (move === null || move === 'search') return
    const next = target(at, move, links.length)
    if (next === -1) return
    event.preventDefault()
    links[next].focus()
  })

  function paint() {
    const head = pageHead({
      title: t('conversations.title'), lead: t('conversations.lead'),
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: pickPortfolio }),
    })
    if (portfolio === null) return html`${head}${noPortfolio()}`
    return html`<div class="talks-head ${current ? 'talks-behind' : ''}">${head}${trays()}</div>
      <div class="talks-page ${current ? 'talks-open' : ''}">
        <div class="talks-list">${problem ? problemBanner(problem, () => void load()) : nothing}${list(portfolio)}</div>
        <div class="talks-chat">${current === '' ? emptyState({ icon: 'chat', title: t('conversations.pick_title'), body: t('conversations.pick_body') }) : talk(portfolio)}</div>
      </div>`
  }

  /** @param {Portfolio | null} picked */
  function pickPortfolio(picked) {
    portfolio = picked
    items = null
    void openTalk('')
    void load()
  }

  function trays() {
    /** @type {Tray[]} */
    const shown = seesShared ? ['all', 'waiting', 'unknown', 'shared'] : ['all', 'waiting', 'unknown']
    return tabs(t('conversations.trays'), shown.map((key) => ({ key, label: t(`conversations.tray.${key}`), href: href(key) })), tray,
      (key, event) => pickTray(/** @type {Tray} */ (key), event))
  }

  /** @param {Portfolio} owner */
  function list(owner) {
    if (items === null) return problem ? nothing : skeleton(6)
    if (items.length === 0) return emptyState({ icon: 'chat', title: t(`conversations.empty.${tray}`), body: t('conversations.empty_body') })
    return html`${conversationList({
      items, current, locale: localeFor(owner.country), timeZone: owner.time_zone,
      href: (one) => href(tray, one.conversation_id), onOpen: (one, event) => go(one.conversation_id, event),
    })}${pager({ shown: items.length, busy, more: cursor !== null, onMore: () => void loadMore() })}`
  }

  /** @param {Portfolio} owner */
  function talk(owner) {
    if (page === null) return skeleton(6)
    return chat({
      page, messages, more, draft, template, busy, locale: localeFor(owner.country), timeZone: owner.time_zone,
      backHref: href(tray), onBack: (event) => go('', event), onMore: () => void earlier(),
      onFile: (message, number) => void openFile(message, number),
      onDraft: (text) => { draft = text; view.update() }, onTemplate: (id) => { template = id; view.update() },
      onSend: send, onSendTemplate: () => void sendTemplate(), onAttach: () => void attach(), onErase: () => void erase(),
      onTake: () => void act(() => api.post(`/conversations/${current}/takeover`), t('conversations.taken')),
      onGiveBack: () => void act(() => api.delete(`/conversations/${current}/takeover`), t('conversations.given_back')),
    })
  }

  await load()
  const ofCase = params.get('caso')
  if (current !== '') await openTalk(current)
  else if (ofCase !== null) await openOfCase(ofCase)
  whileVisible(look, EVERY_MS)
}
