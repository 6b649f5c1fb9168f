// @ts-check

/** The agent themself: to show at the door, the shift, their own trail, leaving. */

import { lang, LANGUAGES, t, tn } from '../core/i18n.js'
import { inLanguage } from '../core/paths.js'
import { currentTheme, useTheme } from '../core/theme.js'
import { radioField } from '../core/ui/fields.js'
import { openDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { card } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { credentialView } from './credential-view.js'
import { exportOutbox } from './rescue.js'
import { shiftCard } from './shift-view.js'
import { trailView } from './trail-view.js'

/** @import { App } from './app.js' */

/** @param {App} app */
export function meView(app) {
  return html`<h1>${app.me.name}</h1>
    ${card({ title: t('field.credential'), id: 'credential', lead: t('field.credential_lead'), body: credentialView(app) })}
    ${Object.values(app.day?.portfolios ?? {}).some((one) => one.cash_allowed) || app.receipts.length > 0 ? html`<a class="button button-large button-block" href="#/caja">${icon('coin')}${t('field.cash')}</a>` : nothing}
    ${shiftCard(app)}
    ${card({ title: t('field.trail'), id: 'trail', lead: t('field.trail_lead'), body: trailView(app) })}
    ${card({ title: t('field.settings'), id: 'settings', body: html`
      ${radioField({
        name: 'page-theme', label: t('common.theme'), value: currentTheme(),
        options: ['system', 'light', 'dark'].map((name) => ({ value: name, label: t(`common.theme_name.${name}`) })),
        onInput: (value) => { useTheme(/** @type {any} */ (value)); app.paint() },
      })}
      <nav aria-label=${t('common.language')}><ul class="segments">${LANGUAGES.map((code) => html`<li><a href=${inLanguage(window.location.pathname, code)} hreflang=${code} lang=${code} aria-current=${code === lang() ? 'true' : nothing}>${t(`common.language_name.${code}`)}</a></li>`)}</ul></nav>
      <div class="stack-s"><button type="button" class="button button-large button-block" @click=${() => app.lock()}>${icon('lock')}${t('field.lock_now')}</button>
      <button type="button" class="button button-large button-block" @click=${() => void leave(app)}>${icon('exit')}${t('common.sign_out')}</button></div>` })}`
}

/** Nobody leaves unsent work behind without knowing it. @param {App} app */
async function leave(app) {
  const left = app.unsent
  const drafts = app.visits.filter(({ state }) => state === 'open').length
  if (left + drafts === 0) return app.signOut()
  const answer = await openDialog({
    title: t('field.leave_title'),
    body: (handle) => html`<div class="dialog-body"><p>${tn('field.leave_body', left + drafts)}</p><p>${t('field.leave_kept')}</p></div>
      <div class="dialog-foot">
        <button type="button" class="button button-danger-quiet" @click=${() => handle.close('leave')}>${t('field.leave_anyway')}</button>
        <button type="button" class="button" @click=${() => void exportOutbox(app)}>${t('field.export')}</button>
        <button type="button" class="button button-primary" autofocus @click=${() => handle.close()}>${t('field.stay')}</button>
      </div>`,
  })
  if (answer === 'leave') await app.signOut()
}
