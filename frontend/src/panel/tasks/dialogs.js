// @ts-check

/** What is asked before a task is done, put off, given to somebody, or made by hand. */

/** @import { Api } from '../../core/api.js' */
/** @import { Form } from '../../core/form.js' */
/** @import { Colleague, Task, TaskChange } from './contract.js' */

import { addDays } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { selectField, textArea, textField } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { html, nothing } from '../../core/view.js'
import { BY_HAND, kindText } from './words.js'

const MOST_WORDS = 500
const FURTHEST_DAYS = 366
/** Days that are asked for often. */
const AHEAD = [1, 3, 7]

/**
 * @typedef {object} Scene
 * @property {Api} api
 * @property {string} caseId
 * @property {string} portfolioId
 * @property {string} today  Of the portfolio.
 */

/**
 * @param {Scene} scene
 * @param {Task} task
 * @param {TaskChange} change
 * @returns {Promise<any>}  The page of the case.
 */
export function changeTask({ api, caseId }, task, change) {
  return api.patch(`/cases/${encodeURIComponent(caseId)}/tasks/${encodeURIComponent(task.task_id)}`, change)
}

/** What was done, in a few words. @param {Scene} scene @param {Task} task */
export function doneDialog(scene, task) {
  return openForm({
    title: t('tasks.done_title'), submit: t('tasks.do'), values: { outcome: '' },
    fields: (form) => html`${task.text ? html`<p class="muted">${task.text}</p>` : nothing}
      ${textArea({ name: 'outcome', label: t('tasks.outcome'), hint: t('tasks.outcome_hint'), rows: 3, maxlength: MOST_WORDS, value: form.values.outcome, error: form.errors.outcome, onInput: (outcome) => form.set('outcome', outcome) })}`,
    send: ({ outcome }) => changeTask(scene, task, { state: 'done', outcome: outcome.trim() }),
  })
}

/** @param {Scene} scene @param {Task} task */
export function putOffDialog(scene, task) {
  return openForm({
    title: t('tasks.put_off_title'), submit: t('tasks.put_off'), values: { due_on: addDays(scene.today, 1) },
    fields: (form, send) => html`
      <div class="button-row">${AHEAD.map((days) => html`<button type="button" class="button" @click=${() => { form.set('due_on', addDays(scene.today, days)); send() }}>${t(`tasks.ahead.${days}`)}</button>`)}</div>
      ${dayField(form, scene.today)}`,
    send: ({ due_on }) => changeTask(scene, task, { due_on }),
    check: ({ due_on }) => ({ due_on: wrongDay(due_on, scene.today) }),
  })
}

/** @param {Scene} scene @param {Task} task */
export async function giveDialog(scene, task) {
  const people = await colleagues(scene)
  return openForm({
    title: t('tasks.give_title'), submit: t('tasks.give'), values: { owner: task.owner?.id ?? '' },
    fields: (form) => personField(form, people),
    send: ({ owner }) => changeTask(scene, task, { owner }),
  })
}

/** A task by hand: what, who, when. @param {Scene} scene */
export async function newDialog(scene) {
  const people = await colleagues(scene)
  return openForm({
    title: t('tasks.new'), submit: t('tasks.new_confirm'), values: { text: '', kind: 'other', owner: '', due_on: scene.today },
    fields: (form) => html`
      ${textArea({ name: 'text', label: t('tasks.text'), required: true, rows: 2, maxlength: MOST_WORDS, value: form.values.text, error: form.errors.text, onInput: (text) => form.set('text', text) })}
      <div class="form-grid">
        ${selectField({ name: 'kind', label: t('tasks.what'), required: true, value: form.values.kind, options: BY_HAND.map((value) => ({ value, label: kindText(value) })), onInput: (kind) => form.set('kind', kind) })}
        ${dayField(form, scene.today)}
      </div>
      ${personField(form, people)}`,
    send: (values, key) => scene.api.post(`/cases/${encodeURIComponent(scene.caseId)}/tasks`, { ...values, text: values.text.trim() }, { key }),
    check: ({ text, due_on }) => ({ text: text.trim() === '' ? t('tasks.text_missing') : null, due_on: wrongDay(due_on, scene.today) }),
  })
}

/** @param {Scene} scene @returns {Promise<Colleague[]>} */
async function colleagues({ api, portfolioId }) {
  return (await api.get(`/portfolios/${encodeURIComponent(portfolioId)}/colleagues`)).items
}

/** @param {Form<any>} form @param {string} today */
function dayField(form, today) {
  return textField({ name: 'due_on', type: 'date', label: t('tasks.due'), required: true, min: today, max: addDays(today, FURTHEST_DAYS), value: form.values.due_on, error: form.errors.due_on, onInput: (day) => form.set('due_on', day) })
}

/** @param {Form<any>} form @param {Colleague[]} people */
function personField(form, people) {
  const options = [{ value: '', label: t('tasks.whoever') }, ...people.map(({ person_id: value, name }) => ({ value, label: name }))]
  return selectField({ name: 'owner', label: t('tasks.owner'), required: true, value: form.values.owner, options, onInput: (owner) => form.set('owner', owner) })
}

/** @param {string} day @param {string} today */
function wrongDay(day, today) {
  return day === '' || day < today || day > addDays(today, FURTHEST_DAYS) ? t('tasks.day_wrong') : null
}
