// @ts-check

/**
 * What each column of a file means: the reader's guess, corrected by a person.
 *
 * A draft is never changed in place; each correction makes a new one, so that the page can
 * compare it with the guess and take it back.
 */

/** @import { Inspection, Mapping, UploadField } from './contract.js' */

/**
 * @typedef {object} Draft
 * @property {Record<number, string | null>} columns  Field by column index; null: left out.
 * @property {Record<string, string>} answers  Chosen value by question id.
 * @property {string | null} sheet
 */

/** Fields by what they describe, in the order a person reads a row. */
const GROUPS = /** @type {const} */ ({
  debtor: ['debtor_id', 'name', 'tax_id', 'party'],
  debt: ['debt_id', 'product', 'issued_on', 'due_on', 'document', 'charged_off', 'charged_off_on'],
  amounts: ['amount', 'balance', 'principal', 'interest', 'fees', 'charged_off_amount'],
  instalment: ['instalment_number', 'instalment_due_on', 'instalment_amount'],
  payment: ['payment_amount', 'paid_on', 'payment_reference', 'payment_method'],
  contact: ['phone', 'phone2', 'phone3', 'email', 'email2'],
  address: ['address', 'city', 'region', 'postal_code', 'lat', 'lng'],
  other: ['tags', 'note'],
})

/**
 * @param {UploadField[]} fields  What this kind of upload knows.
 * @returns {{ group: string, fields: UploadField[] }[]}  Groups without fields are left out; a
 *   field this page has not heard of is in `other` rather than lost.
 */
export function groupFields(fields) {
  const grouped = new Set(/** @type {string[]} */ (Object.values(GROUPS).flat()))
  const byName = new Map(fields.map((field) => [field.field, field]))
  return Object.entries(GROUPS).flatMap(([group, names]) => {
    const members = names.flatMap((name) => byName.get(name) ?? [])
    if (group === 'other') members.push(...fields.filter(({ field }) => !grouped.has(field)))
    return members.length === 0 ? [] : [{ group, fields: members }]
  })
}

/**
 * @param {Inspection} inspection
 * @param {Mapping | null} [mapping]  One already in force or remembered; it wins over the guess.
 * @returns {Draft}
 */
export function startDraft(inspection, mapping = null) {
  const columns = Object.fromEntries(inspection.columns.map((column) => [
    column.index,
    mapping?.columns[column.index] !== undefined ? mapping.columns[column.index] : column.field,
  ]))
  return { columns, answers: { ...mapping?.answers }, sheet: mapping?.sheet ?? inspection.sheet }
}

/** @param {Draft} draft @param {number} index @param {string | null} field @returns {Draft} */
export function assign(draft, index, field) {
  return { ...draft, columns: { ...draft.columns, [index]: field } }
}

/** @param {Draft} draft @param {string} question @param {string} value @returns {Draft} */
export function answer(draft, question, value) {
  return { ...draft, answers: { ...draft.answers, [question]: value } }
}

/**
 * Another sheet is another file: nothing decided about this one's columns holds for it.
 * @param {Draft} draft
 * @param {string} sheet
 * @returns {Draft}
 */
export function chooseSheet(draft, sheet) {
  return { columns: {}, answers: {}, sheet }
}

/** @param {Draft} draft @param {Inspection} inspection */
export function isOtherSheet(draft, inspection) {
  return draft.sheet !== null && inspection.sheet !== null && draft.sheet !== inspection.sheet
}

/** Kinds of fields that the answer to a kind of question changes. */
const CONCERNS = /** @type {Record<string, string[]>} */ ({
  date_order: ['date'],
  decimal_mark: ['money', 'number', 'coordinate'],
  integer_thousands: ['money'],
})

/**
 * The questions that still matter: how dates are written is moot for a column left out, or one
 * that is read as something else.
 * @param {Draft} draft
 * @param {Inspection} inspection
 * @param {UploadField[]} fields
 */
export function openQuestions(draft, inspection, fields) {
  return inspection.questions.filter(({ column, kind }) => {
    if (column === null || column === undefined) return true
    const field = draft.columns[column]
    if (field === null || field === undefined) return false
    const fieldKind = fields.find((known) => known.field === field)?.kind
    return fieldKind === undefined || (CONCERNS[kind]?.includes(fieldKind) ?? true)
  })
}

/**
 * What keeps the draft from being used.
 *
 * @param {Draft} draft
 * @param {Inspection} inspection
 * @param {UploadField[]} fields
 * @returns {{
 *   missing: string[][],
 *   doubled: { field: string, columns: number[] }[],
 *   unanswered: string[],
 *   ready: boolean,
 * }}  `missing`: each entry is a set of fields of which one is needed.
 */
export function check(draft, inspection, fields) {
  const used = Object.values(draft.columns).filter((field) => field !== null)
  const missing = neededSets(fields).filter((set) => !set.some((field) => used.includes(field)))
  const doubled = [...new Set(used)].flatMap((field) => {
    const columns = columnsOf(draft, field)
    return columns.length > 1 ? [{ field, columns }] : []
  })
  const unanswered = openQuestions(draft, inspection, fields)
    .filter(({ id }) => draft.answers[id] === undefined)
    .map(({ id }) => id)
  return {
    missing, doubled, unanswered,
    ready: missing.length === 0 && doubled.length === 0 && unanswered.length === 0,
  }
}

/**
 * Fields that are needed by themselves, and sets of which any one will do.
 * @param {UploadField[]} fields
 */
function neededSets(fields) {
  const alone = fields.filter(({ required }) => required === true).map(({ field }) => [field])
  /** @type {Map<string, string[]>} */
  const sets = new Map()
  for (const { field, one_of: set } of fields) {
    if (set) sets.set(set, [...(sets.get(set) ?? []), field])
  }
  return [...alone, ...sets.values()]
}

/** @param {Draft} draft @param {string} field */
export function columnsOf(draft, field) {
  return Object.keys(draft.columns).map(Number).filter((index) => draft.columns[index] === field)
}

/** @param {Draft} draft @param {Inspection} inspection @param {UploadField[]} fields @returns {Mapping} */
export function toMapping(draft, inspection, fields) {
  const asked = new Set(openQuestions(draft, inspection, fields).map(({ id }) => id))
  if (isOtherSheet(draft, inspection)) return { columns: {}, answers: {}, sheet: draft.sheet }
  return {
    columns: draft.columns,
    answers: Object.fromEntries(Object.entries(draft.answers).filter(([id]) => asked.has(id))),
    sheet: draft.sheet,
    header_rows: inspection.header_rows,
  }
}

/**
 * How sure the reader is, as a word rather than a number nobody can act on.
 * @param {{ field: string | null, confidence: number }} column
 * @returns {'sure' | 'likely' | 'unsure' | 'none'}
 */
export function confidenceWord({ field, confidence }) {
  if (field === null) return 'none'
  if (confidence >= 0.85) return 'sure'
  return confidence >= 0.6 ? 'likely' : 'unsure'
}

/** Columns whose guess deserves a look. @param {Inspection} inspection */
export function doubtful(inspection) {
  return inspection.columns.filter((column) => confidenceWord(column) === 'unsure')
}
