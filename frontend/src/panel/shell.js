// @ts-check

/**
 * The frame every page of the panel stands in: session, navigation, language, theme, the notice
 * of a lost connection. A page's module calls `start` once and gets a context to work with.
 */

import { Api } from '../core/api.js'
import { formatNumber, lang, loadRefusals, loadTexts, localeFor, t } from '../core/i18n.js'
import { inLanguage, pathTo, safeNext } from '../core/paths.js'
import { asProblem, Problem } from '../core/problem.js'
import { browserSession } from '../core/session.js'
import { currentTheme, useTheme } from '../core/theme.js'
import { askAgain, emptyState, pageHead, problemBanner } from '../core/ui/pieces.js'
import { giveToasts, toast } from '../core/ui/toast.js'
import { tellWhatNobodyTold } from '../core/unhandled.js'
import { html, mountView } from '../core/view.js'
import { portfoliosOf } from './chosen-portfolio.js'

/** @import { Me, Portfolio, Role } from '../core/contract.js' */
/** @import { SessionKeeper } from '../core/session.js' */
/** @import { Content } from '../core/view.js' */

/**
 * @typedef {object} Context
 * @property {HTMLElement} root  Where the page paints.
 * @property {Api} api
 * @property {SessionKeeper} session
 * @property {Me} me
 * @property {URLSearchParams} params  The page's query as it was opened.
 * @property {() => Promise<Portfolio[]>} portfolios  Those this person sees; asked once a page.
 * @property {(title: string) => void} setTitle
 */

/**
 * @param {(context: Context) => unknown} open  Runs once somebody is signed in.
 * @param {{ roles?: Role[] }} [rules]  Who may open the page; everyone by default.
 */
export async function start(open, { roles } = {}) {
  await loadTexts()
  const session = browserSession()
  const api = new Api({ session, fetch: (input, init) => window.fetch(input, init) })
  const root = /** @type {HTMLElement} */ (document.getElementById('page'))
  const leave = () => goToSignIn()
  api.onSignedOut = leave
  session.onSignedOut = leave
  watchConnection()
  tellWhatNobodyTold()

  try {
    if ((await session.token()) === null) return leave()
  } catch {
    return showFailure(root, asProblem(new TypeError()), () => window.location.reload())
  }
  const me = /** @type {Me} */ (session.me)
  dress(me, api, session)
  if (roles !== undefined && !roles.includes(me.role)) return showForbidden(root)

  /** @type {Context} */
  const context = {
    root, api, session, me,
    params: new URLSearchParams(window.location.search),
    portfolios: portfoliosOf(api),
    setTitle: (title) => { document.title = `${title} · Recobro` },
  }
  try {
    await open(context)
    void import('./late-tasks.js').then(({ showLate }) => showLate(api), () => {}) // the page is read without it
  } catch (error) {
    // A fault of ours: the reader gets words, the console and error monitors get the fault itself.
    if (!(error instanceof Problem)) reportError(error)
    await loadRefusals()
    showFailure(root, asProblem(error), () => window.location.reload())
  }
}

/** @param {HTMLElement} root @param {import('../core/problem.js').Problem} problem @param {() => void} retry */
function showFailure(root, problem, retry) {
  document.documentElement.dataset.role ??= '' // nobody knows who reads: what everybody may open
  const [title] = document.title.split(' · ')
  mountView(root, () => html`${pageHead({ title })}${problemBanner(problem, retry)}`)
}

/** @param {HTMLElement} root */
function showForbidden(root) {
  const [title] = document.title.split(' · ')
  mountView(root, () => html`${pageHead({ title })}${emptyState({ icon: 'lock', title: t('common.forbidden_title'), body: t('common.forbidden_body') })}`)
}

function goToSignIn() {
  const here = window.location.pathname + window.location.search
  window.location.replace(pathTo('signin', { next: safeNext(here) === here ? here : null }))
}

/**
 * Fill in what the static page could not know: who this is and what they may open.
 * @param {Me} me @param {Api} api @param {SessionKeeper} session
 */
