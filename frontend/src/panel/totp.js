// @ts-check

/** Setting up the second step: the code to scan, the key to type, the first code to prove it. */

import { t } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { copyButton } from '../core/ui/pieces.js'
import { textField } from '../core/ui/fields.js'
import { qrCode } from '../core/ui/qr.js'
import { html, nothing } from '../core/view.js'

/** @import { Form } from '../core/form.js' */

/**
 * @param {{ secret: string, uri: string }} totp
 * @param {Form<{ code: string }>} form
 */
export function totpSteps({ secret, uri }, form) {
  return html`<ol class="totp-steps">
    <li>${t('common.totp.step_1')}</li>
    <li>${t('common.totp.step_2')}
      <div class="totp-code">${qrCode(uri, t('common.totp.qr'))}
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
