// @ts-check

/** The list of conversations: who, what was said last, who answers. */

/** @import { Conversation } from './contract.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */

import { formatAgo } from '../../core/dates.js'
import { formatNumber, t, tOr } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'
import { html, nothing, repeat } from '../../core/view.js'
import { formatPhone } from '../case/contacts.js'

/** @type {Record<Conversation['desk'], Tone>} */
const TONES = { bot: 'neutral', waiting: 'warn', person: 'info', quiet: 'neutral' }

/** @param {Conversation} one */
export function nameOf(one) {
  return one.case?.name || one.name || formatPhone(one.phone)
}

/** @param {Conversation} one */
export function deskBadge(one) {
  if (one.desk === 'person' && one.taken_by) return badge(one.taken_by.name || t('conversations.desk.person'), 'info')
  return badge(t(`conversations.desk.${one.desk}`), TONES[one.desk])
}

/** @param {string} reason */
export function reasonWords(reason) {
  return tOr(`conversations.reason.${reason}`, '')
}

/**
 * @param {object} facts
 * @param {Conversation[]} facts.items
 * @param {string} facts.current
 * @param {string} facts.locale
 * @param {string} facts.timeZone
 * @param {(one: Conversation) => string} facts.href
 * @param {(one: Conversation, event: Event) => void} facts.onOpen
 */
export function conversationList({ items, current, locale, timeZone, href, onOpen }) {
  const now = new Date()
  return html`<ul class="talks" aria-label=${t('conversations.list')}>${repeat(items, (one) => one.conversation_id, (one) => html`<li>
    <a class="talk ${one.unread > 0 ? 'talk-unread' : ''}" href=${href(one)} aria-current=${one.conversation_id === current ? 'true' : nothing}
      @click=${(/** @type {Event} */ event) => onOpen(one, event)}>
      <span class="talk-top"><strong>${nameOf(one)}</strong><time datetime=${one.moved_at}>${formatAgo(one.moved_at, now, locale, timeZone)}</time></span>
      <span class="talk-preview">${one.preview_by === 'debtor' ? nothing : html`<span class="muted">${t(`conversations.by.${one.preview_by || 'bot'}`)}: </span>`}${one.preview || t('conversations.no_text')}</span>
      <span class="talk-foot">${deskBadge(one)}${one.desk === 'waiting' && reasonWords(one.reason) ? html`<span class="small">${reasonWords(one.reason)}</span>` : nothing}
        ${one.unread > 0 ? html`<span class="talk-count">${formatNumber(one.unread)}<span class="visually-hidden"> ${t('conversations.unread')}</span></span>` : nothing}</span>
    </a></li>`)}</ul>`
}
