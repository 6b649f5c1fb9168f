// @ts-check

/** Strategies of a portfolio: what there is, what to start from, who gets which, what it would do. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Context } from './shell.js' */
/** @import { Playbook, ReadyMade, Strategy, Vocabulary } from './strategies/contract.js' */

import { formatDate } from '../core/dates.js'
import { lang, localeFor, t, tn } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { card, emptyState, pageHead, problemBanner, skeleton } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { guardLeaving, start } from './shell.js'
import { DryRunPanel } from './strategies/dry-run.js'
import { lackingBanner } from './strategies/lacking-view.js'
import { SegmentsPanel } from './strategies/segments.js'
import { whenWords } from './step-words.js'
import { segmentNames, stateBadge, whatWords } from './strategies/words.js'
import { noPortfolio } from './uploads/words.js'

start(open)

/** @param {Context} context */
async function open(context) {
  const { root, api, me, params, portfolios: all } = context
  const portfolios = await all()
  /** @type {Vocabulary} */
  const vocabulary = await api.get('/strategy-vocabulary')
  const id = params.get('id')
  const chosen = chosenPortfolio(portfolios, params)
  if (id !== null && chosen !== null) {
    const { items } = await api.get(`/portfolios/${chosen.portfolio_id}/strategies/${encodeURIComponent(id)}`)
    const { openEditor } = await import('./strategies/editor.js')
    return openEditor(context, { portfolio: chosen, vocabulary, versions: items })
  }

  const mayWrite = me.role !== 'agent'
  const state = {
    portfolio: chosen, making: false, problem: /** @type {any} */ (null), items: /** @type {Strategy[] | null} */ (null), lacking: /** @type {string[]} */ ([]),
    playbook: /** @type {Playbook | null} */ (null), segments: /** @type {SegmentsPanel | null} */ (null), dryRun: /** @type {DryRunPanel | null} */ (null),
  }
  guardLeaving(() => state.segments?.dirty ?? false)
  const ask = latest()
  const view = mountView(root, page)

  async function load() {
    const current = ask()
    const { portfolio } = state
    state.items = null
    state.problem = null
    if (portfolio === null) return
    try {
      const answer = await api.get(`/portfolios/${portfolio.portfolio_id}/strategies`)
      if (!current()) return
      state.items = answer.items
      state.playbook = answer.playbook
      state.lacking = answer.lacking
      const paint = () => view.update()
      state.segments = new SegmentsPanel({ api, portfolio, vocabulary, strategies: answer.items, playbook: answer.playbook, disabled: !mayWrite, prices: answer.prices, mayPrice: me.role === 'admin', paint, onSaved: (playbook) => { state.playbook = playbook } })
      state.dryRun = new DryRunPanel({ api, portfolio, paint })
    } catch (error) {
      if (!current()) return
      state.problem = asProblem(error)
    }
    view.update()
  }

  /** @param {string} ready  Code of a ready-made strategy; empty: from nothing. */
  async function startFrom(ready) {
    if (state.making) return
    state.making = true
    view.update()
    try {
      const made = await api.post(`/portfolios/${state.portfolio?.portfolio_id}/strategies`, { ready_made: ready })
      window.location.assign(editorPath(made))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
      state.making = false
      view.update()
    }
  }

  /** @param {Strategy} strategy */
  const editorPath = ({ strategy_id: one }) => pathTo('strategies', { [PARAM]: state.portfolio?.portfolio_id, id: one })

  function page() {
    const { portfolio, items } = state
    if (portfolio === null) return html`${pageHead({ title: t('common.title.strategies') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.strategies'), lead: t('strategies.lead'),
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => { state.portfolio = picked; void load(); view.update() } }),
    })}
    ${state.problem ? problemBanner(state.problem, () => void load()) : nothing}
    ${items === null ? nothing : lackingBanner(state.lacking, portfolio, mayWrite)}
    ${items === null ? (state.problem ? nothing : card({ body: skeleton(5) })) : html`<div class="stack">
      ${items.length === 0 ? emptyState({ icon: 'history', title: t('strategies.empty_title'), body: t('strategies.empty_body') }) : card({ body: table(items, portfolio) })}
      ${mayWrite ? card({ id: 'ready', title: t('strategies.ready.title'), lead: t('strategies.ready.lead'), body: readyMade() }) : nothing}
      ${card({ id: 'segments', title: t('strategies.segments.title'), lead: t('strategies.segments.lead'), body: state.segments?.panel() })}
      ${mayWrite ? card({ id: 'dry-run', title: t('strategies.dry.title'), lead: t('strategies.dry.lead'), body: state.dryRun?.panel() }) : nothing}
    </div>`}`
  }

  /** @param {Strategy[]} items @param {Portfolio} portfolio */
  function table(items, portfolio) {
    const locale = localeFor(portfolio.country)
    return dataTable({
      caption: t('common.title.strategies'), rows: items, id: ({ strategy_id: one }) => one,
      columns: [
        { key: 'name', label: t('strategies.part.name'), head: true, cell: (one) => html`<a href=${editorPath(one)}>${one.name || t('strategies.unnamed')}</a>` },
        { key: 'state', label: t('strategies.state_label'), cell: stateBadge },
        { key: 'steps', label: t('strategies.steps'), align: 'end', cell: (one) => one.steps.length },
        { key: 'version', label: t('strategies.version_label'), align: 'end', shown: 'wide', cell: (one) => one.version },
        { key: 'valid', label: t('strategies.valid_from'), cell: (one) => (one.valid_from ? formatDate(one.valid_from, locale) : '–') },
        { key: 'segments', label: t('strategies.segments.title'), cell: (one) => segmentNames(state.playbook?.segments ?? [], one.strategy_id) || '–' },
      ],
    })
  }

  function readyMade() {
    return html`<ul class="ready">${vocabulary.ready_made.map((one) => html`<li class="ready-card">
        <h3>${one.names[lang()] ?? one.names.es}</h3><p class="muted small">${one.texts[lang()] ?? one.texts.es}</p>
        <details><summary>${tn('strategies.ready.steps', one.steps.length)}</summary>${outline(one)}</details>
        <div class="button-row"><button type="button" class="button button-small" ?disabled=${state.making} @click=${() => void startFrom(one.code)}>${icon('plus')}${t('strategies.ready.use')}<span class="visually-hidden"> ${one.names[lang()] ?? one.names.es}</span></button></div>
      </li>`)}
      <li class="ready-card"><h3>${t('strategies.ready.empty')}</h3><p class="muted small">${t('strategies.ready.empty_body')}</p>
        <div class="button-row"><button type="button" class="button button-small" ?disabled=${state.making} @click=${() => void startFrom('')}>${icon('plus')}${t('strategies.ready.start')}</button></div></li></ul>`
  }

  /** @param {ReadyMade} one */
  function outline({ steps }) {
    return html`<ol class="outline">${steps.map((step) => html`<li><strong>${whenWords(step)}</strong> <span class="muted">${whatWords(step)}</span></li>`)}</ol>`
  }

  await load()
}
