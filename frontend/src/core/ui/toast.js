// @ts-check

/** Short word of what just happened; read out by screen readers, gone after a while. */

const SHOWN_MS = 6000

/**
 * @param {string} text
 * @param {'good' | 'bad' | 'info'} [tone]
 */
export function toast(text, tone = 'good') {
  const place = document.getElementById('toasts')
  if (place === null) return
  const item = document.createElement('p')
  item.className = `toast toast-${tone}`
  item.textContent = text
  place.append(item)
  setTimeout(() => item.remove(), SHOWN_MS)
}
