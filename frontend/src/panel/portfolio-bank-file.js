// @ts-check

/** A bank's file of what came in: sent in one go, read again from where time ran out. */

import { formatNumber, t, tOr } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { selectField } from '../core/ui/fields.js'
import { banner, problemBanner } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'

/** @import { BankFileQuestion, BankFileReport } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

const OUTCOMES = ['posted', 'known', 'unmatched', 'ignored']

/** @type {File | null} */
let file = null
/** @type {BankFileReport | null} */
let report = null
/** @type {BankFileQuestion[]} */
let questions = []
/** @type {Record<string, string>} */
let answers = {}
/** @type {import('../core/problem.js').Problem | null} */
let problem = null
let busy = false

/** @param {Editor} editor */
export function bankFile(editor) {
  /** @param {any} event */
  const pick = (event) => {
    file = event.target.files[0] ?? null
    report = problem = null
    questions = []
    answers = {}
    editor.paint()
  }
  return html`<h3>${t('portfolios.bank_file')}</h3><p class="hint">${t('portfolios.bank_file_hint')}</p>
    ${problem ? problemBanner(problem) : nothing}
    <div class="field"><label for="bank-file">${t('portfolios.bank_file_pick')}</label>
      <input id="bank-file" type="file" accept=".csv,.txt,.tsv,.xlsx,.xls,.ods" ?disabled=${busy} @change=${pick}></div>
    ${questions.map((question) => selectField({
      name: `bank-${question.id}`, label: t(`portfolios.bank_question.${question.kind}`), required: true, value: answers[question.id] ?? question.suggested ?? '',
      options: question.choices.map(({ value, example }) => ({ value, label: example ? `${tOr(`portfolios.bank_choice.${value}`, value)} (${example})` : tOr(`portfolios.bank_choice.${value}`, value) })),
      onInput: (value) => { answers[question.id] = value; editor.paint() },
    }))}
    <button type="button" class="button button-small" ?disabled=${file === null || busy} @click=${() => send(editor)}>${busy ? t('portfolios.bank_file_reading') : t('portfolios.bank_file_send')}</button>
    <div role="status">${report === null ? nothing : told(report)}</div>`
}

/** @param {BankFileReport} done */
function told(done) {
  const lines = OUTCOMES.filter((name) => (done.outcomes[name] ?? 0) > 0)
  return banner({
    tone: done.rejected > 0 || done.outcomes.unmatched ? 'warn' : 'good',
    title: t('portfolios.bank_file_done', { rows: formatNumber(done.rows) }),
    body: html`<ul>${lines.map((name) => html`<li>${t(`portfolios.bank_outcome.${name}`, { n: formatNumber(done.outcomes[name]) })}</li>`)}
      ${done.rejects.map(({ row, text }) => html`<li>${t('portfolios.bank_reject', { row: formatNumber(row), why: text })}</li>`)}</ul>`,
  })
}

/** @param {Editor} editor */
async function send(editor) {
  if (file === null) return
  for (const { id, suggested } of questions) answers[id] ??= suggested ?? ''
  busy = true
  problem = null
  editor.paint()
  try {
    const content = await inBase64(file)
    /** @type {BankFileReport} */
    const sum = { rows: 0, outcomes: {}, rejects: [], rejected: 0, next_row: 0, questions: [] }
    while (sum.next_row !== null) {
      /** @type {BankFileReport} */
      const part = await editor.api.post(`/portfolios/${editor.form.values.portfolio_id}/bank-files`, {
        filename: file.name, content, answers, from_row: sum.next_row,
      })
      questions = part.questions
      if (questions.length > 0) break
      sum.rows += part.rows
      sum.rejected += part.rejected
      sum.rejects.push(...part.rejects)
      for (const [name, number] of Object.entries(part.outcomes)) sum.outcomes[name] = (sum.outcomes[name] ?? 0) + number
      sum.next_row = part.next_row
    }
    report = questions.length > 0 ? null : sum
  } catch (error) {
    problem = asProblem(error)
  }
  busy = false
  editor.paint()
}

/** @param {File} chosen @returns {Promise<string>} */
function inBase64(chosen) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result).split(',', 2)[1] ?? ''))
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(chosen)
  })
}
