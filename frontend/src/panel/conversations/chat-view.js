// @ts-check

/** One conversation as a chat: who it is, what was said, and the place to answer in. */

/** @import { ConversationPage, Message } from './contract.js' */

import { formatDate, formatInstant } from '../../core/dates.js'
import { localeFor, t, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { badge, banner } from '../../core/ui/pieces.js'
import { html, live, nothing, repeat } from '../../core/view.js'
import { formatPhone } from '../case/contacts.js'
import { inDays } from './feed.js'
import { deskBadge, nameOf, reasonWords } from './list-view.js'

const PLAIN = ['text', 'button', 'button_reply', 'list_reply', 'template', 'preference']

/**
 * @typedef {object} ChatFacts
 * @property {ConversationPage} page
 * @property {Message[]} messages
 * @property {boolean} more
 * @property {string} locale
 * @property {string} timeZone
 * @property {string} draft
 * @property {string} template
 * @property {boolean} busy
 * @property {string} backHref
 * @property {(event: Event) => void} onBack
 * @property {() => void} onMore
 * @property {(message: Message, number: number) => void} onFile
 * @property {(text: string) => void} onDraft
 * @property {(template: string) => void} onTemplate
 * @property {() => void} onSend
 * @property {() => void} onSendTemplate
 * @property {() => void} onTake
 * @property {() => void} onGiveBack
 * @property {() => void} onAttach
 * @property {() => void} onErase
 */

/** @param {ChatFacts} facts */
export function chat(facts) {
  const { page, messages, more, timeZone, locale } = facts
  const one = page.conversation
  const dayOf = (/** @type {string} */ at) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(at))
  return html`<section class="chat" aria-label=${t('conversations.with', { name: nameOf(one) })}>
    ${head(facts)}
    <div class="chat-log" id="chat-log" role="log" aria-label=${t('conversations.messages')} tabindex="0">
      ${more ? html`<button type="button" class="button button-small chat-more" @click=${facts.onMore}>${t('conversations.earlier')}</button>` : nothing}
      ${inDays(messages, dayOf).map(({ day, messages: said }) => html`
        <p class="chat-day"><span>${formatDate(day, locale)}</span></p>
        ${repeat(said, ({ seq }) => seq, (message) => bubble(message, facts))}`)}
    </div>
    ${composer(facts)}
  </section>`
}

/** @param {ChatFacts} facts */
function head({ page, backHref, onBack, onTake, onGiveBack, onAttach, onErase, busy }) {
  const one = page.conversation
  const known = page.cases.find(({ case_id: id }) => id === page.identified)
  return html`<header class="chat-head">
    <a class="back-link chat-back" href=${backHref} @click=${onBack}>${icon('back')}${t('conversations.back')}</a>
    <div class="chat-who">
      <h2 tabindex="-1">${nameOf(one)}</h2>
      <p class="small muted">${one.phone ? html`${formatPhone(one.phone)} · ` : nothing}${tOr(`conversations.channel.${one.channel}`, one.channel)}${page.portfolio.name ? ` · ${page.portfolio.name}` : ''}</p>
      <div class="chat-badges">${deskBadge(one)}
        ${known ? badge(t('conversations.identified'), 'good') : badge(t('conversations.not_identified'), 'warn')}
        ${reasonWords(one.reason) ? badge(reasonWords(one.reason)) : nothing}</div>
      ${page.cases.length > 0 ? html`<ul class="chat-cases small">${page.cases.map((owner) => html`<li><a href=${pathTo('case', { id: owner.case_id })}>${(page.cases.length > 1 && owner.name) || t('conversations.open_case')}</a>
        <span class="muted">${formatMoney(owner.balance, localeFor())}</span></li>`)}</ul>` : nothing}
    </div>
    <div class="button-row">
      ${page.can.attach ? html`<button type="button" class="button button-small button-primary" @click=${onAttach}>${t('conversations.attach')}</button>` : nothing}
      ${page.can.take ? html`<button type="button" class="button button-small" ?disabled=${busy} @click=${onTake}>${t('conversations.take')}</button>` : nothing}
      ${page.can.hand_back ? html`<button type="button" class="button button-small" ?disabled=${busy} @click=${onGiveBack}>${t('conversations.give_back')}</button>` : nothing}
      ${page.can.erase ? html`<button type="button" class="button button-small" ?disabled=${busy} @click=${onErase}>${t('conversations.erase')}</button>` : nothing}
    </div>
  </header>`
}

