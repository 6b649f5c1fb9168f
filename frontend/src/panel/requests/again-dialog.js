// @ts-check

/** What somebody had erased and wants kept again: taken off the suppression list, for a reason. */

/** @import { Api } from '../../core/api.js' */

import { t } from '../../core/i18n.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { html } from '../../core/view.js'
import { area, needed } from './dialogs.js'

const KINDS = ['phone', 'email', 'tax', 'address']
const MAX_VALUE = 300

/**
 * @param {{ api: Api, portfolioId: string }} scene
 * @returns {Promise<object | undefined>}  What the API answered; undefined: nothing was done.
 */
export function againDialog({ api, portfolioId }) {
  return openForm({
    title: t('requests.again_title'), submit: t('requests.again_submit'),
    values: { kind: KINDS[0], value: '', reason: '' },
    check: ({ value, reason }) => ({ value: needed(value, 'value'), reason: needed(reason, 'reason') }),
    send: ({ kind, value, reason }) => api.patch(`/portfolios/${encodeURIComponent(portfolioId)}/data-requests`, { kind, value: value.trim(), reason: reason.trim() }),
    fields: (form) => html`<p class="muted">${t('requests.again_lead')}</p>
      ${selectField({ name: 'kind', id: 'again-kind', label: t('requests.again_kind'), required: true, value: form.values.kind, options: KINDS.map((value) => ({ value, label: t(`requests.again_kind.${value}`) })), onInput: (value) => form.set('kind', value) })}
      ${textField({ name: 'value', label: t('requests.again_value'), hint: form.values.kind === 'address' ? t('requests.again_value_address') : undefined, required: true, maxlength: MAX_VALUE, value: form.values.value, error: form.errors.value, onInput: (value) => form.set('value', value) })}
      ${area(form, 'reason', t('requests.again_reason'), true, t('requests.again_reason_hint'), MAX_VALUE)}`,
  })
}
