// @ts-check

/** Cases that may be one person: side by side, to be merged or told apart by somebody who knows. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Context } from './shell.js' */
/** @import { MergeCase, MergeProposal } from './uploads/contract.js' */

import { formatNumber, localeFor, t, tn, tOr } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { badge, card, emptyState, facts, pageHead, pager, problemBanner, skeleton } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, live, mountView, nothing, repeat } from '../core/view.js'
import { formatPhone } from './case/contacts.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { start } from './shell.js'
import { noPortfolio } from './uploads/words.js'

/** @typedef {{ into: string, merged: { id: string, into: string } | null }} Decision */

/** Shown where a side has nothing: the two are compared line by line. */
const ABSENT = '–'

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  /** @type {PortfolioList<MergeProposal>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(),
    path: ({ portfolio_id: id }) => `/portfolios/${id}/merge-proposals`,
  })
  /** What was decided of proposals on the page so far. @type {Map<string, Decision>} */
  const decisions = new Map()
  const view = mountView(root, page)

  /** @param {MergeProposal} proposal @returns {Decision} */
  function decided({ proposal_id: id, cases }) {
    const known = decisions.get(id) ?? { into: cases[0].case_id, merged: null }
    decisions.set(id, known)
    return known
  }

  /** @param {MergeProposal} proposal */
  async function merge(proposal) {
    const decision = decided(proposal)
    const into = /** @type {MergeCase} */ (proposal.cases.find(({ case_id: id }) => id === decision.into))
    const others = proposal.cases.filter((one) => one !== into)
    const agreed = await confirmDialog({
      title: t('uploads.merges.confirm_title'), confirm: t('uploads.merges.merge'),
      body: html`<p>${t('uploads.merges.confirm_body', { into: into.name })}</p>`,
      work: async () => {
        for (const from of others) {
          const answer = await api.post(`/portfolios/${list.portfolio?.portfolio_id}/merges`, { into: into.case_id, from: from.case_id })
          decision.merged = { id: answer.merge_id, into: into.name }
        }
      },
    })
    if (agreed) toast(t('uploads.merges.merged'))
    view.update()
  }

  /** @param {Decision} decision */
  async function undo(decision) {
    if (decision.merged === null) return
    try {
      await api.delete(`/portfolios/${list.portfolio?.portfolio_id}/merges/${encodeURIComponent(decision.merged.id)}`)
      decision.merged = null
      toast(t('uploads.merges.undone'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    view.update()
  }

  /** @param {MergeProposal} proposal */
  async function dismiss(proposal) {
    try {
      await api.post(`/portfolios/${list.portfolio?.portfolio_id}/merge-proposals/${encodeURIComponent(proposal.proposal_id)}/dismissal`, {})
      list.items = (list.items ?? []).filter((other) => other !== proposal)
      toast(t('uploads.merges.dismissed'))
      view.now()
      root.querySelector('h1')?.focus()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  function page() {
    const { portfolio, items } = list
    const head = pageHead({
      title: t('uploads.merges.title'), lead: t('uploads.merges.lead'),
      back: { href: pathTo('uploads', { [PARAM]: portfolio?.portfolio_id }), label: t('common.title.uploads') },
      actions: portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => list.pick(picked) }),
    })
    if (portfolio === null) return html`${head}${noPortfolio()}`
    return html`${head}
    ${list.problem ? problemBanner(list.problem, () => void list.load()) : nothing}
    ${items === null ? (list.problem ? nothing : card({ body: skeleton(5) })) : proposals(items, portfolio)}`
  }

  /** @param {MergeProposal[]} items @param {Portfolio} portfolio */
  function proposals(items, portfolio) {
    if (items.length === 0 && list.cursor === null) {
      return emptyState({ icon: 'check', title: t('uploads.merges.empty_title'), body: t('uploads.merges.empty_body') })
    }
    return html`<div class="stack">${repeat(items, ({ proposal_id: id }) => id, (proposal) => proposalCard(proposal, portfolio))}</div>
      ${pager({ shown: items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @param {MergeProposal} proposal @param {Portfolio} portfolio */
  function proposalCard(proposal, portfolio) {
    const decision = decided(proposal)
    const names = proposal.cases.map(({ name }) => name).join(' · ')
    if (decision.merged !== null) {
      return html`<section class="card" aria-label=${names}><div class="row row-between">
        <span class="row">${icon('check')}${t('uploads.merges.done_into', { name: decision.merged.into })}</span>
        <button type="button" class="button" @click=${() => undo(decision)}>${icon('undo')}${t('uploads.merges.undo')}</button>
      </div></section>`
    }
    return html`<section class="card" aria-label=${names}>
      <div class="row">${badge(t('uploads.merges.alike', { n: formatNumber(proposal.score / 100, { style: 'percent', maximumFractionDigits: 0 }) }), 'info')}
        ${proposal.reasons.map((reason) => badge(tOr(`uploads.merges.reason.${reason}`, reason)))}</div>
      <fieldset class="merge-sides"><legend class="visually-hidden">${t('uploads.merges.keep')}</legend>
        ${proposal.cases.map((one) => side(one, proposal, decision, portfolio))}</fieldset>
      <div class="button-row">
        <button type="button" class="button button-primary" @click=${() => merge(proposal)}>${t('uploads.merges.merge')}</button>
        <button type="button" class="button" @click=${() => dismiss(proposal)}>${t('uploads.merges.dismiss')}</button>
      </div>
    </section>`
  }

  /** @param {MergeCase} one @param {MergeProposal} proposal @param {Decision} decision @param {Portfolio} portfolio */
  function side(one, proposal, decision, portfolio) {
    const others = proposal.cases.filter((other) => other !== one)
    /** @param {'phones' | 'emails' | 'addresses' | 'products'} what @param {(value: string) => string} [words] */
    const several = (what, words = String) => (one[what].length === 0 ? ABSENT : html`<ul>${one[what].map((value) => html`<li class="merge-value">
      <span>${words(value)}</span>${others.some((other) => other[what].includes(value)) ? badge(t('uploads.merges.shared'), 'good') : nothing}</li>`)}</ul>`)
    return html`<div class="merge-side">
      <label class="radio-card"><input type="radio" name="into-${proposal.proposal_id}" .checked=${live(decision.into === one.case_id)}
        @change=${() => { decision.into = one.case_id; view.update() }}><span>${one.name || t('common.nameless')}<small>${decision.into === one.case_id ? t('uploads.merges.keep') : ''}</small></span></label>
      ${facts([
        [t('uploads.merges.tax_id'), one.tax_id || ABSENT],
        [t('uploads.merges.phones'), several('phones', formatPhone)],
        [t('uploads.merges.emails'), several('emails')],
        [t('uploads.merges.addresses'), several('addresses')],
        [t('uploads.merges.products'), several('products')],
        [t('uploads.merges.balance'), html`<span class="amount">${formatMoney(one.balance, localeFor(portfolio.country))}</span> · ${tn('uploads.debts', one.debts)}`],
      ])}
      <a class="small" href=${pathTo('case', { id: one.case_id })}>${t('uploads.merges.open')}<span class="visually-hidden"> ${one.name}</span></a>
    </div>`
  }

  await list.load()
}
