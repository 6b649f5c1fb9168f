// @ts-check

/** A dialog that finds a case by what is known of it, and does something with the chosen one. */

/** @import { Api } from '../core/api.js' */
/** @import { Problem } from '../core/problem.js' */
/** @import { CaseRow } from './cases/contract.js' */

import { t } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { openDialog } from '../core/ui/dialog.js'
import { textField } from '../core/ui/fields.js'
import { problemBanner } from '../core/ui/pieces.js'
import { html, live, nothing } from '../core/view.js'

/**
 * @template T
 * @param {object} facts
 * @param {Api} facts.api
 * @param {string} facts.portfolioId
 * @param {string} facts.title
 * @param {string} facts.texts  Where its words are: `find_case`, `search`, `none_found`, `which_case`.
 * @param {string} facts.lead  What the finding is for.
 * @param {string} facts.action  What the button says.
 * @param {(caseId: string) => Promise<T>} facts.act
 * @param {string} [facts.chosen]  The case that is taken when none is looked for.
 * @param {(row: CaseRow) => string} facts.about  What tells namesakes apart.
 * @param {() => any} [facts.more]  Further fields.
 * @returns {Promise<T | undefined>}  What *act* gave; undefined when dismissed.
 */
export function findCaseDialog({ api, portfolioId, title, texts, lead, action, act, chosen = '', about, more }) {
  let words = ''
  /** @type {CaseRow[] | null} */
  let found = null
  /** @type {Problem | null} */
  let problem = null
  let busy = false
  return openDialog({
    title,
    body: (handle) => {
      /** @param {() => Promise<void>} work */
      const run = async (work) => {
        busy = true
        problem = null
        handle.update()
        try {
          await work()
        } catch (error) {
          problem = asProblem(error)
        }
        busy = false
        handle.update()
      }
      const search = () => run(async () => {
        const answer = await api.get(`/portfolios/${portfolioId}/cases`, { query: { q: words, limit: 10 } })
        found = answer.items
        chosen = found?.[0]?.case_id ?? ''
      })
      const done = () => run(async () => { handle.close(await act(chosen)) })
      return html`<form class="dialog-body" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void search() }}>
        <p>${lead}</p>
        ${textField({ name: 'words', label: t(`${texts}.find_case`), value: words, required: true, autofocus: true, onInput: (value) => { words = value } })}
        <button type="submit" class="button" ?disabled=${busy}>${t(`${texts}.search`)}</button>
        ${problem ? problemBanner(problem) : nothing}
        ${found === null ? nothing : results(found, handle.update)}
        ${more ? more() : nothing}
      </form>
      <div class="dialog-foot">
        <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
        <button type="button" class="button button-primary" ?disabled=${busy || chosen === ''} @click=${done}>${action}</button>
      </div>`
    },
  })

  /** @param {CaseRow[]} rows @param {() => void} update */
  function results(rows, update) {
    if (rows.length === 0) return html`<p role="status">${t(`${texts}.none_found`)}</p>`
    return html`<fieldset class="field field-radio"><legend>${t(`${texts}.which_case`)}</legend>
      <div class="radio-cards">${rows.map((row) => html`<label class="radio-card"><input type="radio" name="case" value=${row.case_id}
        .checked=${live(row.case_id === chosen)} @change=${() => { chosen = row.case_id; update() }}><span>${row.name || t('common.nameless')}<small>${about(row)}</small></span></label>`)}</div>
    </fieldset>`
  }
}
