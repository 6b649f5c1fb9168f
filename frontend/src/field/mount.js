// @ts-check

import { mountView } from '../core/view.js'

/** @import { Content } from '../core/view.js' */

let stands = () => {}
/** Something is on screen and the phone has a moment: what need not be there before comes now. */
export const firstScreen = new Promise((/** @type {(done: void) => void} */ resolve) => { stands = resolve })

/** Put a new view in the place of the page's last one. @param {() => Content} template */
export function mountFrame(template) {
  const place = document.createElement('div')
  place.id = 'page'
  place.className = 'field-frame'
  document.getElementById('page')?.replaceWith(place)
  const view = mountView(place, template)
  if ('requestIdleCallback' in window) requestIdleCallback(stands, { timeout: 2000 })
  else setTimeout(stands) // Safari knows no idle time
  return view
}
