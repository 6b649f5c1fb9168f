// @ts-check

/** What the debtor of this case does not agree with, and how that stands. */

/** @import { CasePage } from '../cases/contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { badge, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

const SHOWN = 6
const LIVE = ['open', 'investigating']

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {() => void} facts.onOpen
 */
export function disputesCard({ page, locale, onOpen }) {
  if (!page.can.dispute && page.disputes.length === 0) return nothing
  return card({
    id: 'disputes', title: t('case.disputes'),
    actions: page.can.dispute ? html`<button type="button" class="button button-small" @click=${onOpen}>${t('case.dispute_open')}</button>` : nothing,
    body: page.disputes.length === 0
      ? html`<p class="muted">${t('case.disputes_none')}</p>`
      : html`<ul class="promises">${page.disputes.slice(0, SHOWN).map((one) => html`<li>
        <div class="row row-between"><a href=${pathTo('dispute', { caso: page.case.case_id, id: one.dispute_id })}>${tOr(`case.dispute_kind.${one.kind}`, one.kind)}</a>
          ${one.late ? badge(t('case.dispute_late'), 'bad') : badge(t(`case.dispute_state.${one.state}`), LIVE.includes(one.state) ? 'info' : 'neutral')}</div>
        <span class="muted small">${LIVE.includes(one.state) ? t('case.dispute_by', { day: formatDate(one.due_on, locale) }) : nothing} ${one.owner?.name ?? nothing}</span>
      </li>`)}</ul>`,
  })
}
