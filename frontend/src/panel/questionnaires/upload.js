// @ts-check

/** Send a spreadsheet; what has to be corrected is said beside its cell. */

/** @import { Api } from '../../core/api.js' */
/** @import { CellProblem, WholeForm } from './contract.js' */

import { newKey } from '../../core/api.js'
import { lang, t, tn } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { banner, problemBanner } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'

const MAX_BYTES = 3_000_000

/**
 * @param {{ api: Api, portfolioId: string, form: { form_id: string, revision: number } | null }} facts
 *   `form`: the questionnaire that it is a new version of; null makes a new one.
 * @returns {Promise<WholeForm | undefined>}  Undefined when nothing was made.
 */
export function sendFile({ api, portfolioId, form }) {
  /** @type {File[]} */
  let files = []
  let busy = false
  let key = newKey()
  /** @type {CellProblem[]} */
  let cells = []
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  /** @type {string} */
  let wrong = ''

  /** @param {import('../../core/ui/dialog.js').DialogHandle} handle */
  async function send(handle) {
    const sheets = files.filter((file) => /\.xlsx?$/i.test(file.name))
    const tables = files.filter((file) => /\.csv$/i.test(file.name))
    wrong = sheets.length !== 1 || sheets.length + tables.length < files.length ? t('questionnaires.one_sheet')
      : files.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES ? t('questionnaires.too_large') : ''
    if (wrong !== '') return handle.update()
    busy = true
    cells = []
    problem = null
    handle.update()
    try {
      const body = {
        filename: sheets[0].name,
        content: await base64(sheets[0]),
        tables: await Promise.all(tables.map(async (file) => ({ filename: file.name, content: await base64(file) }))),
      }
      const base = `/portfolios/${portfolioId}/forms`
      const made = form === null
        ? await api.post(base, body, { key })
        : await api.post(`${base}/${form.form_id}/versions`, { revision: form.revision, file: body }, { key })
      return handle.close(made)
    } catch (error) {
      const refused = asProblem(error)
      if (refused.code === 'form.refused') cells = /** @type {any} */ (refused.details).problems
      else problem = refused
      key = newKey()
    }
    busy = false
    handle.update()
    return undefined
  }

  return openDialog({
    title: form === null ? t('questionnaires.send') : t('questionnaires.send_version'),
    size: 'wide',
    body: (handle) => html`<div class="stack">
      <p>${t('questionnaires.send_body')}</p>
      <div class="field ${wrong ? 'field-bad' : ''}"><label for="sheet">${t('questionnaires.file')}</label>
        <input id="sheet" type="file" multiple accept=".xlsx,.xls,.csv" aria-describedby=${wrong ? 'sheet-error' : nothing} aria-invalid=${wrong ? 'true' : nothing}
          @change=${(/** @type {any} */ event) => {
            files = [...event.target.files]
            cells = []
            wrong = ''
            handle.update()
          }}>
        ${wrong ? html`<p class="field-error" id="sheet-error">${wrong}</p>` : nothing}</div>
      ${problem ? problemBanner(problem) : nothing}
      ${cells.length > 0 ? cellTable(cells) : nothing}
      <div class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
        <button type="button" class="button button-primary" ?disabled=${busy || files.length === 0} @click=${() => send(handle)}>${busy ? t('questionnaires.reading') : t('questionnaires.read')}</button></div>
    </div>`,
  })
}

/** @param {CellProblem[]} cells */
export function cellTable(cells) {
  return html`${banner({ tone: 'bad', title: tn('questionnaires.cells', cells.length), body: t('questionnaires.cells_body') })}
    ${cellRows(cells, t('questionnaires.cells_caption'))}`
}

/** What is said about cells, one a row. @param {CellProblem[]} cells @param {string} caption */
export function cellRows(cells, caption) {
  return dataTable({
    id: (one) => `${one.sheet}/${one.row}/${one.column}/${one.code}/${one.detail}`,
    caption,
    columns: [
      { key: 'where', label: t('questionnaires.cell'), head: true, cell: (one) => html`<strong>${cellName(one)}</strong>` },
      { key: 'question', label: t('questionnaires.question'), cell: (one) => (one.question ? html`<code>${one.question}</code>` : '') },
      { key: 'reason', label: t('questionnaires.reason'), cell: (one) => one.text[lang()] ?? one.code },
    ],
    rows: cells,
  })
}

/** @param {CellProblem} one */
function cellName({ sheet, row, column }) {
  const parts = [
    sheet && t('questionnaires.at_sheet', { sheet }),
    row && t('questionnaires.at_row', { row }),
    column && t('questionnaires.at_column', { column }),
  ]
  return parts.filter(Boolean).join(', ') || t('questionnaires.whole_file')
}

/** @param {Api} api @param {string} portfolioId */
export async function downloadStarter(api, portfolioId) {
  const { url } = await api.get(`/portfolios/${portfolioId}/form-starter`, { query: { language: lang() } })
  window.location.assign(url)
}

/** @param {File} file @returns {Promise<string>} */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
