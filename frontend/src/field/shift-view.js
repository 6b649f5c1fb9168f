// @ts-check

/** Clocking in and out. */

import { t } from '../core/i18n.js'
import { checkField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner, card } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { timeWords } from './words.js'

/** @import { App } from './app.js' */

/** @param {App} app */
export function shiftCard(app) {
  const { shift } = app
  if (!shift.on) {
    return card({ title: t('field.shift_off'), id: 'shift', lead: t('field.shift_off_lead'), body: html`
      <button type="button" class="button button-primary button-large button-block" @click=${() => void shift.start()}>${icon('clock')}${t('field.shift_start')}</button>` })
  }
  return card({ title: t('field.shift_on', { time: timeWords(shift.current?.started_at ?? '') }), id: 'shift', lead: t('field.shift_on_lead'), body: html`
    ${app.places.trouble === 'denied' ? banner({ tone: 'bad', title: t('visit.place_denied'), body: t('visit.place_denied_body') }) : nothing}
    ${'wakeLock' in navigator ? checkField({ name: 'awake', label: t('field.awake'), hint: t('field.awake_hint'), checked: shift.keepAwake, onInput: (on) => void shift.setKeepAwake(on) }) : nothing}
    <button type="button" class="button button-large button-block" @click=${() => void shift.end()}>${icon('clock')}${t('field.shift_end')}</button>` })
}
