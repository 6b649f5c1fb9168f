// @ts-check

/** A message as the debtor's phone, mail program, paper or ear gets it. */

/** @import { Channel, SmsCount, TextPreview } from './contract.js' */

import { formatNumber, t, tn } from '../../core/i18n.js'
import { badge, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/**
 * @param {{ channel: Channel, preview: TextPreview | null, sender: string }} facts
 */
export function previewView({ channel, preview, sender }) {
  if (preview === null) return skeleton(5)
  if (preview.text === null) return html`<p class="hint">${t('templates.preview_none')}</p>`
  const shown = { whatsapp, sms: bubble, email, letter, call }[channel]
  return html`${shown(preview, sender)}${preview.sms === null ? nothing : smsCount(preview.sms)}`
}

/** @param {TextPreview} preview @param {string} sender */
function whatsapp(preview, sender) {
  return html`<figure class="msg-phone"><figcaption>${sender}</figcaption>
    <div class="msg-screen msg-whatsapp">
      <p class="msg-bubble">${whatsappText(preview.text ?? '')}</p>
      ${preview.buttons.map(({ title }) => html`<span class="msg-button">${title}</span>`)}
    </div></figure>`
}

/** WhatsApp shows what stands between asterisks in bold. @param {string} text */
function whatsappText(text) {
  return text.split(/(\*[^\s*](?:[^*\n]*[^\s*])?\*)/).map((part) => (
    part.length > 2 && part.startsWith('*') && part.endsWith('*') ? html`<strong>${part.slice(1, -1)}</strong>` : part))
}

/** @param {TextPreview} preview @param {string} sender */
function bubble(preview, sender) {
  return html`<figure class="msg-phone"><figcaption>${sender}</figcaption>
    <div class="msg-screen"><p class="msg-bubble">${preview.text}</p></div></figure>`
}

/** @param {TextPreview} preview @param {string} sender */
function email(preview, sender) {
  return html`<figure class="msg-mail"><figcaption><strong>${sender}</strong><span>${preview.subject}</span></figcaption>
    <div class="msg-mail-page" data-mail></div></figure>`
}

/** @param {TextPreview} preview */
function letter(preview) {
  return html`<div class="msg-letter"><p><strong>${preview.subject}</strong></p><p class="msg-lines">${preview.text}</p></div>`
}

/** What a voice says, without its markup. @param {TextPreview} preview */
function call(preview) {
  const page = new DOMParser().parseFromString(preview.text ?? '', 'text/xml')
  return html`<div class="msg-letter msg-voice">${[...page.querySelectorAll('p')].map((part) => html`<p>${part.textContent}</p>`)}</div>`
}

/** @param {SmsCount} count */
function smsCount({ encoding, units, segments, left, outside }) {
  return html`<p class="msg-count" role="status">
    <span>${tn('templates.units', units)}</span>
    ${badge(tn('templates.segments', segments), segments > 3 ? 'warn' : 'neutral')}
    <span class="muted">${t('templates.left', { n: formatNumber(left) })}</span>
    ${encoding === 'ucs2' ? html`<span class="muted">${t('templates.costly', { characters: [...outside].slice(0, 8).join(' ') })}</span>` : nothing}
  </p>`
}
