// @ts-check

/** What is around every screen: who is told what, and the four places within the thumb's reach. */

import { loadLaterTexts, t } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { banner } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { dayView } from './day-view.js'
import { sosButton } from './sos-view.js'

/** @import { App } from './app.js' */
/** @import { IconName } from '../core/ui/icons.js' */

/** @type {[string, IconName, string][]} */
const TABS = [['', 'home', 'day'], ['cerca', 'pin', 'near'], ['envios', 'upload', 'outbox'], ['yo', 'shield', 'me']]
/**
 * Screens that come when they are first opened; the service worker has them on the phone already.
 * @type {Record<string, () => Promise<(app: App) => unknown>>}
 */
const LATER = {
  visita: async () => {
    const [{ visitView }] = await Promise.all([import('./visit-view.js'), loadLaterTexts()])
    return visitView
  },
  parada: async () => {
    const [{ stopView }] = await Promise.all([import('./stop-view.js'), loadLaterTexts()])
    return stopView
  },
  cerca: async () => (await import('./near-view.js')).nearView,
  mapa: async () => {
    const [{ mapView }] = await Promise.all([import('./map-view.js'), loadLaterTexts()])
    return mapView
  },
  caja: async () => {
    const [{ cashView }] = await Promise.all([import('./cash-view.js'), loadLaterTexts()])
    return cashView
  },
  envios: async () => (await import('./outbox-view.js')).outboxView,
  yo: async () => (await import('./me-view.js')).meView,
}
/** @type {Map<string, (app: App) => unknown>} */
const here = new Map()
/** Screens that did not come. @type {Set<string>} */
const missing = new Set()
const UNDER = /** @type {Record<string, string>} */ ({ parada: '', mapa: '', caja: 'yo' })

/** @param {App} app */
export function frameView(app) {
  const { screen } = app
  if (screen.name === 'visita' && here.has('visita')) return here.get('visita')?.(app)
  const current = UNDER[screen.name] ?? screen.name
  return html`<header class="field-bar">
      <span class="brand"><span>Recobro</span></span>
      ${netView(app)}
      ${sosButton(app)}
    </header>
    <main class="field-main" id="main" tabindex="-1">${notices(app)}${screenView(app)}</main>
    <nav class="field-tabs" aria-label=${t('common.main_nav')}><ul>${TABS.map(([name, picture, key]) => html`<li>
      <a href="#/${name}" aria-current=${name === current ? 'page' : nothing}>${icon(picture)}<span>${t(`field.tab.${key}`)}</span>${key === 'outbox' && app.unsent > 0
        ? html`<span class="tab-badge" aria-hidden="true">${app.unsent}</span>` : nothing}</a></li>`)}</ul></nav>`
}

/** @param {App} app */
function screenView(app) {
  const { name } = app.screen
  if (!(name in LATER)) return dayView(app)
  const view = here.get(name)
  if (view !== undefined) return view(app)
  if (missing.has(name)) {
    return html`<h1>${t('field.screen_missing')}</h1>${banner({
      tone: 'bad', title: t('field.screen_missing_body'),
      actions: html`<button type="button" class="button button-small" @click=${() => window.location.reload()}>${t('common.retry')}</button>`,
    })}`
  }
  void LATER[name]().then((loaded) => { here.set(name, loaded) }, () => { missing.add(name) }).then(() => app.paint())
  return html`<h1 class="visually-hidden">${t('common.loading')}</h1><div class="skeleton" aria-busy="true"><div class="skeleton-line"></div></div>`
}

/**
 * Always in sight: is there a network, and is there work that has not left.
 * @param {App} app @param {{ short?: boolean }} [how]  `short`: in a picture and a number.
 */
export function netView(app, { short = false } = {}) {
  const [tone, words] = app.unsent > 0
    ? [app.refused > 0 ? 'bad' : 'warn', t('field.unsent', { n: app.unsent })]
    : app.online ? ['good', t('field.all_sent')] : ['neutral', t('field.no_net')]
  const picture = icon(app.online ? (app.unsent > 0 ? 'upload' : 'check') : 'globe')
  const all = `${!app.online && app.unsent > 0 ? `${t('field.no_net')} · ` : ''}${words}`
  return html`<a class="net net-${tone}" href="#/envios">${picture}${short && app.unsent > 0
    ? html`<span aria-hidden="true">${app.unsent}</span>` : nothing}<span role="status" class=${short ? 'visually-hidden' : ''}>${all}</span></a>`
}

/** The phone is full: what is on screen is not on the disk. @param {App} app */
export function spaceNotice(app) {
  return app.store.full ? banner({
    tone: 'bad', title: t('visit.full'), body: t('visit.full_body'),
    actions: html`<a class="button" href="#/envios">${t('field.tab.outbox')}</a>`,
  }) : nothing
}

/** @param {App} app */
function notices(app) {
  return html`${spaceNotice(app)}
    ${app.signedOut && app.online ? banner({
      tone: 'warn', title: t('field.signed_out'), body: t('field.signed_out_body'),
      actions: html`<button type="button" class="button" @click=${() => app.signInAgain()}>${t('field.sign_in')}</button>`,
    }) : nothing}
    ${app.updates.ready ? banner({
      tone: 'info', title: t('field.update'), body: app.busyWithVisit ? t('field.update_after') : nothing,
      actions: app.busyWithVisit ? nothing : html`<button type="button" class="button" @click=${() => app.updates.take()}>${t('field.update_now')}</button>`,
    }) : nothing}`
}
