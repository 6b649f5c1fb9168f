// @ts-check

/** The dialogs in which a document of the creditor is added, said anew, replaced or ended. */

/** @import { Api } from '../../core/api.js' */
/** @import { Form } from '../../core/form.js' */
/** @import { Scene } from './dialogs.js' */
/** @import { Paper, PaperForms, PaperKind, PaperPage } from './papers-contract.js' */

import { t } from '../../core/i18n.js'
import { checkField, fieldError, radioField, selectField, textArea, textField } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'
import { sendFile } from '../uploads/transfer.js'
import { formDialog, pathOf } from './dialogs.js'
import { debtName, debtProduct, debtsInOrder } from './ledger.js'

export const ACCEPT = '.pdf,.png,.jpg,.jpeg,.webp'
/** @type {PaperKind[]} */
export const KINDS = ['invoice', 'note', 'contract', 'statement', 'delivery', 'guarantee', 'other']
const MOST_NAME = 120
const MOST_BYTES = 10 * 1024 * 1024

/** @typedef {{ kind: PaperKind, name: string, debt: string, shown: boolean, reason: string, state: string, file: string }} Values */

/**
 * @param {Scene} scene
 * @param {PaperPage} known
 * @param {'add' | 'edit' | 'replace' | 'end'} act
 * @param {Paper} [paper]  What it is about; none for a new one.
 * @returns {Promise<PaperPage | undefined>}
 */
