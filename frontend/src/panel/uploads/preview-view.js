// @ts-check

/** @import { Inspection } from './contract.js' */
/** @import { Draft } from './mapping.js' */

import { t } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'
import { previewRows } from './mapping.js'
import { fieldName } from './words.js'

/**
 * The first rows as they stand in the file, titles and totals marked, columns named by what they
 * will be read as.
 * @param {Inspection} inspection
 * @param {Draft} draft
 */
export function previewTable(inspection, draft) {
  const { columns } = inspection
  return html`<div class="table-wrap preview" tabindex="0" role="region" aria-label=${t('uploads.preview')}>
    <table class="table-plain">
      <thead><tr><th scope="col"><span class="visually-hidden">${t('uploads.row')}</span></th>
        ${columns.map(({ index, header }) => {
          const field = draft.columns[index] ?? null
          return html`<th scope="col" class=${field === null ? 'is-left-out' : ''}>${field === null ? html`<span class="muted">${header || '–'}</span>` : fieldName(field)}</th>`
        })}</tr></thead>
      <tbody>${previewRows(inspection).map(({ number, cells, role }) => html`<tr class="preview-${role}">
        <th scope="row">${number}${role === 'data' ? '' : html` ${badge(t(`uploads.row_role.${role}`), role === 'total' ? 'warn' : 'neutral')}`}</th>
        ${columns.map(({ index }) => html`<td class=${(draft.columns[index] ?? null) === null ? 'is-left-out' : ''}>${cells[index] ?? ''}</td>`)}
      </tr>`)}</tbody>
    </table>
  </div>`
}
