// @ts-check

/** What the agent shows at the door: a code that anybody can look up, without a word of a debt. */

import { t } from '../core/i18n.js'
import { html, nothing } from '../core/view.js'
import { momentWords } from './words.js'

/** @import { App } from './app.js' */

/** @type {typeof import('../core/ui/qr.js').qrCode | null} */
let qrCode = null

/** @param {App} app */
export function credentialView(app) {
  const { credential } = app
  if (credential === null) return html`<p>${t(app.online ? 'field.credential_none' : 'field.credential_offline')}</p>`
  if (Date.parse(credential.expires_at) <= Date.now()) return html`<p>${t('field.credential_expired')}</p>`
  if (qrCode === null) {
    void import('../core/ui/qr.js').then((module) => {
      qrCode = module.qrCode
      app.paint()
    })
  }
  const { code, url, expires_at: until } = credential
  const address = new URL(url, window.location.origin).href
  return html`<div class="credential">${qrCode === null ? nothing : qrCode(address, t('field.credential_qr'))}
    <div><p class="muted small">${t('field.credential_code')}</p><p class="credential-code">${code.replace(/^(...)(?=...$)/, '$1 ')}</p>
      <p class="small">${t('field.credential_until', { time: momentWords(until) })}</p></div></div>`
}
