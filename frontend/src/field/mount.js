// @ts-check

import { mountView } from '../core/view.js'

/** @import { Content } from '../core/view.js' */

/** Put a new view in the place of the page's last one. @param {() => Content} template */
export function mountFrame(template) {
  const place = document.createElement('div')
  place.id = 'page'
  place.className = 'field-frame'
  document.getElementById('page')?.replaceWith(place)
  return mountView(place, template)
}
