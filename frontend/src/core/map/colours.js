// @ts-check

/** Colours of the sheet as a canvas understands them, for the appearance that is on now. */

const NAMES = /** @type {const} */ ([
  'moving', 'stopped', 'visiting', 'silent', 'off', 'alarm', 'halo', 'ink', 'trail', 'trail-edge',
  'zone', 'chosen', 'near', 'fence', 'fix', 'debt', 'good', 'warn', 'bad',
])

/** @typedef {Record<typeof NAMES[number], string>} Colours */

/**
 * @param {HTMLElement} place  Where `--map-*` is declared.
 * @returns {Colours}
 */
export function coloursOf(place) {
  const probe = document.createElement('span')
  place.append(probe)
  const found = NAMES.map((name) => {
    probe.style.color = `var(--map-${name})`
    return [name, getComputedStyle(probe).color]
  })
  probe.remove()
  return Object.fromEntries(found)
}

/** @param {HTMLElement} place */
export function isDark(place) {
  return getComputedStyle(place).getPropertyValue('--map-dark').trim() === '1'
}

/**
 * Call back when the appearance changes, by the person or by the device.
 * @param {() => void} changed
 * @returns {() => void}  Stops it.
 */
export function watchAppearance(changed) {
  const device = window.matchMedia('(prefers-color-scheme: dark)')
  const person = new MutationObserver(changed)
  device.addEventListener('change', changed)
  person.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    device.removeEventListener('change', changed)
    person.disconnect()
  }
}
