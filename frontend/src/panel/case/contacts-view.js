// @ts-check

/** How to reach the debtor, and how far each way can be trusted. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { Content } from '../../core/view.js' */
/** @import { Reach } from './reach-view.js' */
/** @import { Address, CasePage, Contact } from '../cases/contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { icon } from '../../core/ui/icons.js'
import { selectField } from '../../core/ui/fields.js'
import { badge, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { wishText } from './events.js'
import { addressLine, contactsInOrder, formatPhone, geoHref, telHref } from './contacts.js'
import { reachNotice, waysOf } from './reach-view.js'

/** @type {Record<string, Tone>} */
const TONES = { valid: 'good', unverified: 'neutral', invalid: 'bad', wrong_person: 'bad', rooftop: 'good', street: 'good', town: 'warn', none: 'neutral' }

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {Reach} facts.reach  What the gate says of each.
 * @param {string} facts.locale
 * @param {(contact: Contact) => void} facts.onChange
 * @param {() => void} facts.onRetry
 * @param {(language: string) => void} facts.onLanguage
 */
export function contactsCard({ page, reach, locale, onChange, onRetry, onLanguage }) {
  const { contacts, addresses } = page
  const none = contacts.length === 0 && addresses.length === 0
  return card({
    id: 'contacts', title: t('case.contacts'),
    body: none ? html`<p class="muted">${t('case.no_contacts')}</p>` : html`
      ${reachNotice(reach, onRetry)}
      ${contacts.length > 0 ? html`<ul class="ways">${contactsInOrder(contacts).map((contact) => contactRow(contact, waysOf(reach, contact.contact_id, page, locale), reach.page?.can.consent ? onChange : null))}</ul>` : nothing}
      ${page.case.wish ? html`<p class="small">${wishText(page.case.wish)}</p>` : nothing}
      ${languageRow(page, onLanguage)}
      ${addresses.length > 0 ? html`<h3>${t('case.addresses')}</h3><ul class="ways">${addresses.map((address) => addressRow(address, waysOf(reach, address.address_id, page, locale)))}</ul>` : nothing}`,
  })
}

/** In which language the debtor is written to. @param {CasePage} page @param {(language: string) => void} onLanguage */
function languageRow({ case: { language, written_in: written }, can }, onLanguage) {
  const own = t('case.language_own', { language: t(`common.language_name.${written}`) })
  if (!can.note) return html`<p class="small">${t('case.language')}: ${t(`common.language_name.${written}`)}</p>`
  return selectField({
    name: 'language', label: t('case.language'), value: language, onInput: onLanguage,
    options: [{ value: '', label: language === '' ? own : t('case.language_auto') }, ...['es', 'en', 'pt'].map((each) => ({ value: each, label: t(`common.language_name.${each}`) }))],
  })
}

/** @param {Contact} contact @param {Content} ways @param {((contact: Contact) => void) | null} onChange */
function contactRow(contact, ways, onChange) {
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
      <span class="way-notes">${badge(t(`case.quality.${quality}`), TONES[quality] ?? 'neutral')}${notes.map((note) => html`<span class="muted small">${note}</span>`)}
        ${onChange === null ? nothing : html`<button type="button" class="link-button small" @click=${() => onChange(contact)}>${t('contact.change')}<span class="visually-hidden"> ${shown}</span></button>`}</span>
      ${ways}</div></li>`
}

/** @param {Address} address @param {Content} ways */
function addressRow(address, ways) {
  const href = geoHref(address)
  return html`<li>${icon('pin')}
    <div class="way"><span>${addressLine(address) || t('case.no_address')}</span>
      <span class="way-notes">${badge(t(`case.point.${address.quality}`), TONES[address.quality] ?? 'neutral')}
        ${href === null ? nothing : html`<a class="small" href=${href}>${t('case.open_map')}<span class="visually-hidden"> ${addressLine(address)}</span></a>`}</span>
      ${ways}</div></li>`
}
