// @ts-check

/** Not now: a case is skipped for today with a reason, or put off for a while. */

import { t } from '../../core/i18n.js'
import { openDialog } from '../../core/ui/dialog.js'
import { radioField } from '../../core/ui/fields.js'
import { html } from '../../core/view.js'
import { SKIPS, SNOOZES } from './words.js'

/**
 * @param {'skip' | 'snooze'} action
 * @returns {Promise<{ action: string, reason?: string, until?: string } | undefined>}
 */
export function laterDialog(action) {
  const choices = action === 'skip' ? [...SKIPS] : SNOOZES
  let value = choices[0]
  return openDialog({
    title: t(`queue.${action}`),
    body: (handle) => html`<form class="form" @submit=${(/** @type {Event} */ event) => {
      event.preventDefault()
      handle.close(action === 'skip' ? { action, reason: value } : { action, until: new Date(Date.now() + Number(value) * 60_000).toISOString() })
    }}>
      ${radioField({ name: 'choice', label: t(`queue.${action}_lead`), value, options: choices.map((each) => ({ value: each, label: t(`queue.${action}.${each}`) })), onInput: (picked) => { value = picked; handle.update() } })}
      <footer class="dialog-foot">
        <button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
        <button class="button button-primary">${t(`queue.${action}`)}</button>
      </footer></form>`,
  })
}
