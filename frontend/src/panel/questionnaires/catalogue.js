// @ts-check

/** What a visit can come to in a portfolio: the closed list, and what agents see of a debt. */

/** @import { Api } from '../../core/api.js' */
/** @import { Disposition, Portfolio } from '../../core/contract.js' */
/** @import { DispositionPage } from './contract.js' */

import { Form } from '../../core/form.js'
import { lang, t } from '../../core/i18n.js'
import { checkField, radioField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card, problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing, repeat } from '../../core/view.js'
import { move } from './changes.js'

const MET = /** @type {const} */ (['holder', 'codebtor', 'family', 'neighbour', 'employer', 'nobody'])
const WANTS = /** @type {const} */ (['promise', 'cash', 'payment_report', 'dispute', 'contacts', 'address', 'opt_outs', 'notice_photo', 'door_photo', 'signature', 'agreement', 'note'])
const SPOKEN = /** @type {const} */ (['es', 'en', 'pt'])

/** @param {Api} api @param {Portfolio} portfolio @param {() => void} paint */
export async function openCatalogue(api, { portfolio_id: id }, paint) {
  const path = `/portfolios/${id}`
  let [portfolio, page] = /** @type {[Portfolio, DispositionPage]} */ (await Promise.all([api.get(path), api.get(`${path}/dispositions`)]))
  const held = new Form({ items: page.items, show: portfolio.policies.field.show_amount }, paint)
  let opened = ''
  let adding = ''
  const spoken = /** @type {'es'} */ (lang())

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    const saved = await held.submit((values) => {
      const same = JSON.stringify(values.items) === JSON.stringify(page.defaults)
      return api.patch(path, { version: portfolio.version, policies: { field: { show_amount: values.show, dispositions: same ? [] : values.items } } })
    })
    if (saved === undefined) return
    portfolio = saved
    page = { ...page, items: held.values.items, own: saved.policies.field.dispositions.length > 0 }
    held.reset(held.values)
    toast(t('questionnaires.results.saved'))
  }

  function add() {
    const code = adding.trim()
    adding = ''
    opened = code
    held.change(({ items }) => items.push({ code, label: { es: '', en: '', pt: '' }, met: ['holder'], wants: [], needs_cash: false }))
    queueMicrotask(() => document.getElementById(`d-${code}-es`)?.focus())
  }

  /** @template T @param {T[]} list @param {T} value @param {boolean} on */
  function toggle(list, value, on) {
    held.change(() => {
      const at = list.indexOf(value)
      if (on && at < 0) list.push(value)
      if (!on && at >= 0) list.splice(at, 1)
    })
  }

  /** @param {Disposition} one @param {number} at */
  function row(one, at) {
    const { items } = held.values
    const name = one.label[spoken] || one.label.es || one.code
    const error = Object.entries(held.errors).find(([field]) => field.startsWith(`policies.field.dispositions.${at}.`))?.[1]
    return html`<li class="q-item">
      <div class="q-head"><p><strong>${name}</strong> <code class="muted">${one.code}</code><br>
          <span class="small">${one.met.map((who) => t(`questionnaires.met.${who}`)).join(', ')}</span>
          ${one.wants.map((want) => html` ${badge(t(`questionnaires.wants.${want}`), 'info')}`)}</p>
        <div class="button-row">
          <button type="button" class="icon-button" ?disabled=${at === 0} aria-label=${t('questionnaires.up', { what: name })} @click=${() => held.change(() => move(items, at, -1))}>${icon('up')}</button>
          <button type="button" class="icon-button" ?disabled=${at === items.length - 1} aria-label=${t('questionnaires.down', { what: name })} @click=${() => held.change(() => move(items, at, 1))}>${icon('down')}</button>
          <button type="button" class="icon-button" aria-expanded=${opened === one.code ? 'true' : 'false'} aria-label=${t('questionnaires.results.change', { what: name })} @click=${() => { opened = opened === one.code ? '' : one.code; paint() }}>${icon('edit')}</button>
          <button type="button" class="icon-button" aria-label=${t('questionnaires.remove', { what: name })} @click=${() => held.change(() => { items.splice(at, 1) })}>${icon('trash')}</button></div></div>
      ${error ? html`<p class="field-error">${error}</p>` : nothing}
      ${opened !== one.code ? nothing : html`<div class="form">
        <div class="form-grid">${SPOKEN.map((code) => textField({ name: `d-${one.code}-${code}`, label: t(`questionnaires.results.label.${code}`), required: true, maxlength: 80, value: one.label[code], onInput: (text) => held.change(() => { one.label[code] = text }) }))}</div>
        <fieldset class="field"><legend>${t('questionnaires.results.met')}</legend><div class="grid-3">${MET.map((who) => checkField({ name: `d-${one.code}-${who}`, label: t(`questionnaires.met.${who}`), checked: one.met.includes(who), onInput: (on) => toggle(one.met, who, on) }))}</div></fieldset>
        <fieldset class="field"><legend>${t('questionnaires.results.wants')}</legend><div class="grid-3">${WANTS.map((want) => checkField({ name: `d-${one.code}-${want}`, label: t(`questionnaires.wants.${want}`), checked: one.wants.includes(want), onInput: (on) => toggle(one.wants, want, on) }))}</div></fieldset>
        ${checkField({ name: `d-${one.code}-cash`, label: t('questionnaires.results.needs_cash'), checked: one.needs_cash, onInput: (on) => held.change(() => { one.needs_cash = on }) })}</div>`}
    </li>`
  }

  function template() {
    const taken = held.values.items.some((one) => one.code === adding.trim())
    return html`<form class="stack" novalidate @submit=${save}>
      ${held.problem ? problemBanner(held.problem) : nothing}
      ${card({
        title: t('questionnaires.results.title'), lead: t(page.own ? 'questionnaires.results.own' : 'questionnaires.results.of_country'),
        actions: html`<button type="button" class="button button-small" @click=${() => held.change((values) => { values.items = structuredClone(page.defaults) })}>${icon('undo')}${t('questionnaires.results.restore')}</button>`,
        body: html`<ol class="q-items">${repeat(held.values.items, (one) => one.code, row)}</ol>
          <div class="toolbar">${textField({ name: 'new-code', label: t('questionnaires.results.new'), hint: t('questionnaires.results.new_hint'), maxlength: 40, value: adding, onInput: (text) => { adding = text; paint() } })}
            <button type="button" class="button" ?disabled=${taken || !/^[a-z][a-z0-9_]{0,39}$/.test(adding.trim())} @click=${add}>${icon('plus')}${t('questionnaires.add')}</button></div>`,
      })}
      ${card({
        title: t('questionnaires.show.title'),
        body: radioField({
          name: 'show', label: t('questionnaires.show.label'), value: held.values.show,
          options: ['exact', 'band', 'none'].map((value) => ({ value, label: t(`questionnaires.show.${value}`), hint: t(`questionnaires.show.${value}_hint`) })),
          onInput: (value) => held.set('show', /** @type {'exact'} */ (value)),
        }),
      })}
      <div class="q-save button-row"><button class="button button-primary" ?disabled=${held.busy || !held.dirty}>${t('common.save')}</button></div>
    </form>`
  }
  return { template }
}
