// @ts-check

/** The thread in which the ground is painted; a page without threads imports it and serves itself. */

import { serve } from './ground-painter.js'

export { serve }

if (typeof document === 'undefined') {
  const thread = /** @type {any} */ (self)
  serve(thread)
  thread.postMessage({ is: 'here' })
}
