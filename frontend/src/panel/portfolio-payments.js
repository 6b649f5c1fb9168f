// @ts-check

/** Where the portfolio's money goes: accounts at providers of payments, and banks' files. */

import { formatInstant } from '../core/dates.js'
import { t, tOr } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { confirmDialog, openDialog } from '../core/ui/dialog.js'
import { checkField, fieldError, textField } from '../core/ui/fields.js'
import { badge, copyButton, problemBanner } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { Form } from '../core/form.js'
import { html, nothing } from '../core/view.js'
import { bankFile } from './portfolio-bank-file.js'

/** @import { PaymentAccount, PaymentProvider } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

/** @type {PaymentProvider[] | null} */
let providers = null
/** @type {import('../core/problem.js').Problem | null} */
let problem = null
let asked = false
let canConnect = false
/** The provider that is being asked whether its keys are good. */
let trying = ''

/** @param {Editor} editor */
export function paymentsSection(editor) {
  if (!asked) {
    asked = true
    void load(editor)
  }
  if (problem) return problemBanner(problem)
  if (providers === null) return html`<p class="muted">${t('common.loading')}</p>`
  const bank = providers.find(({ provider, account }) => provider === 'bank' && account !== null)
  return html`${canConnect ? nothing : html`<p class="hint">${t('portfolios.pay_admins')}</p>`}
    <ul class="token-list">${providers.map((one) => row(editor, one))}</ul>
    ${bank === undefined ? nothing : bankFile(editor)}`
}

/** @param {Editor} editor */
async function load({ api, form, paint }) {
  try {
    const page = await api.get(`/portfolios/${form.values.portfolio_id}/payment-providers`)
    providers = page.items
    canConnect = page.can_connect
  } catch (error) {
    problem = asProblem(error)
  }
  paint()
}

/** @param {Editor} editor @param {PaymentProvider} one */
function row(editor, one) {
  const { account, provider } = one
  const name = t(`portfolios.pay_name.${provider}`)
  return html`<li id="pay-${provider}"><div class="grow"><strong>${name}</strong> ${standing(account)}<br>
      <small class="muted">${account === null ? t(`portfolios.pay_about.${provider}`) : summary(editor, account)}</small>
      ${account?.problem ? fieldError(tOr(`portfolios.pay_problem.${account.problem}`, t('portfolios.pay_problem.rejected'))) : nothing}</div>
    <div class="button-row">
      ${account === null ? nothing : html`<button type="button" class="button button-small" ?disabled=${trying !== ''} aria-label="${t('portfolios.pay_try')}: ${name}" @click=${() => tryOut(editor, one)}>${trying === provider ? t('portfolios.pay_trying') : t('portfolios.pay_try')}</button>`}
      ${canConnect ? html`<button type="button" class="button button-small" aria-label="${account === null ? t('portfolios.pay_connect') : t('portfolios.pay_change')}: ${name}" @click=${() => connect(editor, one)}>${account === null ? t('portfolios.pay_connect') : t('portfolios.pay_change')}</button>` : nothing}
      ${canConnect && account !== null ? html`<button type="button" class="button button-small button-danger-quiet" aria-label="${t('portfolios.pay_remove')}: ${name}" @click=${() => remove(editor, one)}>${t('portfolios.pay_remove')}</button>` : nothing}
    </div></li>`
}

/** @param {PaymentAccount | null} account */
function standing(account) {
  if (account === null) return badge(t('portfolios.pay_standing.none'))
  if (!account.enabled) return badge(t('portfolios.pay_standing.off'))
  return account.problem ? badge(t('portfolios.pay_standing.bad'), 'bad') : badge(t('portfolios.pay_standing.on'), 'good')
}

