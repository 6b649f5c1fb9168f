// @ts-check

/**
 * Lists of cases under a name: picked, kept, shared, opened with, taken away. Loaded after the list
 * is on the screen. The address always says the filters themselves, so a link outlives the view.
 */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */
/** @import { Filters } from './filters.js' */

import { Form } from '../../core/form.js'
import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { checkField, textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, live, nothing } from '../../core/view.js'
import { NO_FILTERS, toQuery } from './filters.js'

const LONGEST_NAME = 60

/**
 * @typedef {object} SavedView
 * @property {string} view_id
 * @property {string} name
 * @property {Record<string, any>} filters  As the API is asked.
 * @property {boolean} shared
 * @property {boolean} own
 * @property {boolean} opens  The reader's list opens with it.
 * @property {boolean} can_change
 */

/** The page's filters of a view. @param {SavedView} view @returns {Filters} */
export function filtersOf({ filters: { min_minor: min = null, max_minor: max = null, ...rest } }) {
  return { ...NO_FILTERS, ...rest, min, max }
}

/** Whether a view shows just this. @param {SavedView} view @param {Filters} filters */
export function isOf(view, filters) {
  const own = filtersOf(view)
  return Object.keys(NO_FILTERS).every((name) => own[/** @type {keyof Filters} */ (name)] === filters[/** @type {keyof Filters} */ (name)])
}

export class SavedViews {
  /** @type {SavedView[]} */
  #items = []
  #api
  #path
  #manages
  #paint

  /** @param {{ api: Api, portfolio: Portfolio, manages: boolean, paint: () => void }} parts */
  constructor({ api, portfolio, manages, paint }) {
    this.#api = api
    this.#path = `/portfolios/${encodeURIComponent(portfolio.portfolio_id)}/views`
    this.#manages = manages
    this.#paint = paint
  }

  /** Read them; gives the filters that the reader's list opens with, if there are any. */
  async read() {
    this.#items = (await this.#api.get(this.#path)).items
    this.#paint()
    const first = this.#items.find(({ opens }) => opens)
    return first === undefined ? null : filtersOf(first)
  }

  /**
   * @param {Filters} filters  What is shown now.
   * @param {(filters: Filters) => void} onPick
   */
  view(filters, onPick) {
    const now = this.#items.find((one) => isOf(one, filters))
    return html`<div class="row saved-views">
      ${this.#items.length === 0 ? nothing : html`<label class="picker"><span>${t('views.view')}</span>
        <select name="view" @change=${(/** @type {any} */ { target }) => {
          const picked = this.#items.find(({ view_id: id }) => id === target.value)
          onPick(picked ? filtersOf(picked) : NO_FILTERS)
        }}>
          <option value="" .selected=${live(now === undefined)}>${t('views.none')}</option>
          ${this.#items.map((one) => html`<option value=${one.view_id} .selected=${live(one === now)}>${one.name}${one.shared ? ` · ${t('views.shared')}` : ''}</option>`)}
        </select></label>`}
      ${now === undefined
        ? html`<button type="button" class="button" @click=${() => void this.#edit(null, filters)}>${t('views.keep')}</button>`
        : html`<button type="button" class="button" @click=${() => void this.#edit(now, filters)}>${t('views.change')}</button>`}
    </div>`
  }

  /** @param {SavedView | null} view @param {Filters} filters */
  async #edit(view, filters) {
    let paint = () => {}
    const form = new Form({ name: view?.name ?? '', shared: view?.shared ?? false, opens: view?.opens ?? false }, () => paint())
    const changes = view === null || view.can_change
    const done = await openDialog({
      title: t(view === null ? 'views.keep' : 'views.change'),
      body: (/** @type {DialogHandle} */ handle) => {
        paint = handle.update
        const submit = async (/** @type {Event} */ event) => {
          event.preventDefault()
          const saved = await form.submit((values, key) => this.#send(view, filters, values, key), ({ name }) => ({ name: name.trim() === '' ? t('views.name_missing') : null }))
          if (saved !== undefined) handle.close('kept')
        }
        return html`<form class="form" novalidate @submit=${submit}>
          ${form.problem ? problemBanner(form.problem) : nothing}
          ${textField({ name: 'name', label: t('views.name'), required: true, disabled: !changes, maxlength: LONGEST_NAME, value: form.values.name, error: form.errors.name, onInput: (name) => form.set('name', name) })}
          ${this.#manages && changes ? checkField({ name: 'shared', label: t('views.share'), checked: form.values.shared, onInput: (shared) => form.set('shared', shared) }) : nothing}
          ${checkField({ name: 'opens', label: t('views.opens'), checked: form.values.opens, onInput: (opens) => form.set('opens', opens) })}
          <footer class="dialog-foot">
            ${view?.can_change ? html`<button type="button" class="button button-danger" @click=${() => void this.#remove(view).then((gone) => gone && handle.close('gone'))}>${t('views.remove')}</button>` : nothing}
            <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
            <button class="button button-primary" ?disabled=${form.busy}>${t('common.save')}</button></footer></form>`
      },
    })
    if (done === undefined) return
    toast(t(`views.said.${done}`))
    await this.read().catch((error) => toast(asProblem(error).text, 'bad'))
  }

  /** @param {SavedView | null} view @param {Filters} filters @param {{ name: string, shared: boolean, opens: boolean }} values @param {string} key */
  async #send(view, filters, { name, shared, opens }, key) {
    const made = view ?? await this.#api.post(this.#path, { name: name.trim(), shared, filters: toQuery(filters) }, { key })
    const changed = {
      ...(view?.can_change && name.trim() !== view.name ? { name: name.trim() } : {}),
      ...(view?.can_change && shared !== view.shared ? { shared } : {}),
      ...(opens === made.opens ? {} : { opens }),
    }
    return Object.keys(changed).length === 0 ? made : this.#api.patch(`${this.#path}/${encodeURIComponent(made.view_id)}`, changed)
  }

  /** @param {SavedView} view */
  async #remove(view) {
    try {
      await this.#api.delete(`${this.#path}/${encodeURIComponent(view.view_id)}`)
      return true
    } catch (error) {
      toast(asProblem(error).text, 'bad')
      return false
    }
  }
}
