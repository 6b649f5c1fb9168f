// @ts-check

/** Choosing what a report is made of: only what can stand together is offered. */

/** @import { Catalogue, MeasureOffered, ReportDefinition } from './contract.js' */

import { t } from '../../core/i18n.js'
import { checkField, selectField } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'
import { TIMES, dimensionName, keyText, measureName } from './report-words.js'

export const MOST_MEASURES = 8
const MOST_DIMENSIONS = 3
const MOST_FILTERS = 6

/** @typedef {ReportDefinition & { compare: boolean }} Draft */
/** @typedef {{ key: string, name: string }} Choice */

/**
 * The dimensions that every chosen measure knows.
 * @param {Catalogue} catalogue
 * @param {string[]} measures
 */
export function sharedDimensions(catalogue, measures) {
  const chosen = catalogue.measures.filter(({ code }) => measures.includes(code))
  return catalogue.dimensions.map(({ code }) => code).filter((code) => chosen.every(({ dimensions }) => dimensions.includes(code)))
}

/**
 * The draft without what its measures do not know, and with what they cannot do without.
 * @template {ReportDefinition} T
 * @param {Catalogue} catalogue
 * @param {T} draft
 * @returns {T}
 */
export function fitting(catalogue, draft) {
  const shared = sharedDimensions(catalogue, draft.measures)
  const dimensions = draft.dimensions.filter((code) => shared.includes(code)).slice(0, MOST_DIMENSIONS)
  const filters = draft.filters.filter(({ dimension }) => shared.includes(dimension)).slice(0, MOST_FILTERS)
  for (const { code, needs } of catalogue.measures) {
    if (!draft.measures.includes(code) || needs === null || dimensions.includes(needs)) continue
    if (filters.some(({ dimension, values }) => dimension === needs && values.length === 1)) continue
    if (dimensions.length === MOST_DIMENSIONS) dimensions.pop()
    dimensions.push(needs)
  }
  return { ...draft, dimensions, filters }
}

/**
 * @param {object} facts
 * @param {Catalogue} facts.catalogue
 * @param {Draft} facts.draft
 * @param {Map<string, Choice[] | null>} facts.choices  Of filters, by dimension; null: not known.
 * @param {string} facts.locale
 * @param {(draft: Draft) => void} facts.onChange
 * @param {() => void} facts.onTell
 */
export function builder({ catalogue, draft, choices, locale, onChange, onTell }) {
  const shared = sharedDimensions(catalogue, draft.measures)
  const groups = [...new Set(catalogue.measures.map(({ group }) => group))]
  const put = (/** @type {Partial<Draft>} */ changes) => onChange(fitting(catalogue, { ...draft, ...changes }))
  const none = { value: '', label: t('builder.no_dimension') }
  return html`<form class="stack" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onTell() }}>
    <p class="small muted">${t('builder.measures_help', { n: MOST_MEASURES })}</p>
    <div class="figure-grid">${groups.map((group) => html`<fieldset class="field"><legend>${t(`builder.group.${group}`)}</legend><div class="check-list">${catalogue.measures.filter((one) => one.group === group).map(measure)}</div></fieldset>`)}</div>
    <div class="toolbar">
      ${Array.from({ length: MOST_DIMENSIONS }, (_, at) => (at > draft.dimensions.length ? nothing : selectField({
        name: `by-${at}`, label: t(at === 0 ? 'builder.divide' : 'builder.and_by'), value: draft.dimensions[at] ?? '',
        options: [none, ...shared.filter((one) => one === draft.dimensions[at] || !draft.dimensions.includes(one)).map(option)],
        onInput: (value) => put({ dimensions: [...draft.dimensions.slice(0, at), ...(value ? [value] : []), ...draft.dimensions.slice(at + 1)] }),
      })))}
      ${draft.measures.length === 0 || draft.filters.length >= MOST_FILTERS ? nothing : selectField({
        name: 'filter', label: t('builder.only'), value: '',
        options: [none, ...shared.filter((one) => !TIMES.includes(one) && !draft.filters.some(({ dimension }) => dimension === one)).map(option)],
        onInput: (value) => { if (value) put({ filters: [...draft.filters, { dimension: value, values: [] }] }) },
      })}
    </div>
    ${draft.filters.map(filter)}
    ${checkField({ name: 'compare', label: t('builder.compare'), checked: draft.compare, onInput: (compare) => put({ compare }) })}
    <div class="button-row"><button class="button button-primary" ?disabled=${draft.measures.length === 0}>${t('builder.tell')}</button></div>
  </form>`

  /** @param {string} value */
  function option(value) {
    return { value, label: dimensionName(value) }
  }

  /** @param {MeasureOffered} one */
  function measure({ code }) {
    const chosen = draft.measures.includes(code)
    return html`<label><input type="checkbox" name=${code} .checked=${chosen} ?disabled=${!chosen && draft.measures.length >= MOST_MEASURES}
      @change=${() => put({ measures: chosen ? draft.measures.filter((one) => one !== code) : [...draft.measures, code] })}> <span>${measureName(code)}</span></label>`
  }

  /** @param {{ dimension: string, values: string[] }} one @param {number} at */
  function filter({ dimension, values }, at) {
    const known = choices.get(dimension)
    const change = (/** @type {string[]} */ picked) => put({ filters: draft.filters.with(at, { dimension, values: picked }) })
    return html`<fieldset class="field"><legend>${t('builder.only_these', { name: dimensionName(dimension) })}</legend>
      ${known === undefined ? html`<p class="small muted" role="status">${t('builder.looking')}</p>`
        : known === null || known.length === 0 ? html`<p class="small">${t('builder.no_values')}</p>`
          : html`<div class="check-list">${known.map(({ key, name }) => html`<label><input type="checkbox" .checked=${values.includes(key)}
            @change=${() => change(values.includes(key) ? values.filter((value) => value !== key) : [...values, key])}> <span>${keyText(dimension, key, name, locale)}</span></label>`)}</div>`}
      <button type="button" class="button button-small" @click=${() => put({ filters: draft.filters.toSpliced(at, 1) })}>${t('builder.no_filter')}<span class="visually-hidden">: ${dimensionName(dimension)}</span></button></fieldset>`
  }
}
