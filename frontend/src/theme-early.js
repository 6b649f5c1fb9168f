// @ts-check

// Loaded in the head, before anything is painted, so that a dark page never flashes white.
try {
  const theme = window.localStorage.getItem('recobro.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; the device's preference then rules.
}
