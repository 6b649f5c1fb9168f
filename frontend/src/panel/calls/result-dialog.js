// @ts-check

/** The dialog in which one result of a portfolio's own is written. */

/** @import { CallResult } from './contract.js' */

import { LANGUAGES, t, tOr } from '../../core/i18n.js'
import { openDialog } from '../../core/ui/dialog.js'
import { checkField, fieldError, selectField, textField } from '../../core/ui/fields.js'
import { html, nothing } from '../../core/view.js'

const MET = /** @type {const} */ (['holder', 'third', 'nobody'])
const WANTS = /** @type {const} */ (['promise', 'agreement', 'dispute', 'callback', 'note'])
const DOES = ['reported_payment', 'refuse_calls', 'wrong_person', 'invalid', 'deceased', 'vulnerable']
/** Only the debtor can say these. */
const HOLDER_ONLY = ['promise', 'agreement', 'dispute', 'reported_payment', 'refuse_calls']
const HOURS = [0, 1, 3, 6, 24, 48, 72]

/**
 * @param {{ result: CallResult | null, taken: string[] }} scene
 * @returns {Promise<CallResult | undefined>}
 */
export function resultDialog({ result, taken }) {
  /** @type {CallResult} */
  const draft = structuredClone(result ?? { code: '', label: { es: '', en: '', pt: '' }, met: 'holder', wants: [], does: null, again_hours: 0, visits: false })
  let asked = false
  return openDialog({
    title: t(result === null ? 'callsettings.new' : 'callsettings.edit'), size: 'wide',
    body: (handle) => {
      const holder = draft.met === 'holder'
      const missing = LANGUAGES.filter((language) => draft.label[language]?.trim() === '')
      const keep = (/** @type {Event} */ event) => {
        event.preventDefault()
        asked = true
        handle.update()
        if (missing.length > 0) return
        handle.close({ ...draft, code: draft.code || codeFor(draft.label.es, taken), visits: draft.visits && sharable(draft) })
      }
      /** @param {Partial<CallResult>} more */
      const put = (more) => { Object.assign(draft, more); handle.update() }
      /** @param {CallResult['met']} met */
      const meet = (met) => put({
        met, wants: met === 'holder' ? draft.wants : draft.wants.filter((want) => !HOLDER_ONLY.includes(want)),
        does: met !== 'holder' && HOLDER_ONLY.includes(draft.does ?? '') ? null : draft.does,
      })
      return html`<form class="form" novalidate @submit=${keep}>
        <div class="form-grid">${LANGUAGES.map((language) => textField({
          name: `label.${language}`, label: t('callsettings.label', { language: t(`common.language_name.${language}`) }), required: true, maxlength: 80, value: draft.label[language],
          error: asked && missing.includes(language) ? t('common.field_required') : undefined, onInput: (text) => put({ label: { ...draft.label, [language]: text } }),
        }))}
        ${selectField({ name: 'met', label: t('callsettings.met'), required: true, value: draft.met, options: MET.map((met) => ({ value: met, label: t(`queue.met.${met}`) })), onInput: (value) => meet(/** @type {any} */ (value)) })}
        ${selectField({
          name: 'does', label: t('callsettings.follows'), value: draft.does ?? '',
          options: [{ value: '', label: t('callsettings.nothing') }, ...DOES.filter((one) => holder || !HOLDER_ONLY.includes(one)).map((one) => ({ value: one, label: tOr(`queue.does.${one}`, one) }))],
          onInput: (value) => put({ does: value === '' ? null : value }),
        })}
        ${selectField({ name: 'again', label: t('callsettings.again_after'), required: true, value: String(draft.again_hours), options: [...new Set([...HOURS, draft.again_hours])].map((n) => ({ value: String(n), label: n === 0 ? t('callsettings.not_today') : t('callsettings.again', { n }) })), onInput: (value) => put({ again_hours: Number(value) }) })}</div>
        <fieldset class="field"><legend>${t('callsettings.asks')}</legend><p class="hint">${t('callsettings.asks_hint')}</p>
          ${WANTS.filter((want) => holder || !HOLDER_ONLY.includes(want)).map((want) => checkField({
            name: `wants.${want}`, label: t(`callsettings.want.${want}`), checked: draft.wants.includes(want),
            onInput: (on) => put({ wants: WANTS.filter((one) => (one === want ? on : draft.wants.includes(one))) }),
          }))}</fieldset>
        ${checkField({ name: 'visits', label: t('callsettings.visits'), hint: t('callsettings.visits_hint'), disabled: !sharable(draft), checked: draft.visits && sharable(draft), onInput: (visits) => put({ visits }) })}
        ${asked && missing.length > 0 ? fieldError(t('callsettings.three_languages')) : nothing}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary">${t('callsettings.keep')}</button></footer></form>`
    },
  })
}

/** Visits have their own ways to do these. @param {CallResult} result */
function sharable({ does, wants }) {
  return does === null && !wants.includes('callback')
}

/**
 * A code that nothing else has, from what the result is called.
 * @param {string} label @param {string[]} taken
 */
export function codeFor(label, taken) {
  const plain = label.normalize('NFD').replaceAll(/\p{Mn}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^[_0-9]+|_+$/g, '').slice(0, 36) || 'own'
  let code = plain
  for (let n = 2; taken.includes(code); n += 1) code = `${plain}_${n}`
  return code
}
