// @ts-check

/** What debtors say of receipts afterwards: confirmed, denied, nothing yet; and calls about them. */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Column } from '../../core/ui/table.js' */
/** @import { Content } from '../../core/view.js' */
/** @import { AgentWords, SaidReceipt, WordCounts } from './contract.js' */
/** @import { Scene } from './dialogs.js' */

import { t, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { badge, banner, card, emptyState, pager, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { PortfolioList } from '../portfolio-list.js'
import { callDialog, voidDialog } from './dialogs.js'

export const WORDS = ['open', 'denied', 'confirmed']

/**
 * @param {object} parts
 * @param {Pick<Api, 'get'>} parts.api
 * @param {Portfolio | null} parts.portfolio
 * @param {{ word: string, person: string }} parts.asked  Changed in place.
 * @param {() => Scene} parts.scene
 * @param {(minor: number) => string} parts.money @param {(at: string) => Content} parts.when
 * @param {(asking: Promise<boolean>, words: string) => Promise<void>} parts.done
 * @param {() => void} parts.narrowed @param {() => void} parts.paint
 */
export function receiptWords({ api, portfolio, asked, scene, money, when, done, narrowed, paint }) {
  /** @type {WordCounts | null} */
  let counts = null
  /** @type {AgentWords[]} */
  let people = []
  const path = (/** @type {Portfolio} */ { portfolio_id: id }) => `/cash/receipts?${new URLSearchParams({ portfolio: id, word: asked.word, ...(asked.person ? { person: asked.person } : {}) })}`
  /** @type {PortfolioList<SaidReceipt>} */
  const list = new PortfolioList({
    api: { get: async (at, options) => { const answer = await api.get(at, options); take(answer); return answer } },
    portfolio, path, paint,
  })

  /** @param {{ counts: WordCounts, people: AgentWords[] }} answer */
  function take(answer) {
    counts = answer.counts
    people = answer.people
  }

  /** @type {Column<SaidReceipt>[]} */
  const columns = [
    { key: 'number', label: t('cash.number'), head: true, cell: (one) => html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('cash.see_case')}</a> <span class="small muted">${one.number}</span>` },
    { key: 'who', label: t('cash.taken_by'), shown: 'wide', cell: ({ person }) => person.name || '–' },
    { key: 'amount', label: t('cash.amount'), align: 'end', cell: (one) => money(one.amount_minor) },
    { key: 'at', label: t('cash.when'), cell: (one) => html`${when(one.at)} <span class="small muted">${one.age_days > 0 ? tn('cash.age', one.age_days) : t('cash.age_today')}</span>` },
    { key: 'word', label: t('cash.debtor_says'), cell: said },
    {
      key: 'do', label: t('cash.do'),
      cell: (one) => html`${one.can.call ? html`<button type="button" class="button button-small" aria-label="${t('cash.call')} ${one.number}" @click=${() => void done(callDialog(one, scene()), 'cash.call_noted')}>${t('cash.call')}</button>` : nothing}
        ${one.can.void && one.word === 'denied' ? html`<button type="button" class="button button-small" aria-label="${t('cash.void')} ${one.number}" @click=${() => void done(voidDialog(one, scene()), 'cash.voided')}>${t('cash.void')}</button>` : nothing}`,
    },
  ]

  /** @param {SaidReceipt} one */
  function said(one) {
    if (one.word === 'denied') return badge(one.said_minor ? t('cash.said_other', { amount: money(one.said_minor) }) : t('cash.said_nothing'), 'bad')
    if (one.word === 'confirmed') return badge(t(`cash.how.${one.confirmed}`), 'good')
    return badge(t('cash.word.open'), 'warn')
  }

  /** @param {Event} event */
  function narrow(event) {
    const field = /** @type {HTMLSelectElement} */ (event.target)
    asked[/** @type {'word' | 'person'} */ (field.name)] = field.value
    narrowed()
    list.pick(list.portfolio)
  }

  const many = (/** @type {string} */ word) => counts?.[/** @type {keyof WordCounts} */ (word)] ?? 0

  return {
    /** @param {Portfolio | null} picked */
    pick: (picked) => { counts = null; people = []; list.pick(picked) },
    /** @param {Portfolio} of  Only how many there are, for the alert of the page's other tabs. */
    count: async ({ portfolio_id: id }) => take(await api.get('/cash/receipts', { query: { portfolio: id, word: 'denied', limit: 1 } })),
    /** @param {string} href  Where those that were denied are listed. */
    alert: (href) => (many('denied') === 0 ? nothing : banner({ tone: 'bad', title: tn('cash.denied', many('denied')), body: html`${t('cash.denied_body')} <a href=${href}>${t('cash.denied_see')}</a>` })),
    view: () => html`<p class="muted">${t('cash.words_lead')}</p>
      <form class="toolbar" @change=${narrow} @submit=${(/** @type {Event} */ e) => e.preventDefault()}>
        <label class="picker picker-small"><span>${t('cash.debtor_says')}</span><select name="word" .value=${asked.word}>${WORDS.map((word) => html`<option value=${word} ?selected=${asked.word === word}>${t(`cash.word.${word}`)}${counts ? ` (${many(word)})` : ''}</option>`)}</select></label>
        <label class="picker picker-small"><span>${t('cash.taken_by')}</span><select name="person" .value=${asked.person}><option value="">${t('cash.everybody')}</option>${people.map((one) => html`<option value=${one.person.id} ?selected=${asked.person === one.person.id}>${one.person.name || '–'} (${one.open} · ${one.denied} · ${one.confirmed})</option>`)}</select></label></form>
      ${list.problem ? problemBanner(list.problem, () => void list.load()) : list.items === null ? card({ body: skeleton(6) })
        : list.items.length === 0 ? emptyState({ icon: 'check', title: t('cash.no_words'), body: t(`cash.no_words_body.${asked.word}`) })
        : html`${card({ tone: 'flush', body: dataTable({ caption: t(`cash.word.${asked.word}`), columns, rows: list.items, id: ({ key }) => key }) })}
          ${pager({ shown: list.items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`}`,
  }
}
