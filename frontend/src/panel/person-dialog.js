// @ts-check

/** Inviting a person, and everything an admin may do to one. */

import { formatInstant } from '../core/dates.js'
import { Form } from '../core/form.js'
import { LANGUAGES, lang, localeFor, t } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { confirmDialog, openDialog } from '../core/ui/dialog.js'
import { fieldError, radioField, selectField, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, facts, problemBanner } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, live, nothing } from '../core/view.js'
import { IMAGE_TYPES, smallImage } from './small-image.js'

/** @import { Api } from '../core/api.js' */
/** @import { Me, Person, Portfolio, Role } from '../core/contract.js' */
/** @import { DialogHandle } from '../core/ui/dialog.js' */

/** @typedef {{ name: string, email: string, role: Role, portfolios: string[], team: string, language: string }} PersonValues */

/** Large enough for a face on a phone, small enough for its e-mail of a network. */
const PHOTO_BOX = { width: 480, height: 480 }
const ROLES = /** @type {const} */ (['admin', 'supervisor', 'agent'])

/**
 * @param {{ api: Api, portfolios: Portfolio[] }} parts
 * @returns {Promise<Person | undefined>}
 */
export function invitePerson({ api, portfolios }) {
  /** @type {Form<PersonValues>} */
  let form
  return openDialog({
    title: t('people.invite_title'),
    size: 'wide',
    body: (handle) => {
      form ??= new Form({ name: '', email: '', role: 'agent', portfolios: [], team: '', language: lang() }, () => handle.update())
      return personForm({
        form, handle, portfolios, button: t('people.send_invitation'),
        send: ({ email, name, role, portfolios: scope, team, language }, key) => api.post('/people', {
          email: email.trim(), name: name.trim(), role, portfolios: role === 'admin' ? ['*'] : scope, team: team.trim(), language,
        }, { key }),
        above: html`
          ${textField({ name: 'email', label: t('people.email'), type: 'email', inputmode: 'email', required: true, value: form.values.email, error: form.errors.email, onInput: (value) => form.set('email', value) })}
          ${selectField({
            name: 'language', label: t('people.language'), hint: t('people.language_hint'), required: true, value: form.values.language,
            options: LANGUAGES.map((code) => ({ value: code, label: t(`common.language_name.${code}`) })), onInput: (value) => form.set('language', value),
          })}`,
      })
    },
  })
}

/**
 * @param {{ api: Api, me: Me, person: Person, portfolios: Portfolio[] }} parts
 * @returns {Promise<Person | undefined>}  As it is now, when anything changed.
 */
export async function openPerson({ api, me, person, portfolios }) {
  const own = person.person_id === me.person_id
  let current = person
  let touched = false
  /** @type {Form<PersonValues>} */
  let form
  const saved = await openDialog({
    title: person.name || person.email,
    size: 'wide',
    body: (handle) => {
      form ??= new Form(valuesOf(person), () => handle.update())
      /** @param {() => Promise<Person | null>} work */
      const done = async (work) => {
        const answer = await work()
        if (answer !== null) current = answer
        touched = true
        handle.update()
      }
      return html`
        ${facts([
          [t('people.email'), current.email],
          [t('people.status'), badge(t(`people.status.${current.status}`), current.status === 'active' ? 'good' : 'neutral')],
          [t('people.invited_at'), current.invited_at && formatInstant(current.invited_at, localeFor(), undefined)],
        ])}
        ${own ? banner({ body: t('people.yourself') }) : nothing}
        ${photoField({ api, person: current, done })}
        ${personForm({
          form, handle, portfolios, own, button: t('common.save'),
          send: ({ name, role, portfolios: scope, team }) => api.patch(`/people/${current.person_id}`, {
            name: name.trim(), team: team.trim(), ...(own ? {} : { role, portfolios: role === 'admin' ? ['*'] : scope }),
          }),
        })}
        ${own ? nothing : actions({ api, person: current, done })}`
    },
  })
  return saved ?? (touched ? current : undefined)
}

/** @param {Person} person @returns {PersonValues} */
function valuesOf({ name, email, role, portfolios, team, language }) {
  return { name, email, role, portfolios: portfolios.filter((id) => id !== '*'), team, language }
}

/**
 * @param {object} parts
 * @param {Form<PersonValues>} parts.form
 * @param {DialogHandle} parts.handle
 * @param {Portfolio[]} parts.portfolios
 * @param {(values: PersonValues, key: string) => Promise<Person>} parts.send
 * @param {string} parts.button
 * @param {unknown} [parts.above]
 * @param {boolean} [parts.own]  Nobody changes their own role.
 */
