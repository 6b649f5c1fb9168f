// @ts-check

/** The fields of what may be agreed, for a whole portfolio or for one rule. */

/** @import { AgreementLimits } from '../../core/contract.js' */
/** @import { Drafts } from '../drafts.js' */

import { t } from '../../core/i18n.js'
import { checkField, fieldError, selectField } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'

const RHYTHMS = /** @type {const} */ (['weekly', 'fortnightly', 'monthly'])
const EARNED = /** @type {const} */ (['start', 'share', 'end'])
const APPROVERS = /** @type {const} */ (['supervisor', 'admin'])

/**
 * @param {object} facts
 * @param {AgreementLimits} facts.limits
 * @param {string} facts.prefix  Where they are in the portfolio, dotted.
 * @param {Record<string, string>} facts.errors
 * @param {Drafts} facts.drafts
 * @param {string} facts.locale
 * @param {string} facts.currency
 * @param {(mutate: (limits: AgreementLimits) => void, name: string) => void} facts.change
 */
export function limitFields({ limits, prefix, errors, drafts, locale, currency, change }) {
  /** @param {'min_down_payment_ppm' | 'max_discount_principal_ppm' | 'max_discount_interest_ppm' | 'max_discount_fees_ppm'} key */
  const percent = (key) => {
    const name = `${prefix}.${key}`
    return drafts.percent({ name, label: t(`portfolios.${key}`), locale, value: limits[key], error: errors[name], onInput: (value) => change((all) => { all[key] = value ?? 0 }, name) })
  }
  /** @param {'max_instalments' | 'missed' | 'grace_days' | 'valid_days' | 'first_within_days' | 'extension_days' | 'restructures' | 'approval_hours'} key @param {number} min @param {number} max */
  const number = (key, min, max) => {
    const name = `${prefix}.${key}`
    return drafts.field({ name, label: t(`portfolios.${key}`), locale, min, max, value: limits[key], error: errors[name], onInput: (value) => change((all) => { all[key] = value ?? min }, name) })
  }
  /** @template {'earned' | 'approver'} Key @param {Key} key @param {readonly string[]} values */
  const choice = (key, values) => {
    const name = `${prefix}.${key}`
    return selectField({ name, label: t(`portfolios.${key}`), value: limits[key], error: errors[name], options: values.map((value) => ({ value, label: t(`portfolios.${key}.${value}`) })), onInput: (value) => change((all) => { all[key] = /** @type {any} */ (value) }, name) })
  }
  const share = `${prefix}.min_share_minor`
  const rhythms = `${prefix}.frequencies`
  return html`<div class="form-grid">
      ${percent('min_down_payment_ppm')}${number('max_instalments', 1, 120)}
      ${drafts.money({ name: share, label: t('portfolios.min_share_minor'), hint: t('portfolios.min_share_hint'), locale, currency, value: limits.min_share_minor, error: errors[share], onInput: (minor) => change((all) => { all.min_share_minor = minor ?? 0 }, share) })}
      ${percent('max_discount_fees_ppm')}${percent('max_discount_interest_ppm')}${percent('max_discount_principal_ppm')}
      ${choice('earned', EARNED)}
      ${number('missed', 1, 12)}${number('grace_days', 0, 60)}${number('valid_days', 1, 90)}${number('first_within_days', 1, 180)}
      ${number('extension_days', 0, 180)}${number('restructures', 0, 10)}
      ${choice('approver', APPROVERS)}${number('approval_hours', 1, 720)}
    </div>
    <fieldset class="field" id=${rhythms} aria-invalid=${errors[rhythms] ? 'true' : nothing}><legend>${t('portfolios.frequencies')}</legend>
      ${RHYTHMS.map((each) => checkField({
        name: `${rhythms}.${each}`, label: t(`agreements.every.${each}`), checked: limits.frequencies.includes(each),
        onInput: (checked) => change((all) => { all.frequencies = RHYTHMS.filter((one) => (one === each ? checked : all.frequencies.includes(one))) }, rhythms),
      }))}
      ${fieldError(errors[rhythms], `${rhythms}-error`)}</fieldset>
    ${checkField({
      name: `${prefix}.capitalise`, label: t('portfolios.capitalise'), hint: t('portfolios.capitalise_hint'), checked: limits.capitalise, error: errors[`${prefix}.capitalise`],
      onInput: (checked) => change((all) => { all.capitalise = checked }, `${prefix}.capitalise`),
    })}`
}

/** Errors by field name, found before sending. @param {AgreementLimits} limits @param {string} prefix */
export function limitErrors(limits, prefix) {
  return limits.frequencies.length === 0 ? { [`${prefix}.frequencies`]: t('portfolios.frequencies_none') } : {}
}
