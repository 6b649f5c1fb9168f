// @ts-check

/** Where a questionnaire is asked: of all, of some products, after some results. */

/** @import { Api } from '../../core/api.js' */
/** @import { FormUse, Portfolio } from '../../core/contract.js' */
/** @import { DispositionPage, WholeForm } from './contract.js' */

import { Form } from '../../core/form.js'
import { lang, t } from '../../core/i18n.js'
import { checkField, radioField, textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'

/**
 * @param {{ api: Api, portfolioId: string, form: WholeForm, paint: () => void, onSaved: () => Promise<void> }} facts
 */
export async function openUses({ api, portfolioId, form, paint, onSaved }) {
  const path = `/portfolios/${portfolioId}`
  const [portfolio, { items }] = /** @type {[Portfolio, DispositionPage]} */ (
    await Promise.all([api.get(path), api.get(`${path}/dispositions`)])
  )
  const [own] = form.uses
  const held = new Form({
    asked: own === undefined ? 'no' : 'yes',
    products: (own?.products ?? []).join(', '),
    where: own === undefined || own.dispositions.length === 0 ? 'all' : 'some',
    dispositions: own?.dispositions ?? [],
  }, paint)

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    const saved = await held.submit((values) => {
      const others = portfolio.policies.field.forms.filter((use) => use.form_id !== form.form_id)
      /** @type {FormUse[]} */
      const mine = values.asked === 'no' ? [] : [{
        form_id: form.form_id,
        products: values.products.split(',').map((one) => one.trim()).filter((one) => one !== ''),
        dispositions: values.where === 'all' ? [] : values.dispositions,
      }]
      return api.patch(path, { version: portfolio.version, policies: { field: { forms: [...others, ...mine] } } })
    }, (values) => ({ dispositions: values.asked === 'yes' && values.where === 'some' && values.dispositions.length === 0 ? t('questionnaires.use.none_chosen') : null }))
    if (saved === undefined) return
    toast(t('questionnaires.use.saved'))
    await onSaved()
  }

  /** @param {string} code @param {boolean} on */
  function pick(code, on) {
    held.change((values) => {
      values.dispositions = on ? [...values.dispositions, code] : values.dispositions.filter((one) => one !== code)
    }, 'dispositions')
  }

  const choices = (/** @type {string} */ name, /** @type {string[]} */ values) => values.map((value) => ({ value, label: t(`questionnaires.use.${name}.${value}`) }))
  return {
    template: () => html`<form class="card form" novalidate @submit=${save}>
      ${held.problem ? problemBanner(held.problem) : nothing}
      ${form.published === 0 ? html`<p class="muted">${t('questionnaires.use.not_published')}</p>` : nothing}
      ${radioField({ name: 'asked', label: t('questionnaires.use.asked'), value: held.values.asked, options: choices('asked', ['yes', 'no']), onInput: (value) => held.set('asked', value) })}
      ${held.values.asked === 'no' ? nothing : html`
        ${textField({ name: 'products', label: t('questionnaires.use.products'), hint: t('questionnaires.use.products_hint'), value: held.values.products, onInput: (value) => held.set('products', value) })}
        ${radioField({ name: 'where', label: t('questionnaires.use.where'), value: held.values.where, options: choices('where', ['all', 'some']), onInput: (value) => held.set('where', value), error: held.errors.dispositions })}
        ${held.values.where === 'all' ? nothing : html`<fieldset class="field"><legend>${t('questionnaires.use.results')}</legend>
          <div class="grid-2">${items.map((one) => checkField({ name: `use-${one.code}`, label: one.label[/** @type {'es'} */ (lang())], checked: held.values.dispositions.includes(one.code), onInput: (on) => pick(one.code, on) }))}</div></fieldset>`}`}
      <div class="button-row"><button class="button button-primary" ?disabled=${held.busy || !held.dirty}>${t('common.save')}</button></div>
    </form>`,
  }
}
