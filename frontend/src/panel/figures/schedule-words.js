// @ts-check

/** What a schedule says of itself, in words. */

/** @import { ScheduleTerms } from './contract.js' */

import { t } from '../../core/i18n.js'

export const LAST_DAY = 31 // from 29 on it is the month's last
const LAST_OF_ALL = 28

/** @param {ScheduleTerms} terms */
export function rhythmText({ every, weekday, month_day: day, hour }) {
  const at = { hour: hourText(hour) }
  if (every === 'week') return t('schedules.at.week', { ...at, weekday: weekdayText(weekday) })
  if (every === 'month') return day > LAST_OF_ALL ? t('schedules.at.month_end', at) : t('schedules.at.month', { ...at, day })
  return t('schedules.at.day', at)
}

/** @param {ScheduleTerms} terms */
export function goodsText({ days, file, compare }) {
  return [t(`schedules.days.${days}`), file === 'pdf' ? 'PDF' : 'Excel', ...(compare ? [t('schedules.compared')] : [])].join(', ')
}

/** @param {number} hour */
export function hourText(hour) {
  return `${hour}:00`
}

/** @param {number} weekday  1 = Monday. */
export function weekdayText(weekday) {
  return t(`reports.weekday.${weekday}`)
}

/**
 * Addresses as they are typed: by lines, commas or semicolons, each once.
 * @param {string} text
 */
export function addressesIn(text) {
  return [...new Set(text.split(/[\s,;]+/).map((one) => one.trim().toLowerCase()).filter((one) => one !== ''))]
}

/** Enough to refuse what cannot be one, as the API does. @param {string} address */
export function isAddress(address) {
  return /^[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}$/.test(address)
}
