// @ts-check

/** The call for help: held down, so that no pocket sends it; by keyboard it is held down too. */

import { t } from '../core/i18n.js'
import { html, nothing } from '../core/view.js'

/** @import { App } from './app.js' */

const HOLD_MS = 1500

let holding = false
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer

/** @param {App} app */
export function sosButton(app) {
  const press = () => {
    if (holding) return
    holding = true
    app.paint()
    timer = setTimeout(() => {
      release()
      navigator.vibrate?.(200)
      void app.alarm()
    }, HOLD_MS)
  }
  const release = () => {
    clearTimeout(timer)
    if (!holding) return
    holding = false
    app.paint()
  }
  /** @param {KeyboardEvent} event @param {() => void} act */
  const byKey = (event, act) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    act()
  }
  return html`<button type="button" class="sos ${holding ? 'is-held' : ''}" aria-label=${t('field.sos_label')} title=${t('field.sos_label')}
    @pointerdown=${press} @pointerup=${release} @pointerleave=${release} @pointercancel=${release} @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}
    @keydown=${(/** @type {KeyboardEvent} */ event) => byKey(event, press)} @keyup=${(/** @type {KeyboardEvent} */ event) => byKey(event, release)} @blur=${release}>SOS${holding
      ? html`<span class="sos-hint" role="status">${t('field.sos_hold')}</span>` : nothing}</button>`
}
