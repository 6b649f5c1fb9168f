// @ts-check

/** Erases what was said, for somebody who asked for it: says what goes and what stays, asks why. */

/** @import { Api } from '../../core/api.js' */
/** @import { Conversation } from './contract.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/**
 * @param {{ api: Api, one: Conversation }} facts
 * @returns {Promise<boolean>}  Whether it was erased.
 */
export async function eraseDialog({ api, one }) {
  let reason = ''
  let busy = false
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  const answer = await openDialog({
    title: t('conversations.erase_title'),
    body: (handle) => {
      /** @param {Event} event */
      const erase = async (event) => {
        event.preventDefault()
        busy = true
        problem = null
        handle.update()
        try {
          await api.post(`/conversations/${one.conversation_id}/erasure`, { reason })
          return handle.close(true)
        } catch (error) {
          problem = asProblem(error)
        }
        busy = false
        handle.update()
      }
      return html`<form @submit=${erase}>
        <div class="dialog-body">
          <p>${t(one.case ? 'conversations.erase_known' : 'conversations.erase_unknown')}</p>
          <p><strong>${t('conversations.erase_final')}</strong></p>
          ${textField({ name: 'reason', label: t('conversations.erase_reason'), hint: t('conversations.erase_reason_hint'), value: reason, required: true, maxlength: 200, autofocus: true, onInput: (value) => { reason = value; handle.update() } })}
          ${problem ? problemBanner(problem) : nothing}
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" @click=${() => handle.close(false)}>${t('common.cancel')}</button>
          <button type="submit" class="button button-danger" ?disabled=${busy || reason.trim() === ''}>${t('conversations.erase')}</button>
        </div>
      </form>`
    },
  })
  return answer === true
}
