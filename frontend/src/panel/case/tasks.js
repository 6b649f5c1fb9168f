// @ts-check

/** What people are asked to do on this case, and asking for more; loaded after the case is read. */

/** @import { Api } from '../../core/api.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { Task } from '../tasks/contract.js' */

import { formatDate, todayIn } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { badge, card } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { kindText, whyText } from '../tasks/words.js'

/** @type {Record<Task['state'], Tone>} */
const TONES = { open: 'info', done: 'good', dropped: 'neutral' }
const SHOWN = 8

const dialogs = () => import('../tasks/dialogs.js')

export class CaseTasks {
  #api
  #page
  #locale
  #changed

  /**
   * @param {object} parts
   * @param {Api} parts.api
   * @param {() => CasePage} parts.page
   * @param {string} parts.locale
   * @param {(fresh: CasePage) => void} parts.changed
   */
  constructor({ api, page, locale, changed }) {
    this.#api = api
    this.#page = page
    this.#locale = locale
    this.#changed = changed
  }

  get #scene() {
    const { case: own, portfolio } = this.#page()
    return { api: this.#api, caseId: own.case_id, portfolioId: portfolio.id, today: todayIn(new Date(), portfolio.time_zone) }
  }

  /** @param {(show: Awaited<ReturnType<typeof dialogs>>) => Promise<CasePage | undefined>} work @param {string} said */
  async #do(work, said) {
    try {
      const fresh = await work(await dialogs())
      if (fresh === undefined) return
      this.#changed(fresh)
      toast(t(`tasks.said.${said}`))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  view() {
    const { tasks, can } = this.#page()
    if (tasks.length === 0 && !can.note) return nothing
    const today = this.#scene.today
    return card({
      id: 'tasks', title: t('tasks.title'),
      actions: can.note ? html`<button type="button" class="button" @click=${() => void this.#do((show) => show.newDialog(this.#scene), 'made')}>${t('tasks.new')}</button>` : nothing,
      body: tasks.length === 0
        ? html`<p class="muted">${t('tasks.none_of_case')}</p>`
        : html`<ul class="promises">${tasks.slice(0, SHOWN).map((task) => this.#task(task, today, can.note))}</ul>`,
    })
  }

  /** @param {Task} task @param {string} today @param {boolean} may */
  #task(task, today, may) {
    const late = task.state === 'open' && task.due_on < today
    const button = (/** @type {string} */ act, /** @type {() => void} */ work) => html`<button type="button" class="link-button small" @click=${work}>${t(`tasks.act.${act}`)}</button>`
    return html`<li>
      <div class="row row-between"><strong>${kindText(task.kind)}</strong>${badge(t(`tasks.state.${task.state}`), late ? 'bad' : TONES[task.state])}</div>
      ${task.text ? html`<p>${task.text}</p>` : nothing}
      ${task.cause.startsWith('voice_') ? html`<p class="small">${whyText(task, this.#page().portfolio.time_zone)}</p>` : nothing}
      ${task.outcome ? html`<p class="muted small">${task.outcome}</p>` : nothing}
      <p class="muted small">${formatDate(task.due_on, this.#locale)}${task.step ? ` · ${t('tasks.step_of', { step: task.step })}` : ''} · ${task.owner ? task.owner.name || task.owner.id : t('tasks.no_owner')}</p>
      ${may ? html`<div class="button-row">${task.state === 'open'
        ? html`${button('done', () => void this.#do((show) => show.doneDialog(this.#scene, task), 'done'))}
          ${button('put_off', () => void this.#do((show) => show.putOffDialog(this.#scene, task), 'put_off'))}
          ${button('give', () => void this.#do((show) => show.giveDialog(this.#scene, task), 'given'))}
          ${button('drop', () => void this.#do((show) => show.changeTask(this.#scene, task, { state: 'dropped' }), 'dropped'))}`
        : button('reopen', () => void this.#do((show) => show.changeTask(this.#scene, task, { state: 'open' }), 'undone'))}</div>` : nothing}
    </li>`
  }
}
