// @ts-check

/** Everything ever done in a case, newest first, and the proof that none of it was altered. */

/** @import { Content } from '../../core/view.js' */
/** @import { CasePage, TimelineEvent } from '../cases/contract.js' */
/** @import { StrategyNames } from '../step-words.js' */

import { formatDate } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { card } from '../../core/ui/pieces.js'
import { html, nothing, repeat } from '../../core/view.js'
import { FAMILIES, actorName, eventIcon, eventWords } from './events.js'
import { inConversation } from './messages.js'
import { byDay, shortHash } from './timeline.js'

/**
 * @typedef {object} TimelineFacts
 * @property {CasePage} page
 * @property {string} locale
 * @property {TimelineEvent[]} events
 * @property {string | null} cursor
 * @property {StrategyNames} names
 * @property {string} family  Empty: all.
 * @property {boolean} busy
 * @property {Content} verdict  What became of looking whether anything was altered.
 * @property {boolean} verifying
 * @property {(family: string) => void} onFamily
 * @property {() => void} onOlder
 * @property {() => void} onVerify
 */

/** @param {TimelineFacts} facts */
export function timelineCard(facts) {
  const { events, family, busy, cursor, page } = facts
  return card({
    id: 'timeline', title: t('case.timeline'), lead: tn('case.events', page.chain.seq),
    actions: html`<button type="button" class="button button-small" ?disabled=${facts.verifying} @click=${facts.onVerify}>${icon('shield')}${facts.verifying ? t('case.verifying') : t('case.verify')}</button>`,
    body: html`
      ${facts.verdict}
      <fieldset class="families"><legend class="visually-hidden">${t('case.filter_timeline')}</legend>
        ${['', ...FAMILIES].map((name) => html`<label class="family"><input type="radio" name="family" value=${name} .checked=${name === family} @change=${() => facts.onFamily(name)}><span>${name === '' ? t('case.family.all') : t(`case.family.${name}`)}</span></label>`)}
      </fieldset>
      ${events.length === 0
        ? html`<p class="muted">${busy ? t('common.loading') : t('case.no_events')}</p>`
        : byDay(events, page.portfolio.time_zone).map(({ day, events: own }) => html`<section class="day" aria-label=${formatDate(day, facts.locale, 'long')}>
          <h3>${formatDate(day, facts.locale, 'long')}</h3>
          <ol class="events">${repeat(own, ({ seq }) => seq, (event) => eventRow(event, facts))}</ol></section>`)}
      ${cursor === null ? nothing : html`<div class="button-row"><button type="button" class="button" ?disabled=${busy} @click=${facts.onOlder}>${busy ? t('common.loading') : t('case.older')}</button></div>`}`,
  })
}

/** @param {TimelineEvent} event @param {TimelineFacts} facts */
function eventRow(event, { page, locale, names }) {
  const words = eventWords(event, { locale, currency: page.portfolio.currency, debts: page.debts, names })
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: page.portfolio.time_zone }).format(new Date(event.at))
  return html`<li class="event"><span class="event-icon">${icon(eventIcon(event.kind))}</span>
    <div class="event-body">
      <p class="event-title">${words.title}</p>
      ${words.lines.length > 0 ? html`<p class="small">${words.lines.join(' · ')}</p>` : nothing}
      ${words.quote ? html`<blockquote class="event-quote">${words.quote}</blockquote>` : nothing}
      ${inConversation(event) ? html`<a class="small" href=${pathTo('conversations', { caso: page.case.case_id })}>${t('messages.open')}</a>` : nothing}
      ${event.facts.attempt_id ? html`<a class="small" href=${pathTo('sending', { caso: page.case.case_id, id: event.facts.attempt_id })}>${t(event.facts.cause === 'call' ? 'messages.call.open' : 'messages.open_one')}</a>` : nothing}
      ${event.facts.visit_id ? html`<a class="small" href=${pathTo('visit', { caso: page.case.case_id, id: event.facts.visit_id })}>${t('case.open_visit')}</a>` : nothing}
      <div class="event-foot"><time datetime=${event.at}>${time}</time><span>${actorName(event.actor)}</span>
        <details class="hash"><summary><span class="visually-hidden">${t('case.link_of', { n: event.seq })} </span><code>#${event.seq} ${shortHash(event.hash)}</code></summary><code>${event.hash}</code></details></div>
    </div></li>`
}
