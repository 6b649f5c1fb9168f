// @ts-check

/** What supervisors see of the day's queue: each segment's part, who has what, what comes first. */

/** @import { QueueBoard, QueueLine } from './contract.js' */

import { t } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { reasonText } from './words.js'

/** @param {QueueBoard} board @param {string} locale */
export function boardCard(board, locale) {
  const skipped = Object.entries(board.skipped)
  return card({
    id: 'board', title: t('queue.board'), lead: t('queue.board_lead', { waiting: board.waiting }),
    body: html`<table class="table"><caption class="visually-hidden">${t('queue.board')}</caption>
      <thead><tr><th scope="col">${t('queue.segment_head')}</th><th scope="col" class="num">${t('queue.ready')}</th><th scope="col" class="num">${t('queue.given')}</th></tr></thead>
      <tbody>${board.segments.map(({ segment, name, ready, given }) => html`<tr>
        <th scope="row">${segment === '' ? t('queue.rest') : name}</th><td class="num">${ready}${ready >= board.most ? '+' : nothing}</td><td class="num">${given}</td></tr>`)}</tbody></table>
      ${lines('taken', board.taken, locale)}${lines('top', board.top, locale)}
      ${skipped.length === 0 ? nothing : html`<p class="small muted">${t('queue.skipped')}: ${skipped.map(([reason, n]) => `${t(`queue.skip.${reason}`)} ${n}`).join(' · ')}</p>`}`,
  })
}

/** @param {'taken' | 'top'} what @param {QueueLine[]} rows @param {string} locale */
function lines(what, rows, locale) {
  if (rows.length === 0) return nothing
  return html`<h3>${t(`queue.${what}`)}</h3><ul class="queue-lines">${rows.map(({ turn, name, balance }) => html`<li>
    <a href=${pathTo('case', { id: turn.case_id })}>${name || t('common.nameless')}</a> · ${formatMoney(balance, locale)}
    <span class="muted small">${what === 'taken' ? turn.person?.name || turn.person?.id : turn.reasons[0] ? reasonText(turn.reasons[0]) : nothing}</span></li>`)}</ul>`
}
