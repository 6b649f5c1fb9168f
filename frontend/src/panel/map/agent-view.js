// @ts-check

/** One person, chosen on the map or in the list. */

/** @import { LiveAgent } from './contract.js' */
/** @import { Day } from './day.js' */

import { formatAgo } from '../../core/dates.js'
import { localeFor, t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { facts } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { accuracyText, batteryText, networkText, seenText, stateSign, stateText, whyText } from './words.js'

/**
 * @param {object} parts
 * @param {LiveAgent} parts.agent
 * @param {Day} parts.day
 * @param {string | null} parts.date
 * @param {Date} parts.now
 * @param {() => void} parts.onBack
 * @param {(date: string | null) => void} parts.onDate
 * @param {import('../../core/view.js').Content} [parts.more]
 */
export function agentPanel({ agent, day, date, now, onBack, onDate, more }) {
  return html`<section class="map-agent" aria-labelledby="agent-name">
    <button type="button" class="link-button map-back" @click=${onBack}>${icon('back')}${t('map.everybody')}</button>
    <h2 id="agent-name" tabindex="-1">${agent.name}</h2>
    <p class="map-agent-state">${stateSign(agent.state)}<span>${stateText(agent.state)}${agent.since ? html` · ${formatAgo(agent.since, now, localeFor())}` : nothing}</span></p>
    ${whyText(agent) ? html`<p class="muted">${whyText(agent)}</p>` : nothing}
    ${facts([
      [t('map.seen'), seenText(agent, now)],
      [t('map.accuracy_title'), accuracyText(agent)],
      [t('map.battery'), batteryText(agent)],
      [t('map.network'), networkText(agent)],
      [t('map.team'), agent.team],
      [t('map.case'), agent.case_id ? html`<a href=${pathTo('case', { id: agent.case_id })}>${t('map.open_case')}</a>` : ''],
    ])}
    ${more}
    <div class="map-day">
      <label class="picker picker-small"><span>${t('map.day')}</span><input type="date" .value=${date ?? day.trail?.date ?? ''} @change=${(/** @type {any} */ event) => onDate(event.target.value || null)}></label>
      ${day.view()}
    </div>
  </section>`
}
