// @ts-check

/** The law that applies to a portfolio, each line with its article and source. */

/** @import { Content } from '../../core/view.js' */
/** @import { Rules } from './contract.js' */

import { formatDate } from '../../core/dates.js'
import { t, tOr } from '../../core/i18n.js'
import { badge, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { lawWords } from '../law-words.js'
import { capWords, channelNames, grouped, hours } from './words.js'

/** @param {Rules} rules @param {string} locale */
export function lawCards(rules, locale) {
  return html`${hoursCard(rules)}${capsCard(rules)}${peopleCard(rules)}${daysCard(rules, locale)}${sourcesCard(rules, locale)}`
}

/** @param {Rules} rules */
function hoursCard(rules) {
  return card({
    id: 'hours', title: t('rules.hours'), lead: t('rules.hours_lead'),
    body: html`<ul class="law">${grouped(rules.channels).map(({ channels, rule }) => html`<li>
      <div class="row row-between"><strong>${channelNames(channels)}</strong>${rule.allowed ? nothing : badge(t('rules.forbidden'), 'bad')}</div>
      ${rule.allowed ? html`<dl class="law-hours">
        ${pair(t('rules.mon_fri'), hours(rule.mon_fri))}${pair(t('rules.sat'), hours(rule.sat))}${pair(t('rules.sun'), hours(rule.sun))}
        ${pair(t('rules.holiday'), rule.holiday === null ? t('rules.as_any_day') : hours(rule.holiday))}</dl>`
        : rule.exception_products.length > 0 ? html`<p class="small">${t('rules.exception', { products: rule.exception_products.map((name) => tOr(`rules.product.${name}`, name)).join(', ') })}</p>` : nothing}
      ${source(rule)}</li>`)}</ul>`,
  })
}

/** @param {string} name @param {Content} value */
function pair(name, value) {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** @param {Rules} rules */
function capsCard(rules) {
  return card({
    id: 'caps', title: t('rules.caps'),
    body: rules.caps.length === 0 ? html`<p class="muted">${t('rules.no_caps')}</p>`
      : html`<ul class="law">${rules.caps.map((cap) => html`<li><p>${capWords(cap)}</p>${source(cap)}</li>`)}</ul>`,
  })
}

/** @param {Rules} rules */
function peopleCard(rules) {
  const refused = Object.keys(rules.refused_recipients).map((who) => t(`rules.who.${who}`)).join(', ')
  return card({
    id: 'who', title: t('rules.people'),
    body: html`<ul class="law">
      <li><p>${t('rules.refused', { people: refused })}</p>${article(rules.recipients_article)}</li>
      <li><p>${t('rules.no_means_no')}</p></li>
      <li><p>${t(`rules.workplace.${rules.workplace}`)}</p>${article(rules.workplace_article)}</li>
      ${rules.authorisation_required ? html`<li><p>${t('rules.authorisation')}</p>${article(rules.authorisation_article)}</li>` : nothing}
      ${rules.hidden_caller_id_forbidden ? html`<li><p>${t('rules.hidden_number')}</p></li>` : nothing}
    </ul>`,
  })
}

/** @param {Rules} rules @param {string} locale */
function daysCard(rules, locale) {
  if (rules.holidays.length === 0) return nothing
  return card({
    id: 'days', title: t('rules.days'), lead: t('rules.days_lead'),
    body: html`<ul class="law-days">${rules.holidays.map((day) => html`<li>${formatDate(day, locale)}</li>`)}</ul>`,
  })
}

/** @param {Rules} rules @param {string} locale */
function sourcesCard(rules, locale) {
  return card({
    id: 'sources', title: t('rules.sources'), lead: t('rules.version', { reference: rules.reference, day: formatDate(rules.valid_from, locale) }),
    body: html`<ul class="law">${rules.sources.map(({ source_id: id, title, address }) => html`<li><span class="muted small">${id}</span>
      ${/^https?:/.test(address) ? html`<a href=${address} rel="noreferrer noopener">${tOr(`sources.${id}`, title)}</a>` : html`<span>${tOr(`sources.${id}`, title)}</span>`}</li>`)}</ul>
      <p class="muted small">${t('rules.not_advice')}</p>`,
  })
}

/** @param {{ article: string, sources: string[], confidence: string }} rule */
function source({ article: words, sources, confidence }) {
  return html`<p class="muted small">${[lawWords(words), sources.join(', ')].filter(Boolean).join(' · ')} ${badge(t(`rules.confidence.${confidence}`), confidence === 'high' ? 'good' : confidence === 'low' ? 'warn' : 'neutral')}</p>`
}

/** @param {string} words */
function article(words) {
  return words === '' ? nothing : html`<p class="muted small">${lawWords(words)}</p>`
}
