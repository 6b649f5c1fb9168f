// @ts-check

import { Form } from '../core/form.js'
import { LANGUAGES, lang, loadLaterTexts, t } from '../core/i18n.js'
import { inLanguage, pathTo } from '../core/paths.js'
import { currentTheme, useTheme } from '../core/theme.js'
import { confirmDialog, openDialog } from '../core/ui/dialog.js'
import { radioField, selectField, textField } from '../core/ui/fields.js'
import { badge, card, facts, pageHead, problemBanner } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { guardLeaving, start } from './shell.js'
import { checkCode, plainCode, totpSteps } from './totp.js'

/** @import { Me, Often } from '../core/contract.js' */
/** @import { Context } from './shell.js' */

const PHONE = /^(\+[1-9]\d{6,14})?$/

/** @param {string} text */
const plainPhone = (text) => text.replace(/[\s().-]/g, '')

const NOTICES = /** @type {const} */ (['mention_mail', 'task_mail', 'call_back_mail', 'approval_mail'])
const OFTEN = /** @type {const} */ (['now', 'daily', 'never'])
/** What "at once" comes to, for each. */
const NOW_SAYS = { mention_mail: 'now', task_mail: 'now', call_back_mail: 'hour', approval_mail: 'new' }

/** @param {Me} me */
const noticesOf = ({ mention_mail, task_mail, call_back_mail, approval_mail }) => ({ mention_mail, task_mail, call_back_mail, approval_mail })

/** What one can be told of: agents decide nothing. @param {Me} me */
const noticesFor = ({ role }) => NOTICES.filter((name) => name !== 'approval_mail' || role !== 'agent')

/** @param {Me} me */
const valuesOf = (me) => ({ name: me.name, language: String(me.language), phone: me.phone ?? '' })

