// @ts-check

/** Cases that may be one person: side by side, to be merged or told apart by somebody who knows. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { Context } from './shell.js' */
/** @import { MergeCase, MergeProposal } from './uploads/contract.js' */

import { formatNumber, localeFor, t, tOr } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { badge, card, emptyState, pageHead, pager, problemBanner, skeleton } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, live, mountView, nothing, repeat } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { start } from './shell.js'

/** @typedef {{ proposal: MergeProposal, into: string, merged: { id: string, into: string } | null }} Pair */

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  const state = {
    portfolio: chosenPortfolio(portfolios, params),
    /** @type {Pair[] | null} */
    pairs: null,
    /** @type {string | null} */
    cursor: null,
    busy: false,
    /** @type {Problem | null} */
    problem: null,
  }
  const view = mountView(root, page)

  /** @param {{ more?: boolean }} [how] */
  async function load({ more = false } = {}) {
    if (state.portfolio === null) return
    state.busy = true
    state.problem = null
    view.update()
    const asked = state.portfolio
    try {
      const { items, cursor } = await api.get(`/portfolios/${asked.portfolio_id}/merge-proposals`, { query: { cursor: more ? state.cursor : null } })
      if (asked !== state.portfolio) return
      const pairs = items.map((/** @type {MergeProposal} */ proposal) => ({ proposal, into: proposal.cases[0]?.case_id, merged: null }))
      state.pairs = more ? [...(state.pairs ?? []), ...pairs] : pairs
      state.cursor = cursor
    } catch (error) {
      state.problem = asProblem(error)
    } finally {
      state.busy = false
      view.update()
    }
  }

  /** @param {Pair} pair */
  async function merge(pair) {
    const into = /** @type {MergeCase} */ (pair.proposal.cases.find(({ case_id: id }) => id === pair.into))
    const others = pair.proposal.cases.filter((one) => one !== into)
    const agreed = await confirmDialog({
      title: t('uploads.merges.confirm_title'), confirm: t('uploads.merges.merge'),
      body: html`<p>${t('uploads.merges.confirm_body', { into: into.name })}</p>`,
      work: async () => {
        for (const from of others) {
          const answer = await api.post(`/portfolios/${state.portfolio?.portfolio_id}/merges`, { into: into.case_id, from: from.case_id })
          pair.merged = { id: answer.merge_id, into: into.name }
        }
      },
    })
    if (agreed) toast(t('uploads.merges.merged'))
    view.update()
  }

  /** @param {Pair} pair */
  async function undo(pair) {
    if (pair.merged === null) return
    try {
      await api.delete(`/portfolios/${state.portfolio?.portfolio_id}/merges/${encodeURIComponent(pair.merged.id)}`)
      pair.merged = null
      toast(t('uploads.merges.undone'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    view.update()
  }

  /** @param {Pair} pair */
  async function dismiss(pair) {
    try {
      await api.post(`/portfolios/${state.portfolio?.portfolio_id}/merge-proposals/${encodeURIComponent(pair.proposal.proposal_id)}/dismissal`, {})
      state.pairs = (state.pairs ?? []).filter((other) => other !== pair)
      toast(t('uploads.merges.dismissed'))
      view.now()
      root.querySelector('h1')?.focus()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  function page() {
    const { portfolio, pairs } = state
    return html`${pageHead({
      title: t('uploads.merges.title'), lead: t('uploads.merges.lead'),
      back: { href: pathTo('uploads', { [PARAM]: portfolio?.portfolio_id }), label: t('common.title.uploads') },
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => { state.portfolio = picked; state.pairs = null; void load() } }),
    })}
    ${state.problem ? problemBanner(state.problem, () => void load()) : nothing}
    ${pairs === null ? (state.problem ? nothing : card({ body: skeleton(5) })) : proposals(pairs)}`
  }

  /** @param {Pair[]} pairs */
  function proposals(pairs) {
    if (pairs.length === 0) {
      return emptyState({ icon: 'check', title: t('uploads.merges.empty_title'), body: t('uploads.merges.empty_body') })
    }
    return html`<div class="stack">${repeat(pairs, ({ proposal }) => proposal.proposal_id, pairCard)}</div>
      ${pager({ shown: pairs.length, busy: state.busy, more: state.cursor !== null, onMore: () => void load({ more: true }) })}`
  }

  /** @param {Pair} pair */
  function pairCard(pair) {
    const { proposal, merged } = pair
    const names = proposal.cases.map(({ name }) => name).join(' · ')
    if (merged !== null) {
      return html`<section class="card" aria-label=${names}><div class="row row-between">
        <span class="row">${icon('check')}${t('uploads.merges.done_into', { name: merged.into })}</span>
        <button type="button" class="button" @click=${() => undo(pair)}>${icon('undo')}${t('uploads.merges.undo')}</button>
      </div></section>`
    }
    return html`<section class="card" aria-label=${names}>
      <div class="row">${badge(t('uploads.merges.alike', { n: formatNumber(proposal.score / 100, { style: 'percent', maximumFractionDigits: 0 }) }), 'info')}
        ${proposal.reasons.map((reason) => badge(tOr(`uploads.merges.reason.${reason}`, reason)))}</div>
      <fieldset class="merge-sides"><legend class="visually-hidden">${t('uploads.merges.keep')}</legend>
        ${proposal.cases.map((one) => side(one, pair, /** @type {Portfolio} */ (state.portfolio)))}</fieldset>
      <div class="button-row">
        <button type="button" class="button button-primary" @click=${() => merge(pair)}>${t('uploads.merges.merge')}</button>
        <button type="button" class="button" @click=${() => dismiss(pair)}>${t('uploads.merges.dismiss')}</button>
      </div>
    </section>`
  }

  /** @param {MergeCase} one @param {Pair} pair @param {Portfolio} portfolio */
  function side(one, pair, portfolio) {
    return html`<div class="merge-side">
      <label class="radio-card"><input type="radio" name="into-${pair.proposal.proposal_id}" .checked=${live(pair.into === one.case_id)}
        @change=${() => { pair.into = one.case_id; view.update() }}><span>${one.name}<small>${pair.into === one.case_id ? t('uploads.merges.keep') : ''}</small></span></label>
      <dl class="facts">
        ${one.tax_id ? html`<div><dt>${t('uploads.merges.tax_id')}</dt><dd>${one.tax_id}</dd></div>` : nothing}
        ${one.city ? html`<div><dt>${t('uploads.merges.city')}</dt><dd>${one.city}</dd></div>` : nothing}
        ${one.balance ? html`<div><dt>${t('uploads.merges.balance')}</dt><dd class="amount">${formatMoney(one.balance, localeFor(portfolio.country))}</dd></div>` : nothing}
      </dl>
      <a class="small" href=${pathTo('case', { id: one.case_id })}>${t('uploads.merges.open')}<span class="visually-hidden"> ${one.name}</span></a>
    </div>`
  }

  await load()
}
