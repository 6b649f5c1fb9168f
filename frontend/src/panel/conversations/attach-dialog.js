// @ts-check

/** Says whose an unknown number is: find the case, say who has the phone. */

/** @import { Api } from '../../core/api.js' */
/** @import { CaseRow } from '../cases/contract.js' */
/** @import { Conversation, Party } from './contract.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, live, nothing } from '../../core/view.js'

/** @type {Party[]} */
const PARTIES = ['debtor', 'codebtor', 'guarantor', 'family', 'reference', 'other']

/**
 * @param {{ api: Api, one: Conversation, portfolioId: string }} facts
 * @returns {Promise<any>}  The conversation's page, attached; undefined when dismissed.
 */
export function attachDialog({ api, one, portfolioId }) {
  let words = ''
  let chosen = ''
  /** @type {Party} */
  let party = 'debtor'
  /** @type {CaseRow[] | null} */
  let found = null
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  let busy = false
  return openDialog({
    title: t('conversations.attach_title'),
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
      const attach = () => run(async () => {
        const body = { case_id: chosen, party }
        handle.close(await api.post(`/conversations/${one.conversation_id}/attachment`, body))
      })
      return html`<form class="dialog-body" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void search() }}>
        <p>${t('conversations.attach_lead')}</p>
        ${textField({ name: 'words', label: t('conversations.find_case'), value: words, required: true, autofocus: true, onInput: (value) => { words = value } })}
        <button type="submit" class="button" ?disabled=${busy}>${t('conversations.search')}</button>
        ${problem ? problemBanner(problem) : nothing}
        ${found === null ? nothing : results()}
        ${selectField({ name: 'party', label: t('conversations.party'), value: party, required: true, onInput: (value) => { party = /** @type {Party} */ (value) }, options: PARTIES.map((value) => ({ value, label: t(`conversations.party.${value}`) })) })}
      </form>
      <div class="dialog-foot">
        <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
        <button type="button" class="button button-primary" ?disabled=${busy || chosen === ''} @click=${attach}>${t('conversations.attach')}</button>
      </div>`

      function results() {
        if (found === null || found.length === 0) return html`<p role="status">${t('conversations.none_found')}</p>`
        return html`<fieldset class="field field-radio"><legend>${t('conversations.which_case')}</legend>
          <div class="radio-cards">${found.map((row) => html`<label class="radio-card"><input type="radio" name="case" value=${row.case_id}
            .checked=${live(row.case_id === chosen)} @change=${() => { chosen = row.case_id; handle.update() }}><span>${row.name}<small>${row.tax_id}</small></span></label>`)}</div>
        </fieldset>`
      }
    },
  })
}
