// @ts-check

/** A team's day as data: visits by agent in route order, its figures, its file. */

/** @import { Agent, Visit } from './contract.js' */

/**
 * @typedef {object} AgentDay
 * @property {string} person_id
 * @property {string} name
 * @property {number} most  Visits he makes a day; 0 when nobody said.
 * @property {Visit[]} visits  To be made, in order; what has no place yet comes last.
 * @property {number} done
 * @property {boolean} works
 * @property {Visit[]} withdrawn
 */

/**
 * Every agent who works that day or has visits, with them.
 * @param {Agent[]} agents @param {Visit[]} visits
 * @returns {AgentDay[]}
 */
export function daysOf(agents, visits) {
  return agents.map((agent) => {
    const own = visits.filter(({ person_id: id }) => id === agent.person_id)
    return {
      person_id: agent.person_id, name: agent.name, most: agent.profile.visits_max,
      visits: own.filter(({ state }) => state === 'planned').sort((a, b) => (a.place || Infinity) - (b.place || Infinity) || 0),
      done: own.filter(({ state }) => state === 'done').length,
      withdrawn: own.filter(({ state }) => state === 'withdrawn'),
      works: agent.works,
    }
  }).filter((day) => day.works || day.visits.length + day.done + day.withdrawn.length > 0)
}

/** Whether a day has visits that no route has put into order. @param {AgentDay} day */
export function unordered(day) {
  return day.visits.some(({ place }) => place === 0)
}

/**
 * Seconds after midnight as a clock: `9:05`.
 * @param {number} seconds
 */
export function clock(seconds) {
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

const DANGEROUS = /^[=+\-@\t\r]/ // what a spreadsheet would run as a formula

/**
 * A team's day as CSV, to be printed or sent.
 * @param {AgentDay[]} days
 * @param {string[]} head  Words of the columns: agent, order, hour, name, address, city, owed, days, why.
 * @param {{ why: (code: string) => string, money: (visit: Visit) => string }} words
 */
export function csvOf(days, head, { why, money }) {
  const rows = days.flatMap(({ name, visits }) => visits.map((visit) => [
    name, visit.place || '', visit.arrives ? clock(visit.arrives) : '', visit.name, visit.lines, visit.city,
    money(visit), visit.dpd, why(visit.why),
  ]))
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n'
}

/** @param {string | number} value */
function cell(value) {
  const text = String(value)
  const safe = typeof value === 'string' && DANGEROUS.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
