// @ts-check

/** What the person of this case asks about their own data by law; loaded after the case is read. */

/** @import { Api } from '../../core/api.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { RequestLine, RequestLines } from '../requests/contract.js' */

import { todayIn } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { card } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { PARAM } from '../chosen-portfolio.js'
import { KINDS, dueBadge, stateBadge } from '../requests/words.js'

const SHOWN = 6

export class CaseRequests {
  #api
  #page
  #locale
  #paint
  #changed
  /** @type {RequestLine[]} */
  #items = []
  /** @type {import('../requests/contract.js').RequestKind[]} */
  #kinds = KINDS

  /**
   * @param {object} parts
   * @param {Api} parts.api
   * @param {() => CasePage} parts.page
   * @param {string} parts.locale
   * @param {() => void} parts.paint
   * @param {() => Promise<void>} parts.changed
   */
  constructor({ api, page, locale, paint, changed }) {
    this.#api = api
    this.#page = page
    this.#locale = locale
    this.#paint = paint
    this.#changed = changed
  }

  get #path() {
    return `/portfolios/${encodeURIComponent(this.#page().portfolio.id)}/data-requests`
  }

  /** Who does not manage the portfolio is told of none; they may still take one in. */
  async read() {
    if (!this.#page().can.see_requests) return
    /** @type {RequestLines | null} */
    const found = await this.#api.get(this.#path, { query: { case: this.#page().case.case_id } }).catch(() => null)
    if (found === null) return
    this.#items = found.items
    this.#kinds = found.kinds
    this.#paint()
  }

  async #takeIn() {
    const { newDialog } = await import('../requests/dialogs.js')
    const { case: own, portfolio } = this.#page()
    try {
      const made = await newDialog({ api: this.#api, portfolioId: portfolio.id, caseId: own.case_id, kinds: this.#kinds, today: todayIn(new Date(), portfolio.time_zone) })
      if (made === undefined) return
      toast(t('requests.made', { number: made.number }))
      await this.#changed()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  view() {
    const { can } = this.#page()
    if (this.#items.length === 0 && !can.note) return nothing
    return card({
      id: 'requests', title: t('requests.of_case'),
      actions: can.note ? html`<button type="button" class="button button-small" @click=${() => void this.#takeIn()}>${t('requests.new')}</button>` : nothing,
      body: this.#items.length === 0
        ? html`<p class="muted">${t(can.see_requests ? 'requests.none_of_case' : 'requests.not_yours')}</p>`
        : html`<ul class="promises">${this.#items.slice(0, SHOWN).map((one) => html`<li>
          <div class="row row-between"><a href=${pathTo('request', { [PARAM]: one.portfolio_id, id: one.request_id })}>${t(`requests.kind.${one.kind}`)} <span class="muted small">${one.number}</span></a>${stateBadge(one.state)}</div>
          ${one.days_left === null ? nothing : html`<span class="small">${dueBadge(one, this.#locale)}</span>`}
        </li>`)}</ul>`,
    })
  }
}
