// @ts-check

/** Who is where now, kept up to date by asking only for what changed. */

/** @import { AgentMark, AgentState } from '../../core/map/contract.js' */
/** @import { LiveAgent, LivePage } from './contract.js' */

export const EVERY_MS = 4000
const LONGEST_MS = 60_000
const HIDDEN_MS = 3_600_000 // nobody looks: coming back to the page asks at once
export const OLD_AFTER_MS = 15_000

/** @type {AgentState[]} */
export const STATES = ['visiting', 'moving', 'stopped', 'silent', 'off']

/**
 * Those known, with what changed; all there are, when the answer is whole.
 * @param {Map<string, LiveAgent>} known @param {LivePage} page
 * @returns {Map<string, LiveAgent>}
 */
export function withChanges(known, { items, whole }) {
  const all = new Map(whole ? [] : known)
  for (const item of items) all.set(item.person_id, item)
  return all
}

/**
 * When to ask again: sooner after an answer, later and later without one.
 * @param {{ hidden: boolean, failures: number }} facts
 */
export function nextLook({ hidden, failures }) {
  if (hidden) return HIDDEN_MS
  return Math.min(LONGEST_MS, EVERY_MS * 2 ** failures)
}

/**
 * @typedef {object} Filter
 * @property {string} team  Empty: every team.
 * @property {AgentState | 'on' | 'all'} state  `on`: everyone on shift.
 * @property {string} words  Of the name.
 */

/**
 * Those that are shown: alarms first, then by how much they are worth a look, then by name.
 * @param {Iterable<LiveAgent>} agents @param {Filter} filter @param {string} locale
 */
export function shown(agents, { team, state, words }, locale) {
  const wanted = plain(words)
  const order = new Intl.Collator(locale)
  return [...agents]
    .filter((agent) => (team === '' || agent.team === team)
      && (state === 'all' || (state === 'on' ? agent.state !== 'off' : agent.state === state) || Boolean(agent.alarm))
      && plain(agent.name).includes(wanted))
    .sort((a, b) => Number(Boolean(b.alarm)) - Number(Boolean(a.alarm)) || STATES.indexOf(a.state) - STATES.indexOf(b.state) || order.compare(a.name, b.name))
}

/** @param {Iterable<LiveAgent>} agents */
export function teamsOf(agents) {
  return [...new Set([...agents].map(({ team }) => team).filter(Boolean))].sort()
}

/** What the map is given: those who have a place. @param {LiveAgent[]} agents @returns {AgentMark[]} */
export function marksOf(agents) {
  return agents.flatMap(({ person_id: id, name, state, lat, lng, accuracy_m, heading, alarm }) =>
    lat === null || lng === null ? [] : [{ id, name, state, lat, lng, accuracy_m, heading, alarm: Boolean(alarm) }])
}

/** Lower case without accents. @param {string} text */
function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