function personForm({ form, handle, portfolios, send, button, above, own = false }) {
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault()
    const person = await form.submit(send, ({ name, email, role, portfolios: scope }) => ({
      name: name.trim() === '' ? t('common.field_required') : null,
      email: /^\S+@\S+\.\S+$/.test(email.trim()) ? null : t('common.field_email'),
      portfolios: role !== 'admin' && scope.length === 0 && portfolios.length > 0 && !own ? t('people.pick_portfolios') : null,
    }))
    if (person !== undefined) {
      toast(t('common.saved'))
      handle.close(person)
    }
  }
  return html`<form class="form" novalidate @submit=${submit}>
    ${form.problem ? problemBanner(form.problem) : nothing}
    <div class="form-grid">
      ${textField({ name: 'name', label: t('people.name'), required: true, maxlength: 120, value: form.values.name, error: form.errors.name, onInput: (value) => form.set('name', value) })}
      ${textField({ name: 'team', label: t('people.team'), maxlength: 80, value: form.values.team, error: form.errors.team, onInput: (value) => form.set('team', value) })}
      ${above ?? nothing}
    </div>
    ${own
      ? nothing
      : html`${radioField({
          name: 'role', label: t('people.role'), value: form.values.role, error: form.errors.role,
          options: ROLES.map((role) => ({ value: role, label: t(`common.role.${role}`), hint: t(`people.role_hint.${role}`) })),
          onInput: (value) => form.set('role', /** @type {Role} */ (value)),
        })}
        ${form.values.role === 'admin' ? html`<p class="muted small">${t('people.admin_sees_all')}</p>` : scopeField(form, portfolios)}`}
    <div class="dialog-foot">
      <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
      <button class="button button-primary" ?disabled=${form.busy}>${button}</button>
    </div>
  </form>`
}

/** @param {Form<PersonValues>} form @param {Portfolio[]} portfolios */
function scopeField(form, portfolios) {
  const chosen = new Set(form.values.portfolios)
  /** @param {string} id @param {boolean} checked */
  const toggle = (id, checked) => {
    form.set('portfolios', checked ? [...chosen, id] : [...chosen].filter((each) => each !== id))
  }
  return html`<fieldset class="field" aria-describedby=${form.errors.portfolios ? 'portfolios-error' : nothing}>
    <legend>${t('people.portfolios')}</legend>
    ${portfolios.length === 0 ? html`<p class="hint">${t('people.none_to_pick')}</p>` : nothing}
    <div class="check-list">${portfolios.map(({ portfolio_id, name, creditor }) => html`<label><input type="checkbox" .checked=${live(chosen.has(portfolio_id))}
      @change=${(/** @type {any} */ event) => toggle(portfolio_id, event.target.checked)}><span>${name}<small>${creditor}</small></span></label>`)}</div>
    ${fieldError(form.errors.portfolios, 'portfolios-error')}
  </fieldset>`
}

/**
 * The face that a debtor sees when an agent shows who they are.
 * @param {{ api: Api, person: Person, done: (work: () => Promise<Person | null>) => Promise<void> }} parts
 */
function photoField({ api, person, done }) {
  /** @param {any} event */
  const pick = async ({ target }) => {
    const [file] = target.files
    target.value = ''
    if (file === undefined) return
    try {
      const image = await smallImage(file, PHOTO_BOX)
      await done(() => api.put(`/people/${person.person_id}/photo`, { image }))
      toast(t('common.saved'))
    } catch (problem) {
      toast(asProblem(problem).text, 'bad')
    }
  }
  return html`<div class="person-photo row">
    ${person.photo_key === '' ? nothing : html`<img src="/${person.photo_key}" alt=${t('people.photo_of', { name: person.name })} width="72" height="72">`}
    <div class="stack"><label class="button button-small file-button">${icon('upload')}${t(person.photo_key === '' ? 'people.photo_pick' : 'people.photo_change')}<input
      type="file" class="visually-hidden" accept=${IMAGE_TYPES.join(',')} aria-describedby="photo-hint" @change=${pick}></label>
    <p class="hint" id="photo-hint">${t('people.photo_hint')}</p></div>
  </div>`
}

/**
 * What hurts is asked about first.
 * @param {{ api: Api, person: Person, done: (work: () => Promise<Person | null>) => Promise<void> }} parts
 */
function actions({ api, person, done }) {
  const path = `/people/${person.person_id}`
  /**
   * @param {'disable' | 'enable' | 'reset' | 'resend' | 'forget_totp'} act
   * @param {() => Promise<Person | null>} work
   * @param {boolean} [danger]
   */
  const ask = async (act, work, danger = false) => {
    const agreed = await confirmDialog({
      title: t(`people.${act}_title`, { name: person.name }),
      body: html`<p>${t(`people.${act}_body`, { email: person.email })}</p>`,
      confirm: t(`people.${act}`),
      danger,
      work: () => done(work),
    })
    if (agreed) toast(t(`people.${act}_done`))
  }
  const nothingNew = () => null
  return html`<section class="danger-zone" aria-label=${t('people.account')}>
    <h3>${t('people.account')}</h3>
    <div class="button-row">
      ${person.status === 'invited' ? html`<button type="button" class="button button-small" @click=${() => ask('resend', () => api.post(`${path}/invitation`, undefined).then(nothingNew))}>${t('people.resend')}</button>` : nothing}
      ${person.status === 'active' ? html`<button type="button" class="button button-small" @click=${() => ask('reset', () => api.post(`${path}/password-reset`, undefined).then(nothingNew))}>${t('people.reset')}</button>` : nothing}
      ${person.totp ? html`<button type="button" class="button button-small" @click=${() => ask('forget_totp', () => api.delete(`${path}/totp`))}>${t('people.forget_totp')}</button>` : nothing}
      ${person.disabled
        ? html`<button type="button" class="button button-small" @click=${() => ask('enable', () => api.patch(path, { disabled: false }))}>${t('people.enable')}</button>`
        : html`<button type="button" class="button button-small button-danger-quiet" @click=${() => ask('disable', () => api.patch(path, { disabled: true }), true)}>${t('people.disable')}</button>`}
    </div>
  </section>`
}
