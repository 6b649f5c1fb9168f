// @ts-check

/** The screen where a person says what the columns of a file mean. */

/** @import { Content } from '../../core/view.js' */
/** @import { Column, Inspection, Question, Upload, UploadField } from './contract.js' */
/** @import { Draft } from './mapping.js' */

import { formatDate } from '../../core/dates.js'
import { formatNumber, t, tn, tOr } from '../../core/i18n.js'
import { fieldError, radioField, selectField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, banner, card } from '../../core/ui/pieces.js'
import { html, live, nothing } from '../../core/view.js'
import * as model from './mapping.js'
import { previewTable } from './preview-view.js'
import { readingText } from './reading.js'
import { fieldName } from './words.js'

/**
 * @typedef {object} MappingFacts
 * @property {Upload} upload
 * @property {Inspection} inspection
 * @property {UploadField[]} fields
 * @property {Draft} draft
 * @property {boolean} busy
 * @property {boolean} tried  The reader has pressed the button: what is missing becomes an error.
 * @property {{ currency: string, locale: string }} money
 * @property {(draft: Draft) => void} onDraft
 * @property {() => void} onSend
 */

/** @param {MappingFacts} facts */
export function mappingView(facts) {
  const { inspection, draft } = facts
  const found = model.check(draft, inspection, facts.fields)
  const otherSheet = model.isOtherSheet(draft, inspection)
  return html`<form class="stack" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); facts.onSend() }}>
    ${inspection.remembered ? banner({ tone: 'good', title: t('uploads.remembered'), body: t('uploads.remembered_body') }) : nothing}
    ${inspection.problems.filter(isAboutFile).map((problem) => banner({ tone: 'warn', title: foundText(problem) }))}
    ${fileCard(facts)}
    ${otherSheet ? nothing : html`
      ${questionsCard(facts)}
      ${columnsCard(facts, found)}
      ${card({ title: t('uploads.preview'), lead: t('uploads.preview_lead'), tone: 'flush', body: previewTable(inspection, draft) })}`}
    ${footer(facts, found, otherSheet)}
  </form>`
}

/** Said elsewhere on the screen. */
const SAID = new Set(['rows.totals', 'rows.notes'])

/** @param {Inspection['problems'][number]} problem */
function isAboutFile({ code, details }) {
  return typeof details?.column !== 'number' && !SAID.has(code)
}

/** @param {Inspection['problems'][number]} problem */
function foundText({ code, details }) {
  return tOr(`intake.problem.${code}`, code, details)
}

/** @param {MappingFacts} facts */
function fileCard({ inspection, draft, busy, tried, onDraft }) {
  const parts = [
    tn('uploads.rows', inspection.rows),
    tn('uploads.columns', inspection.columns.length),
    inspection.encoding,
    inspection.delimiter ? t('uploads.delimiter', { mark: delimiterName(inspection.delimiter) }) : null,
    inspection.header_rows.length > 0 ? t('uploads.header_at', { row: inspection.header_rows.map((row) => row + 1).join(', ') }) : t('uploads.no_header'),
    inspection.totals_rows.length > 0 ? tn('uploads.totals_left_out', inspection.totals_rows.length, { rows: listOf(inspection.totals_rows) }) : null,
  ].filter((part) => part !== null)
  return card({
    title: t('uploads.understood'),
    body: html`<p class="read-facts">${parts.map((part) => html`<span>${part}</span>`)}</p>
      ${sheetField({ inspection, draft, busy, tried, onDraft })}`,
  })
}

/**
 * Which sheet of a workbook; asked outright when more than one could be meant.
 * @param {Pick<MappingFacts, 'inspection' | 'draft' | 'busy' | 'tried' | 'onDraft'>} facts
 */
