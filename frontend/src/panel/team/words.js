// @ts-check

/** How figures of people are written. */

/** @import { Money } from '../../core/contract.js' */

import { formatNumber, t } from '../../core/i18n.js'
import { html, nothing } from '../../core/view.js'

/** @param {number} seconds */
export function hours(seconds) {
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? t('team.minutes', { n: minutes }) : t('team.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}

/**
 * A figure, and how far it is from its goal where there is one.
 * @param {number} value @param {number | null | undefined} goal @param {(value: number) => string} [write]
 */
export function against(value, goal, write = formatNumber) {
  if (goal === null || goal === undefined) return write(value)
  const reached = value >= goal
  return html`${write(value)} <span class=${reached ? 'goal goal-reached' : 'goal'}>${t('team.of_goal', { goal: write(goal) })}${reached ? html` <span aria-hidden="true">✓</span><span class="visually-hidden">${t('team.reached')}</span>` : nothing}</span>`
}

/** @param {number} part @param {number} whole */
export function percent(part, whole) {
  return whole === 0 ? '–' : formatNumber(part / whole, { style: 'percent', maximumFractionDigits: 0 })
}
