// @ts-check

/** How tasks are told: what is to be done, why, and for when. */

/** @import { Task, TaskKind } from './contract.js' */

import { formatInstant } from '../../core/dates.js'
import { lang, t, tOr, tn } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'

/** What a person may ask another for. */
export const BY_HAND = /** @type {const} */ (['call', 'visit', 'review', 'legal', 'other'])

/** @param {TaskKind} kind */
export function kindText(kind) {
  return t(`tasks.kind.${kind}`)
}

/** Why it is asked for, and by whom. @param {Task} task @param {string} [zone]  Of its portfolio. */
export function whyText({ cause, asked_by: by, created_at: at }, zone) {
  if (cause === 'manual' || cause === 'mention') return by.name ? t(`tasks.cause.${cause}`, { name: by.name }) : t('tasks.cause.somebody')
  if (cause === 'voice_heard' || cause === 'voice_unheard') return t(`tasks.cause.${cause}`, { at: formatInstant(at, lang(), zone) })
  return tOr(`tasks.cause.${cause}`, null) ?? t('tasks.cause.other')
}

/** @param {number} days  Until it is due. */
export function dueBadge(days) {
  if (days < 0) return badge(tn('tasks.late', -days), 'bad')
  return days === 0 ? badge(t('tasks.today'), 'warn') : badge(tn('tasks.left', days), 'neutral')
}
