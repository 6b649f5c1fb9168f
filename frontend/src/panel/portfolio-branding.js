// @ts-check

/** How debtors see the creditor: name, colour, logo and contact, with a preview that follows. */

import { t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { asProblem } from '../core/problem.js'
import { fieldError, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { cssVars, html, live, nothing } from '../core/view.js'
import { readableOn } from './colours.js'
import { IMAGE_TYPES, smallImage } from './small-image.js'

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

/** Room for a sharp logo on a phone; larger files are shrunk here before they travel. */
const LOGO_BOX = { width: 640, height: 240 }

/** @param {Editor} editor */
export function brandingSection(editor) {
  const { form, locale } = editor
  const { branding } = form.values
  const colourError = form.errors['branding.colour']
  return html`<div class="brand-editor">
    <div class="stack">
      ${textField({ name: 'branding.display_name', label: t('portfolios.display_name'), hint: t('portfolios.display_name_hint'), required: true, maxlength: 80, value: branding.display_name, error: form.errors['branding.display_name'], onInput: (value) => form.change((values) => { values.branding.display_name = value }, 'branding.display_name') })}
      ${textField({ name: 'branding.contact_line', label: t('portfolios.contact_line'), hint: t('portfolios.contact_line_hint'), maxlength: 120, value: branding.contact_line, error: form.errors['branding.contact_line'], onInput: (value) => form.change((values) => { values.branding.contact_line = value }, 'branding.contact_line') })}
      <div class="field">
        <label for="branding.colour">${t('portfolios.colour')}</label>
        <div class="row"><input type="color" id="branding.colour" aria-invalid=${colourError ? 'true' : nothing} aria-describedby=${colourError ? 'branding.colour-error' : nothing} .value=${live(branding.colour)} @input=${(/** @type {any} */ event) => form.change((values) => { values.branding.colour = event.target.value }, 'branding.colour')}><code>${branding.colour}</code></div>
        ${fieldError(colourError, 'branding.colour-error')}
      </div>
      ${logoField(editor)}
    </div>
    ${preview(form.values, locale)}
  </div>`
}

/** @param {Editor} editor */
function logoField({ form, api, paint }) {
  const { logo_key: key } = form.values.branding
  const error = form.errors['branding.logo_key']
  /** @param {any} event */
  const pick = async (event) => {
    const [file] = event.target.files
    event.target.value = ''
    if (file === undefined) return
    delete form.errors['branding.logo_key']
    try {
      const image = await smallImage(file, LOGO_BOX)
      const saved = await api.put(`/portfolios/${form.values.portfolio_id}/logo`, { version: form.values.version, image })
      form.absorb((values) => {
        values.version = saved.version
        values.branding.logo_key = saved.branding.logo_key
      })
    } catch (problem) {
      form.errors['branding.logo_key'] = asProblem(problem).text
      paint()
    }
  }
  return html`<div class="field"><span class="field-label" id="logo-label">${t('portfolios.logo')} <span class="optional">${t('common.optional')}</span></span>
    <p class="hint" id="logo-hint">${t('portfolios.logo_hint')}</p>
    <div class="row">
      <label class="button button-small file-button">${icon('upload')}${key === null ? t('portfolios.logo_pick') : t('portfolios.logo_change')}<input type="file" class="visually-hidden" accept=${IMAGE_TYPES.join(',')} aria-describedby="logo-hint" @change=${pick}></label>
      ${key === null ? nothing : html`<button type="button" class="button button-small button-quiet" @click=${() => form.change((values) => { values.branding.logo_key = null })}>${t('portfolios.logo_remove')}</button>`}
    </div>
    ${fieldError(error)}
  </div>`
}

/**
 * A debtor's phone with a message opened: the same parts the pay page is made of.
 * @param {Portfolio} portfolio @param {string} locale
 */
function preview({ branding, currency, language }, locale) {
  const sample = { minor: currency === 'CLP' || currency === 'PYG' ? 48_500 : 124_850, currency }
  const name = branding.display_name || t('portfolios.display_name')
  return html`<figure class="phone" lang=${language} ${cssVars({ '--debtor-brand': branding.colour, '--debtor-ink': readableOn(branding.colour) })}>
    <figcaption>${t('portfolios.preview')}</figcaption>
    <div class="phone-screen">
      <div class="phone-top">${branding.logo_key
        ? html`<img class="phone-logo" src="/${branding.logo_key}" alt=${name}>`
        : html`<span class="phone-mark" aria-hidden="true">${name.slice(0, 1).toLocaleUpperCase()}</span><strong>${name}</strong>`}</div>
      <p class="phone-small">${t('portfolios.preview_hello')}</p>
      <p class="phone-amount">${formatMoney(sample, locale)}</p>
      <p class="phone-small">${t('portfolios.preview_due')}</p>
      <span class="phone-pay">${t('portfolios.preview_pay')}</span>
      <p class="phone-small">${t('portfolios.preview_help')}${branding.contact_line ? html` <strong>${branding.contact_line}</strong>` : nothing}</p>
    </div>
  </figure>`
}
