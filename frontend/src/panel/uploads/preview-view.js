// @ts-check

/** @import { Inspection } from './contract.js' */
/** @import { Draft } from './mapping.js' */

import { t } from '../../core/i18n.js'
import { html } from '../../core/view.js'
import { fieldName } from './words.js'

/**
 * The first rows as they stand in the file, columns named by what they will be read as.
 * @param {Inspection} inspection
 * @param {Draft} draft
 */
export function previewTable(inspection, draft) {
  const { columns } = inspection
  /** @param {number} index */
  const field = (index) => draft.columns[index] ?? null
  return html`<div class="table-wrap preview" tabindex="0" role="region" aria-label=${t('uploads.preview_table')}>
    <table class="table-plain">
      <thead>
        <tr>${columns.map(({ index }) => html`<th scope="col" class=${field(index) === null ? 'is-left-out' : ''}>${field(index) === null ? t('uploads.left_out') : fieldName(field(index) ?? '')}</th>`)}</tr>
        <tr class="preview-header">${columns.map(({ header }) => html`<td>${header}</td>`)}</tr>
      </thead>
      <tbody>${inspection.preview.map((cells) => html`<tr>
        ${columns.map(({ index }) => html`<td class=${field(index) === null ? 'is-left-out' : ''}>${cells[index] ?? ''}</td>`)}
      </tr>`)}</tbody>
    </table>
  </div>`
}
