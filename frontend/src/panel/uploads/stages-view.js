// @ts-check

/** An upload that moves, waits for a decision, or is over: its figures and what they mean. */

/** @import { Content } from '../../core/view.js' */
/** @import { Figures, RejectReason, Upload } from './contract.js' */

import { formatNumber, t, tn, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { icon } from '../../core/ui/icons.js'
import { card, progress as progressBar } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { PARTS, addsUp, shareDone, stepsOf } from './progress.js'
import { fieldName, rowsBar, timeLeftText } from './words.js'

/** @typedef {{ currency: string, locale: string }} MoneyWay */

/** @param {Upload} upload */
export function stepper(upload) {
  return html`<ol class="stepper" aria-label=${t('uploads.steps')}>${stepsOf(upload).map(({ step, state }) => html`
    <li class="step-${state}" aria-current=${state === 'current' ? 'step' : nothing}><span class="step-dot" aria-hidden="true">${state === 'done' ? icon('check') : nothing}</span>${t(`uploads.step.${step}`)}${state === 'done' ? html`<span class="visually-hidden"> ${t('uploads.step_done')}</span>` : nothing}</li>`)}</ol>`
}

/**
 * Something runs on the server: how far, how fast, how long still.
 * @param {Upload} upload
 * @param {{ lost: boolean }} how  `lost`: the last looks got no answer.
 */
export function running(upload, { lost }) {
  const { progress, state } = upload
  const reading = state === 'reading' || state === 'awaiting_file'
  const share = reading ? null : shareDone(progress)
  const done = reading ? progress.rows_read : progress.rows_done
  const left = reading ? null : timeLeftText(progress.seconds_left)
  return card({
    title: t(`uploads.running.${state}`), lead: t(`uploads.running_lead.${state}`),
    body: html`<div class="stack-s">
      ${progressBar({ value: share ?? 0, max: share === null ? null : 1, label: t(`uploads.running.${state}`) })}
      <dl class="live-figures">
        <div><dt>${t('uploads.rows_done')}</dt><dd>${formatNumber(done)}${progress.rows_total === null || reading ? nothing : html` <small>${t('uploads.of', { n: formatNumber(progress.rows_total) })}</small>`}</dd></div>
        <div><dt>${t('uploads.speed')}</dt><dd>${progress.rows_per_s === null ? '–' : t('uploads.rows_per_s', { n: formatNumber(Math.round(progress.rows_per_s)) })}</dd></div>
        <div><dt>${t('uploads.time_left')}</dt><dd>${left ?? '–'}</dd></div>
        ${state === 'applying' || state === 'checking' ? html`<div><dt>${t('uploads.part.rejected')}</dt><dd>${formatNumber(progress.rejected)}</dd></div>` : nothing}
      </dl>
      <p class="visually-hidden" role="status">${share === null ? t(`uploads.running.${state}`) : t('uploads.percent_done', { n: formatNumber(Math.floor(share * 10) / 10, { style: 'percent' }) })}</p>
      ${lost ? html`<p class="field-error">${icon('warning')}${t('uploads.lost')}</p>` : html`<p class="muted small">${t('uploads.may_leave')}</p>`}
    </div>`,
  })
}

/**
 * What became, or will become, of every row.
 * @param {object} facts
 * @param {Upload} facts.upload
 * @param {Figures} facts.figures
 * @param {boolean} facts.applied  It has happened; otherwise it would.
 * @param {MoneyWay} facts.money
 * @param {Content} [facts.actions]
 */
export function figuresCard({ upload, figures, applied, money, actions }) {
  const tense = applied ? 'done' : 'would'
  return card({
    title: tn('uploads.rows_of_file', figures.rows),
    actions,
    body: html`
      ${rowsBar(figures)}
      <table class="table-plain figures">
        <caption class="visually-hidden">${t('uploads.figures_caption')}</caption>
        <tbody>${PARTS.map((name) => html`<tr>
          <th scope="row"><span class="swatch rows-${name}" aria-hidden="true"></span>${t(`uploads.part.${name}`)}<small class="muted">${t(`uploads.part_${tense}.${upload.mode}.${name}`)}</small></th>
          <td class="cell-end">${formatNumber(figures[name])}</td></tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('uploads.total_rows')}</th><td class="cell-end">${formatNumber(figures.rows)}</td></tr></tfoot>
      </table>
      ${addsUp(figures) ? nothing : html`<p class="field-error">${icon('warning')}${t('uploads.does_not_add_up')}</p>`}
      <dl class="facts">
        <div><dt>${t(`uploads.sum.${upload.mode}`)}</dt><dd class="amount">${formatMoney({ minor: figures.amount_minor, currency: money.currency }, money.locale, { code: true })}</dd></div>
        ${figures.closed > 0 || upload.close_absent ? html`<div><dt>${t(`uploads.closed_${tense}`)}</dt><dd>${tn('uploads.debts', figures.closed)}</dd></div>` : nothing}
      </dl>`,
  })
}

/**
 * Why rows were rejected, most frequent first.
 * @param {Upload} upload
 * @param {{ rejected: number, onDownload: () => void }} facts
 */
export function rejectsCard(upload, { rejected, onDownload }) {
  if (rejected === 0) return nothing
  return card({
    title: tn('uploads.rejected_title', rejected), lead: t('uploads.rejected_lead'),
    actions: upload.has_rejects ? html`<button type="button" class="button" @click=${onDownload}>${icon('download')}${t('uploads.download_rejects')}</button>` : nothing,
    body: upload.reasons.length === 0 ? nothing : reasonsTable(upload.reasons),
  })
}

/**
 * What of rows that are loaded was left out, because people had it erased.
 * @param {Upload} upload
 */
export function erasedCard({ warnings }) {
  if (warnings.length === 0) return nothing
  return card({ title: t('uploads.erased_title'), lead: t('uploads.erased_lead'), body: reasonsTable(warnings) })
}

/** @param {RejectReason[]} reasons */
function reasonsTable(reasons) {
  return html`<table class="table-plain reasons">
    <thead><tr><th scope="col">${t('uploads.reason')}</th><th scope="col">${t('uploads.in_rows')}</th><th scope="col" class="cell-end">${t('uploads.count')}</th></tr></thead>
    <tbody>${reasons.map((reason) => html`<tr><td>${reasonText(reason)}</td><td class="muted">${rowsText(reason)}</td><td class="cell-end">${formatNumber(reason.count)}</td></tr>`)}</tbody>
  </table>`
}

/** @param {RejectReason} reason */
function reasonText({ code, field }) {
  const name = field ? fieldName(field) : ''
  // What differs from row to row is left open: the file of rejects has each one's own words.
  const text = (tOr(`intake.reason.${code}`, null, { field: name }) ?? code).replace(/\{\w+\}/g, '…')
  return name === '' || text.includes(name) ? text : `${name}: ${text}`
}

/** @param {RejectReason} reason */
function rowsText({ rows, count }) {
  const shown = rows.slice(0, 8).join(', ')
  return count > Math.min(rows.length, 8) ? t('uploads.and_more', { rows: shown }) : shown
}
