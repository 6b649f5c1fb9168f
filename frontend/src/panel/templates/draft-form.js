// @ts-check

/** What is written: subject, text with completion, buttons, and how it goes out. */

/** @import { Channel, Offered, TextDraft, Variable } from './contract.js' */
/** @import { Suggestion } from './completion.js' */

import { t, tn } from '../../core/i18n.js'
import { checkField, selectField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { html, live, nothing } from '../../core/view.js'
import { beingTyped, suggestions, taken } from './completion.js'
import { STAGES } from './list-view.js'

const MOST_BUTTONS = 3

/** What is offered at the caret; one textarea a page. */
const menu = { open: /** @type {Suggestion[]} */ ([]), at: 0 }

/**
 * @param {object} facts
 * @param {TextDraft} facts.draft
 * @param {Channel} facts.channel
 * @param {Offered} facts.offered
 * @param {(change: Partial<TextDraft>) => void} facts.onChange
 */
export function draftForm({ draft, channel, offered, onChange }) {
  const pages = channel === 'email' || channel === 'letter'
  return html`<div class="stack">
    ${selectField({ name: 'stage', label: t('templates.stage'), hint: t('templates.stage_hint'), required: true, value: draft.stage, onInput: (value) => onChange({ stage: /** @type {any} */ (value) }), options: STAGES.map((value) => ({ value, label: t(`templates.stage.${value}`) })) })}
    ${pages ? textField({ name: 'subject', label: t('templates.subject'), required: true, maxlength: 500, value: draft.subject, onInput: (subject) => onChange({ subject }) }) : nothing}
    ${bodyField(draft, offered.variables, onChange)}
    ${variableList(offered.variables, (name) => insert(`{{ ${name} }}`, onChange))}
    ${channel === 'whatsapp' ? html`${buttonRows(draft, offered, onChange)}
      ${textField({ name: 'approved_name', label: t('templates.approved_name'), hint: t('templates.approved_name_hint'), maxlength: 120, value: draft.approved_name, onInput: (value) => onChange({ approved_name: value.trim() }) })}` : nothing}
    ${channel === 'email' ? checkField({ name: 'attach_statement', label: t('templates.attach'), hint: t('templates.attach_hint'), checked: draft.attach_statement, onInput: (attach_statement) => onChange({ attach_statement }) }) : nothing}
  </div>`
}

/** @param {TextDraft} draft @param {Variable[]} variables @param {(change: Partial<TextDraft>) => void} onChange */
function bodyField(draft, variables, onChange) {
  const offer = (/** @type {HTMLTextAreaElement} */ area) => {
    const typing = beingTyped(area.value, area.selectionStart)
    menu.open = typing === null ? [] : suggestions(typing, variables)
    menu.at = 0
  }
  /** @param {HTMLTextAreaElement} area @param {Suggestion} suggestion */
  const take = (area, suggestion) => {
    const typing = beingTyped(area.value, area.selectionStart)
    if (typing === null) return
    const after = taken(area.value, area.selectionStart, typing, suggestion.insert)
    area.value = after.text
    area.setSelectionRange(after.caret, after.caret)
    menu.open = []
    onChange({ body: after.text })
  }
  /** @param {any} event */
  const onInput = (event) => {
    offer(event.target)
    onChange({ body: event.target.value })
  }
  /** @param {any} event */
  const onKey = (event) => {
    if (menu.open.length === 0) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[/** @type {string} */ (event.key)]
    if (step !== undefined) menu.at = (menu.at + step + menu.open.length) % menu.open.length
    else if (event.key === 'Enter' || event.key === 'Tab') take(event.target, menu.open[menu.at])
    else if (event.key === 'Escape') menu.open = []
    else return
    event.preventDefault()
    onChange({})
  }
  const open = menu.open.length > 0
  return html`<div class="field">
    <label for="body">${t('templates.body')}</label>
    <p class="hint" id="body-hint">${t('templates.body_hint', { open: '{{' })}</p>
    <textarea id="body" name="body" rows="14" spellcheck="true" required aria-describedby="body-hint" aria-autocomplete="list"
      aria-haspopup="listbox" aria-controls=${open ? 'body-menu' : nothing} aria-activedescendant=${open ? `body-option-${menu.at}` : nothing}
      .value=${live(draft.body)} @input=${onInput} @keydown=${onKey} @blur=${() => { if (open) { menu.open = []; onChange({}) } }}></textarea>
    ${open ? html`<ul class="completion" id="body-menu" role="listbox" aria-label=${t('templates.variables')}>${menu.open.map((one, index) => html`<li role="option" id="body-option-${index}" aria-selected=${index === menu.at ? 'true' : 'false'}
      @mousedown=${(/** @type {MouseEvent} */ event) => { event.preventDefault(); take(/** @type {HTMLTextAreaElement} */ (document.getElementById('body')), one) }}><code>${one.label}</code><span>${one.about}</span></li>`)}</ul>` : nothing}
    <span class="visually-hidden" role="status">${open ? tn('templates.offered', menu.open.length) : ''}</span>
  </div>`
}

/** @param {Variable[]} variables @param {(name: string) => void} onPick */
function variableList(variables, onPick) {
  const groups = [...new Set(variables.map(({ group }) => group))]
  return html`<details class="variables"><summary>${t('templates.all_variables')}</summary>
    ${groups.map((group) => html`<h3>${t(`templates.group.${group}`)}</h3><ul>${variables.filter((one) => one.group === group).map((one) => html`<li>
      <button type="button" class="variable" @click=${() => onPick(one.name)} ?disabled=${one.kind === 'list'}><code>${one.name}</code></button>
      <span>${one.about}${one.always ? nothing : html` <em class="muted">${t('templates.sometimes')}</em>`}</span></li>`)}</ul>`)}
  </details>`
}

/** Put text where the caret is. @param {string} words @param {(change: Partial<TextDraft>) => void} onChange */
function insert(words, onChange) {
  const area = /** @type {HTMLTextAreaElement} */ (document.getElementById('body'))
  area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end')
  onChange({ body: area.value })
  area.focus()
}

/** @param {TextDraft} draft @param {Offered} offered @param {(change: Partial<TextDraft>) => void} onChange */
function buttonRows({ buttons }, offered, onChange) {
  /** @param {number} index @param {Partial<import('./contract.js').Button>} change */
  const set = (index, change) => onChange({ buttons: buttons.map((one, at) => (at === index ? { ...one, ...change } : one)) })
  return html`<fieldset class="field"><legend>${t('templates.buttons')}</legend><p class="hint">${t('templates.buttons_hint')}</p>
    ${buttons.map((button, index) => html`<div class="button-edit">
      <select aria-label=${t('templates.button_code')} @change=${(/** @type {any} */ event) => set(index, { code: event.target.value, title: titleOf(offered, event.target.value) })}>
        ${offered.buttons.map(({ code, title }) => html`<option value=${code} .selected=${live(code === button.code)}>${title}</option>`)}</select>
      <input type="text" maxlength="20" aria-label=${t('templates.button_title')} .value=${live(button.title)} @input=${(/** @type {any} */ event) => set(index, { title: event.target.value })}>
      <button type="button" class="icon-button" aria-label=${t('templates.button_remove', { title: button.title })} @click=${() => onChange({ buttons: buttons.filter((_, at) => at !== index) })}>${icon('trash')}</button></div>`)}
    ${buttons.length < MOST_BUTTONS ? html`<button type="button" class="button button-small" @click=${() => onChange({ buttons: [...buttons, offered.buttons[0]] })}>${icon('plus')}${t('templates.button_add')}</button>` : nothing}
  </fieldset>`
}

/** @param {Offered} offered @param {string} code */
function titleOf(offered, code) {
  return offered.buttons.find((one) => one.code === code)?.title ?? ''
}

/** Put the caret on a line of a field. @param {HTMLElement} root @param {string} where @param {number} line */
export function goToLine(root, where, line) {
  const field = /** @type {HTMLTextAreaElement | HTMLInputElement | null} */ (root.querySelector(`[name="${where}"]`))
  if (field === null) return
  const lines = field.value.split('\n')
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  field.focus()
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
}
