// @ts-check

/** How to reach the debtor, and how far each way can be trusted. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { Address, CasePage, Contact } from '../cases/contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { addressLine, contactsInOrder, formatPhone, geoHref, telHref } from './contacts.js'

/** @type {Record<string, Tone>} */
const TONES = { valid: 'good', unverified: 'neutral', invalid: 'bad', wrong_person: 'bad', rooftop: 'good', street: 'good', town: 'warn', none: 'neutral' }

/** @param {CasePage} page */
export function contactsCard({ contacts, addresses }) {
  const none = contacts.length === 0 && addresses.length === 0
  return card({
    id: 'contacts', title: t('case.contacts'),
    body: none ? html`<p class="muted">${t('case.no_contacts')}</p>` : html`
      ${contacts.length > 0 ? html`<ul class="ways">${contactsInOrder(contacts).map(contactRow)}</ul>` : nothing}
      ${addresses.length > 0 ? html`<h3>${t('case.addresses')}</h3><ul class="ways">${addresses.map(addressRow)}</ul>` : nothing}`,
  })
}

/** @param {Contact} contact */
function contactRow(contact) {
  const { kind, value, party, quality, detail } = contact
  const dead = quality === 'invalid' || quality === 'wrong_person'
  const shown = kind === 'phone' ? formatPhone(value) : value
  const notes = [
    party === 'debtor' ? null : tOr(`case.party.${party}`, party),
    detail ? tOr(`case.detail.${detail}`, detail) : null,
  ].filter((note) => note !== null)
  return html`<li>${icon(kind === 'phone' ? 'phone' : 'mail')}
    <div class="way">${dead
      ? html`<span class="way-dead">${shown}</span>`
      : html`<a class="way-link" href=${kind === 'phone' ? telHref(value, detail) : `mailto:${value}`}>${shown}</a>`}
      <span class="way-notes">${badge(t(`case.quality.${quality}`), TONES[quality] ?? 'neutral')}${notes.map((note) => html`<span class="muted small">${note}</span>`)}</span></div></li>`
}

/** @param {Address} address */
function addressRow(address) {
  const href = geoHref(address)
  return html`<li>${icon('pin')}
    <div class="way"><span>${addressLine(address) || t('case.no_address')}</span>
      <span class="way-notes">${badge(t(`case.point.${address.quality}`), TONES[address.quality] ?? 'neutral')}
        ${href === null ? nothing : html`<a class="small" href=${href}>${t('case.open_map')}<span class="visually-hidden"> ${addressLine(address)}</span></a>`}</span></div></li>`
}
