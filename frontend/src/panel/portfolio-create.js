// @ts-check

/** Making a portfolio: the country proposes everything else, and only names are asked for. */

import { Form } from '../core/form.js'
import { formatPpm, LANGUAGES, lang, t, tn } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { selectField, textField } from '../core/ui/fields.js'
import { card, facts, pageHead, problemBanner } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { allocationText, zoneName } from './portfolio-words.js'
import { guardLeaving } from './shell.js'

/** @import { Country, PortfolioBody } from '../core/contract.js' */
/** @import { Context } from './shell.js' */

const LAST_COUNTRY = 'recobro.country'

/** @param {Context} context */
export async function createPortfolio({ root, api, setTitle }) {
  setTitle(t('portfolios.new_title'))
  const countries = /** @type {Country[]} */ ((await api.get('/countries')).items)
  const first = countries.find(({ code }) => code === window.localStorage.getItem(LAST_COUNTRY)) ?? countries[0]
  const form = new Form({ name: '', creditor: '', country: first.code, currency: first.currency, time_zone: first.default_time_zone, language: String(first.languages[0]) }, () => view.update())
  /** @type {PortfolioBody | null} */
  let proposed = null
  let created = false
  guardLeaving(() => !created && (form.values.name !== '' || form.values.creditor !== ''))
  const view = mountView(root, () => page())
  await propose(first)

  /** @param {Country} country */
  async function propose(country) {
    proposed = null
    form.set('country', country.code)
    const body = await api.get('/portfolio-defaults', { query: { country: country.code } })
    if (form.values.country !== country.code) return
    proposed = body
    form.change((values) => {
      values.currency = body.currency
      values.time_zone = body.time_zone
      values.language = body.language
    })
  }

  /** @param {SubmitEvent} event */
  async function create(event) {
    event.preventDefault()
    const portfolio = await form.submit(
      (values, key) => api.post('/portfolios', { ...values, name: values.name.trim(), creditor: values.creditor.trim() }, { key }),
      ({ name, creditor }) => ({
        name: name.trim() === '' ? t('common.field_required') : null,
        creditor: creditor.trim() === '' ? t('common.field_required') : null,
      }),
    )
    if (portfolio === undefined) return
    created = true
    window.localStorage.setItem(LAST_COUNTRY, portfolio.country)
    window.location.assign(pathTo('portfolios', { id: portfolio.portfolio_id, nueva: '1' }))
  }

  function country() {
    return /** @type {Country} */ (countries.find(({ code }) => code === form.values.country))
  }

  function page() {
    return html`${pageHead({ title: t('portfolios.new_title'), lead: t('portfolios.new_lead'), back: { href: pathTo('portfolios'), label: t('portfolios.title') } })}
      <div class="split">
        ${card({ body: fields() })}
        ${card({ id: 'proposal', title: t('portfolios.proposal_title'), lead: t('portfolios.proposal_lead'), body: proposal() })}
      </div>`
  }

  function fields() {
    const regions = new Intl.DisplayNames(lang(), { type: 'region' })
    const currencies = new Intl.DisplayNames(lang(), { type: 'currency' })
    const { values, errors } = form
    return html`<form class="form" novalidate @submit=${create}>
      ${form.problem ? problemBanner(form.problem) : nothing}
      <div class="form-grid">
        ${textField({ name: 'name', label: t('portfolios.name'), hint: t('portfolios.name_hint'), required: true, maxlength: 120, value: values.name, error: errors.name, onInput: (value) => form.set('name', value) })}
        ${textField({ name: 'creditor', label: t('portfolios.creditor'), hint: t('portfolios.creditor_hint'), required: true, maxlength: 120, value: values.creditor, error: errors.creditor, onInput: (value) => form.set('creditor', value) })}
        ${selectField({
          name: 'country', label: t('portfolios.country'), hint: t('portfolios.country_fixed'), required: true, value: values.country, error: errors.country,
          options: countries.map(({ code }) => ({ value: code, label: regions.of(code) ?? code })).toSorted((a, b) => a.label.localeCompare(b.label, lang())),
          onInput: (code) => { void propose(/** @type {Country} */ (countries.find((each) => each.code === code))) },
        })}
        ${selectField({
          name: 'currency', label: t('portfolios.currency'), hint: t('portfolios.currency_fixed'), required: true, value: values.currency, error: errors.currency,
          options: (country().currencies ?? [country().currency]).map((code) => ({ value: code, label: `${code} · ${currencies.of(code) ?? ''}` })), onInput: (value) => form.set('currency', value),
        })}
        ${selectField({
          name: 'time_zone', label: t('portfolios.time_zone'), required: true, value: values.time_zone, error: errors.time_zone,
          options: country().time_zones.map((zone) => ({ value: zone, label: zoneName(zone) })), onInput: (value) => form.set('time_zone', value),
        })}
        ${selectField({
          name: 'language', label: t('portfolios.language'), required: true, value: values.language, error: errors.language,
          options: LANGUAGES.map((code) => ({ value: code, label: t(`common.language_name.${code}`) })), onInput: (value) => form.set('language', value),
        })}
      </div>
      <div class="button-row">
        <button class="button button-primary" ?disabled=${form.busy || proposed === null}>${t('portfolios.create_it')}</button>
        <a class="button" href=${pathTo('portfolios')}>${t('common.cancel')}</a>
      </div>
    </form>`
  }

  function proposal() {
    if (proposed === null) return html`<p class="muted" role="status">${t('common.loading')}</p>`
    const { bands, moratory, allocation_order: order, cash_allowed: cash, retention_years: years } = proposed.policies
    return facts([
      [t('portfolios.section.bands'), tn('portfolios.bands_count', bands.length)],
      [t('portfolios.section.allocation'), allocationText(order)],
      [t('portfolios.section.interest'), moratory.annual_rate_ppm === 0 ? t('portfolios.no_interest') : t('portfolios.rate_a_year', { rate: formatPpm(moratory.annual_rate_ppm) })],
      [t('portfolios.cash'), cash ? t('common.yes') : t('common.no')],
      [t('portfolios.retention'), tn('portfolios.years', years)],
      [t('portfolios.tax_ids'), country().tax_ids.map((id) => id.toUpperCase()).join(', ')],
    ])
  }
}
