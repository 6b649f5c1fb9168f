// @ts-check

/** The dialogs in which a dispute is opened, given its kind, and ended. */

/** @import { Api } from '../../core/api.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { DisputePage } from './contract.js' */

import { t } from '../../core/i18n.js'
import { checkField, radioField, selectField, textArea } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { banner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { KINDS, WITH_CARE } from './words.js'

const VERDICTS = ['accepted', 'partly', 'rejected', 'withdrawn']
const MAX_WORDS = 2000

/** @param {string} value */
function needed(value) {
  return value.trim() === '' ? t('disputes.error.reason') : null
}

/** @param {{ api: Api, path: string, dispute: DisputePage }} scene @returns {Promise<DisputePage | undefined>} */
export function resolveDialog({ api, path, dispute }) {
  return openForm({
    title: t('disputes.resolve_title'), submit: t('disputes.resolve_submit'),
    values: { verdict: 'accepted', reason: '', clear: false },
    check: ({ reason }) => ({ reason: needed(reason) }),
    send: ({ verdict, reason, clear }) => api.post(`${path}/resolution`, { verdict, reason: reason.trim(), clear: clear && verdict === 'accepted' }),
    fields: (form) => html`
      ${radioField({ name: 'verdict', label: t('disputes.verdict'), value: form.values.verdict, options: VERDICTS.map((value) => ({ value, label: t(`disputes.verdict.${value}`) })), onInput: (value) => form.set('verdict', value) })}
      ${form.values.verdict === 'accepted' ? checkField({ name: 'clear', label: t('disputes.clear'), hint: t('disputes.clear_hint'), checked: form.values.clear, onInput: (value) => form.set('clear', value) }) : nothing}
      ${WITH_CARE.includes(dispute.kind) && form.values.verdict !== 'rejected' ? banner({ tone: 'warn', title: t('disputes.stays_stopped') }) : nothing}
      ${textArea({ name: 'reason', label: t('disputes.reason'), hint: t('disputes.reason_hint'), rows: 5, maxlength: MAX_WORDS, required: true, value: form.values.reason, error: form.errors.reason, onInput: (value) => form.set('reason', value) })}`,
  })
}

/** @param {{ api: Api, path: string, dispute: DisputePage }} scene @returns {Promise<DisputePage | undefined>} */
export function kindDialog({ api, path, dispute }) {
  return openForm({
    title: t('disputes.classify'), submit: t('disputes.save'), values: { kind: /** @type {string} */ (dispute.kind) },
    send: ({ kind }) => api.patch(path, { kind }),
    fields: (form) => kindField(form.values.kind, (value) => form.set('kind', value)),
  })
}

/** @param {{ api: Api, page: CasePage }} scene @returns {Promise<DisputePage | undefined>} */
export function openDisputeDialog({ api, page }) {
  const owing = page.debts.filter(({ void: gone }) => !gone)
  return openForm({
    title: t('disputes.open_title'), submit: t('disputes.open_submit'),
    values: { kind: 'wrong_amount', debt: '', text: '', source: 'call' },
    check: ({ text }) => ({ text: text.trim() === '' ? t('disputes.error.text') : null }),
    send: ({ kind, debt, text, source }, key) => api.post(`/cases/${encodeURIComponent(page.case.case_id)}/disputes`, { kind, debts: debt === '' ? [] : [debt], text: text.trim(), source }, { key }),
    fields: (form) => html`<p class="muted">${t('disputes.open_lead')}</p>
      ${kindField(form.values.kind, (value) => form.set('kind', value))}
      ${WITH_CARE.includes(/** @type {any} */ (form.values.kind)) ? banner({ tone: 'warn', title: t(`disputes.care.${form.values.kind}`) }) : owing.length > 1 ? selectField({
        name: 'debt', label: t('disputes.which'), value: form.values.debt,
        options: [{ value: '', label: t('disputes.whole') }, ...owing.map((debt) => ({ value: debt.debt_id, label: [debt.external_id, debt.product].filter(Boolean).join(' · ') }))], onInput: (value) => form.set('debt', value),
      }) : nothing}
      ${selectField({ name: 'source', label: t('disputes.source'), required: true, value: form.values.source, options: ['call', 'email', 'visit', 'panel'].map((value) => ({ value, label: t(`disputes.source.${value}`) })), onInput: (value) => form.set('source', value) })}
      ${textArea({ name: 'text', label: t('disputes.words'), rows: 4, maxlength: MAX_WORDS, required: true, value: form.values.text, error: form.errors.text, onInput: (value) => form.set('text', value) })}`,
  })
}

/** @param {string} value @param {(value: string) => void} onInput */
function kindField(value, onInput) {
  return selectField({ name: 'kind', label: t('disputes.about'), required: true, value, options: KINDS.map((kind) => ({ value: kind, label: t(`disputes.kind.${kind}`) })), onInput })
}
