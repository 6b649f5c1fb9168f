// @ts-check

/** The dialogs that propose to charge debts off, and to take that back. */

/** @import { CasePage, ChargeOff } from '../cases/contract.js' */
/** @import { Scene } from './dialogs.js' */

import { todayIn } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { checkField, fieldError, selectField, textArea, textField } from '../../core/ui/fields.js'
import { banner } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'
import { MAX_REASON, checkReason } from './acts.js'
import { formDialog, pathOf } from './dialogs.js'
import { debtName, debtsInOrder } from './ledger.js'

export const REASONS = /** @type {const} */ (['age', 'insolvent', 'deceased', 'unlocated', 'fraud', 'cost', 'creditor'])
/** As many as the server takes at once. */
const MOST = 30

/** Debts that owe and of which nothing is proposed. @param {CasePage} page */
export const chargeable = ({ debts }) => debtsInOrder(debts).filter((debt) => !debt.void && debt.balance.minor > 0 && debt.charge_off === null).slice(0, MOST)

/** @param {Scene} scene @returns {Promise<CasePage | undefined>} */
export function chargeOffDialog(scene) {
  const { api, page, locale } = scene
  const today = todayIn(new Date(), page.portfolio.time_zone)
  const debts = chargeable(page)
  return formDialog({
    scene, title: t('case.act.charge_off'), submit: t('chargeoff.submit'),
    values: { debt_ids: debts.map(({ debt_id: id }) => id), why: /** @type {string} */ ('age'), on: today, reason: '' },
    check: (values) => ({
      ...checkReason(values),
      debt_ids: values.debt_ids.length === 0 ? 'required' : null,
      on: values.on === '' ? 'required' : values.on > today ? 'future' : null,
    }),
    send: ({ debt_ids, why, on, reason }, key) => api.post(`${pathOf(page)}/charge-offs`, { debt_ids, reason: why, on, note: reason.trim() }, { key }),
    fields: (form) => html`<p class="muted">${t('chargeoff.lead')}</p>
      ${debts.length === 0 ? banner({ tone: 'warn', title: t('chargeoff.none') }) : html`<fieldset class="field"><legend>${t('chargeoff.debts')}</legend>
        ${debts.map((debt) => checkField({
          name: debt.debt_id, label: `${debtName(debt)} · ${formatMoney(debt.total_due, locale)}`, checked: form.values.debt_ids.includes(debt.debt_id),
          onInput: (on) => form.set('debt_ids', on ? [...form.values.debt_ids, debt.debt_id] : form.values.debt_ids.filter((id) => id !== debt.debt_id)),
        }))}${fieldError(form.errors.debt_ids, 'debt_ids-error')}</fieldset>`}
      <div class="form-grid">
        ${selectField({ name: 'why', label: t('chargeoff.reason'), required: true, value: form.values.why, options: REASONS.map((value) => ({ value, label: t(`chargeoff.reason.${value}`) })), onInput: (why) => form.set('why', why) })}
        ${textField({ name: 'on', type: 'date', label: t('chargeoff.on'), required: true, max: today, value: form.values.on, error: form.errors.on, onInput: (on) => form.set('on', on) })}
      </div>
      ${noteField(form)}`,
  })
}

/** @param {Scene} scene @param {ChargeOff} one @returns {Promise<CasePage | undefined>} */
export function reinstateDialog(scene, one) {
  const { api, page } = scene
  return formDialog({
    scene, title: t('chargeoff.reinstate'), submit: t('chargeoff.reinstate'), values: { reason: '' }, check: checkReason,
    send: ({ reason }) => api.patch(`${pathOf(page)}/charge-offs/${encodeURIComponent(one.charge_off_id)}`, { decision: 'reinstate', reason: reason.trim() }),
    fields: (form) => html`<p class="muted">${t('chargeoff.reinstate_lead')}</p>${noteField(form)}`,
  })
}

/** @param {import('../../core/form.js').Form<any>} form */
function noteField(form) {
  return textArea({
    name: 'reason', label: t('chargeoff.note'), required: true, rows: 2, maxlength: MAX_REASON,
    value: form.values.reason, error: form.errors.reason, onInput: (reason) => form.set('reason', reason),
  })
}
