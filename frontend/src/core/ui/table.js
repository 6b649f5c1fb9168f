// @ts-check

import { html, nothing, repeat } from '../view.js'
import { icon } from './icons.js'

/** @import { Content } from '../view.js' */

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {(row: Row) => Content} cell
 * @property {'start' | 'end'} [align]  `end` for figures.
 * @property {boolean} [head]  The cell that names the row; one column has it.
 * @property {'always' | 'wide'} [shown]  `wide`: left out on phones.
 * @property {'ascending' | 'descending' | null} [sorted]  Null: sortable, not sorted by it now.
 * @property {() => void} [onSort]
 */

/**
 * Rows and columns that become cards on a phone.
 *
 * The roles are written out because the narrow layout changes `display`, and browsers drop the
 * table semantics of elements that are no longer laid out as a table.
 *
 * @template Row
 * @param {object} facts
 * @param {string} facts.caption  Read by screen readers, not shown.
 * @param {Column<Row>[]} facts.columns
 * @param {Row[]} facts.rows
 * @param {(row: Row) => string} facts.id
 * @param {boolean} [facts.busy]  Dims the rows while newer ones are on their way.
 */
export function dataTable({ caption, columns, rows, id, busy = false }) {
  return html`<div class="table-wrap" ?data-busy=${busy}>
    <table class="table" role="table" aria-busy=${busy ? 'true' : 'false'}>
      <caption class="visually-hidden">${caption}</caption>
      <thead role="rowgroup"><tr role="row">${columns.map(heading)}</tr></thead>
      <tbody role="rowgroup">${repeat(rows, id, (row) => html`<tr role="row">${columns.map((column) => cell(column, row))}</tr>`)}</tbody>
    </table>
  </div>`
}

/** @param {Column<any>} column */
function heading(column) {
  const sortable = column.onSort !== undefined
  return html`<th scope="col" role="columnheader" class=${classes(column)} aria-sort=${column.sorted ?? nothing}>${sortable
    ? html`<button type="button" class="sort-button" @click=${column.onSort}>${column.label}${icon(column.sorted === 'descending' ? 'down' : 'up')}</button>`
    : column.label}</th>`
}

/** @param {Column<any>} column @param {any} row */
function cell(column, row) {
  return column.head
    ? html`<th scope="row" role="rowheader" class=${classes(column)}>${column.cell(row)}</th>`
    : html`<td role="cell" class=${classes(column)} data-label=${column.label}>${column.cell(row)}</td>`
}

/** @param {Column<any>} column */
function classes({ align = 'start', shown = 'always' }) {
  return `cell-${align}${shown === 'wide' ? ' cell-wide' : ''}`
}
