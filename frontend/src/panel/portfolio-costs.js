// @ts-check

/** What work costs, for the figure of cost per unit collected. */

/** @import { Editor } from './portfolio-editor.js' */

import { t } from '../core/i18n.js'
import { html } from '../core/view.js'

const RATES = /** @type {const} */ (['call_hour_minor', 'field_hour_minor', 'visit_minor', 'km_minor', 'dollar_minor'])

/** @param {Editor} editor */
export function costsSection({ form, drafts, locale }) {
  const { policies, currency } = form.values
  // Messages are priced in dollars: where the portfolio is in dollars too, there is nothing to change.
  const wanted = RATES.filter((rate) => rate !== 'dollar_minor' || currency !== 'USD')
  return html`<div class="form-grid">${wanted.map((rate) => drafts.money({
    name: `policies.costs.${rate}`, label: t(`portfolios.cost.${rate}`), hint: t(`portfolios.cost_hint.${rate}`), locale, currency, optional: true,
    value: policies.costs[rate], error: form.errors[`policies.costs.${rate}`],
    onInput: (value) => form.change((values) => { values.policies.costs[rate] = value }, `policies.costs.${rate}`),
  }))}</div>`
}
