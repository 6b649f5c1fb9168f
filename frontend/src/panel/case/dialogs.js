// @ts-check

/** The dialogs in which a person acts on a case. */

/** @import { Api } from '../../core/api.js' */
/** @import { Form } from '../../core/form.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */
/** @import { Content } from '../../core/view.js' */
/** @import { CasePage, Entry, PromiseToPay } from '../cases/contract.js' */
/** @import { Correction, Errors } from './acts.js' */

import { formatDate, todayIn } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { formatForInput, formatMoney } from '../../core/money.js'
import { asProblem } from '../../core/problem.js'
import { moneyField, radioField, selectField, textArea, textField } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { banner, problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import * as acts from './acts.js'
import { COMPONENTS, debtName, debtProduct, debtsInOrder, siblings } from './ledger.js'

/** @typedef {{ api: Api, page: CasePage, locale: string }} Scene */

/**
 * A form in a dialog; what is beyond the actor's limit can be asked of somebody who may.
 *
 * @template {Record<string, any>} Values
 * @template {object} [Answer=CasePage]
 * @param {object} facts
 * @param {string} facts.title
 * @param {Values} facts.values
 * @param {(form: Form<Values>) => Content} facts.fields
 * @param {(values: Values) => Errors} facts.check
 * @param {(values: Values, key: string) => Promise<Answer>} facts.send
 * @param {(code: string) => string} [facts.errorText]  The words of what `check` says.
 * @param {string} facts.submit  The verb on the button.
 * @param {boolean} [facts.danger]
 * @param {(values: Values, key: string) => Promise<unknown>} [facts.ask]  Asks somebody who may, where it is beyond the actor's limit.
 * @param {Scene} facts.scene
 * @returns {Promise<Answer | undefined>}  What the API answered; undefined: nothing was done.
 */
export function formDialog({ title, values, fields, check, send, submit, danger = false, ask, scene, errorText }) {
  const askKey = crypto.randomUUID()
  const asked = async (/** @type {Values} */ given, /** @type {DialogHandle} */ handle) => {
    try {
      await ask?.(given, askKey)
      toast(t('caseacts.asked'))
      handle.close()
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }
  return openForm({
    title, submit, danger, values, fields, send,
    check: (given) => inWords(check(given), errorText),
    refusal: (problem, given, handle) => problemOf(problem, scene, ask && (() => void asked(given, handle))),
  })
}

/** @param {Errors} errors @param {(code: string) => string} [text] */
function inWords(errors, text = (code) => t(`caseacts.error.${code}`)) {
  return Object.fromEntries(Object.entries(errors).map(([field, code]) => [field, code ? text(code) : null]))
}

/** @param {import('../../core/problem.js').Problem} problem @param {Scene} scene @param {() => void} [onAsk] */
function problemOf(problem, { page, locale }, onAsk) {
  const limit = problem.details.limit_minor
  if (problem.code === 'ledger.over_limit' && typeof limit === 'number') {
    return banner({ tone: 'bad', title: t(limit === 0 ? 'caseacts.limit_zero' : 'caseacts.limit', { limit: formatMoney({ minor: limit, currency: page.portfolio.currency }, locale) }), actions: onAsk && html`<button type="button" class="button button-small" @click=${onAsk}>${t('caseacts.ask_approval')}</button>` })
  }
  return problemBanner(problem)
}

/** @param {CasePage} page */
export const pathOf = (page) => `/cases/${encodeURIComponent(page.case.case_id)}`

/** @param {Scene} scene */
const todayOf = ({ page }) => todayIn(new Date(), page.portfolio.time_zone)

/** @param {Scene} scene @param {boolean} any */
function debtOptions({ page, locale }, any) {
  const options = debtsInOrder(page.debts).filter((debt) => !debt.void)
    .map((debt) => ({ value: debt.debt_id, label: [debtName(debt), debtProduct(debt), formatMoney(debt.total_due, locale)].filter(Boolean).join(' · ') }))
  return any ? [{ value: '', label: t('caseacts.any_debt') }, ...options] : options
}

/**
 * @param {Form<any>} form
 * @param {Scene} scene
 * @param {Content} [hint]
 */
export function amountField(form, { page, locale }, hint) {
  return moneyField({
    name: 'amount_minor', label: t('case.amount'), required: true, hint, minor: form.values.amount_minor,
    currency: page.portfolio.currency, locale, text: form.values.amount_text, error: form.errors.amount_minor,
    onInput: (minor, text) => {
      form.values.amount_text = text
      form.set('amount_minor', minor)
    },
  })
}

/** @param {Form<any>} form */
function reasonField(form) {
  return textArea({
    name: 'reason', label: t('caseacts.reason'), hint: t('caseacts.reason_hint'), required: true, rows: 2, maxlength: acts.MAX_REASON,
    value: form.values.reason, error: form.errors.reason, onInput: (reason) => form.set('reason', reason),
  })
}

/** @param {Scene} scene */
export function payDialog(scene) {
  const { api, page, locale } = scene
  const today = todayOf(scene)
  const due = page.case.total_due
  return formDialog({
    scene, title: t('case.act.pay'), submit: t('caseacts.pay_submit'),
    values: { amount_minor: /** @type {number | null} */ (null), amount_text: '', paid_on: today, reference: '', method: 'transfer', debt_id: '' },
    check: (values) => acts.checkPayment(values, { today }),
    send: (values, key) => api.post(`${pathOf(page)}/payments`, acts.paymentBody(values), { key }),
    fields: (form) => html`
      ${amountField(form, scene, due.minor > 0 ? html`<button type="button" class="link-button" @click=${() => {
        form.values.amount_text = formatForInput(due, locale)
        form.set('amount_minor', due.minor)
      }}>${t('caseacts.whole', { amount: formatMoney(due, locale) })}</button>` : undefined)}
      ${form.values.amount_minor !== null && form.values.amount_minor > due.minor ? banner({ tone: 'warn', title: t('caseacts.more_than_due'), body: t('caseacts.more_than_due_body') }) : nothing}
      <div class="form-grid">
        ${textField({ name: 'paid_on', type: 'date', label: t('caseacts.paid_on'), required: true, max: today, value: form.values.paid_on, error: form.errors.paid_on, onInput: (day) => form.set('paid_on', day) })}
        ${selectField({ name: 'method', label: t('caseacts.method'), required: true, value: form.values.method, options: acts.METHODS.map((method) => ({ value: method, label: t(`case.method.${method}`) })), onInput: (method) => form.set('method', method) })}
      </div>
      ${textField({ name: 'reference', label: t('caseacts.reference'), hint: t('caseacts.reference_hint'), required: true, maxlength: 120, value: form.values.reference, error: form.errors.reference, onInput: (reference) => form.set('reference', reference) })}
      ${page.debts.length > 1 ? selectField({ name: 'debt_id', label: t('caseacts.to_debt'), required: true, value: form.values.debt_id, error: form.errors.debt_id, options: debtOptions(scene, true), onInput: (debt) => form.set('debt_id', debt) }) : nothing}`,
  })
}

/** @param {Scene} scene @returns {Correction} */
function noCorrection(scene) {
  return { debt_id: debtOptions(scene, false)[0]?.value ?? '', component: 'principal', way: 'lower', amount_minor: null, amount_text: '', reason: '' }
}

/** What a part of a debt owes; interest not yet in the ledger counts. @param {CasePage} page @param {Correction} values */
function owedOf({ debts }, { debt_id, component }) {
  const debt = debts.find((one) => one.debt_id === debt_id)
  if (debt === undefined) return 0
  const part = debt[/** @type {'principal'} */ (component)].minor
  return Math.max(0, component === 'interest' ? part + debt.moratory.minor : part)
}

/** @param {Form<Correction>} form @param {Scene} scene */
function debtAndPart(form, scene) {
  return html`${selectField({ name: 'debt_id', label: t('case.debt'), required: true, value: form.values.debt_id, error: form.errors.debt_id, options: debtOptions(scene, false), onInput: (debt) => form.set('debt_id', debt) })}
    ${radioField({ name: 'component', label: t('caseacts.part'), value: form.values.component, onInput: (component) => form.set('component', component), options: COMPONENTS.map((name) => ({
      value: name, label: t(`common.component.${name}`),
      hint: formatMoney({ minor: owedOf(scene.page, { ...form.values, component: name }), currency: scene.page.portfolio.currency }, scene.locale),
    })) })}`
}

/** @param {Scene} scene */
export function adjustDialog(scene) {
  const { api, page } = scene
  return formDialog({
    scene, title: t('case.act.adjust'), submit: t('caseacts.adjust_submit'), values: noCorrection(scene), check: acts.checkAdjustment,
    send: (values, key) => api.post(`${pathOf(page)}/adjustments`, acts.adjustmentBody(values), { key }),
    ask: (values, key) => api.post(`${pathOf(page)}/corrections`, { kind: 'adjustment', ...acts.adjustmentBody(values) }, { key }),
    fields: (form) => html`<p class="muted">${t('caseacts.adjust_lead')}</p>${debtAndPart(form, scene)}
      ${radioField({ name: 'way', label: t('caseacts.way'), value: form.values.way, onInput: (way) => form.set('way', /** @type {'raise' | 'lower'} */ (way)), options: [{ value: 'lower', label: t('caseacts.way_lower') }, { value: 'raise', label: t('caseacts.way_raise') }] })}
      ${amountField(form, scene)}${reasonField(form)}`,
  })
}

/** @param {Scene} scene */
export function waiveDialog(scene) {
  const { api, page, locale } = scene
  return formDialog({
    scene, title: t('case.act.waive'), submit: t('caseacts.waive_submit'), danger: true, values: { ...noCorrection(scene), component: 'interest' },
    check: (values) => acts.checkWaiver(values, { owed: owedOf(page, values) }),
    send: (values, key) => api.post(`${pathOf(page)}/waivers`, acts.waiverBody(values), { key }),
    ask: (values, key) => api.post(`${pathOf(page)}/corrections`, { kind: 'waiver', ...acts.waiverBody(values) }, { key }),
    fields: (form) => {
      const owed = { minor: owedOf(page, form.values), currency: page.portfolio.currency }
      return html`<p class="muted">${t('caseacts.waive_lead')}</p>${debtAndPart(form, scene)}
        ${amountField(form, scene, owed.minor > 0 ? html`<button type="button" class="link-button" @click=${() => {
          form.values.amount_text = formatForInput(owed, locale)
          form.set('amount_minor', owed.minor)
        }}>${t('caseacts.whole', { amount: formatMoney(owed, locale) })}</button>` : undefined)}
        ${reasonField(form)}`
    },
  })
}

/** @param {Scene} scene @param {Entry} entry */
export function reverseDialog(scene, entry) {
  const { api, page, locale } = scene
  const together = siblings(entry, page.entries)
  const sum = together.reduce((total, { amount }) => total + amount.minor, 0)
  return formDialog({
    scene, title: t('caseacts.reverse_title'), submit: t('case.act.reverse'), danger: true, values: { reason: '' }, check: acts.checkReason,
    send: ({ reason }, key) => api.post(`${pathOf(page)}/reversals`, { entry_id: entry.entry_id, reason: reason.trim() }, { key }),
    fields: (form) => html`<p>${t('caseacts.reverse_body', {
      what: t(`case.entry.${entry.kind}`).toLocaleLowerCase(), amount: formatMoney({ minor: Math.abs(sum), currency: page.portfolio.currency }, locale), day: formatDate(entry.effective_on, locale),
    })}${together.length > 1 ? ` ${tn('caseacts.reverse_together', together.length)}` : ''}</p>${reasonField(form)}`,
  })
}

/** @param {Scene} scene @param {PromiseToPay} promise */
export function cancelPromiseDialog(scene, promise) {
  const { api, page, locale } = scene
  return formDialog({
    scene, title: t('case.act.cancel_promise'), submit: t('case.act.cancel_promise'), danger: true, values: {}, check: () => ({}),
    send: () => api.patch(`${pathOf(page)}/promises/${encodeURIComponent(promise.promise_id)}`, { state: 'cancelled' }),
    fields: () => html`<p>${t('caseacts.cancel_promise_body', { amount: formatMoney(promise.amount, locale), day: formatDate(promise.due_on, locale) })}</p>`,
  })
}

/** @param {Scene} scene */
export function noteDialog(scene) {
  const { api, page } = scene
  return formDialog({
    scene, title: t('case.act.note'), submit: t('case.note_save'), values: { text: '' },
    check: ({ text }) => ({ text: text.trim() === '' ? 'required' : null }),
    send: ({ text }, key) => api.post(`${pathOf(page)}/notes`, { text: text.trim() }, { key }),
    fields: (form) => textArea({ name: 'text', label: t('case.note_label'), required: true, rows: 5, maxlength: acts.MAX_NOTE, value: form.values.text, error: form.errors.text, onInput: (text) => form.set('text', text) }),
  })
}

/** @param {Scene} scene */
export function tagsDialog(scene) {
  const { api, page } = scene
  return formDialog({
    scene, title: t('case.edit_tags'), submit: t('common.save'), values: { tags: page.case.tags.join(', ') },
    check: ({ tags }) => ({ tags: acts.tagsError(tags) }),
    send: ({ tags }) => api.put(`${pathOf(page)}/tags`, { tags: acts.parseTags(tags) }),
    fields: (form) => html`${textField({ name: 'tags', label: t('caseacts.tags'), hint: t('caseacts.tags_hint'), required: true, value: form.values.tags, error: form.errors.tags, onInput: (tags) => form.set('tags', tags) })}
      <p class="row tags" aria-hidden="true">${acts.parseTags(form.values.tags).map((tag) => html`<span class="tag">${tag}</span>`)}</p>`,
  })
}