function sheetField({ inspection, draft, busy, tried, onDraft }) {
  if (inspection.sheets.length < 2) return nothing
  const question = inspection.questions.find(({ kind }) => kind === 'sheet')
  const options = inspection.sheets.map((sheet) => ({ value: sheet, label: sheet }))
  /** @param {string} sheet */
  const pick = (sheet) => {
    if (sheet !== inspection.sheet) return onDraft(model.chooseSheet(draft, sheet))
    const own = model.isOtherSheet(draft, inspection) ? model.startDraft(inspection) : draft
    onDraft(question ? model.answer(own, question.id, sheet) : own)
  }
  if (question === undefined) {
    return selectField({ name: 'sheet', label: t('uploads.sheet'), hint: t('uploads.sheet_hint'), required: true, disabled: busy, value: draft.sheet ?? '', options, onInput: pick })
  }
  const chosen = model.isOtherSheet(draft, inspection) ? draft.sheet : draft.answers[question.id]
  return radioField({
    name: 'sheet', label: t('intake.question.sheet'), hint: t('uploads.sheet_hint'), disabled: busy, value: chosen ?? '', options,
    error: tried && chosen === undefined ? t('uploads.question_open') : undefined, onInput: pick,
  })
}

/** Row numbers as spreadsheet programs count them. @param {number[]} rows  From zero. */
function listOf(rows) {
  const shown = rows.slice(0, 5).map((row) => formatNumber(row + 1)).join(', ')
  return rows.length > 5 ? `${shown}…` : shown
}

/** @param {string} mark */
function delimiterName(mark) {
  return tOr(`uploads.delimiter_name.${{ ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }[mark] ?? ''}`, mark)
}

/** @param {MappingFacts} facts */
function questionsCard(facts) {
  const questions = model.openQuestions(facts.draft, facts.inspection, facts.fields).filter(({ kind }) => kind !== 'sheet')
  if (questions.length === 0) return nothing
  return card({
    id: 'questions', title: tn('uploads.questions', questions.length), lead: t('uploads.questions_lead'),
    body: html`<div class="stack">${questions.map((question) => questionField(question, facts))}</div>`,
  })
}

/** @param {Question} question @param {MappingFacts} facts */
function questionField(question, { inspection, draft, tried, busy, onDraft }) {
  const column = inspection.columns.find(({ index }) => index === question.column)
  const chosen = draft.answers[question.id]
  return radioField({
    name: `question-${question.id}`, disabled: busy,
    label: t(`intake.question.${question.kind}`, { column: column ? headerOf(column) : '' }),
    hint: column && column.samples.length > 0 ? t('uploads.question_samples', { samples: column.samples.slice(0, 3).join(' · ') }) : undefined,
    error: tried && chosen === undefined ? t('uploads.question_open') : undefined,
    value: chosen ?? '',
    options: question.choices.map((choice) => ({
      value: choice.value,
      label: html`${tOr(choice.label_key ?? '', choice.value)}${choice.value === question.suggested ? html` ${badge(t('uploads.usual'))}` : nothing}`,
      hint: choice.example ?? undefined,
    })),
    onInput: (value) => onDraft(model.answer(draft, question.id, value)),
  })
}

/** @param {MappingFacts} facts @param {ReturnType<typeof model.check>} found */
function columnsCard(facts, found) {
  const { inspection } = facts
  const unsure = model.doubtful(inspection).length
  return card({
    id: 'columns', tone: 'flush', title: t('uploads.columns_title'),
    lead: unsure > 0 ? tn('uploads.columns_unsure', unsure) : t('uploads.columns_lead'),
    body: html`<div class="columns" role="list">${inspection.columns.map((column) => columnRow(column, facts, found))}</div>`,
  })
}

