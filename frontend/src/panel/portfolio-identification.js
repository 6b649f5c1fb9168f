// @ts-check

/** Who collects and for whom, as the law of the country wants messages to say it. */

import { t } from '../core/i18n.js'
import { textField } from '../core/ui/fields.js'
import { html } from '../core/view.js'

/** @import { Identification } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

/** Each field with the most it may hold, in the order of the form. */
const FIELDS = /** @type {[keyof Identification, number][]} */ ([
  ['agency', 160],
  ['registration', 60],
  ['address', 200],
  ['phone', 40],
  ['email', 120],
  ['creditor', 160],
  ['creditor_tax_id', 40],
  ['creditor_address', 200],
  ['payment_means', 200],
  ['complaints', 200],
])

/** @param {Editor} editor */
export function identificationSection({ form }) {
  const { identification } = form.values
  return html`<div class="stack">${FIELDS.map(([name, maxlength]) => {
    const path = `identification.${name}`
    return textField({
      name: path,
      label: t(`portfolios.identification.${name}`),
      hint: t(`portfolios.identification_hint.${name}`),
      maxlength,
      value: identification[name],
      error: form.errors[path],
      onInput: (value) => form.change((values) => { values.identification[name] = value }, path),
    })
  })}</div>`
}