/** @param {Editor} editor @param {PaymentAccount} account */
function summary({ locale, form }, account) {
  const parts = [
    account.label,
    account.key_hint === '' ? '' : t('portfolios.pay_key_hint', { hint: account.key_hint }),
    account.methods.map((method) => t(`portfolios.pay_method.${method}`)).join(', '),
    account.tested_at === null ? '' : t('portfolios.pay_tested', { when: formatInstant(account.tested_at, locale, form.values.time_zone) }),
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** @param {Editor} editor @param {PaymentProvider} one */
async function tryOut(editor, one) {
  trying = one.provider
  editor.paint()
  try {
    keep(one, await editor.api.post(path(editor, one)))
    toast(one.account?.problem ? t('portfolios.pay_tried_bad') : t('portfolios.pay_tried_good'))
  } catch (error) {
    problem = asProblem(error)
  }
  trying = ''
  editor.paint()
}

/** @param {Editor} editor @param {PaymentProvider} one */
async function remove(editor, one) {
  const agreed = await confirmDialog({
    title: t('portfolios.pay_remove_title', { name: t(`portfolios.pay_name.${one.provider}`) }),
    body: html`<p>${t('portfolios.pay_remove_body')}</p>`,
    confirm: t('portfolios.pay_remove'),
    danger: true,
    work: () => editor.api.delete(path(editor, one)),
  })
  if (!agreed) return
  keep(one, null)
  editor.paint()
}

/** @param {Editor} editor @param {PaymentProvider} one */
async function connect(editor, one) {
  const { account, provider } = one
  /** @type {Form<{ enabled: boolean, methods: string[], settings: Record<string, string>, keys: Record<string, string> }>} */
  let form
  await openDialog({
    title: t(`portfolios.pay_name.${provider}`),
    body: (handle) => {
      form ??= new Form({
        enabled: account?.enabled ?? true,
        methods: account?.methods ?? [...one.methods],
        settings: Object.fromEntries(one.settings.map((name) => [name, account?.settings[name] ?? ''])),
        keys: Object.fromEntries(one.keys.map((name) => [name, ''])),
      }, () => handle.update())
      const { values, errors } = form
      /** @param {SubmitEvent} event */
      const submit = async (event) => {
        event.preventDefault()
        const saved = await form.submit(({ keys, settings, ...rest }) => editor.api.put(path(editor, one), {
          ...rest,
          settings: filled(settings),
          keys: filled(keys),
          version: account?.version ?? 0,
        }))
        if (saved === undefined) return
        keep(one, saved)
        // What was typed is not kept, not even in this page's memory.
        form.reset({ ...values, keys: {} })
        toast(saved.problem ? t('portfolios.pay_tried_bad') : t('portfolios.pay_connected'))
        handle.close()
      }
      return html`<form class="form" novalidate @submit=${submit}>
        ${form.problem ? problemBanner(form.problem) : nothing}
        <fieldset class="plain-fieldset"><legend>${t('portfolios.pay_methods')}</legend>
          ${one.methods.map((method) => checkField({
            name: `pay-method-${method}`, label: t(`portfolios.pay_method.${method}`), checked: values.methods.includes(method),
            onInput: (on) => form.set('methods', one.methods.filter((each) => each === method ? on : values.methods.includes(each))),
          }))}${fieldError(errors.methods)}</fieldset>
        ${one.settings.map((name) => textField({
          name: `settings.${name}`, label: t(`portfolios.pay_setting.${name}`), hint: t(`portfolios.pay_setting_hint.${name}`), maxlength: 120,
          value: values.settings[name] ?? '', error: errors[`settings.${name}`],
          onInput: (value) => form.change(({ settings }) => { settings[name] = value }, `settings.${name}`),
        }))}
        ${one.keys.map((name) => textField({
          name: `keys.${name}`, type: 'password', autocomplete: 'off', maxlength: 512, required: account === null,
          label: t(`portfolios.pay_key.${name}`), hint: account === null ? t(`portfolios.pay_key_hint.${provider}.${name}`) : t('portfolios.pay_key_kept'),
          value: values.keys[name] ?? '', error: errors[`keys.${name}`],
          onInput: (value) => form.change(({ keys }) => { keys[name] = value.trim() }, `keys.${name}`),
        }))}
        ${one.notify_url === '' ? nothing : html`<p class="hint">${t('portfolios.pay_notify')}</p><div class="token-once"><code>${one.notify_url}</code>${copyButton(() => one.notify_url)}</div>`}
        ${checkField({ name: 'pay-enabled', label: t('portfolios.pay_enabled'), hint: t('portfolios.pay_enabled_hint'), checked: values.enabled, onInput: (on) => form.set('enabled', on) })}
        <div class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button><button class="button button-primary" ?disabled=${form.busy}>${t('portfolios.pay_save')}</button></div>
      </form>`
    },
  })
  editor.paint()
}

/** @param {PaymentProvider} one @param {PaymentAccount | null} account */
function keep(one, account) {
  one.account = account
}

/** @param {Record<string, string>} fields */
const filled = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''))

/** @param {Editor} editor @param {PaymentProvider} one */
const path = ({ form }, { provider }) => `/portfolios/${form.values.portfolio_id}/payment-providers/${provider}`
