// @ts-check

/**
 * One thing done to many cases: what and to which, then exactly how many and what will be
 * refused, then - by whoever says that number - how it goes and what came of it.
 */

/** @import { Api } from '../../core/api.js' */
/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */
/** @import { BulkJob } from './contract.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { html } from '../../core/view.js'
import { Poll } from '../uploads/poll.js'
import { BulkForm } from './bulk-form.js'
import { jobView, recentJobs } from './bulk-view.js'

const LOOK_MS = 1_500
const MOVING = ['counting', 'running', 'undoing']

/**
 * @param {object} scene
 * @param {Api} scene.api
 * @param {Portfolio} scene.portfolio
 * @param {Record<string, string | number>} scene.filters  As the list was asked for.
 * @param {string[]} scene.picked  Ticked rows; none: all that the filters leave.
 * @returns {Promise<boolean>}  Whether cases may have changed.
 */
export async function bulkDialog({ api, portfolio, filters, picked }) {
  const base = `/portfolios/${encodeURIComponent(portfolio.portfolio_id)}/bulk-jobs`
  let changed = false
  let busy = false
  let typed = ''
  let open = true
  /** @type {BulkJob | null} */
  let job = null
  /** @type {BulkJob[] | null} */
  let recent = null
  /** @type {Problem | null} */
  let problem = null
  /** @type {DialogHandle | null} */
  let dialog = null
  let key = crypto.randomUUID()
  const paint = () => { if (open) dialog?.update() }
  const form = new BulkForm({ api, portfolio, paint })
  const pathOf = (/** @type {BulkJob} */ one) => `${base}/${encodeURIComponent(one.job_id)}`

  /** @type {Poll<BulkJob>} */
  const poll = new Poll({
    look: () => api.get(pathOf(/** @type {BulkJob} */ (job))),
    onSeen: (seen) => { job = seen; problem = null; paint() },
    onMissed: (error) => { problem = asProblem(error); paint() },
    delay: ({ seen, failures }) => (MOVING.includes(seen.state) ? LOOK_MS * (1 + failures) : null),
    page: document,
  })

  /** @param {() => Promise<BulkJob>} ask */
  async function turn(ask) {
    busy = true
    problem = null
    paint()
    try {
      job = await ask()
      if (open) poll.start(job)
    } catch (error) {
      problem = asProblem(error)
      if (job === null && form.refused(problem)) problem = null
    }
    busy = false
    paint()
  }

  /** @param {Event} event */
  function count(event) {
    event.preventDefault()
    if (form.check()) {
      const which = picked.length > 0 ? { case_ids: picked } : filters
      void turn(() => api.post(base, { action: form.action, ...form.terms(), ...which }, { key }))
    } else paint()
  }

  /** @param {'begin' | 'stop' | 'go_on' | 'undo'} what */
  function change(what) {
    const one = /** @type {BulkJob} */ (job)
    changed ||= what !== 'stop'
    void turn(() => api.patch(pathOf(one), what === 'begin' ? { do: what, count: one.count } : { do: what }))
  }

  function again() {
    poll.stop()
    job = null
    problem = null
    typed = ''
    key = crypto.randomUUID()
    paint()
    void look()
  }

  async function look() {
    try {
      recent = (await api.get(base, { query: { limit: 10 } })).items
    } catch {
      recent = [] // what was done before is a comfort, not what the dialog is for
    }
    paint()
  }

  const closed = openDialog({
    title: t('bulk.title'), size: 'wide',
    body: (handle) => {
      dialog = handle
      if (job !== null) {
        return jobView({
          job, portfolio, busy, problem, typed, names: form.names,
          onTyped: (text) => { typed = text; paint() }, onDo: change, onAgain: again, onClose: () => handle.close(),
        })
      }
      return html`${form.view({ picked: picked.length, narrowed: Object.keys(filters).some((name) => name !== 'sort'), busy, problem, onSubmit: count, onCancel: () => handle.close() })}
        ${recentJobs({ jobs: recent ?? [], portfolio, onOpen: (one) => { job = one; poll.start(one); paint() } })}`
    },
  })
  void form.load()
  void look()
  await closed
  open = false
  poll.stop()
  return changed
}
