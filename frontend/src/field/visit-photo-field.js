// @ts-check

/** Taking photos of one kind, and the ones already taken. */

import { t } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { html, nothing } from '../core/view.js'

/** @import { VisitDesk } from './visit-desk.js' */
/** @import { PhotoKind, Visit } from './types' */

/**
 * @param {VisitDesk} desk @param {Visit} visit
 * @param {{ kind: PhotoKind, label: string, hint?: string, error?: string, required?: boolean }} facts
 */
export function photoField(desk, visit, { kind, label, hint, error, required = false }) {
  const taken = visit.photos.filter((photo) => photo.kind === kind)
  const id = `photo-${kind}`
  /** @param {Event} event */
  const take = async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget)
    const [file] = input.files ?? []
    if (file !== undefined) await desk.photograph(file, kind)
    input.value = ''
  }
  return html`<div class="field photo-field ${error ? 'field-bad' : ''}">
    <label for=${id}>${label}${required ? nothing : html` <span class="optional">${t('common.optional')}</span>`}</label>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    ${taken.length > 0 ? html`<ul class="pictures">${taken.map(({ photo_id: photoId }, i) => html`<li><img src=${desk.pictures.get(photoId) ?? nothing} alt=${t('visit.photo_n', { n: i + 1 })}>
      <button type="button" class="icon-button" aria-label="${t('visit.photo_remove')} ${i + 1}" @click=${() => void desk.removePhoto(photoId)}>${icon('trash')}</button></li>`)}</ul>` : nothing}
    <span class="button button-large button-block photo-button"><input id=${id} type="file" accept="image/*" capture="environment" ?disabled=${desk.busy}
      aria-invalid=${error ? 'true' : nothing} aria-describedby=${error ? `${id}-error` : hint ? `${id}-hint` : nothing} @change=${take}>${icon('camera')}<span aria-hidden="true">${desk.busy ? t('common.loading') : t(taken.length > 0 ? 'visit.photo_more' : 'visit.photo_take')}</span></span>
    ${error ? html`<p class="field-error" id="${id}-error">${icon('warning')}${error}</p>` : nothing}
  </div>`
}
