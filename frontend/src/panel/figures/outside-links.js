// @ts-check

/** Links to a report for somebody outside: made, told once, listed with when they were opened, ended. */

/** @import { Api } from '../../core/api.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */
/** @import { Period, ReportLink, SavedReport } from './contract.js' */

import { formatInstant } from '../../core/dates.js'
import { lang, t, tn } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { selectField } from '../../core/ui/fields.js'
import { banner, copyButton, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'
import { periodText } from './period.js'

const LASTS = [7, 30, 90] // days
const LEAST_CASES = 5 // as the API hides

/** @param {{ api: Api, portfolioId: string, report: SavedReport, period: Period }} facts */
export function outsideDialog({ api, portfolioId, report, period }) {
  const path = `/portfolios/${encodeURIComponent(portfolioId)}/report-links`
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const at = (/** @type {string} */ instant) => formatInstant(instant, lang(), zone)
  let lasts = LASTS[0]
  let url = ''
  let busy = false
  /** @type {ReportLink[] | null} */
  let links = null
  /** @type {Problem | null} */
  let problem = null
  /** @type {DialogHandle | null} */
  let dialog = null

  const done = openDialog({ title: t('builder.outside_title'), size: 'wide', body: (handle) => {
    if (dialog === null) {
      dialog = handle
      void read()
    }
    return view()
  } })
  return done

  async function read() {
    /** @type {ReportLink[]} */
    const found = []
    try {
      /** @type {string | null} */
      let cursor = null
      do {
        const page = /** @type {{ items: ReportLink[], cursor: string | null }} */ (await api.get(path, { query: { cursor } }))
        found.push(...page.items)
        cursor = page.cursor
      } while (cursor !== null)
      links = found.filter(({ report_id: id }) => id === report.report_id).sort((a, b) => b.made_at.localeCompare(a.made_at))
    } catch (error) {
      problem = asProblem(error)
    }
    dialog?.update()
  }

  /** @param {() => Promise<void>} work */
  async function run(work) {
    busy = true
    problem = null
    dialog?.update()
    try {
      await work()
    } catch (error) {
      problem = asProblem(error)
    }
    busy = false
    await read()
  }

  /** @param {Event} event */
  function make(event) {
    event.preventDefault()
    void run(async () => {
      url = ''
      url = (await api.post(path, { report_id: report.report_id, ...period, lasts_days: lasts })).url
    })
  }

  /** @param {ReportLink} one */
  function end(one) {
    void run(() => api.delete(`${path}/${encodeURIComponent(one.link_id)}`))
  }

  function view() {
    return html`<div class="dialog-body stack">
      <p>${t('builder.outside_lead', { least: LEAST_CASES })}</p>
      <form class="toolbar" @submit=${make}>
        ${selectField({ name: 'lasts', label: t('builder.outside_days'), value: String(lasts), options: LASTS.map((n) => ({ value: String(n), label: t('builder.outside_days_n', { n }) })), onInput: (value) => { lasts = Number(value) } })}
        <button class="button button-primary" ?disabled=${busy}>${t('builder.outside_make')}</button>
      </form>
      <p class="small muted">${report.name}: ${periodText(period, lang())}</p>
      ${problem ? problemBanner(problem) : nothing}
      <div aria-live="polite">${url ? banner({ tone: 'good', title: t('builder.outside_made'), body: html`<div class="token-once"><code>${url}</code>${copyButton(() => url)}</div>` }) : nothing}</div>
      ${links === null ? (problem ? nothing : skeleton(3)) : links.length === 0 ? html`<p class="muted">${t('builder.outside_none')}</p>` : table(links)}
    </div>`
  }

  /** @param {ReportLink[]} rows */
  function table(rows) {
    return dataTable({
      caption: t('builder.outside_title'), rows, id: ({ link_id: id }) => id,
      columns: [
        { key: 'who', label: t('builder.outside_who'), head: true, cell: (one) => html`${one.made_by.name || one.made_by.id}<br><span class="small muted">${at(one.made_at)}</span>` },
        { key: 'of', label: t('builder.outside_of'), cell: (one) => periodText(one, lang()) },
        { key: 'until', label: t('builder.outside_until'), cell: (one) => (one.works ? at(one.until) : t(one.revoked_at ? 'builder.outside_ended' : 'builder.outside_over')) },
        { key: 'opened', label: t('builder.outside_opened'), cell: (one) => (one.opened_at ? tn('builder.outside_times', one.opened, { when: at(one.opened_at) }) : t('builder.outside_never')) },
        { key: 'end', label: t('builder.outside_end'), cell: (one) => (one.works ? html`<button type="button" class="button button-small" aria-label=${t('builder.outside_end_of', { when: at(one.made_at) })} ?disabled=${busy} @click=${() => end(one)}>${t('builder.outside_end')}</button>` : nothing) },
      ],
    })
  }
}
