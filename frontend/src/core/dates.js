// @ts-check

/**
 * Dates and instants as text. A date (`2026-11-22`) is a square on a calendar and has no time
 * zone; an instant (`2026-11-22T10:02:00Z`) is shown in the zone of the portfolio it is about.
 */

const DAY_MS = 86_400_000

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const DATE_STYLES = {
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  short: { day: 'numeric', month: 'short' },
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
}

/**
 * @param {string} day  ISO date, `yyyy-mm-dd`.
 * @param {string} locale
 * @param {'short' | 'medium' | 'long'} [style]
 */
export function formatDate(day, locale, style = 'medium') {
  return new Intl.DateTimeFormat(locale, { ...DATE_STYLES[style], timeZone: 'UTC' }).format(utc(day))
}

/**
 * @param {string} instant  ISO instant, `...Z`.
 * @param {string} locale
 * @param {string | undefined} timeZone  IANA name; undefined: the reader's own.
 */
export function formatInstant(instant, locale, timeZone) {
  return new Intl.DateTimeFormat(locale, {
    ...DATE_STYLES.medium, hour: '2-digit', minute: '2-digit', timeZone,
  }).format(new Date(instant))
}

/**
 * The day on which an instant was, in a zone: cut out of the text it would be the day of UTC.
 * @param {string} instant  ISO instant, `...Z`.
 * @param {string} locale
 * @param {string | undefined} timeZone  IANA name; undefined: the reader's own.
 * @param {'short' | 'medium' | 'long'} [style]
 */
export function formatDay(instant, locale, timeZone, style = 'medium') {
  return new Intl.DateTimeFormat(locale, { ...DATE_STYLES[style], timeZone }).format(new Date(instant))
}

/**
 * "3 minutes ago"; for anything older than a month the date says more, so it is shown instead.
 * @param {string} instant
 * @param {Date} now
 * @param {string} locale
 * @param {string} [timeZone]
 */
export function formatAgo(instant, now, locale, timeZone) {
  // Clocks differ by seconds; what has just happened is never in the future.
  const seconds = Math.min(0, Math.round((new Date(instant).getTime() - now.getTime()) / 1000))
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const past = Math.abs(seconds)
  if (past < 45) return relative.format(0, 'second')
  if (past < 2700) return relative.format(Math.round(seconds / 60), 'minute')
  if (past < 79_200) return relative.format(Math.round(seconds / 3600), 'hour')
  if (past < 30 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day')
  return formatInstant(instant, locale, timeZone)
}

/**
 * Today's date in a zone.
 * @param {Date} now
 * @param {string} timeZone
 * @returns {string}  ISO date.
 */
export function todayIn(now, timeZone) {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone, year: 'numeric', month: '2-digit', day: '2-digit',
  }).formatToParts(now)
  /** @param {string} type */
  const get = (type) => parts.find((part) => part.type === type)?.value ?? ''
  return `${get('year')}-${get('month')}-${get('day')}`
}

/**
 * @param {string} from  ISO date.
 * @param {string} to  ISO date.
 * @returns {number}  Whole days; negative when `to` is earlier.
 */
export function daysBetween(from, to) {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / DAY_MS)
}

/**
 * @param {string} day
 * @param {number} days
 * @returns {string}
 */
export function addDays(day, days) {
  return new Date(utc(day).getTime() + days * DAY_MS).toISOString().slice(0, 10)
}

/** @param {string} day */
function utc(day) {
  return new Date(`${day}T00:00:00Z`)
}
