// @ts-check

/**
 * Short word of what just happened; read out by screen readers, gone after a while.
 *
 * While a modal dialog is open the page behind it is inert: what is put there is neither seen over
 * the dialog nor read out. So every dialog has a place of its own for them, and the topmost open one
 * is where they go; what is still there when it closes moves to whatever was beneath.
 */

const SHOWN_MS = 6000
const IN_DIALOGS = 'dialog[open] > .toasts'

/**
 * @param {string} text
 * @param {'good' | 'bad' | 'info'} [tone]
 */
export function toast(text, tone = 'good') {
  const item = document.createElement('p')
  item.className = `toast toast-${tone}`
  item.textContent = text
  if (!show([item])) return
  setTimeout(() => item.remove(), SHOWN_MS)
}

/** Give a painted dialog its place, before it is opened: a region that was there is read out. @param {HTMLElement} dialog */
export function giveToasts(dialog) {
  const place = document.createElement('div')
  place.className = 'toasts'
  place.setAttribute('role', 'status')
  place.setAttribute('aria-live', 'polite')
  dialog.prepend(place) // what paints the dialog owns all that follows its first mark
  dialog.addEventListener('close', () => show([...place.children]))
}

/** @param {Element[]} items */
function show(items) {
  // The last in the document was opened last: it is on top.
  const place = [...document.querySelectorAll(IN_DIALOGS)].at(-1) ?? document.getElementById('toasts')
  place?.append(...items)
  return place !== null
}
