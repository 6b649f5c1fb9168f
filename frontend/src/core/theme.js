// @ts-check

/** Light, dark, or as the device says. `theme-early.js` applies it before the first paint. */

/** @typedef {'system' | 'light' | 'dark'} Theme */

const STORED = 'recobro.theme'

/** @returns {Theme} */
export function currentTheme() {
  const stored = window.localStorage.getItem(STORED)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** @param {Theme} theme */
export function useTheme(theme) {
  if (theme === 'system') {
    window.localStorage.removeItem(STORED)
    delete document.documentElement.dataset.theme
  } else {
    window.localStorage.setItem(STORED, theme)
    document.documentElement.dataset.theme = theme
  }
}
