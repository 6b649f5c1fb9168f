// @ts-check

/** What the call came to: one result of the closed list, and what it still wants. */

/** @import { CallResult, CallSheet } from './contract.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { Problem } from '../../core/problem.js' */

import { t } from '../../core/i18n.js'
import { checkField, radioField, textArea, textField } from '../../core/ui/fields.js'
import { card, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { clock, followsText, labelOf, localText, MET, missing } from './words.js'

/**
 * @typedef {object} Draft
 * @property {string} result  Code; empty: none chosen yet.
 * @property {string} note
 * @property {string} callback  As `datetime-local` writes it.
 * @property {boolean} mine
 * @property {boolean} promised
 * @property {boolean} agreed
 * @property {boolean} disputed
 * @property {boolean} asked  The reader pressed the button: what is missing is told.
 */

/** @returns {Draft} */
export const emptyDraft = () => ({ result: '', note: '', callback: '', mine: true, promised: false, agreed: false, disputed: false, asked: false })

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {CallSheet} facts.sheet
 * @param {Draft} facts.draft
 * @param {number} facts.seconds
 * @param {boolean} facts.busy
 * @param {Problem | null} facts.problem
 * @param {(change: Partial<Draft>) => void} facts.onChange
 * @param {() => void} facts.onPromise
 * @param {() => void} facts.onAgreement
 * @param {() => void} facts.onAccept
 * @param {() => void} facts.onDispute
 * @param {() => void} facts.onLink
 * @param {() => void} facts.onEnd
 */
export function resultCard({ page, sheet, draft, seconds, busy, problem, onChange, onPromise, onAgreement, onAccept, onDispute, onLink, onEnd }) {
  const chosen = sheet.results.find(({ code }) => code === draft.result)
  const wants = chosen === undefined ? [] : missing(chosen, draft)
  const tells = (/** @type {string} */ what) => (draft.asked && wants.some((want) => want === what) ? t(`queue.wants.${what}`) : undefined)
  return card({
    id: 'result', title: t('queue.result'), tone: 'brand',
    actions: html`<span class="call-timer" role="timer" aria-label=${t('queue.timer')}>${clock(seconds)}</span>`,
    body: html`<form class="form" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); onEnd() }}>
      ${problem ? problemBanner(problem) : nothing}
      ${MET.map((met) => group(met, sheet.results, draft.result, (result) => onChange({ result })))}
      ${draft.asked && chosen === undefined ? html`<p class="field-error" role="alert">${t('queue.wants.result')}</p>` : nothing}
      ${chosen && followsText(chosen) ? html`<p class="muted">${followsText(chosen)}</p>` : nothing}
      <div class="button-row">
        <button type="button" class="button" @click=${onPromise}>${t('queue.promise')}${draft.promised ? ' ✓' : nothing}</button>
        ${page.can.agree ? html`<button type="button" class="button" @click=${onAgreement}>${t('queue.agreement')}${draft.agreed ? ' ✓' : nothing}</button>` : nothing}
        ${page.agreements.some(({ can }) => can.accept) ? html`<button type="button" class="button" @click=${onAccept}>${t('agreements.accept')}</button>` : nothing}
        <button type="button" class="button" @click=${onDispute}>${t('queue.dispute')}${draft.disputed ? ' ✓' : nothing}</button>
        <button type="button" class="button" @click=${onLink}>${t('queue.link')}</button>
      </div>
      ${['promise', 'agreement', 'dispute'].map((what) => (tells(what) ? html`<p class="field-error" role="alert">${tells(what)}</p>` : nothing))}
      ${chosen?.wants.includes('callback') ? html`
        ${textField({ name: 'callback', type: 'datetime-local', label: t('queue.callback_at'), hint: t('queue.callback_hint'), required: true, min: localText(new Date()), value: draft.callback, error: tells('callback'), onInput: (callback) => onChange({ callback }) })}
        ${checkField({ name: 'mine', label: t('queue.mine'), checked: draft.mine, onInput: (mine) => onChange({ mine }) })}` : nothing}
      ${textArea({ name: 'note', label: t('queue.note'), rows: 2, maxlength: 4000, required: chosen?.wants.includes('note') ?? false, value: draft.note, error: tells('note'), onInput: (note) => onChange({ note }) })}
      <footer><button class="button button-primary" ?disabled=${busy}>${t('queue.end')}</button></footer>
    </form>`,
  })
}

/** @param {typeof MET[number]} met @param {CallResult[]} results @param {string} value @param {(code: string) => void} onInput */
function group(met, results, value, onInput) {
  const own = results.filter((result) => result.met === met)
  if (own.length === 0) return nothing
  return radioField({ name: `result_${met}`, label: t(`queue.met.${met}`), value, onInput, options: own.map((result) => ({ value: result.code, label: labelOf(result) })) })
}
