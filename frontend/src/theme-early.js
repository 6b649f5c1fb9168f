// @ts-check

// Loaded in the head, before anything is painted, so that a dark page never flashes white and the
// navigation has the reader's entries from the first.
try {
  const theme = window.localStorage.getItem('recobro.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  const session = JSON.parse(window.sessionStorage.getItem('recobro.session') ?? 'null')
  if (typeof session?.me?.role === 'string') document.documentElement.dataset.role = session.me.role
} catch {
  // Storage may be forbidden; the device's preference then rules, and the role comes with the session.
}
