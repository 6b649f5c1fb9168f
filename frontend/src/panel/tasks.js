// @ts-check

/** What people are asked to do: one's own, the team's, and what waits for whoever takes it. */

/** @import { CasePage } from './cases/contract.js' */
/** @import { Task, TaskChange, TaskKind, TaskLine } from './tasks/contract.js' */
/** @import { Scene } from './tasks/dialogs.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { Context } from './shell.js' */

import { daysBetween, formatDate, todayIn } from '../core/dates.js'
import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { selectField } from '../core/ui/fields.js'
import { badge, card, emptyState, pageHead, pager, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { isTyping, keyAction, target } from './cases/roving.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { forgetLate } from './late-tasks.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { dueBadge, kindText, whyText } from './tasks/words.js'
import { noPortfolio } from './uploads/words.js'

const WHOSE = ['mine', 'team', 'nobody']
const WHENS = ['late', 'today', 'later']
/** @type {TaskKind[]} */
const KINDS = ['call', 'visit', 'review', 'legal', 'other', 'mention']
const KEYS = /** @type {const} */ ({ h: 'done', t: 'take', a: 'put_off', d: 'give', z: 'undo' })

/** @typedef {'done' | 'dropped' | 'put_off' | 'given'} Act */
/** What was just done to a task here, and how to take it back. @typedef {{ act: Act, back: TaskChange }} Done */

/** Loaded with the first press. */
const dialogs = () => import('./tasks/dialogs.js')

start(open)

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  const asked = { whose: one(WHOSE, params.get('ver')) ?? 'mine', when: one(WHENS, params.get('cuando')) ?? '', kind: one(KINDS, params.get('tipo')) ?? '' }
  /** @type {Map<string, Done>} */
  const did = new Map()
  /** @type {PortfolioList<TaskLine>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(), path: pathOf,
  })
  const view = mountView(root, page)
  document.addEventListener('keydown', onKey)

  /** @param {{ portfolio_id: string }} portfolio */
  function pathOf({ portfolio_id: id }) {
    const query = new URLSearchParams({ whose: asked.whose })
    if (asked.whose !== 'mine') query.set('portfolio', id)
    if (asked.when) query.set('when', asked.when)
    if (asked.kind) query.set('kind', asked.kind)
    return `/tasks?${query}`
  }

  /** @param {Partial<typeof asked>} change */
  function ask(change) {
    Object.assign(asked, change)
    did.clear()
    window.history.replaceState(null, '', addressOf(asked.whose))
    list.pick(list.portfolio)
    view.update()
  }

  /** @param {string} whose */
  function addressOf(whose) {
    return pathTo('tasks', { [PARAM]: list.portfolio?.portfolio_id, ver: whose === 'mine' ? null : whose, cuando: asked.when, tipo: asked.kind })
  }

  /** @param {TaskLine} line @returns {Scene} */
  function sceneOf({ case_id: caseId, portfolio_id: portfolioId }) {
    return { api, caseId, portfolioId, today: todayOf(portfolioId) }
  }

  /** @param {string} portfolioId */
  function todayOf(portfolioId) {
    const known = portfolios.find(({ portfolio_id: id }) => id === portfolioId)
    return todayIn(new Date(), known?.time_zone ?? 'UTC')
  }

  /**
   * Take over what the server answered, and keep how to take it back.
   * @param {TaskLine} line @param {Promise<CasePage | undefined>} work @param {Done | null} done
   */
  async function settle(line, work, done) {
    try {
      const fresh = await work
      if (fresh === undefined) return
      const task = fresh.tasks.find(({ task_id: id }) => id === line.task_id)
      if (task === undefined) return
      list.items = (list.items ?? []).map((each) => (each.task_id === task.task_id ? { ...each, ...task, ...dayOf(each, task) } : each))
      if (done) did.set(task.task_id, done)
      else did.delete(task.task_id)
      forgetLate(api)
      toast(t(done ? `tasks.said.${done.act}` : 'tasks.said.undone'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    view.update()
  }

  /** @param {TaskLine} line @param {Task} task */
  function dayOf({ portfolio_id: id }, { due_on }) {
    const days = daysBetween(todayOf(id), due_on)
    return { days, when: /** @type {TaskLine['when']} */ (days < 0 ? 'late' : days === 0 ? 'today' : 'later') }
  }

  /** @type {Record<string, (line: TaskLine) => Promise<void>>} */
  const acts = {
    done: async (line) => settle(line, (await dialogs()).doneDialog(sceneOf(line), line), { act: 'done', back: { state: 'open' } }),
    drop: async (line) => settle(line, (await dialogs()).changeTask(sceneOf(line), line, { state: 'dropped' }), { act: 'dropped', back: { state: 'open' } }),
    take: async (line) => settle(line, (await dialogs()).changeTask(sceneOf(line), line, { owner: me.person_id }), { act: 'given', back: { owner: line.owner?.id ?? '' } }),
    put_off: async (line) => settle(line, (await dialogs()).putOffDialog(sceneOf(line), line), { act: 'put_off', back: { due_on: line.due_on } }),
    give: async (line) => settle(line, (await dialogs()).giveDialog(sceneOf(line), line), { act: 'given', back: { owner: line.owner?.id ?? '' } }),
    undo: async (line) => {
      const last = did.get(line.task_id)
      if (last) await settle(line, (await dialogs()).changeTask(sceneOf(line), line, last.back), null)
    },
  }

  /** What may be done with it now. @param {TaskLine} line */
  function offered(line) {
    if (line.state !== 'open') return []
    const own = line.owner?.id === me.person_id
    const may = mayGive(line)
    return ['done', ...(own || !may ? [] : ['take']), 'put_off', ...(may ? ['give'] : []), 'drop']
  }

  /** It is theirs, nobody's, what they asked for, or they answer for the portfolio. @param {TaskLine} line */
  function mayGive({ owner, asked_by: by }) {
    return owner === null || owner.id === me.person_id || me.role !== 'agent' || by.id === `user:${me.person_id}`
  }

  /** Whether it can be taken back: a day that is over cannot be set again. @param {TaskLine} line */
  function undoable(line) {
    const last = did.get(line.task_id)
    if (last === undefined) return false
    if (last.back.owner !== undefined) return mayGive(line)
    return last.back.due_on === undefined || last.back.due_on >= todayOf(line.portfolio_id)
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const links = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('a[data-task]')])
    if (document.querySelector('dialog[open]') !== null) return
    const row = /** @type {HTMLElement} */ (event.target).closest('tr')
    const current = links.findIndex((link) => row?.contains(link))
    const typing = isTyping(event.target)
    const act = KEYS[/** @type {keyof typeof KEYS} */ (event.key)]
    if (act && current !== -1 && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const line = list.items?.find(({ task_id: id }) => id === links[current].dataset.task)
      if (line && (act === 'undo' ? undoable(line) : offered(line).includes(act))) {
        event.preventDefault()
        void acts[act](line)
      }
      return
    }
    const move = keyAction(event, { typing, onRow: current !== -1 })
    if (move === null || move === 'search') return
    event.preventDefault()
    const next = links[target(current, move, links.length)]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.tasks') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.tasks'), lead: t('tasks.lead'),
      actions: asked.whose === 'mine' ? nothing : portfolioPicker({
        portfolios, chosen: portfolio, onPick: (picked) => { did.clear(); list.pick(picked); view.update() },
      }),
    })}
    ${tabs(t('tasks.tabs'), WHOSE.map((key) => ({ key, label: t(`tasks.tab.${key}`), href: addressOf(key) })), asked.whose, (key, event) => { event.preventDefault(); ask({ whose: key }) })}
    <div class="form-grid">
      ${selectField({ name: 'when', label: t('tasks.when'), required: true, value: asked.when, options: [{ value: '', label: t('tasks.any_day') }, ...WHENS.map((value) => ({ value, label: t(`tasks.when.${value}`) }))], onInput: (when) => ask({ when }) })}
      ${selectField({ name: 'kind', label: t('tasks.what'), required: true, value: asked.kind, options: [{ value: '', label: t('tasks.any_kind') }, ...KINDS.map((value) => ({ value, label: kindText(value) }))], onInput: (kind) => ask({ kind: /** @type {TaskKind | ''} */ (kind) }) })}
    </div>
    ${found()}`
  }

  function found() {
    if (list.problem) return problemBanner(list.problem, () => void list.load())
    if (list.items === null) return card({ body: skeleton(6) })
    if (list.items.length === 0 && list.cursor === null) {
      return emptyState({ icon: 'check', title: t(`tasks.none.${asked.whose}`), body: t('tasks.none_body'), steps: ['a', 'b', 'c'].map((step) => t(`tasks.step.${step}`)) })
    }
    return html`${card({
      tone: 'flush',
      body: dataTable({ caption: t(`tasks.tab.${asked.whose}`), columns: columns(), rows: list.items, id: ({ task_id: id }) => id }),
    })}<p class="muted small keys">${t('tasks.keys')}</p>
    ${pager({ shown: list.items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @returns {Column<TaskLine>[]} */
  function columns() {
    return [
      {
        key: 'what', label: t('tasks.what'), head: true,
        cell: (line) => html`<a data-task=${line.task_id} href=${pathTo('case', { id: line.case_id })}>${kindText(line.kind)} · ${line.case_name || t('common.nameless')}</a>
          ${line.text ? html`<p class="task-text">${line.text}</p>` : nothing}<p class="task-why muted small">${whyText(line, zoneOf(line))}</p>
          ${line.outcome ? html`<p class="task-why small">${line.outcome}</p>` : nothing}`,
      },
      { key: 'due', label: t('tasks.due'), cell: (line) => (line.state === 'open' ? html`${dueBadge(line.days)} <span class="muted small nowrap">${formatDate(line.due_on, localeOf(line))}</span>` : badge(t(`tasks.state.${line.state}`), 'good')) },
      { key: 'owner', label: t('tasks.owner'), cell: ({ owner }) => (owner ? owner.name || owner.id : t('tasks.no_owner')) },
      { key: 'owed', label: t('tasks.owed'), align: 'end', shown: 'wide', cell: (line) => formatMoney(line.balance, localeOf(line)) },
      { key: 'acts', label: t('tasks.acts'), cell: actsCell },
    ]
  }

  /** @param {TaskLine} line */
  function actsCell(line) {
    const name = line.case_name || t('common.nameless')
    const button = (/** @type {string} */ act) => html`<button type="button" class="link-button" aria-label=${t('tasks.act_of', { act: t(`tasks.act.${act}`), name })} @click=${() => void acts[act](line)}>${t(`tasks.act.${act}`)}</button>`
    const last = did.get(line.task_id)
    return html`<div class="button-row">${undoable(line) ? html`<span class="muted small">${t(`tasks.said.${last?.act}`)}</span>${button('undo')}` : offered(line).map(button)}</div>`
  }

  /** @param {TaskLine} line */
  function localeOf({ portfolio_id: id }) {
    return localeFor(portfolios.find(({ portfolio_id: own }) => own === id)?.country)
  }

  /** @param {TaskLine} line */
  function zoneOf({ portfolio_id: id }) {
    return portfolios.find(({ portfolio_id: own }) => own === id)?.time_zone
  }

  await list.load()
}

/** @template {string} T @param {readonly T[]} known @param {string | null} text */
function one(known, text) {
  return known.find((each) => each === text)
}
