// @ts-check

/** People beside the map: the same facts for who cannot see it, in the order worth looking at. */

/** @import { Column } from '../../core/ui/table.js' */
/** @import { LiveAgent } from './contract.js' */
/** @import { Filter } from './live.js' */

import { t, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { emptyState } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, live, nothing, repeat } from '../../core/view.js'
import { STATES } from './live.js'
import { accuracyText, batteryBar, batteryText, networkText, seenText, stateSign, stateText, whyText } from './words.js'

/**
 * @param {{ filter: Filter, teams: string[], onFilter: (change: Partial<Filter>) => void }} facts
 */
export function filters({ filter, teams, onFilter }) {
  return html`<form class="map-filters" role="search" aria-label=${t('map.filters')} @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <label class="picker picker-small"><span>${t('map.search')}</span><input type="search" .value=${live(filter.words)} @input=${(/** @type {any} */ event) => onFilter({ words: event.target.value })}></label>
    <label class="picker picker-small"><span>${t('map.shown_state')}</span><select .value=${live(filter.state)} @change=${(/** @type {any} */ event) => onFilter({ state: event.target.value })}>
      <option value="on" ?selected=${filter.state === 'on'}>${t('map.state.on')}</option>
      ${STATES.map((state) => html`<option value=${state} ?selected=${filter.state === state}>${stateText(state)}</option>`)}
      <option value="all" ?selected=${filter.state === 'all'}>${t('map.state.all')}</option>
    </select></label>
    ${teams.length > 0
      ? html`<label class="picker picker-small"><span>${t('map.team')}</span><select .value=${live(filter.team)} @change=${(/** @type {any} */ event) => onFilter({ team: event.target.value })}>
          <option value="">${t('map.every_team')}</option>${teams.map((team) => html`<option value=${team} ?selected=${filter.team === team}>${team}</option>`)}
        </select></label>`
      : nothing}
  </form>`
}

/**
 * @param {{ agents: LiveAgent[], now: Date, onPick: (id: string) => void }} facts
 */
export function agentList({ agents, now, onPick }) {
  if (agents.length === 0) return html`<p class="muted map-none">${t('map.none_match')}</p>`
  return html`<ul class="agents" aria-label=${tn('map.count', agents.length)}>${repeat(agents, ({ person_id: id }) => id, (agent) => html`<li>
    <button type="button" class="agent ${agent.alarm ? 'agent-alarm' : ''}" data-agent=${agent.person_id} @click=${() => onPick(agent.person_id)}>
      ${stateSign(agent.state)}
      <span class="agent-words">
        <strong>${agent.name}</strong>
        <span class="agent-state">${agent.alarm ? html`<b class="agent-sos">${t('map.sos')}</b> ` : nothing}${stateText(agent.state)}${whyText(agent) ? html` · ${whyText(agent)}` : nothing}</span>
      </span>
      <span class="agent-side"><time datetime=${agent.at ?? nothing}>${seenText(agent, now)}</time>${batteryBar(agent)}</span>
    </button></li>`)}</ul>`
}

/**
 * @param {{ agents: LiveAgent[], now: Date, onPick: (id: string) => void }} facts
 */
export function agentTable({ agents, now, onPick }) {
  /** @type {Column<LiveAgent>[]} */
  const columns = [
    { key: 'name', label: t('map.agent'), head: true, cell: ({ person_id: id, name }) => html`<button type="button" class="link-button" @click=${() => onPick(id)}>${name}</button>` },
    { key: 'team', label: t('map.team'), shown: 'wide', cell: ({ team }) => team || '–' },
    { key: 'state', label: t('map.state'), cell: (agent) => html`${agent.alarm ? html`<b class="agent-sos">${t('map.sos')}</b> ` : nothing}${stateText(agent.state)}` },
    { key: 'why', label: t('map.why'), cell: (agent) => whyText(agent) || '–' },
    { key: 'seen', label: t('map.seen'), cell: (agent) => seenText(agent, now) },
    { key: 'accuracy', label: t('map.accuracy_title'), shown: 'wide', align: 'end', cell: (agent) => accuracyText(agent) || '–' },
    { key: 'battery', label: t('map.battery'), align: 'end', cell: (agent) => batteryText(agent) || '–' },
    { key: 'network', label: t('map.network'), shown: 'wide', cell: (agent) => networkText(agent) || '–' },
  ]
  return dataTable({ caption: t('map.agents'), columns, rows: agents, id: ({ person_id: id }) => id })
}

/** All have gone home, or have not begun: that is no mistake of the filter. @param {() => void} onAll */
export function nobodyOnShift(onAll) {
  return emptyState({
    icon: 'clock', title: t('map.none_on'), body: t('map.none_on_body'),
    actions: html`<button type="button" class="button" @click=${onAll}>${t('map.show_all')}</button>`,
  })
}

/** Nobody has ever been on shift: what it takes to see somebody here. @param {boolean} mayInvite */
export function nobodyYet(mayInvite) {
  return emptyState({
    icon: 'pin', title: t('map.empty_title'), body: t('map.empty_body'),
    steps: [t('map.empty_step_1'), t('map.empty_step_2'), t('map.empty_step_3')],
    actions: mayInvite ? html`<a class="button button-primary" href=${pathTo('people')}>${t('map.empty_action')}</a>` : nothing,
  })
}
