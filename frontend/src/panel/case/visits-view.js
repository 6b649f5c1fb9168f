// @ts-check

/** Who is to visit this case, and when. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { CasePage, PlannedVisit } from '../cases/contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/** @type {Record<PlannedVisit['state'], Tone>} */
const TONES = { planned: 'info', done: 'good', withdrawn: 'neutral' }
const SHOWN = 6

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {() => void} facts.onPlan
 * @param {(visit: PlannedVisit) => void} facts.onTake
 */
export function visitsCard({ page, locale, onPlan, onTake }) {
  const plans = page.can.visit && page.addresses.length > 0
  if (!plans && page.visits_planned.length === 0) return nothing
  return card({
    id: 'visits', title: t('case.visits'),
    actions: plans ? html`<button type="button" class="button button-small" @click=${onPlan}>${icon('pin')}${t('case.visit_plan')}</button>` : nothing,
    body: page.visits_planned.length === 0
      ? html`<p class="muted">${t('case.visits_none')}</p>`
      : html`<ul class="promises">${page.visits_planned.slice(0, SHOWN).map((visit) => html`<li>
        <div class="row row-between"><strong>${visit.person.name || '–'}</strong>${badge(t(`case.visit_state.${visit.state}`), TONES[visit.state])}</div>
        <div class="row row-between"><span class="muted small">${formatDate(visit.day, locale)}${visit.withdrawn ? ` · ${tOr(`case.visit_why.${visit.withdrawn}`, visit.withdrawn)}` : ''}</span>
          ${visit.state === 'planned' && page.can.visit ? html`<button type="button" class="link-button small" @click=${() => onTake(visit)}>${t('case.visit_take')}</button>` : nothing}</div>
      </li>`)}</ul>`,
  })
}
