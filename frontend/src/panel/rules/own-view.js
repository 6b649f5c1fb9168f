// @ts-check

/** What a portfolio adds to the law: an admin's form, or its words for everybody else. */

/** @import { Form } from '../../core/form.js' */
/** @import { Limits, Rules, RulesPage } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { checkField, selectField, textField } from '../../core/ui/fields.js'
import { card, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { CHANNELS, channelNames, ownCapWords, PERIODS, withDay } from './words.js'

/** @typedef {{ day: string, most: string, period: string }} Adding  What is being typed before it is added. */

/** @param {RulesPage} page @param {string} locale */
export function ownWords({ limits }, locale) {
  const lines = [
    limits.opens_at || limits.closes_at ? t('rules.own_hours', { from: limits.opens_at || '00:00', to: limits.closes_at || '24:00' }) : null,
    limits.closed_channels.length > 0 ? t('rules.own_channels', { channels: channelNames(limits.closed_channels) }) : null,
    ...limits.caps.map(ownCapWords),
    limits.closed_days.length > 0 ? t('rules.own_days', { days: limits.closed_days.map((day) => formatDate(day, locale)).join(', ') }) : null,
    limits.authorised_channels.length > 0 ? t('rules.own_authorised', { channels: channelNames(limits.authorised_channels) }) : null,
  ].filter((line) => line !== null)
  return card({
    id: 'own', title: t('rules.own'), lead: t('rules.own_lead'),
    body: lines.length === 0 ? html`<p class="muted">${t('rules.own_nothing')}</p>` : html`<ul class="law">${lines.map((line) => html`<li>${line}</li>`)}</ul>`,
  })
}

/**
 * @param {object} facts
 * @param {Form<Limits>} facts.form
 * @param {Adding} facts.adding
 * @param {Rules | null} facts.rules
 * @param {string} facts.country
 * @param {string} facts.locale
 * @param {() => void} facts.paint
 * @param {() => void} facts.onSave
 */
export function ownForm({ form, adding, rules, country, locale, paint, onSave }) {
  const { values, errors } = form
  const regimes = rules?.regimes ?? []
  /** @param {'closed_channels' | 'authorised_channels'} name */
  const channelChecks = (name) => html`<div class="form-grid">${CHANNELS.map((channel) => checkField({
    name: `${name}-${channel}`, label: t(`contact.channel.${channel}`), checked: values[name].includes(channel),
    onInput: (checked) => form.set(name, checked ? [...values[name], channel] : values[name].filter((one) => one !== channel)),
  }))}</div>`
  return card({
    id: 'own', title: t('rules.own'), lead: t('rules.own_lead'),
    body: html`<form class="form" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onSave() }}>
      ${form.problem ? problemBanner(form.problem) : nothing}
      <div class="form-grid">
        ${textField({ name: 'opens_at', type: 'time', label: t('rules.opens'), hint: t('rules.hours_hint'), value: values.opens_at, onInput: (at) => form.set('opens_at', at) })}
        ${textField({ name: 'closes_at', type: 'time', label: t('rules.closes'), value: values.closes_at, error: errors.closes_at, onInput: (at) => form.set('closes_at', at) })}
      </div>
      <fieldset class="field"><legend>${t('rules.closed_channels')}</legend>${channelChecks('closed_channels')}</fieldset>
      <fieldset class="field"><legend>${t('rules.own_caps')}</legend>
        ${removable(values.caps.map(ownCapWords), (place) => form.set('caps', values.caps.filter((_, number) => number !== place)))}
        <div class="row"><input class="rules-number" type="number" min="1" max="1000" placeholder="3" aria-label=${t('rules.most')} .value=${adding.most} @input=${(/** @type {any} */ event) => { adding.most = event.target.value; paint() }}>
          <select class="rules-period" aria-label=${t('rules.per')} @change=${(/** @type {any} */ event) => { adding.period = event.target.value }}>${PERIODS.map((period) => html`<option value=${period} ?selected=${period === adding.period}>${t(`rules.period.${period}`)}</option>`)}</select>
          <button type="button" class="button" ?disabled=${!isCount(adding.most)} @click=${() => {
            const most = Number(adding.most)
            adding.most = ''
            form.set('caps', [...values.caps, { channels: [...CHANNELS], most, period: adding.period }])
          }}>${t('rules.add_cap')}</button></div></fieldset>
      <fieldset class="field"><legend>${t('rules.closed_days')}</legend>
        ${removable(values.closed_days.map((day) => formatDate(day, locale)), (place) => form.set('closed_days', values.closed_days.filter((_, number) => number !== place)))}
        <div class="row"><input type="date" aria-label=${t('rules.day')} .value=${adding.day} @input=${(/** @type {any} */ event) => { adding.day = event.target.value; paint() }}>
          <button type="button" class="button" ?disabled=${adding.day === ''} @click=${() => {
            form.set('closed_days', withDay(values.closed_days, adding.day))
            adding.day = ''
            paint()
          }}>${t('rules.add_day')}</button></div></fieldset>
      ${regimes.length > 1 ? selectField({ name: 'regime', label: t('rules.regime'), hint: t('rules.regime_hint'), value: values.regime, options: [{ value: '', label: t('rules.regime_unknown') }, ...regimes.map(({ code, name }) => ({ value: code, label: tOr(`rules.regime_of.${country}.${code}`, name) }))], onInput: (regime) => form.set('regime', regime) }) : nothing}
      <fieldset class="field"><legend>${t('rules.authorised')}</legend><p class="hint">${t('rules.authorised_hint')}</p>${channelChecks('authorised_channels')}</fieldset>
      <div class="button-row"><button class="button button-primary" ?disabled=${form.busy || !form.dirty}>${t('rules.save')}</button></div>
    </form>`,
  })
}

/** @param {string} typed */
function isCount(typed) {
  const count = Number(typed)
  return Number.isInteger(count) && count >= 1 && count <= 1000
}

/** @param {string[]} lines @param {(place: number) => void} onRemove */
function removable(lines, onRemove) {
  if (lines.length === 0) return nothing
  return html`<ul class="law">${lines.map((line, place) => html`<li class="row row-between"><span>${line}</span>
    <button type="button" class="link-button small" @click=${() => onRemove(place)}>${t('rules.remove')}<span class="visually-hidden"> ${line}</span></button></li>`)}</ul>`
}