/** @param {Column} column @param {MappingFacts} facts @param {ReturnType<typeof model.check>} found */
function columnRow(column, facts, found) {
  const { draft, inspection, busy, onDraft } = facts
  const field = draft.columns[column.index] ?? null
  const id = `column-${column.index}`
  const changed = field !== column.field
  const doubled = found.doubled.find(({ columns }) => columns.includes(column.index))
  const others = doubled?.columns.filter((index) => index !== column.index)
    .map((index) => headerOf(/** @type {Column} */ (inspection.columns.find((other) => other.index === index)))).join(', ')
  const answered = Object.fromEntries(inspection.questions
    .filter((question) => question.column === column.index && question.id in draft.answers)
    .map((question) => [question.kind, draft.answers[question.id]]))
  const reading = readingText(column, field, facts.money, answered)
  return html`<div class="column-row ${field === null ? 'is-left-out' : ''}" role="listitem">
    <div class="column-what">
      <label for=${id}><span class="column-letter" aria-hidden="true">${letters(column.index)}</span>${headerOf(column)}</label>
      <p class="column-samples">${column.kind === 'empty' || column.samples.length === 0
        ? html`<span class="muted">${t('uploads.column_empty')}</span>`
        : column.samples.slice(0, 4).map((sample) => html`<span>${sample}</span>`)}</p>
    </div>
    <div class="column-as">
      <select id=${id} ?disabled=${busy} aria-invalid=${doubled ? 'true' : nothing} aria-describedby="${id}-note"
        @change=${(/** @type {any} */ event) => onDraft(model.assign(draft, column.index, event.target.value || null))}>
        <option value="" .selected=${live(field === null)}>${t('uploads.leave_out')}</option>
        ${model.groupFields(facts.fields).map(({ group, fields }) => html`<optgroup label=${t(`uploads.group.${group}`)}>
          ${fields.map((option) => html`<option value=${option.field} .selected=${live(option.field === field)}>${fieldName(option.field)}</option>`)}
        </optgroup>`)}
      </select>
      <div class="column-note" id="${id}-note">
        ${fieldError(doubled ? t('uploads.doubled', { others: others ?? '' }) : '')}
        ${confidence(column, changed)}
        ${reading ? html`<span class="small muted">${reading}</span>` : nothing}
        ${field === null ? nothing : span(column, facts.money)}
        ${inspection.problems.filter(({ details }) => details?.column === column.index).map((problem) => html`<p class="column-problem">${icon('warning')}${foundText(problem)}</p>`)}
      </div>
    </div>
  </div>`
}

/**
 * What the column comes to, to be held against what the reader knows of the file.
 * @param {Column} column @param {MappingFacts['money']} money
 */
function span(column, { currency, locale }) {
  if (column.reading.because === 'asked') return nothing
  if (column.kind === 'money' && column.sum) return html`<span class="small muted">${t('uploads.column_sum', { sum: formatDecimal(column.sum, currency, locale) })}</span>`
  if (column.min && column.max) return html`<span class="small muted">${t('uploads.column_span', { from: formatDate(column.min, locale), to: formatDate(column.max, locale) })}</span>`
  return nothing
}

/** @param {string} decimal @param {string} currency @param {string} locale */
function formatDecimal(decimal, currency, locale) {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  return format.format(/** @type {Intl.StringNumericLiteral} */ (decimal))
}

/** @param {Column} column @param {boolean} changed @returns {Content} */
function confidence(column, changed) {
  if (changed) return badge(t('uploads.by_you'), 'brand')
  const word = model.confidenceWord(column)
  if (word === 'none') return nothing
  return badge(t(`uploads.confidence.${word}`), { sure: /** @type {const} */ ('good'), likely: /** @type {const} */ ('neutral'), unsure: /** @type {const} */ ('warn') }[word])
}

/** @param {Column} column */
function headerOf({ header, index }) {
  return header.trim() === '' ? t('uploads.column_nameless', { letter: letters(index) }) : header
}

/** A, B ... Z, AA, as spreadsheet programs name columns. @param {number} index */
function letters(index) {
  let name = ''
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) name = String.fromCharCode(65 + (rest % 26)) + name
  return name
}

/** @param {MappingFacts} facts @param {ReturnType<typeof model.check>} found @param {boolean} otherSheet */
function footer({ inspection, busy, tried }, found, otherSheet) {
  const todo = otherSheet ? [] : [
    ...found.missing.map((set) => t('uploads.missing', { fields: set.map(fieldName).join(` ${t('uploads.or')} `) })),
    ...found.doubled.map(({ field }) => t('uploads.doubled_field', { field: fieldName(field) })),
    ...(found.unanswered.length > 0 ? [tn('uploads.unanswered', found.unanswered.length)] : []),
  ]
  return html`<div class="sticky-foot">
    <div class="grow" role="status">${todo.length > 0
      ? html`<ul class="todo ${tried ? 'todo-bad' : ''}">${todo.map((line) => html`<li>${icon('warning')}<span>${line}</span></li>`)}</ul>`
      : html`<p class="muted">${otherSheet ? t('uploads.will_read_sheet') : t('uploads.will_check', { rows: formatNumber(inspection.rows) })}</p>`}</div>
    <button class="button button-primary button-large" ?disabled=${busy}>${otherSheet ? t('uploads.read_sheet') : t('uploads.check_file')}</button>
  </div>`
}
