// @ts-check

/** Change what a questionnaire says: texts in each language, order, choices. Its logic stays. */

/** @import { Api } from '../../core/api.js' */
/** @import { Edited, EditedChoice, EditedItem } from './changes.js' */
/** @import { OpenedVersion, WholeForm } from './contract.js' */

import { Form } from '../../core/form.js'
import { languageName } from '../../core/forms/render-words.js'
import { lang, t, tOr } from '../../core/i18n.js'
import { checkField, selectField, textArea, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { card, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing, repeat } from '../../core/view.js'
import { changesOf, edited, move } from './changes.js'

const UNSEEN = new Set(['calculate', 'hidden', 'metadata'])
const OURS = ['es', 'en', 'pt']

/**
 * @param {{ api: Api, base: string, form: WholeForm, opened: OpenedVersion, paint: () => void, onSaved: (saved: WholeForm) => Promise<void> }} facts
 */
export function openEditor({ api, base, form, opened, paint, onSaved }) {
  const before = edited(opened.compiled)
  const held = new Form(before, paint)
  const { languages, default_language: first } = opened.compiled
  let language = languages.includes(lang()) ? lang() : first
  const offered = [...new Set([...languages, ...OURS])]
  /** @type {Record<string, string>} */
  const adding = {}

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    const saved = await held.submit((values) => api.post(`${base}/versions`, {
      revision: form.revision, changes: { base: opened.number, ...changesOf(before, values) },
    }))
    if (saved !== undefined) await onSaved(saved)
  }

  /** @param {EditedItem[]} siblings @param {number} at @param {number} depth @returns {unknown} */
  function item(siblings, at, depth) {
    const one = siblings[at]
    if (UNSEEN.has(one.kind)) return nothing
    const id = `q-${one.path.join('-')}`
    const name = one.label[language] || one.label[first] || one.name
    return html`<li class="q-item"><div class="q-head">
        <p><span class="muted small">${tOr(`questionnaires.kind.${one.kind}`, one.kind)}</span> <code>${one.name}</code></p>
        ${arrows(siblings, at, name)}</div>
      ${textArea({ name: `${id}-label`, label: t('questionnaires.label_in', { language: languageName(language) }), rows: 2, required: true, value: one.label[language] ?? '', onInput: (text) => held.change(() => { one.label[language] = text }) })}
      ${one.items ? nothing : html`${textField({ name: `${id}-hint`, label: t('questionnaires.hint'), value: one.hint[language] ?? '', onInput: (text) => held.change(() => { one.hint[language] = text }) })}
        ${one.required === null ? nothing : checkField({ name: `${id}-required`, label: t('questionnaires.required'), checked: one.required, onInput: (on) => held.change(() => { one.required = on }) })}`}
      ${one.items ? html`<ol class="q-items">${one.items.map((_, index) => item(/** @type {EditedItem[]} */ (one.items), index, depth + 1))}</ol>` : nothing}
    </li>`
  }

  /** @param {unknown[]} list @param {number} at @param {string} name */
  function arrows(list, at, name) {
    return html`<div class="button-row">
      <button type="button" class="icon-button" ?disabled=${at === 0} aria-label=${t('questionnaires.up', { what: name })} @click=${() => held.change(() => move(list, at, -1))}>${icon('up')}</button>
      <button type="button" class="icon-button" ?disabled=${at === list.length - 1} aria-label=${t('questionnaires.down', { what: name })} @click=${() => held.change(() => move(list, at, 1))}>${icon('down')}</button></div>`
  }

  /** @param {string} list @param {EditedChoice[]} choices */
  function choiceList(list, choices) {
    return html`<details class="q-list"><summary>${t('questionnaires.list', { list })} <span class="muted">${choices.length}</span></summary>
      <ol class="q-items">${repeat(choices, (choice) => choice.name, (choice, at) => html`<li class="q-choice">
        ${textField({ name: `c-${list}-${choice.name}`, label: html`<code>${choice.name}</code>`, required: true, value: choice.label[language] ?? '', onInput: (text) => held.change(() => { choice.label[language] = text }) })}
        ${arrows(choices, at, choice.label[language] ?? choice.name)}
        <button type="button" class="icon-button" aria-label=${t('questionnaires.remove', { what: choice.label[language] ?? choice.name })} @click=${() => held.change(() => { choices.splice(at, 1) })}>${icon('trash')}</button>
      </li>`)}</ol>
      <div class="toolbar">${textField({ name: `add-${list}`, label: t('questionnaires.new_choice'), hint: t('questionnaires.new_choice_hint'), value: adding[list] ?? '', maxlength: 80, onInput: (text) => { adding[list] = text; paint() } })}
        <button type="button" class="button" ?disabled=${!isNewChoice(adding[list], choices)} @click=${() => add(list)}>${icon('plus')}${t('questionnaires.add')}</button></div>
    </details>`
  }

  /** @param {string} list */
  function add(list) {
    const name = adding[list].trim()
    adding[list] = ''
    held.change(({ lists }) => lists[list].push({ name, label: {}, added: true }))
    queueMicrotask(() => document.getElementById(`c-${list}-${name}`)?.focus())
  }

  return {
    template: () => html`<form class="stack" novalidate @submit=${save}>
      ${held.problem ? problemBanner(held.problem) : nothing}
      ${where(held.problem)}
      ${card({ title: t('questionnaires.texts'), lead: t('questionnaires.texts_lead'), body: html`<div class="form">
        <div class="form-grid">
          ${textField({ name: 'form-title', label: t('questionnaires.form_title'), required: true, maxlength: 200, value: held.values.title, onInput: (text) => held.set('title', text) })}
          ${selectField({ name: 'form-language', label: t('questionnaires.language'), required: true, value: language, options: offered.map((value) => ({ value, label: languageName(value) })), onInput: (value) => { language = value; paint() } })}
        </div>
        <ol class="q-items">${held.values.items.map((_, at) => item(held.values.items, at, 0))}</ol></div>` })}
      ${Object.keys(held.values.lists).length === 0 ? nothing : card({ title: t('questionnaires.choices'), lead: t('questionnaires.choices_lead'), body: html`<div class="stack-s">${Object.entries(held.values.lists).map(([list, choices]) => choiceList(list, choices))}</div>` })}
      <div class="q-save button-row"><button class="button button-primary" ?disabled=${held.busy || !held.dirty}>${t('questionnaires.save_version')}</button>
        <button type="button" class="button" ?disabled=${!held.dirty} @click=${() => held.revert()}>${t('questionnaires.revert')}</button></div>
    </form>`,
  }
}

/** What a refusal is about, where it names a list or a question. @param {import('../../core/problem.js').Problem | null} problem */
function where(problem) {
  const { field, reason } = problem?.details ?? {}
  if (typeof field !== 'string') return nothing
  return html`<p class="field-error"><code>${field}</code> ${tOr(`errors.reason.${reason}`, '')}</p>`
}

/** @param {string | undefined} typed @param {EditedChoice[]} choices */
function isNewChoice(typed, choices) {
  const name = typed?.trim() ?? ''
  return /^[^\s'"]{1,80}$/.test(name) && !choices.some((choice) => choice.name === name)
}
