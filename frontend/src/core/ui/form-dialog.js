// @ts-check

/** @import { Problem } from '../problem.js' */
/** @import { Content } from '../view.js' */
/** @import { DialogHandle } from './dialog.js' */

import { Form } from '../form.js'
import { t } from '../i18n.js'
import { html, nothing } from '../view.js'
import { openDialog } from './dialog.js'
import { problemBanner } from './pieces.js'

/**
 * A form in a dialog: sent once, refused beside the field it is about, closed when it worked.
 *
 * @template {Record<string, any>} Values
 * @param {object} facts
 * @param {string} facts.title
 * @param {string} facts.submit  The verb on the button.
 * @param {boolean} [facts.danger]
 * @param {Values} facts.values
 * @param {(values: Values) => Record<string, string | null | undefined>} [facts.check]
 * @param {(values: Values, key: string) => Promise<any>} facts.send
 * @param {(form: Form<Values>, send: () => void) => Content} facts.fields
 * @param {(problem: Problem, values: Values, handle: DialogHandle) => Content} [facts.refusal]  How one that is of no field is told.
 * @returns {Promise<any>}  What the API answered; undefined: nothing was done.
 */
export function openForm({ title, submit, danger = false, values, check, send, fields, refusal = (problem) => problemBanner(problem) }) {
  let paint = () => {}
  const form = new Form(values, () => paint())
  return openDialog({
    title,
    body: (handle) => {
      paint = handle.update
      const submitted = async () => {
        const answer = await form.submit(send, check)
        if (answer !== undefined) handle.close(answer)
      }
      return html`<form class="form" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void submitted() }}>
        ${form.problem ? refusal(form.problem, form.values, handle) : nothing}
        ${fields(form, () => void submitted())}
        <footer class="dialog-foot">
          <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button ${danger ? 'button-danger' : 'button-primary'}" ?disabled=${form.busy}>${submit}</button>
        </footer></form>`
    },
  })
}
