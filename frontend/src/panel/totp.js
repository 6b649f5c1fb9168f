// @ts-check

/** Setting up the second step: the code to scan, the key to type, the first code to prove it. */

import { t } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { copyButton } from '../core/ui/pieces.js'
import { textField } from '../core/ui/fields.js'
import { html, nothing, svg } from '../core/view.js'
import { encode } from 'uqr'

/** @import { Form } from '../core/form.js' */

const QUIET_ZONE = 2

/**
 * A QR code as one SVG path; drawn dark on white in both themes, as cameras want it.
 * @param {string} text
 */
export function qrCode(text) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return svg`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${t('common.totp.qr')} shape-rendering="crispEdges"><rect class="qr-ground" width=${size} height=${size}></rect><path class="qr-ink" d=${path}></path></svg>`
}

/**
 * @param {{ secret: string, uri: string }} totp
 * @param {Form<{ code: string }>} form
 */
export function totpSteps({ secret, uri }, form) {
  return html`<ol class="totp-steps">
    <li>${t('common.totp.step_1')}</li>
    <li>${t('common.totp.step_2')}
      <div class="totp-code">${qrCode(uri)}
        <div class="stack-s"><span class="small muted">${t('common.totp.secret')}</span>
          <code class="secret">${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>${copyButton(() => secret)}
          ${uri.startsWith('otpauth://') ? html`<a class="button button-small" href=${uri}>${icon('phone')}${t('common.totp.open')}</a>` : nothing}</div>
      </div>
    </li>
    <li>${t('common.totp.step_3')}${codeField(form)}</li>
  </ol>`
}

/**
 * @param {Form<any>} form  Holds `code`.
 * @param {boolean} [autofocus]
 */
export function codeField(form, autofocus = false) {
  return textField({
    name: 'code', label: t('common.totp.code'), value: form.values.code, error: form.errors.code, required: true,
    inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 7, autofocus,
    onInput: (value) => form.set('code', value),
  })
}

/** @param {{ code: string }} values */
export function checkCode({ code }) {
  return { code: /^\d{6}$/.test(plainCode(code)) ? null : t('common.totp.code_bad') }
}

/** Apps show the code as two groups of three. @param {string} code */
export function plainCode(code) {
  return code.replace(/\s/g, '')
}
