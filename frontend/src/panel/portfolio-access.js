// @ts-check

/** Who works on the portfolio: people, and creditors' systems by service token. */

import { formatInstant } from '../core/dates.js'
import { t } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { asProblem } from '../core/problem.js'
import { confirmDialog, openDialog } from '../core/ui/dialog.js'
import { textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, copyButton, problemBanner } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { Form } from '../core/form.js'
import { html, nothing } from '../core/view.js'

/** @import { Person, Token } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

/** @type {Person[] | null} */
let people = null
/** @type {Token[] | null} */
let tokens = null
/** @type {import('../core/problem.js').Problem | null} */
let problem = null
let asked = false

/** @param {Editor} editor */
export function accessSection(editor) {
  if (!asked) {
    asked = true
    void load(editor)
  }
  return html`${problem ? problemBanner(problem) : nothing}
    ${editor.me.role === 'admin' ? peopleList() : nothing}
    <div class="row row-between"><h3>${t('portfolios.tokens')}</h3>
      <button type="button" class="button button-small" @click=${() => create(editor)}>${icon('key')}${t('portfolios.token_create')}</button></div>
    <p class="hint">${t('portfolios.tokens_hint')}</p>
    ${tokens === null ? nothing : tokens.length === 0 ? html`<p class="muted">${t('portfolios.tokens_none')}</p>` : tokenList(editor, tokens)}`
}

/** @param {Editor} editor */
async function load({ api, me, form, paint }) {
  const id = form.values.portfolio_id
  try {
    const [tokenPage, personPage] = await Promise.all([
      api.get(`/portfolios/${id}/tokens`),
      me.role === 'admin' ? api.get('/people', { query: { limit: 200 } }) : null,
    ])
    tokens = /** @type {Token[]} */ (tokenPage.items).filter(({ use }) => use === 'uploads') // those of files are where files are given
    people = personPage?.items.filter((/** @type {Person} */ person) => !person.disabled && (person.portfolios.includes(id) || person.portfolios.includes('*'))) ?? null
  } catch (error) {
    problem = asProblem(error)
  }
  paint()
}

function peopleList() {
  return html`<div class="row row-between"><h3>${t('portfolios.team')}</h3><a class="small" href=${pathTo('people')}>${t('portfolios.manage_people')}</a></div>
    ${people === null ? html`<p class="muted">${t('common.loading')}</p>` : html`<ul class="people-chips">${people.map((person) => html`<li><strong>${person.name}</strong> <span class="muted">${person.team}</span> ${badge(t(`common.role.${person.role}`))}</li>`)}</ul>`}`
}

/** @param {Editor} editor @param {Token[]} all */
function tokenList(editor, all) {
  const { locale, form } = editor
  /** @param {string} instant */
  const when = (instant) => formatInstant(instant, locale, form.values.time_zone)
  return html`<ul class="token-list">${all.map((token) => html`<li>
    <div class="grow"><strong>${token.name}</strong><br><small class="muted">${t('portfolios.token_created', { when: when(token.created_at) })} · ${token.last_used_at ? t('portfolios.token_used', { when: when(token.last_used_at) }) : t('portfolios.token_unused')}</small></div>
    <button type="button" class="button button-small button-danger-quiet" aria-label="${t('portfolios.token_revoke')}: ${token.name}" @click=${() => revoke(editor, token)}>${t('portfolios.token_revoke')}</button></li>`)}</ul>`
}

/** @param {Editor} editor */
async function create(editor) {
  const { api, form: { values: { portfolio_id: id } }, paint } = editor
  /** @type {Form<{ name: string }>} */
  let form
  /** @type {Token | null} */
  let made = null
  await openDialog({
    title: t('portfolios.token_create'),
    body: (handle) => {
      form ??= new Form({ name: '' }, () => handle.update())
      /** @param {SubmitEvent} event */
      const submit = async (event) => {
        event.preventDefault()
        const token = await form.submit(
          ({ name }, key) => api.post(`/portfolios/${id}/tokens`, { name: name.trim() }, { key }),
          ({ name }) => ({ name: name.trim() === '' ? t('common.field_required') : null }),
        )
        if (token === undefined) return
        made = token
        tokens = [token, ...(tokens ?? [])]
        handle.update()
      }
      if (made !== null) {
        const secret = made.token ?? ''
        return html`${banner({ tone: 'warn', title: t('portfolios.token_once'), body: t('portfolios.token_once_body') })}
          <div class="token-once"><code>${secret}</code>${copyButton(() => secret)}</div>
          <div class="dialog-foot"><button type="button" class="button button-primary" @click=${() => handle.close()}>${t('portfolios.token_kept')}</button></div>`
      }
      return html`<form class="form" novalidate @submit=${submit}>
        ${form.problem ? problemBanner(form.problem) : nothing}
        ${textField({ name: 'token-name', label: t('portfolios.token_name'), hint: t('portfolios.token_name_hint'), required: true, maxlength: 120, value: form.values.name, error: form.errors.name, onInput: (value) => form.set('name', value) })}
        <div class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button><button class="button button-primary" ?disabled=${form.busy}>${t('portfolios.token_make')}</button></div>
      </form>`
    },
  })
  // The secret is not kept, not even in this page's memory.
  tokens = tokens?.map(({ token: _secret, ...rest }) => rest) ?? null
  paint()
}

/** @param {Editor} editor @param {Token} token */
async function revoke({ api, form, paint }, token) {
  const agreed = await confirmDialog({
    title: t('portfolios.token_revoke_title', { name: token.name }),
    body: html`<p>${t('portfolios.token_revoke_body')}</p>`,
    confirm: t('portfolios.token_revoke'),
    danger: true,
    work: () => api.delete(`/portfolios/${form.values.portfolio_id}/tokens/${token.token_id}`),
  })
  if (!agreed) return
  tokens = tokens?.filter(({ token_id }) => token_id !== token.token_id) ?? null
  paint()
  toast(t('portfolios.token_revoked'))
}
