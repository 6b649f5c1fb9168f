// @ts-check

/** Labelled controls: the label, a hint, and the error tied to the control for screen readers. */

import { decimalMarkOf, formatForInput, parseMoney } from '../money.js'
import { t } from '../i18n.js'
import { html, live, nothing } from '../view.js'
import { icon } from './icons.js'

/** @import { Content } from '../view.js' */

/**
 * @typedef {object} FieldFacts
 * @property {string} name  Also the control's id, unless `id` says otherwise.
 * @property {string} [id]
 * @property {Content} label
 * @property {Content} [hint]
 * @property {string} [error]
 * @property {boolean} [required]
 * @property {boolean} [disabled]
 */

/**
 * @param {FieldFacts} facts
 * @param {Content} control
 */
function frame({ name, id = name, label, hint, error, required }, control) {
  return html`<div class="field ${error ? 'field-bad' : ''}">
    <label for=${id}>${label}${required ? nothing : html` <span class="optional">${t('common.optional')}</span>`}</label>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    ${control}
    ${fieldError(error, `${id}-error`)}
  </div>`
}

/**
 * What is wrong with a control, beside it. It is read out as it appears: the focus is often in the
 * control already, and then nothing else would say it.
 * @param {Content} error @param {string} [id]  What the control's `aria-describedby` names.
 */
export function fieldError(error, id) {
  return error ? html`<p class="field-error" id=${id ?? nothing} role="alert">${icon('warning')}${error}</p>` : nothing
}

/** @param {FieldFacts} facts */
function described({ name, id = name, hint, error }) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return ids === '' ? nothing : ids
}

/**
 * @param {FieldFacts & { value: string, onInput: (value: string) => void, type?: string,
 *   autocomplete?: string, inputmode?: string, maxlength?: number, placeholder?: string,
 *   suffix?: Content, min?: string, max?: string, step?: string, autofocus?: boolean,
 *   pattern?: string, onBlur?: () => void }} facts
 */
export function textField(facts) {
  const { name, id = name, value, onInput, type = 'text', suffix } = facts
  const input = html`<input id=${id} name=${name} type=${type} .value=${live(value)}
    autocomplete=${facts.autocomplete ?? 'off'} inputmode=${facts.inputmode ?? nothing}
    maxlength=${facts.maxlength ?? nothing} placeholder=${facts.placeholder ?? nothing}
    min=${facts.min ?? nothing} max=${facts.max ?? nothing} step=${facts.step ?? nothing}
    ?required=${facts.required} ?disabled=${facts.disabled} ?autofocus=${facts.autofocus}
    aria-invalid=${facts.error ? 'true' : nothing} aria-describedby=${described(facts)}
    @input=${(/** @type {any} */ event) => onInput(event.target.value)} @blur=${facts.onBlur ?? nothing}>`
  return frame(facts, suffix ? html`<div class="with-suffix">${input}<span class="suffix">${suffix}</span></div>` : input)
}

/**
 * @param {FieldFacts & { value: string, onInput: (value: string) => void, rows?: number, maxlength?: number }} facts
 */
export function textArea(facts) {
  const { name, id = name, value, onInput, rows = 3 } = facts
  return frame(facts, html`<textarea id=${id} name=${name} rows=${rows} maxlength=${facts.maxlength ?? nothing}
    .value=${live(value)} ?required=${facts.required} ?disabled=${facts.disabled}
    aria-invalid=${facts.error ? 'true' : nothing} aria-describedby=${described(facts)}
    @input=${(/** @type {any} */ event) => onInput(event.target.value)}></textarea>`)
}

/**
 * @param {FieldFacts & { value: string, onInput: (value: string) => void,
 *   options: { value: string, label: string, disabled?: boolean }[] }} facts
 */
export function selectField(facts) {
  const { name, id = name, value, onInput, options } = facts
  return frame(facts, html`<select id=${id} name=${name} ?required=${facts.required} ?disabled=${facts.disabled}
    aria-invalid=${facts.error ? 'true' : nothing} aria-describedby=${described(facts)}
    @change=${(/** @type {any} */ event) => onInput(event.target.value)}>
    ${options.map((option) => html`<option value=${option.value} .selected=${live(option.value === value)} ?disabled=${option.disabled}>${option.label}</option>`)}
  </select>`)
}

/**
 * A box to tick, its words beside it.
 * @param {FieldFacts & { checked: boolean, onInput: (checked: boolean) => void }} facts
 */
export function checkField(facts) {
  const { name, id = name, label, hint, error, checked, onInput } = facts
  return html`<div class="field field-check">
    <input id=${id} name=${name} type="checkbox" .checked=${live(checked)} ?disabled=${facts.disabled}
      aria-describedby=${described(facts)} @change=${(/** @type {any} */ event) => onInput(event.target.checked)}>
    <div><label for=${id}>${label}</label>
      ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
      ${fieldError(error, `${id}-error`)}
    </div>
  </div>`
}

/**
 * One of a few, all in sight.
 * @param {FieldFacts & { value: string, onInput: (value: string) => void,
 *   options: { value: string, label: Content, hint?: Content }[] }} facts
 */
export function radioField({ name, label, hint, error, value, options, onInput, disabled }) {
  return html`<fieldset class="field field-radio" aria-describedby=${described({ name, label, hint, error })}>
    <legend>${label}</legend>
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
    <div class="radio-cards">${options.map((option) => html`<label class="radio-card">
      <input type="radio" name=${name} value=${option.value} .checked=${live(option.value === value)} ?disabled=${disabled}
        @change=${() => onInput(option.value)}>
      <span>${option.label}${option.hint ? html`<small>${option.hint}</small>` : nothing}</span>
    </label>`)}</div>
    ${fieldError(error, `${name}-error`)}
  </fieldset>`
}

/**
 * An amount typed as people type it, kept as minor units. What cannot be read as one amount
 * gives null, and the text stays as typed for the reader to correct.
 *
 * @param {FieldFacts & { minor: number | null, currency: string, locale: string,
 *   onInput: (minor: number | null, text: string) => void, text?: string }} facts  `text`: what
 *   was typed, while it is being typed.
 */
export function moneyField(facts) {
  const { minor, currency, locale, text, onInput } = facts
  const shown = text ?? (minor === null ? '' : formatForInput({ minor, currency }, locale))
  return textField({
    ...facts,
    value: shown,
    inputmode: decimalMarkOf(locale) === ',' || decimalMarkOf(locale) === '.' ? 'decimal' : 'text',
    suffix: currency,
    onInput: (typed) => onInput(typed.trim() === '' ? null : parseMoney(typed, currency, locale), typed),
  })
}

/**
 * @param {FieldFacts & { value: string, onInput: (value: string) => void, autocomplete: 'current-password' | 'new-password',
 *   shown: boolean, onShow: (shown: boolean) => void }} facts
 */
export function passwordField(facts) {
  const { name, id = name, value, shown, onInput, onShow } = facts
  return frame(facts, html`<div class="with-suffix">
    <input id=${id} name=${name} type=${shown ? 'text' : 'password'} .value=${live(value)} autocomplete=${facts.autocomplete}
      autocapitalize="none" spellcheck="false" ?required=${facts.required} aria-invalid=${facts.error ? 'true' : nothing} aria-describedby=${described(facts)}
      @input=${(/** @type {any} */ event) => onInput(event.target.value)}>
    <button type="button" class="icon-button" aria-pressed=${shown ? 'true' : 'false'} aria-label=${t('common.show_password')} @click=${() => onShow(!shown)}>${icon('eye')}</button>
  </div>`)
}
