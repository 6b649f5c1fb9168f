// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as mapping from '../../src/panel/uploads/mapping.js'

const FIELDS = [
  { field: 'debtor_id', required: false, kind: 'id', one_of: 'debtor' },
  { field: 'name', required: false, kind: 'text', one_of: 'debtor' },
  { field: 'due_on', required: true, kind: 'date' },
  { field: 'amount', required: true, kind: 'money' },
  { field: 'phone', required: false, kind: 'phone' },
  { field: 'shoe_size', required: false, kind: 'number' },
]

function column(index, field, confidence = 0.9) {
  return { index, header: `H${index}`, samples: [], kind: 'text', field, confidence, reading: {}, distinct: 1, empty: 0 }
}

function inspectionOf(...fields) {
  return {
    encoding: 'utf-8', delimiter: ',', sheet: 'Hoja1', sheets: ['Hoja1', 'Hoja2'], header_rows: [2],
    first_data_row: 3, rows: 10, shape: 'x', columns: fields.map((field, i) => column(i, field)),
    questions: [], preview: [], problems: [], totals_rows: [], remembered: false,
  }
}

test('starts from the guess, and from a remembered mapping where there is one', () => {
  const inspection = inspectionOf('name', 'due_on', null)

  assert.deepEqual(mapping.startDraft(inspection).columns, { 0: 'name', 1: 'due_on', 2: null })
  const remembered = { columns: { 0: 'name', 1: null, 2: 'amount' }, answers: { q1: 'dmy' }, sheet: 'Hoja1', header_rows: [2] }
  const draft = mapping.startDraft(inspection, remembered)
  assert.deepEqual(draft.columns, { 0: 'name', 1: null, 2: 'amount' })
  assert.deepEqual(draft.answers, { q1: 'dmy' })
})

test('a correction leaves the draft before it as it was', () => {
  const before = mapping.startDraft(inspectionOf('name', null))
  const after = mapping.assign(before, 1, 'amount')

  assert.equal(before.columns[1], null)
  assert.equal(after.columns[1], 'amount')
})

test('names what is missing, and takes one of a set for all of it', () => {
  const inspection = inspectionOf('debtor_id', 'amount', null)

  const found = mapping.check(mapping.startDraft(inspection), inspection, FIELDS)

  assert.deepEqual(found.missing, [['due_on']])
  assert.equal(found.ready, false)
  const nobody = mapping.check(mapping.startDraft(inspectionOf(null, 'amount', 'due_on')), inspection, FIELDS)
  assert.deepEqual(nobody.missing, [['debtor_id', 'name']])
})

test('flags a field that two columns claim', () => {
  const inspection = inspectionOf('name', 'amount', 'due_on', 'amount')

  const found = mapping.check(mapping.startDraft(inspection), inspection, FIELDS)

  assert.deepEqual(found.doubled, [{ field: 'amount', columns: [1, 3] }])
  assert.equal(found.ready, false)
})

test('waits for every question about a column in use, and for no other', () => {
  const inspection = {
    ...inspectionOf('name', 'amount', 'due_on'),
    questions: [
      { id: 'q-date', column: 2, kind: 'date_order', choices: [] },
      { id: 'q-file', column: null, kind: 'sheet', choices: [] },
    ],
  }
  const draft = mapping.startDraft(inspection)

  assert.deepEqual(mapping.check(draft, inspection, FIELDS).unanswered, ['q-date', 'q-file'])
  const answered = mapping.answer(draft, 'q-file', 'Hoja1')
  assert.deepEqual(mapping.check(answered, inspection, FIELDS).unanswered, ['q-date'])
  for (const left of [mapping.assign(answered, 2, null), mapping.assign(answered, 2, 'phone')]) {
    assert.deepEqual(mapping.check(left, inspection, FIELDS).unanswered, [])
  }
})

test('sends only the answers that are still asked for', () => {
  const inspection = { ...inspectionOf('name', 'amount'), questions: [{ id: 'q', column: 1, kind: 'decimal_mark', choices: [] }] }
  const draft = mapping.answer(mapping.startDraft(inspection), 'q', ',')

  assert.deepEqual(mapping.toMapping(draft, inspection, FIELDS), {
    columns: { 0: 'name', 1: 'amount' }, answers: { q: ',' }, sheet: 'Hoja1', header_rows: [2],
  })
  assert.deepEqual(mapping.toMapping(mapping.assign(draft, 1, null), inspection, FIELDS).answers, {})
})

test('another sheet forgets what was decided about this one', () => {
  const inspection = inspectionOf('name', 'amount')
  const draft = mapping.chooseSheet(mapping.startDraft(inspection), 'Hoja2')

  assert.equal(mapping.isOtherSheet(draft, inspection), true)
  assert.deepEqual(mapping.toMapping(draft, inspection, FIELDS), { columns: {}, answers: {}, sheet: 'Hoja2' })
})

test('groups fields by what they describe and loses none it has not heard of', () => {
  const groups = mapping.groupFields(FIELDS)

  assert.deepEqual(groups.map(({ group }) => group), ['debtor', 'debt', 'amounts', 'contact', 'other'])
  assert.equal(groups.flatMap(({ fields }) => fields).length, FIELDS.length)
})

test('says how sure a guess is in words', () => {
  const words = [[null, 0], ['name', 0.95], ['name', 0.7], ['name', 0.3]].map(
    ([field, confidence]) => mapping.confidenceWord({ field, confidence }),
  )
  assert.deepEqual(words, ['none', 'sure', 'likely', 'unsure'])
})