function dress(me, api, session) {
  document.documentElement.dataset.role = me.role
  for (const place of document.querySelectorAll('[data-me]')) {
    const what = /** @type {HTMLElement} */ (place).dataset.me
    if (what === 'name') place.textContent = me.name || me.email
    if (what === 'email') place.textContent = me.email
    if (what === 'role') place.textContent = t(`common.role.${me.role}`)
    if (what === 'initials') place.textContent = initials(me.name || me.email)
  }
  wireMenu(api, session)
}

/** @param {string} name */
function initials(name) {
  const words = name.trim().split(/[\s@.]+/).filter(Boolean)
  return words.slice(0, 2).map((word) => word[0].toLocaleUpperCase()).join('')
}

/** @param {Api} api @param {SessionKeeper} session */
function wireMenu(api, session) {
  const menu = /** @type {HTMLDialogElement | null} */ (document.getElementById('menu'))
  if (menu === null) return
  giveToasts(menu)
  for (const button of document.querySelectorAll('[data-opens="menu"]')) {
    button.addEventListener('click', () => menu.showModal())
  }
  menu.addEventListener('click', (event) => {
    const close = /** @type {HTMLElement} */ (event.target).closest('[data-closes]')
    if (close !== null || event.target === menu) menu.close()
  })
  menu.querySelector('[data-action="sign-out"]')?.addEventListener('click', async () => {
    await signOut(api, session)
  })
  wireLanguageLinks()
  wireTheme(menu)
}

/**
 * End the session here. The page leaves even when the server cannot be told.
 * @param {Api} api @param {SessionKeeper} session
 */
export async function signOut(api, session) {
  await api.delete('/session').catch(() => null)
  session.end()
  window.location.replace(pathTo('signin'))
}

/** Language links keep the page and its query as they are when pressed. */
export function wireLanguageLinks() {
  for (const link of document.querySelectorAll('a[data-language]')) {
    const language = /** @type {HTMLElement} */ (link).dataset.language ?? 'es'
    link.addEventListener('click', () => {
      const { pathname, search, hash } = window.location
      link.setAttribute('href', inLanguage(pathname + search, language) + hash)
    })
  }
}

/** @param {HTMLElement} place */
export function wireTheme(place) {
  for (const input of place.querySelectorAll('input[name="theme"]')) {
    const radio = /** @type {HTMLInputElement} */ (input)
    radio.checked = radio.value === currentTheme()
    radio.addEventListener('change', () => useTheme(/** @type {any} */ (radio.value)))
  }
}

export function watchConnection() {
  const notice = document.getElementById('offline')
  if (notice === null) return
  const show = () => { notice.hidden = navigator.onLine }
  window.addEventListener('online', () => {
    show()
    toast(t('common.online_again'), 'info')
    askAgain()
  })
  window.addEventListener('offline', show)
  show()
}

/**
 * Warn before leaving with unsaved changes.
 * @param {() => boolean} dirty
 */
export function guardLeaving(dirty) {
  window.addEventListener('beforeunload', (event) => {
    if (dirty()) event.preventDefault()
  })
}

/**
 * Run something now and again while the page is looked at: live figures without a socket.
 * A run that fails is reported by `work` itself; the next one comes all the same.
 *
 * @param {() => Promise<unknown>} work
 * @param {number} everyMs
 * @returns {() => void}  Stops it.
 */
export function whileVisible(work, everyMs) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let stopped = false
  let running = false
  const run = async () => {
    if (running || stopped) return
    clearTimeout(timer)
    running = true
    await work().catch(() => null)
    running = false
    if (!stopped && document.visibilityState === 'visible') timer = setTimeout(run, everyMs)
  }
  const onChange = () => {
    if (document.visibilityState === 'visible') void run()
    else clearTimeout(timer)
  }
  document.addEventListener('visibilitychange', onChange)
  void run()
  return () => {
    stopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onChange)
  }
}

export { formatNumber, lang, localeFor }
