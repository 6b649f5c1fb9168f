// @ts-check

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Filters, Narrowing } from './filters.js' */

/** @typedef {{ person_id: string, name: string }} Colleague */

import { localeFor, t, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { moneyField, selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { html, live, nothing } from '../../core/view.js'
import { bandName } from '../bands.js'
import { SORTS, STATUSES, UNTOUCHED_DAYS, YES_NO, isImpossible, narrowing, untouchedFor, widest, without } from './filters.js'

/**
 * @typedef {object} FiltersFacts
 * @property {Filters} filters
 * @property {Portfolio} portfolio
 * @property {boolean} open
 * @property {{ min?: string, max?: string }} typed  Amounts while they are being typed.
 * @property {(filters: Filters, how?: { typing?: boolean }) => void} onFilters
 * @property {(name: 'min' | 'max', text: string) => void} onTyped
 * @property {() => void} onToggle
 * @property {string} self  The reader's own id.
 * @property {Colleague[]} colleagues  Of the portfolio; none until they are read.
 */

/** @param {FiltersFacts} facts */
export function searchBar(facts) {
  const { filters, open, onFilters, onToggle } = facts
  const count = narrowing(filters).length
  return html`<form class="toolbar case-search" role="search" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onFilters(filters) }}>
    <div class="search-field">
      ${icon('search')}
      <input type="search" id="q" name="q" aria-label=${t('cases.search_label')} placeholder=${t('cases.search_placeholder')} autocomplete="off" spellcheck="false"
        aria-keyshortcuts="/" .value=${live(filters.q)}
        @input=${(/** @type {any} */ event) => onFilters({ ...filters, q: event.target.value }, { typing: true })}>
    </div>
    <button type="button" class="button" aria-expanded=${open ? 'true' : 'false'} aria-controls="filters" @click=${onToggle}>${icon('filter')}${t('cases.filters')}${count > 0 ? html` <span class="badge badge-brand">${count}</span>` : nothing}</button>
    <label class="sort-pick"><span class="visually-hidden">${t('cases.sort')}</span>
      <select name="sort" @change=${(/** @type {any} */ event) => onFilters({ ...filters, sort: event.target.value })}>
        ${SORTS.map((sort) => html`<option value=${sort} .selected=${live(sort === filters.sort)}>${t(`cases.sort.${sort}`)}</option>`)}
      </select></label>
  </form>
  ${open ? panel(facts) : nothing}
  ${chips(facts)}`
}

/** @param {FiltersFacts} facts */
function panel({ filters, portfolio, typed, self, colleagues, onFilters, onTyped }) {
  const { currency, country } = portfolio
  const locale = localeFor(country)
  /** @param {'min' | 'max'} name */
  const amount = (name) => moneyField({
    name: `filter-${name}`, label: t(`cases.filter.${name}`), required: true, minor: filters[name], currency, locale, text: typed[name],
    error: typed[name] && typed[name] !== '' && filters[name] === null ? t('common.field_money') : isImpossible(filters) && name === 'max' ? t('cases.impossible') : undefined,
    onInput: (minor, text) => {
      onTyped(name, text)
      onFilters({ ...filters, [name]: minor }, { typing: true })
    },
  })
  const { untouched_days: days } = filters
  return html`<section class="card" id="filters" aria-label=${t('cases.filters')}><div class="filter-grid">
    ${selectField({
      name: 'filter-untouched', label: t('cases.filter.untouched_days'), required: true, value: days === null ? '' : String(days),
      options: [{ value: '', label: t('cases.any') }, ...[...new Set([...UNTOUCHED_DAYS, ...(days === null ? [] : [days])])].sort((a, b) => a - b).map((n) => ({ value: String(n), label: t('cases.untouched_n', { n }) }))],
      onInput: (value) => onFilters(untouchedFor(filters, value === '' ? null : Number(value))),
    })}
    ${selectField({
      name: 'filter-band', label: t('cases.filter.band'), required: true, value: filters.band,
      options: [{ value: '', label: t('cases.any') }, ...portfolio.policies.bands.map((band) => ({ value: band.code, label: bandName(band) }))],
      onInput: (band) => onFilters({ ...filters, band }),
    })}
    ${selectField({
      name: 'filter-status', label: t('cases.filter.status'), required: true, value: filters.status,
      options: [{ value: '', label: t('cases.any') }, ...STATUSES.map((status) => ({ value: status, label: t(`common.case_status.${status}`) }))],
      onInput: (status) => onFilters({ ...filters, status }),
    })}
    ${selectField({
      name: 'filter-owner', label: t('cases.filter.owner'), required: true, value: filters.owner,
      options: [{ value: '', label: t('cases.any') }, { value: self, label: t('cases.owner_self') }, { value: 'none', label: t('cases.owner_none') }, ...others(colleagues, self, filters.owner)],
      onInput: (owner) => onFilters({ ...filters, owner }),
    })}
    ${selectField({
      name: 'filter-charged-off', label: t('cases.filter.charged_off'), required: true, value: filters.charged_off,
      options: [{ value: '', label: t('cases.any') }, ...YES_NO.map((value) => ({ value, label: t(`cases.charged_off.${value}`) }))],
      onInput: (value) => onFilters({ ...filters, charged_off: value }),
    })}
    ${textField({ name: 'filter-city', label: t('cases.filter.city'), required: true, value: filters.city, onInput: (city) => onFilters({ ...filters, city }, { typing: true }) })}
    ${textField({ name: 'filter-tag', label: t('cases.filter.tag'), required: true, value: filters.tag, onInput: (tag) => onFilters({ ...filters, tag }, { typing: true }) })}
    ${amount('min')}${amount('max')}
  </div></section>`
}

/** Whom the address names is offered before the names are there. @param {Colleague[]} colleagues @param {string} self @param {string} chosen */
function others(colleagues, self, chosen) {
  const known = colleagues.filter(({ person_id: id }) => id !== self).map(({ person_id: id, name }) => ({ value: id, label: name }))
  const lacks = !['', 'none', self, ...known.map(({ value }) => value)].includes(chosen)
  return lacks ? [...known, { value: chosen, label: t('cases.owner_other') }] : known
}

/** @param {FiltersFacts} facts */
function chips({ filters, portfolio, self, colleagues, onFilters }) {
  const names = narrowing(filters)
  if (names.length === 0) return nothing
  return html`<ul class="chips" aria-label=${t('cases.active_filters')}>
    ${names.map((name) => html`<li><button type="button" class="chip" @click=${() => onFilters(without(filters, name))}><span class="visually-hidden">${t('cases.remove')} </span>${chipText(name, filters, portfolio, ownerName(filters.owner, self, colleagues))}${icon('close')}</button></li>`)}
    ${names.length > 1 ? html`<li><button type="button" class="link-button" @click=${() => onFilters(widest(filters))}>${t('cases.clear')}</button></li>` : nothing}
  </ul>`
}

/** @param {string} owner @param {string} self @param {Colleague[]} colleagues */
function ownerName(owner, self, colleagues) {
  if (owner === 'none') return t('cases.owner_none')
  if (owner === self) return t('cases.owner_self')
  return colleagues.find(({ person_id: id }) => id === owner)?.name ?? t('cases.owner_other')
}

/** @param {Narrowing} name @param {Filters} filters @param {Portfolio} portfolio @param {string} owner */
function chipText(name, filters, { policies, currency, country }, owner) {
  if (name === 'owner') return `${t('cases.filter.owner')}: ${owner}`
  const value = filters[name]
  if (name === 'untouched_days') return `${t('cases.filter.untouched_days')}: ${t('cases.untouched_n', { n: Number(value) })}`
  if (name === 'min' || name === 'max') {
    return t(`cases.chip.${name}`, { amount: formatMoney({ minor: Number(value), currency }, localeFor(country)) })
  }
  if (name === 'band') {
    const band = policies.bands.find(({ code }) => code === value)
    return band === undefined ? String(value) : bandName(band)
  }
  if (name === 'charged_off') return t(`cases.charged_off.${value}`)
  if (name === 'status') return tOr(`common.case_status.${value}`, String(value))
  return `${t(`cases.filter.${name}`)}: ${value}`
}

