// @ts-check

/** The queue and the calls of a portfolio; what they are set by is loaded when it is asked for. */

/** @import { Editor } from './portfolio-editor.js' */
/** @import { CallSettingsView } from './calls/settings-view.js' */

import { loadLaterTexts, t } from '../core/i18n.js'
import { asProblem } from '../core/problem.js'
import { problemBanner } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'

/** Outlives paintings of the editor. */
const state = {
  shown: /** @type {CallSettingsView | null} */ (null),
  problem: /** @type {ReturnType<typeof asProblem> | null} */ (null),
  busy: false,
}

/** @param {Editor} editor */
export function callsSection(editor) {
  if (state.shown !== null) return state.shown.view()
  const { calls, queue } = editor.form.values.policies

  async function open() {
    Object.assign(state, { busy: true, problem: null })
    editor.paint()
    try {
      const [{ CallSettingsView: Made }] = await Promise.all([import('./calls/settings-view.js'), loadLaterTexts()])
      const made = new Made(editor)
      await made.read()
      state.shown = made
    } catch (error) {
      state.problem = asProblem(error)
    }
    state.busy = false
    editor.paint()
  }

  return html`${state.problem ? problemBanner(state.problem) : nothing}
    <p>${t('portfolios.calls.summary', { own: calls.results.length, hidden: calls.hidden.length, scripts: calls.scripts.length, weights: Object.keys(queue.weights).length })}</p>
    <div class="button-row"><button type="button" class="button" ?disabled=${state.busy} @click=${open}>${t('portfolios.calls.open')}</button></div>`
}

/** What keeps the settings from being saved, by field. @returns {Record<string, string>} */
export function callFaults() {
  return state.shown?.faults() ?? {}
}

/** The settings were saved: what they were before has grown. */
export function callsSaved() {
  void state.shown?.read()
}
