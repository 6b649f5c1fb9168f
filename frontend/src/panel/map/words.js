// @ts-check

/** What the map's page says of people. */

import { formatAgo } from '../../core/dates.js'
import { formatNumber, localeFor, t, tOr } from '../../core/i18n.js'
import { html, nothing } from '../../core/view.js'

/** @import { AgentState } from '../../core/map/contract.js' */
/** @import { LiveAgent } from './contract.js' */

/** The same shapes as on the map. @param {AgentState} state */
export function stateSign(state) {
  return html`<span class="agent-sign agent-sign-${state}" aria-hidden="true"></span>`
}

/** @param {AgentState} state */
export function stateText(state) {
  return t(`map.state.${state}`)
}

/** @param {LiveAgent} agent */
export function whyText({ why }) {
  return why ? tOr(`map.why.${why}`, '') : ''
}

/** @param {LiveAgent} agent @param {Date} now */
export function seenText({ at }, now) {
  return at === null ? t('map.never_seen') : formatAgo(at, now, localeFor())
}

/** @param {LiveAgent} agent */
export function batteryText({ battery, charging }) {
  if (battery === null) return ''
  const level = formatNumber(battery, { style: 'percent', maximumFractionDigits: 0 })
  return charging ? t('map.charging', { level }) : level
}

/** @param {LiveAgent} agent */
export function networkText({ network }) {
  return network ? tOr(`map.network.${network}`, network) : ''
}

/** @param {LiveAgent} agent */
export function accuracyText({ accuracy_m: metres }) {
  return metres === null ? '' : t('map.accuracy', { m: formatNumber(Math.round(metres)) })
}

/** Battery as a small bar, worth a look when it is low. @param {LiveAgent} agent */
export function batteryBar(agent) {
  if (agent.battery === null) return nothing
  const low = agent.battery < 0.2 && !agent.charging
  return html`<span class="agent-battery ${low ? 'agent-battery-low' : ''}"><meter min="0" max="1" low="0.2" value=${agent.battery} aria-label=${t('map.battery')}></meter>${batteryText(agent)}</span>`
}