/** @param {Message} message @param {ChatFacts} facts */
function bubble(message, { locale, timeZone, onFile }) {
  const ours = message.by.kind !== 'debtor'
  const who = message.by.kind === 'user' && message.by.name ? message.by.name : t(`conversations.by.${message.by.kind}`)
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(message.at))
  const failed = ['failed', 'denied', 'withdrawn'].includes(message.state)
  return html`<article class="bubble ${ours ? 'bubble-ours' : ''} ${failed ? 'bubble-bad' : ''}">
    <span class="bubble-by">${who}</span>
    ${PLAIN.includes(message.kind) ? nothing : html`<span class="bubble-kind">${icon('file')}${tOr(`conversations.kind.${message.kind}`, message.kind)}</span>`}
    ${message.media.map(({ stored }, number) => (stored ? html`<button type="button" class="link-button small" @click=${() => onFile(message, number)}>${t('conversations.open_file')}</button>` : nothing))}
    ${message.text ? html`<p class="bubble-text">${words(message)}</p>` : nothing}
    ${message.buttons.length > 0 ? html`<ul class="bubble-buttons">${message.buttons.map((title) => html`<li>${title}</li>`)}</ul>` : nothing}
    <span class="bubble-foot"><time datetime=${message.at}>${time}</time>${ours && message.state ? html` · ${tOr(`conversations.state.${message.state}`, message.state)}${message.problem ? html` (${why(message.problem)})` : nothing}` : nothing}</span>
  </article>`
}

/** @param {Message} message */
function words({ kind, text, state }) {
  return kind === 'template' && state === 'planned' ? t('conversations.template_waiting', { name: templateName(text) }) : text
}

/** @param {string} code */
export function why(code) {
  return tOr(`conversations.why.${code}`, null) ?? tOr(`contact.why.${code}`, t('conversations.why.rule', { code }))
}

/** @param {string} id */
function templateName(id) {
  return tOr(`templates.family.${id}`, id.replaceAll('_', ' '))
}

/** @param {ChatFacts} facts */
function composer(facts) {
  const { page, draft, busy, onDraft, onSend, locale, timeZone } = facts
  if (!page.can.reply) {
    const next = page.next_allowed_at ? t('conversations.next_at', { at: formatInstant(page.next_allowed_at, locale, timeZone) }) : ''
    return html`<div class="chat-foot">${banner({ tone: 'info', title: why(page.why_not), body: next || nothing })}${templates(facts)}</div>`
  }
  /** @param {any} event */
  const onKey = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    onSend()
  }
  return html`<form class="chat-foot chat-form" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onSend() }}>
    ${page.identified ? nothing : html`<p class="small chat-careful">${icon('warning')}${t('conversations.careful')}</p>`}
    <label class="visually-hidden" for="answer">${t('conversations.answer')}</label>
    <textarea id="answer" name="answer" rows="2" maxlength="1000" placeholder=${t('conversations.answer')} .value=${live(draft)}
      @input=${(/** @type {any} */ event) => onDraft(event.target.value)} @keydown=${onKey}></textarea>
    <button type="submit" class="button button-primary" ?disabled=${busy || draft.trim() === ''}>${t('conversations.send')}</button>
    <p class="small muted chat-hint">${page.conversation.channel === 'page' ? t('conversations.on_page') : page.window_ends_at ? t('conversations.window_until', { at: formatInstant(page.window_ends_at, locale, timeZone) }) : nothing}</p>
  </form>`
}

/** @param {ChatFacts} facts */
function templates({ page, template, busy, onTemplate, onSendTemplate }) {
  if (page.templates.length === 0) return nothing
  return html`<form class="chat-form" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onSendTemplate() }}>
    <label class="visually-hidden" for="template">${t('conversations.choose_template')}</label>
    <select id="template" name="template" @change=${(/** @type {any} */ event) => onTemplate(event.target.value)}>
      <option value="" .selected=${live(template === '')}>${t('conversations.choose_template')}</option>
      ${page.templates.map((id) => html`<option value=${id} .selected=${live(id === template)}>${templateName(id)}</option>`)}
    </select>
    <button type="submit" class="button button-primary" ?disabled=${busy || template === ''}>${t('conversations.send_template')}</button>
  </form>`
}
