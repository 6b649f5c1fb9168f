// @ts-check

/** What uses the good hours, since when, and what they were learned from. */

/** @import { GoodHours } from './contract.js' */

import { formatDate, todayIn } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { html, nothing } from '../../core/view.js'
import { dayName } from './hours-view.js'
import { groupText, number } from './words.js'

/** @param {{ hours: GoodHours, portfolioId: string, timeZone: string, locale: string }} facts */
export function hoursUse({ hours: { learned, used }, portfolioId, timeZone, locale }) {
  return html`${learned === null ? html`<p>${t('figures.hours_use.never')}</p>` : learned.since === null ? html`<p>${t('figures.hours_use.none')}</p>` : html`
      <p>${t('figures.hours_use.since', { since: formatDate(todayIn(new Date(learned.since), timeZone), locale), days: learned.days, day: formatDate(learned.to, locale) })}</p>
      ${learned.channels.length === 0 ? html`<p>${t('figures.hours_use.none')}</p>` : html`<ul>${learned.channels.map(channel)}</ul>`}`}
    <ul>
      <li>${used.queue > 0 ? t('figures.hours_use.queue', { n: used.queue }) : t('figures.hours_use.queue_off')}</li>
      <li>${t(used.messages ? 'figures.hours_use.messages' : 'figures.hours_use.messages_off')}</li>
      <li>${t('figures.hours_use.routes')}</li>
    </ul>
    <p class="small">${t('figures.hours_use.own')} <a href="${pathTo('portfolios', { id: portfolioId })}#general">${t('figures.hours_use.change')}</a></p>`

  /** @param {NonNullable<GoodHours['learned']>['channels'][number]} one */
  function channel({ channel: code, best, zones, segments }) {
    if (best.length === 0 && zones + segments === 0) return nothing
    const hours = best.map(({ weekday, hour }) => `${dayName(weekday, locale)} ${hour}:00`).join(', ') || '–'
    return html`<li>${t(zones + segments > 0 ? 'figures.hours_use.channel_groups' : 'figures.hours_use.channel', { channel: groupText(code), hours, zones: number(zones, locale), segments: number(segments, locale) })}</li>`
  }
}
