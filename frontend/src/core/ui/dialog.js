// @ts-check

/** Modal dialogs on the browser's own `<dialog>`: focus is kept inside and given back. */

import { t } from '../i18n.js'
import { asProblem } from '../problem.js'
import { html, mountView, nothing } from '../view.js'
import { icon } from './icons.js'
import { problemBanner } from './pieces.js'
import { giveToasts } from './toast.js'

/** @import { Content } from '../view.js' */
/** @typedef {{ close: (result?: any) => void, update: () => void }} DialogHandle */

let dialogs = 0

/**
 * Show a dialog until it is closed.
 *
 * @param {object} facts
 * @param {string} facts.title
 * @param {(handle: DialogHandle) => Content} facts.body  Painted again on `handle.update()`.
 * @param {'small' | 'wide'} [facts.size]
 * @returns {Promise<any>}  What `close` was given; undefined when it was dismissed.
 */
export function openDialog({ title, body, size = 'small' }) {
  const dialog = document.createElement('dialog')
  const id = `dialog-${++dialogs}`
  dialog.className = `dialog dialog-${size}`
  dialog.setAttribute('aria-labelledby', id)
  document.body.append(dialog)

  /** @type {any} */
  let result
  const handle = {
    /** @param {any} [value] */
    close: (value) => {
      result = value
      dialog.close()
    },
    update: () => view.update(),
  }
  let template = () => /** @type {Content} */ (nothing)
  const view = mountView(dialog, () => template())
  template = () => html`<div class="dialog-box">
    <div class="dialog-head">
      <h2 id=${id}>${title}</h2>
      <button type="button" class="icon-button" aria-label=${t('common.close')} @click=${() => handle.close()}>${icon('close')}</button>
    </div>
    ${body(handle)}
  </div>`
  view.now()
  giveToasts(dialog)
  dialog.showModal()
  const first = /** @type {HTMLElement | null} */ (dialog.querySelector('[autofocus], input, select, textarea'))
  first?.focus()

  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(result)
    })
  })
}

/**
 * Ask before something that cannot simply be taken back. When `work` is given it runs while the
 * dialog stays open, and a refusal is shown there.
 *
 * @param {object} facts
 * @param {string} facts.title
 * @param {Content} facts.body  What will happen, in full sentences.
 * @param {string} facts.confirm  The verb on the button, never "OK".
 * @param {boolean} [facts.danger]
 * @param {() => Promise<unknown>} [facts.work]
 * @returns {Promise<boolean>}
 */
export async function confirmDialog({ title, body, confirm, danger = false, work }) {
  /** @type {import('../problem.js').Problem | null} */
  let problem = null
  let busy = false
  const answer = await openDialog({
    title,
    body: (handle) => {
      const agree = async () => {
        if (work === undefined) return handle.close(true)
        busy = true
        problem = null
        handle.update()
        try {
          await work()
          handle.close(true)
        } catch (error) {
          problem = asProblem(error)
          busy = false
          handle.update()
        }
      }
      return html`<div class="dialog-body">${body}</div>
        ${problem ? problemBanner(problem) : nothing}
        <div class="dialog-foot">
          <button type="button" class="button" autofocus @click=${() => handle.close(false)}>${t('common.cancel')}</button>
          <button type="button" class="button ${danger ? 'button-danger' : 'button-primary'}" ?disabled=${busy} @click=${agree}>${confirm}</button>
        </div>`
    },
  })
  return answer === true
}
