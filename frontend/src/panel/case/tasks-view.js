// @ts-check

/** What strategies ask people to do on this case. */

/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { CasePage, Task } from '../cases/contract.js' */

import { formatDate, todayIn } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { badge, card } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/** @type {Record<Task['state'], Tone>} */
const TONES = { open: 'info', done: 'good', dropped: 'neutral' }
const SHOWN = 8

/**
 * @param {object} facts
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {(task: Task, state: 'done' | 'dropped') => void} facts.onEnd
 */
export function tasksCard({ page, locale, onEnd }) {
  if (page.tasks.length === 0) return nothing
  const today = todayIn(new Date(), page.portfolio.time_zone)
  return card({
    id: 'tasks', title: t('case.tasks'),
    body: html`<ul class="promises">${page.tasks.slice(0, SHOWN).map((task) => html`<li>
      <div class="row row-between"><strong>${t(`case.task.${task.kind}`)}</strong>${badge(t(`case.task_state.${task.state}`), task.state === 'open' && task.due_on < today ? 'bad' : TONES[task.state])}</div>
      <div class="row row-between"><span class="muted small">${formatDate(task.due_on, locale)}${task.step ? ` · ${t('case.task_step', { step: task.step })}` : ''}</span>
        ${task.state === 'open' && page.can.note ? html`<span class="button-row">
          <button type="button" class="link-button small" @click=${() => onEnd(task, 'done')}>${t('case.task_done')}</button>
          <button type="button" class="link-button small" @click=${() => onEnd(task, 'dropped')}>${t('case.task_drop')}</button></span>` : nothing}</div>
    </li>`)}</ul>`,
  })
}
