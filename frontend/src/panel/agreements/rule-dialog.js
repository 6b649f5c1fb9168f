// @ts-check

/** The dialog in which one rule of what may be agreed is written. */

/** @import { AgreementRule, Band } from '../../core/contract.js' */

import { Form } from '../../core/form.js'
import { t } from '../../core/i18n.js'
import { openDialog } from '../../core/ui/dialog.js'
import { checkField, fieldError, textField } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'
import { bandName } from '../bands.js'
import { Drafts } from '../drafts.js'
import { limitErrors, limitFields } from './limits.js'
import { limitsText, ruleFaults, whoText } from './rules.js'

/**
 * @param {{ rule: AgreementRule, others: string[], bands: Band[], currency: string, locale: string }} scene
 * @returns {Promise<AgreementRule | undefined>}
 */
export function ruleDialog({ rule, others, bands, currency, locale }) {
  let paint = () => {}
  const form = new Form(rule, () => paint())
  const drafts = new Drafts(() => paint())
  /** Products as they are being typed. */
  let products = rule.products.join(', ')
  return openDialog({
    title: rule.name === '' ? t('portfolios.rule.new') : t('portfolios.rule.edit', { name: rule.name }), size: 'wide',
    body: (handle) => {
      paint = handle.update
      const { values, errors } = form
      const keep = async (/** @type {Event} */ event) => {
        event.preventDefault()
        const kept = await form.submit(async (given) => given, (given) => ({
          ...drafts.errors(),
          ...limitErrors(given.limits, 'limits'),
          ...Object.fromEntries(Object.entries(ruleFaults(given, bands, others)).map(([field, code]) => [field, t(`portfolios.rule.fault.${code}`)])),
        }))
        if (kept !== undefined) handle.close({ ...kept, name: kept.name.trim() })
      }
      /** @param {'min_minor' | 'max_minor'} name */
      const bound = (name) => drafts.money({ name: `rule.${name}`, label: t(`portfolios.rule.${name}`), hint: t('portfolios.rule.bound_hint'), locale, currency, optional: true, max: 10 ** 13, value: values[name], error: errors[name], onInput: (minor) => form.set(name, minor) })
      return html`<form class="form" novalidate @submit=${keep}>
        ${textField({ name: 'rule.name', label: t('portfolios.rule.name'), required: true, maxlength: 80, value: values.name, error: errors.name, onInput: (value) => form.set('name', value) })}
        <h3>${t('portfolios.rule.for')}</h3>
        <fieldset class="field" aria-invalid=${errors.bands ? 'true' : nothing}><legend>${t('portfolios.rule.bands')}</legend><p class="hint">${t('portfolios.rule.none_is_any')}</p>
          <div class="form-grid">${bands.map((band) => checkField({
            name: `rule.bands.${band.code}`, label: bandName(band), checked: values.bands.includes(band.code),
            onInput: (checked) => form.change((all) => { all.bands = bands.map(({ code }) => code).filter((code) => (code === band.code ? checked : all.bands.includes(code))) }, 'bands'),
          }))}</div>${fieldError(errors.bands, 'rule.bands-error')}</fieldset>
        <div class="form-grid">${bound('min_minor')}${bound('max_minor')}</div>
        ${textField({ name: 'rule.products', label: t('portfolios.rule.products'), hint: t('portfolios.rule.products_hint'), value: products, maxlength: 1000, onInput: (text) => {
          products = text
          form.change((all) => { all.products = [...new Set(text.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean))] })
        } })}
        <h3>${t('portfolios.rule.allows')}</h3>
        ${limitFields({ limits: values.limits, prefix: 'limits', errors, drafts, locale, currency, change: (mutate, name) => form.change((all) => mutate(all.limits), name) })}
        <p class="example" aria-live="polite"><strong>${whoText(values, bands, currency, locale)}.</strong> ${limitsText(values.limits, currency, locale)}</p>
        <footer class="dialog-foot">
          <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary">${t('portfolios.rule.keep')}</button>
        </footer></form>`
    },
  })
}
