// @ts-check

/** The dialogs in which an agreement is accepted with a proof, and called off. */

/** @import { Problem } from '../../core/problem.js' */
/** @import { Api } from '../../core/api.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { Agreement, CodeSent } from './contract.js' */

import { Form } from '../../core/form.js'
import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { radioField, textArea, textField } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { banner, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { schedule } from './words.js'

/** @typedef {{ api: Api, page: CasePage, locale: string }} Scene */

/** @param {CasePage} page @param {Agreement} agreement */
export function pathOf(page, { agreement_id: id }) {
  return `/cases/${encodeURIComponent(page.case.case_id)}/agreements/${encodeURIComponent(id)}`
}

/**
 * @param {Scene} scene
 * @param {Agreement} agreement
 * @returns {Promise<CasePage | undefined>}
 */
export function acceptDialog({ api, page, locale }, agreement) {
  const path = pathOf(page, agreement)
  let paint = () => {}
  let sent = /** @type {CodeSent | null} */ (null)
  let problem = /** @type {Problem | null} */ (null)
  let sending = false
  const form = new Form({ proof: 'code', code: '', reference: '' }, () => paint())

  async function sendCode() {
    sending = true
    problem = null
    paint()
    try {
      sent = await api.post(`${path}/code`, {})
    } catch (error) {
      problem = asProblem(error)
    }
    sending = false
    paint()
  }

  /** @param {typeof form.values} values @returns {Promise<CasePage>} */
  const send = (values) => api.post(`${path}/acceptance`, values.proof === 'code'
    ? { proof: 'code', reference: sent?.code_id ?? '', code: values.code.trim() }
    : { proof: values.proof, reference: values.reference.trim() })

  return openDialog({
    title: t('agreements.accept'),
    body: (handle) => {
      paint = handle.update
      const { values } = form
      const code = values.proof === 'code'
      const submit = async (/** @type {Event} */ event) => {
        event.preventDefault()
        const fresh = await form.submit(send, (given) => ({
          code: given.proof === 'code' && given.code.trim() === '' ? t('agreements.code_missing') : null,
          reference: given.proof !== 'code' && given.reference.trim() === '' ? t('agreements.reference_missing') : null,
        }))
        if (fresh !== undefined) handle.close(fresh)
      }
      return html`<form class="form" novalidate @submit=${submit}>
        ${form.problem ? problemBanner(form.problem) : nothing}${problem ? problemBanner(problem) : nothing}
        <p>${t('agreements.accept_lead', { amount: formatMoney(agreement.to_pay, locale) })}</p>
        <details><summary>${t('agreements.schedule')}</summary>${schedule(agreement.shares, locale)}</details>
        ${radioField({ name: 'proof', label: t('agreements.proof_label'), value: values.proof, options: ['code', 'call', 'signature'].map((value) => ({ value, label: t(`agreements.proof.${value}`), hint: t(`agreements.proof_hint.${value}`) })), onInput: (value) => form.set('proof', value) })}
        ${code ? html`
          <div class="button-row"><button type="button" class="button" ?disabled=${sending} @click=${() => void sendCode()}>${t(sent ? 'agreements.code_again' : 'agreements.code_send')}</button></div>
          ${sent ? banner({ tone: 'info', title: t('agreements.code_sent', { to: sent.to }) }) : nothing}
          ${textField({ name: 'code', label: t('agreements.code'), inputmode: 'numeric', required: true, disabled: sent === null, value: values.code, error: form.errors.code, onInput: (value) => form.set('code', value) })}`
          : textField({ name: 'reference', label: t(`agreements.reference.${values.proof}`), required: true, maxlength: 120, value: values.reference, error: form.errors.reference, onInput: (value) => form.set('reference', value) })}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${form.busy || (code && sent === null)}>${t('agreements.accept_submit')}</button></footer></form>`
    },
  })
}

/**
 * Ask why, and say it: a refusal by the second person, or the end of an agreement.
 * @param {{ api: Api, path: string, decision: 'rejected' | 'cancelled', more?: Record<string, string> }} facts  `more`: sent beside it.
 * @returns {Promise<CasePage | undefined>}
 */
export function endDialog({ api, path, decision, more = {} }) {
  return openForm({
    title: t(`agreements.end.${decision}`), submit: t(`agreements.end.${decision}`), danger: true, values: { reason: '' },
    check: ({ reason }) => ({ reason: reason.trim() === '' ? t('agreements.reason_missing') : null }),
    send: ({ reason }) => api.patch(path, { ...more, decision, reason: reason.trim() }),
    fields: (form) => html`<p>${t(`agreements.end_lead.${decision}`)}</p>
      ${textArea({ name: 'reason', label: t('agreements.why'), required: true, rows: 2, maxlength: 500, value: form.values.reason, error: form.errors.reason, onInput: (reason) => form.set('reason', reason) })}`,
  })
}