export function proofDialog(scene, known, act, paper) {
  const { api, page } = scene
  const path = `${pathOf(page)}/papers`
  /** @type {File | null} */
  let file = null
  // Sent once: what is refused afterwards is said anew of the same file.
  let mark = ''
  /** @type {Values} */
  const values = {
    kind: paper?.kind ?? 'invoice', name: paper?.name ?? '', debt: paper?.debt_id ?? (page.debts.length === 1 ? page.debts[0].debt_id : ''),
    shown: paper?.shown ?? known.shown_kinds.includes('invoice'), reason: '', state: paper?.state === 'stands' ? 'withdrawn' : 'erased', file: '',
  }
  const sends = act === 'add' || act === 'replace'

  /** @param {Values} given @returns {Promise<PaperPage>} */
  async function send(given) {
    if (!sends && paper !== undefined) {
      const one = `${path}/${encodeURIComponent(paper.paper_id)}`
      if (act === 'end') return api.patch(one, { state: given.state, reason: given.reason.trim() })
      return api.patch(one, { kind: given.kind, name: given.name.trim(), debt_id: given.debt, shown: given.shown })
    }
    if (mark === '') mark = await sent(api, page.portfolio.id, /** @type {File} */ (file))
    return api.post(path, {
      mark, name: given.name.trim(), kind: given.kind, debt_id: given.debt, shown: given.shown,
      replaces: act === 'replace' ? paper?.paper_id : '', reason: given.reason.trim(),
    })
  }

  /** @param {Values} given */
  const check = (given) => ({
    file: sends && given.file !== '' ? given.file : sends && file === null ? 'file' : null,
    name: act !== 'end' && given.name.trim() === '' ? 'name' : null,
    reason: (act === 'end' || act === 'replace') && given.reason.trim() === '' ? 'reason' : null,
  })

  return formDialog({
    scene, values, check, send, errorText: (code) => t(`papers.error.${code}`), danger: act === 'end',
    title: t(`papers.dialog.${act}`), submit: t(`papers.submit.${act}`), fields,
  })

  /** @param {Form<Values>} form */
  function fields(form) {
    const { values: now, errors } = form
    const reason = textArea({ name: 'reason', label: t('papers.reason'), hint: t('papers.reason_hint'), required: true, maxlength: 500, value: now.reason, error: errors.reason, onInput: (value) => form.set('reason', value) })
    if (act === 'end') {
      const states = [...(paper?.state === 'stands' ? ['withdrawn'] : []), ...(known.can.erase ? ['erased'] : [])]
      return html`${states.length > 1 ? radioField({ name: 'state', label: t('papers.how'), value: now.state, options: states.map((value) => ({ value, label: t(`papers.how.${value}`), hint: t(`papers.how_hint.${value}`) })), onInput: (value) => form.set('state', value) }) : html`<p>${t(`papers.how_hint.${states[0]}`)}</p>`}${reason}`
    }
    return html`${sends ? fileField(form) : nothing}
      ${selectField({ name: 'kind', label: t('papers.what'), required: true, value: now.kind, options: KINDS.map((value) => ({ value, label: t(`papers.kind.${value}`) })), onInput: (value) => form.change((given) => { given.kind = /** @type {PaperKind} */ (value); given.shown = known.shown_kinds.includes(given.kind) }) })}
      ${selectField({ name: 'debt', label: t('papers.of'), required: true, value: now.debt, options: [{ value: '', label: t('papers.whole') }, ...debtsInOrder(page.debts).filter((debt) => !debt.void).map((debt) => ({ value: debt.debt_id, label: [debtName(debt), debtProduct(debt)].filter(Boolean).join(' · ') }))], onInput: (value) => form.set('debt', value) })}
      ${textField({ name: 'name', label: t('papers.name'), required: true, maxlength: MOST_NAME, value: now.name, error: errors.name, onInput: (value) => form.set('name', value) })}
      ${checkField({ name: 'shown', label: t('papers.show'), hint: t('papers.show_hint'), checked: now.shown, onInput: (value) => form.set('shown', value) })}
      ${act === 'replace' ? reason : nothing}`
  }

  /** @param {Form<Values>} form */
  function fileField(form) {
    const error = form.errors.file
    return html`<div class="field">
      <label for="paper-file">${t('papers.file')}</label>
      <p class="hint" id="paper-file-hint">${t('papers.file_hint')}</p>
      <input id="paper-file" type="file" accept=${ACCEPT} ?disabled=${form.busy} aria-invalid=${error ? 'true' : nothing} aria-describedby="paper-file-hint ${error ? 'paper-file-error' : ''}" @change=${pick}>
      ${fieldError(error, 'paper-file-error')}
    </div>`

    /** @param {Event} event */
    function pick(event) {
      file = /** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null
      mark = ''
      form.set('file', file !== null && file.size > MOST_BYTES ? 'large' : file?.size === 0 ? 'file' : '')
      if (file !== null && (act === 'replace' || form.values.name === '')) form.set('name', file.name.slice(0, MOST_NAME))
    }
  }
}

/** @param {Scene} scene @returns {Promise<{ url: string } | undefined>} */
export function packDialog(scene) {
  return formDialog({
    scene, title: t('papers.dialog.pack'), submit: t('papers.submit.pack'), values: { purpose: 'evidence', reason: '' },
    errorText: (code) => t(`papers.error.${code}`),
    check: ({ reason }) => ({ reason: reason.trim() === '' ? 'reason' : null }),
    /** @returns {Promise<{ url: string }>} */
    send: ({ purpose, reason }) => scene.api.post(`${pathOf(scene.page)}/pack`, { purpose, reason: reason.trim() }),
    fields: (form) => html`
      ${radioField({ name: 'purpose', label: t('papers.purpose'), value: form.values.purpose, options: ['evidence', 'access'].map((value) => ({ value, label: t(`papers.purpose.${value}`), hint: t(`papers.purpose_hint.${value}`) })), onInput: (value) => form.set('purpose', value) })}
      ${textArea({ name: 'reason', label: t('papers.reason'), hint: t('papers.reason_hint'), required: true, maxlength: 500, value: form.values.reason, error: form.errors.reason, onInput: (value) => form.set('reason', value) })}`,
  })
}

/**
 * Send a file to the bucket. @param {Api} api @param {string} portfolio @param {File} file
 * @returns {Promise<string>}  The mark by which it is spoken of.
 */
export async function sent(api, portfolio, file) {
  /** @type {PaperForms} */
  const { items: [form] } = await api.post(`/portfolios/${encodeURIComponent(portfolio)}/paper-forms`, { count: 1 })
  await sendFile({ post: form.post, file, onProgress: () => {}, signal: new AbortController().signal })
  return form.mark
}
