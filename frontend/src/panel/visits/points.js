// @ts-check

/** Better points for addresses, as visits propose them: a supervisor takes one or leaves it. */

/** @import { Api } from '../../core/api.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Column } from '../../core/ui/table.js' */
/** @import { ProposedPoint } from './contract.js' */

import { formatNumber, t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { latest } from '../../core/latest.js'
import { asProblem } from '../../core/problem.js'
import { icon } from '../../core/ui/icons.js'
import { card, emptyState, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { toast } from '../../core/ui/toast.js'
import { html } from '../../core/view.js'

export class PointList {
  /** @type {ProposedPoint[] | null} */
  #items = null
  /** @type {Problem | null} */
  #problem = null
  #portfolio = ''
  #ask = latest()
  #api
  #paint

  /** @param {{ api: Api, paint: () => void }} parts */
  constructor({ api, paint }) {
    this.#api = api
    this.#paint = paint
  }

  /** @param {string} portfolio */
  async load(portfolio) {
    const current = this.#ask()
    if (portfolio !== this.#portfolio) this.#items = null
    this.#portfolio = portfolio
    this.#problem = null
    this.#paint()
    try {
      const { items } = await this.#api.get('/visit-points', { query: { portfolio } })
      if (!current()) return
      this.#items = items
    } catch (error) {
      if (!current()) return
      this.#problem = asProblem(error)
    }
    this.#paint()
  }

  view() {
    if (this.#problem) return problemBanner(this.#problem, () => void this.load(this.#portfolio))
    if (this.#items === null) return card({ body: skeleton(4) })
    if (this.#items.length === 0) return emptyState({ icon: 'pin', title: t('visits.none.points'), body: t('visits.about.points') })
    return html`<p class="muted">${t('visits.about.points')}</p>${card({
      tone: 'flush',
      body: dataTable({ caption: t('visits.tab.points'), columns: this.#columns, rows: this.#items, id: (one) => one.address_id }),
    })}`
  }

  // Private

  /** @type {Column<ProposedPoint>[]} */
  #columns = [
    { key: 'address', label: t('visits.point_address'), head: true, cell: (one) => html`<a href=${pathTo('case', { id: one.case_id })}>${one.lines}</a>` },
    { key: 'case', label: t('visits.case'), shown: 'wide', cell: (one) => one.case_name },
    { key: 'evidence', label: t('visits.point_evidence'), cell: (one) => formatNumber(one.evidence) },
    { key: 'moved', label: t('visits.point_moved'), cell: (one) => one.moved_m === null ? t('visits.point_new') : t('visits.metres', { n: formatNumber(Math.round(one.moved_m)) }) },
    { key: 'radius', label: t('visits.point_radius'), cell: (one) => t('visits.metres', { n: formatNumber(Math.round(one.proposed_radius_m)) }) },
    {
      key: 'decide', label: t('visits.point_decide'),
      cell: (one) => html`<button type="button" class="button button-small button-primary" @click=${() => this.#decide(one, true)}>${icon('check')}${t('visits.point_take')}</button>
        <button type="button" class="button button-small" @click=${() => this.#decide(one, false)}>${t('visits.point_leave')}</button>`,
    },
  ]

  /** @param {ProposedPoint} point @param {boolean} accept */
  async #decide({ case_id: caseId, address_id: addressId }, accept) {
    try {
      await this.#api.post(`/visit-points/${encodeURIComponent(caseId)}/${encodeURIComponent(addressId)}`, { accept })
      toast(t(accept ? 'visits.point_taken' : 'visits.point_left'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    await this.load(this.#portfolio)
  }
}
