// @ts-check

/** The board: totals, a table of people, a table of teams. */

/** @import { Column } from '../../core/ui/table.js' */
/** @import { Board, BoardRow, TeamRow } from './contract.js' */

import { formatNumber, t, tn } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { card, emptyState, kpi } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { against, hours, percent } from './words.js'

/**
 * @param {Board} board
 * @param {{ locale: string, manager: boolean, personHref: (id: string) => string, onPerson: (id: string, event: Event) => void }} scene
 */
export function boardView(board, scene) {
  if (board.rows.length === 0) return emptyState({ icon: 'people', title: t('team.none'), body: t('team.none_body'), steps: ['a', 'b', 'c'].map((step) => t(`team.step.${step}`)) })
  const { figures, goals, people } = board.total
  /** @param {number} minor */
  const money = (minor) => formatMoney({ minor, currency: board.currency }, scene.locale, { whole: true })
  const alone = !scene.manager
  return html`<div class="grid-4">
      ${kpi({ label: t('team.collected'), value: money(figures.collected.minor), note: note(goals?.collected?.minor, money) })}
      ${kpi({ label: t('team.promises'), value: formatNumber(figures.promises), note: note(goals?.promises, formatNumber) ?? money(figures.promised.minor) })}
      ${kpi({ label: t('team.rpc'), value: formatNumber(figures.rpc), note: note(goals?.rpc, formatNumber) ?? t('team.of_attempts', { n: formatNumber(figures.attempts) }) })}
      ${kpi({ label: t('team.visits_verified'), value: formatNumber(figures.visits_verified), note: note(goals?.visits_verified, formatNumber) ?? t('team.of_visits', { n: formatNumber(figures.visits) }) })}
    </div>
    ${card({ id: 'people', title: t('team.people'), lead: alone ? t('team.own_lead') : tn('team.people_n', people), tone: 'flush', body: dataTable({ caption: t('team.people'), columns: peopleColumns(board, scene, money), rows: ordered(board), id: ({ person }) => person.id }) })}
    ${board.teams.length > 1 ? card({ id: 'teams', title: t('team.teams'), tone: 'flush', body: dataTable({ caption: t('team.teams'), columns: teamColumns(money), rows: board.teams, id: ({ team }) => team }) }) : nothing}
    <p class="small muted">${t('team.rule')}</p>`
}

/** @param {number | null | undefined} goal @param {(value: number) => string} write */
const note = (goal, write) => (goal === null || goal === undefined ? undefined : t('team.of_goal', { goal: write(goal) }))

/** By team and name; by what was collected only where the portfolio says so. @param {Board} board */
export function ordered({ ranking, rows }) {
  return ranking ? [...rows].sort((a, b) => b.figures.collected.minor - a.figures.collected.minor || a.person.name.localeCompare(b.person.name)) : rows
}

/** @param {Board} board @param {Parameters<typeof boardView>[1]} scene @param {(minor: number) => string} money */
function peopleColumns(board, { personHref, onPerson }, money) {
  const places = new Map(ordered(board).map(({ person }, index) => [person.id, index + 1]))
  const shifts = board.rows.some(({ shift_s: seconds }) => seconds !== null)
  /** @type {Column<BoardRow>[]} */
  const columns = [
    { key: 'who', label: t('team.who'), head: true, cell: ({ person, team }) => html`${board.ranking && board.rows.length > 1 ? html`<span class="muted">${places.get(person.id)}. </span>` : nothing}<a href=${personHref(person.id)} @click=${(/** @type {Event} */ event) => onPerson(person.id, event)}>${person.name}</a>${team ? html` <span class="small muted">${team}</span>` : nothing}` },
    ...figureColumns(money),
    { key: 'hours', label: t('team.time'), align: 'end', shown: 'wide', cell: ({ figures, shift_s: seconds }) => html`${hours(figures.talk_s)}${shifts && seconds !== null ? html`<br><span class="small muted">${t('team.on_shift', { time: hours(seconds) })}</span>` : nothing}` },
  ]
  return columns
}

/** @param {(minor: number) => string} money */
function teamColumns(money) {
  /** @type {Column<TeamRow>[]} */
  const columns = [
    { key: 'team', label: t('team.team'), head: true, cell: ({ team, people }) => html`${team || t('team.no_team')} <span class="small muted">${tn('team.people_n', people)}</span>` },
    ...figureColumns(money),
  ]
  return columns
}

/** @param {(minor: number) => string} money @returns {Column<any>[]} */
function figureColumns(money) {
  return [
    { key: 'attempts', label: t('team.attempts'), align: 'end', shown: 'wide', cell: ({ figures, goals }) => against(figures.attempts, goals?.attempts) },
    { key: 'calls', label: t('team.calls'), align: 'end', cell: ({ figures, goals }) => against(figures.calls, goals?.calls) },
    { key: 'contacts', label: t('team.contacts'), align: 'end', shown: 'wide', cell: ({ figures }) => html`${formatNumber(figures.contacts)} <span class="small muted">${percent(figures.contacts, figures.attempts)}</span>` },
    { key: 'rpc', label: t('team.rpc_short'), align: 'end', cell: ({ figures, goals }) => html`${against(figures.rpc, goals?.rpc)} <span class="small muted">${percent(figures.rpc, figures.attempts)}</span>` },
    { key: 'promises', label: t('team.promises'), align: 'end', cell: ({ figures, goals }) => html`${against(figures.promises, goals?.promises)}<br><span class="small muted">${money(figures.promised.minor)}</span>` },
    { key: 'kept', label: t('team.kept'), align: 'end', shown: 'wide', cell: ({ figures }) => html`${formatNumber(figures.promises_kept)} <span class="small muted">${percent(figures.promises_kept, figures.promises_matured)}</span>` },
    { key: 'visits', label: t('team.visits_verified'), align: 'end', shown: 'wide', cell: ({ figures, goals }) => html`${against(figures.visits_verified, goals?.visits_verified)} <span class="small muted">${t('team.of_visits', { n: figures.visits })}</span>` },
    { key: 'collected', label: t('team.collected'), align: 'end', cell: ({ figures, goals }) => against(figures.collected.minor, goals?.collected?.minor, money) },
  ]
}