start(async ({ root, api, session, me: known, portfolios }) => {
  let me = known
  /** @type {string[] | null} */
  let names = null
  const form = new Form(valuesOf(me), () => view.update())
  guardLeaving(() => (form.dirty && !form.busy) || (notices.dirty && !notices.busy))
  const notices = new Form(noticesOf(me), () => view.update())
  const view = mountView(root, () => page())

  portfolios().then((all) => {
    names = all.map(({ name }) => name)
    view.update()
  }).catch(() => null) // The list is a courtesy here; its absence hides one line.

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    const saved = await form.submit(
      (values) => api.patch('/me', { ...values, phone: plainPhone(values.phone) }),
      ({ name, phone }) => ({
        name: name.trim() === '' ? t('common.field_required') : null,
        phone: PHONE.test(plainPhone(phone)) ? null : t('settings.phone_bad'),
      }),
    )
    if (saved === undefined) return
    me = saved
    session.update(me)
    form.reset(valuesOf(me))
    if (me.language !== lang()) window.location.assign(inLanguage(pathTo('settings'), me.language))
    else toast(t('common.saved'))
  }

  /** @param {SubmitEvent} event */
  async function saveNotices(event) {
    event.preventDefault()
    const saved = await notices.submit((values) => api.patch('/me', values), () => ({}))
    if (saved === undefined) return
    me = saved
    session.update(me)
    notices.reset(noticesOf(me))
    toast(t('common.saved'))
  }

  async function audit() {
    const [{ auditDialog }, all] = await Promise.all([import('./audit.js'), portfolios(), loadLaterTexts()])
    await auditDialog({ api, portfolios: all })
  }

  async function setUpTotp() {
    const totp = await api.post('/me/totp', {}).catch((error) => {
      form.problem = error
      view.update()
    })
    if (totp === undefined) return
    if (await totpDialog(api, totp)) {
      me = { ...me, totp: true }
      session.update(me)
      view.update()
      toast(t('settings.totp_done'))
    }
  }

  async function everywhere() {
    const agreed = await confirmDialog({
      title: t('settings.everywhere'),
      body: html`<p>${t('settings.everywhere_body')}</p>`,
      confirm: t('settings.everywhere_confirm'),
      danger: true,
      work: () => api.delete('/session/all'),
    })
    if (!agreed) return
    session.end()
    window.location.replace(pathTo('signin'))
  }

  function page() {
    return html`${pageHead({ title: t('settings.title'), lead: t('settings.lead') })}
      ${form.problem ? problemBanner(form.problem) : nothing}
      <div class="grid-2 settings-grid">
        ${card({ id: 'me', title: t('settings.me_title'), body: mine() })}
        <div class="stack">
          ${card({ id: 'notices', title: t('settings.notices_title'), lead: t('settings.notices_lead', { email: me.email }), body: told() })}
          ${card({ id: 'security', title: t('settings.security_title'), body: security() })}
          ${card({ id: 'theme', title: t('settings.theme_title'), lead: t('settings.theme_lead'), body: theme() })}
          ${me.role === 'admin' ? card({ id: 'audit', title: t('settings.audit'), lead: t('settings.audit_body'), body: html`<div class="button-row"><button type="button" class="button" @click=${audit}>${t('settings.audit_open')}</button></div>` }) : nothing}
        </div>
      </div>`
  }

  function mine() {
    return html`<form class="form" novalidate @submit=${save}>
      ${textField({
        name: 'name', label: t('settings.name'), hint: t('settings.name_hint'), value: form.values.name, error: form.errors.name,
        required: true, maxlength: 120, autocomplete: 'name', onInput: (value) => form.set('name', value),
      })}
      ${selectField({
        name: 'language', label: t('settings.language'), hint: t('settings.language_hint'), value: form.values.language, required: true,
        options: LANGUAGES.map((code) => ({ value: code, label: t(`common.language_name.${code}`) })),
        onInput: (value) => form.set('language', value),
      })}
      ${textField({
        name: 'phone', label: t('settings.phone'), hint: t('settings.phone_hint'), type: 'tel', inputmode: 'tel', value: form.values.phone,
        error: form.errors.phone, autocomplete: 'tel', maxlength: 30, onInput: (value) => form.set('phone', value),
      })}
      ${facts([
        [t('settings.email'), me.email],
        [t('settings.role'), t(`common.role.${me.role}`)],
        [t('settings.portfolios'), me.portfolios.includes('*') ? t('settings.all_portfolios') : names?.join(', ')],
      ])}
      <div class="button-row"><button class="button button-primary" ?disabled=${form.busy || !form.dirty}>${t('common.save')}</button></div>
    </form>`
  }

  function told() {
    return html`<form class="form" novalidate @submit=${saveNotices}>
      ${notices.problem ? problemBanner(notices.problem) : nothing}
      ${noticesFor(me).map((name) => selectField({
        name, label: t(`settings.${name}`), value: notices.values[name], required: true,
        options: OFTEN.map((often) => ({ value: often, label: t(`settings.often.${often === 'now' ? NOW_SAYS[name] : often}`) })),
        onInput: (value) => notices.set(name, /** @type {Often} */ (value)),
      }))}
      <p class="hint">${t('settings.notices_private')}</p>
      <p class="hint">${t('settings.notices_alarms')}</p>
      <div class="button-row"><button class="button button-primary" ?disabled=${notices.busy || !notices.dirty}>${t('settings.notices_save')}</button></div>
    </form>`
  }

  function security() {
    return html`<div class="stack-s">
        <div class="row"><h3>${t('settings.totp_title')}</h3>${me.totp ? badge(t('settings.totp_on'), 'good') : badge(t('settings.totp_off'), 'warn')}</div>
        <p class="muted">${me.totp ? t('settings.totp_on_body') : t('settings.totp_off_body')}</p>
        <div class="button-row"><button type="button" class="button ${me.totp ? '' : 'button-primary'}" @click=${setUpTotp}>${me.totp ? t('settings.totp_again') : t('settings.totp_start')}</button></div>
      </div>
      <div class="stack-s">
        <h3>${t('settings.sessions_title')}</h3>
        <p class="muted">${t('settings.sessions_body')}</p>
        <div class="button-row"><button type="button" class="button button-danger-quiet" @click=${everywhere}>${t('settings.everywhere')}</button></div>
      </div>`
  }

  function theme() {
    return radioField({
      name: 'page-theme', label: t('common.theme'), value: currentTheme(),
      options: ['system', 'light', 'dark'].map((name) => ({ value: name, label: t(`common.theme_name.${name}`) })),
      onInput: (value) => {
        useTheme(/** @type {any} */ (value))
        view.update()
      },
    })
  }
})

/**
 * @param {Context['api']} api
 * @param {{ secret: string, uri: string }} totp
 * @returns {Promise<boolean>}  True once the first code was right.
 */
async function totpDialog(api, totp) {
  /** @type {Form<{ code: string }>} */
  let form
  const done = await openDialog({
    title: t('settings.totp_setup_title'),
    size: 'wide',
    body: (handle) => {
      form ??= new Form({ code: '' }, () => handle.update())
      /** @param {SubmitEvent} event */
      const verify = async (event) => {
        event.preventDefault()
        const answer = await form.submit(
          async ({ code }) => {
            await api.put('/me/totp', { code: plainCode(code) })
            return true
          },
          checkCode,
        )
        if (answer) handle.close(true)
      }
      return html`<form class="form" novalidate @submit=${verify}>
        ${form.problem ? problemBanner(form.problem) : nothing}
        ${totpSteps(totp, form)}
        <div class="dialog-foot">
          <button type="button" class="button" @click=${() => handle.close(false)}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${form.busy}>${t('common.totp.verify')}</button>
        </div>
      </form>`
    },
  })
  return done === true
}
