// @ts-check

/** A kept report by e-mail: when and to whom it goes, what was sent. Loaded when it is opened. */

/** @import { Api } from '../../core/api.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */
/** @import { ReportMailing, ReportSchedule, ReportSchedules, SavedReport } from './contract.js' */
/** @import { Choices, Draft } from './schedule-form.js' */

import { formatInstant } from '../../core/dates.js'
import { lang, t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog, openDialog } from '../../core/ui/dialog.js'
import { badge, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'
import { NEW, bodyOf, scheduleFields, wrongWith } from './schedule-form.js'
import { sentTable } from './schedule-sent.js'
import { goodsText, rhythmText } from './schedule-words.js'

const READERS = new Set(['admin', 'supervisor']) // of reports

/** @param {{ api: Api, portfolioId: string, zone: string, report: SavedReport }} facts */
export function schedulesDialog({ api, portfolioId, zone, report }) {
  const root = `/portfolios/${encodeURIComponent(portfolioId)}`
  const path = `${root}/report-schedules`
  const at = (/** @type {string} */ instant) => formatInstant(instant, lang(), zone)
  /** @type {ReportSchedule[] | null} */
  let schedules = null
  let myId = ''
  /** @type {Choices} */
  let choices = { people: [], mostRecipients: 20, mostOutside: 20 }
  /** What is being written: a new one, or another. @type {{ draft: Draft, of: ReportSchedule | null, errors: { people?: string, addresses?: string }, key: string } | null} */
  let form = null
  /** Whose past is shown. @type {{ of: ReportSchedule, items: ReportMailing[] | null } | null} */
  let past = null
  let busy = false
  /** @type {Problem | null} */
  let problem = null
  /** @type {DialogHandle | null} */
  let dialog = null

  return openDialog({ title: t('schedules.title', { name: report.name }), size: 'wide', body: (handle) => {
    if (dialog === null) {
      dialog = handle
      void run(read)
    }
    return html`<div class="dialog-body stack">${problem ? problemBanner(problem) : nothing}
      ${form ? formView(form) : past ? pastView(past) : listView()}</div>`
  } })

  async function read() {
    const [found, colleagues, me] = await Promise.all([
      api.get(path, { query: { report_id: report.report_id } }), api.get(`${root}/colleagues`), api.get('/me'),
    ])
    myId = me.person_id
    const told = /** @type {ReportSchedules} */ (found)
    schedules = told.items
    const readers = /** @type {{ person_id: string, name: string, role: string }[]} */ (colleagues.items).filter(({ role }) => READERS.has(role))
    choices = { people: readers, mostRecipients: told.most_recipients, mostOutside: told.most_outside }
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
    dialog?.update()
  }

  /** @param {string} id */
  function one(id) {
    return `${path}/${encodeURIComponent(id)}`
  }

  // The list

  function listView() {
    return html`<p>${t('schedules.lead', { zone })}</p>
      ${schedules === null ? (problem ? nothing : skeleton(3)) : schedules.length === 0 ? html`<p class="muted">${t('schedules.none')}</p>` : html`<ul class="schedules">${schedules.map(item)}</ul>`}
      ${schedules === null ? nothing : html`<div class="button-row"><button type="button" class="button button-primary" ?disabled=${busy} @click=${() => write(null)}>${t('schedules.new')}</button></div>`}`
  }

  /** @param {ReportSchedule} schedule */
  function item(schedule) {
    const what = rhythmText(schedule)
    const mine = schedule.mine && schedule.people.find(({ id }) => id === myId)
    const button = (/** @type {string} */ text, /** @type {() => void} */ act, danger = false) => html`<button type="button" class="button button-small ${danger ? 'button-danger' : ''}" aria-label="${text}: ${what}" ?disabled=${busy} @click=${act}>${text}</button>`
    return html`<li data-schedule=${schedule.schedule_id}>
      <p><strong>${what}</strong> ${schedule.next_at ? nothing : badge(t('schedules.paused'), 'warn')}<br>
        <span class="small muted">${goodsText(schedule)}</span><br>
        <span class="small">${schedule.next_at ? t('schedules.next', { when: at(schedule.next_at) }) : nothing}</span><br>
        <span class="small">${t('schedules.to', { names: names(schedule) })}</span></p>
      <div class="button-row">
        ${button(t('schedules.now'), () => void run(() => sendNow(schedule)))}
        ${button(t('schedules.sent'), () => void run(() => showPast(schedule)))}
        ${button(t('schedules.edit'), () => write(schedule))}
        ${button(t(schedule.next_at ? 'schedules.pause' : 'schedules.resume'), () => void run(() => pause(schedule)))}
        ${mine ? button(t(mine.stopped ? 'schedules.take_up' : 'schedules.stop'), () => void run(() => stop(schedule, mine.stopped))) : nothing}
        ${button(t('schedules.delete'), () => void remove(schedule), true)}
      </div></li>`
  }

  /** @param {ReportSchedule} schedule */
  function names({ people, outside }) {
    const noted = (/** @type {string} */ name, /** @type {string} */ why) => (why ? `${name} (${why})` : name)
    return [
      ...people.map(({ id, name, reads, stopped }) => noted(name || id, !reads ? t('schedules.letter.no_access') : stopped ? t('schedules.stopped') : '')),
      ...outside.map(({ address, stopped }) => noted(address, stopped ? t('schedules.stopped') : '')),
    ].join(', ')
  }

  /** @param {ReportSchedule} schedule */
  async function sendNow({ schedule_id: id }) {
    await api.post(`${one(id)}/mailings`, {})
    toast(t('schedules.now_done'))
  }

  /** @param {ReportSchedule} schedule */
  async function pause(schedule) {
    const draft = draftOf(schedule)
    await api.put(one(schedule.schedule_id), { ...bodyOf({ ...draft, state: schedule.next_at ? 'paused' : 'active' }), version: schedule.version })
    await read()
  }

  /** @param {ReportSchedule} schedule @param {boolean} again */
  async function stop({ schedule_id: id }, again) {
    await (again ? api.delete(`${one(id)}/stop`) : api.put(`${one(id)}/stop`, {}))
    await read()
    toast(t(again ? 'schedules.take_up_done' : 'schedules.stop_done'))
  }

  /** @param {ReportSchedule} schedule */
  async function remove({ schedule_id: id }) {
    const agreed = await confirmDialog({
      title: t('schedules.delete_title'), body: html`<p>${t('schedules.delete_sure')}</p>`,
      confirm: t('schedules.delete'), danger: true, work: () => api.delete(one(id)),
    })
    if (agreed) await run(read)
  }

  // The form

  /** @param {ReportSchedule | null} of */
  function write(of) {
    form = { draft: of ? draftOf(of) : { ...NEW, people: choices.people.some(({ person_id: id }) => id === myId) ? [myId] : [] }, of, errors: {}, key: crypto.randomUUID() }
    problem = null
    dialog?.update()
  }

  /** @param {NonNullable<typeof form>} shown */
  function formView(shown) {
    const set = (/** @type {Partial<Draft>} */ changes) => {
      shown.draft = { ...shown.draft, ...changes }
      shown.errors = {}
      dialog?.update()
    }
    return html`<form class="stack" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void save(shown) }}>
      ${scheduleFields(shown.draft, { choices, already: shown.of?.people ?? [], errors: shown.errors, set })}
      <div class="dialog-foot">
        <button type="button" class="button" ?disabled=${busy} @click=${leave}>${t('common.cancel')}</button>
        <button class="button button-primary" ?disabled=${busy}>${t('schedules.save')}</button>
      </div></form>`
  }

  /** @param {NonNullable<typeof form>} shown */
  async function save(shown) {
    shown.errors = wrongWith(shown.draft, choices)
    if (Object.keys(shown.errors).length > 0) {
      dialog?.update()
      return
    }
    await run(async () => {
      const body = bodyOf(shown.draft)
      await (shown.of
        ? api.put(one(shown.of.schedule_id), { ...body, version: shown.of.version })
        : api.post(path, { ...body, report_id: report.report_id }, { key: shown.key }))
      form = null
      await read()
      toast(t('schedules.saved'))
    })
  }

  function leave() {
    form = null
    past = null
    problem = null
    dialog?.update()
  }

  // What was sent

  /** @param {ReportSchedule} of */
  async function showPast(of) {
    past = { of, items: null }
    dialog?.update()
    past = { of, items: (await api.get(`${one(of.schedule_id)}/mailings`)).items }
  }

  /** @param {NonNullable<typeof past>} shown */
  function pastView({ of, items }) {
    const title = t('schedules.sent_title', { what: rhythmText(of) })
    return html`<h3>${title}</h3>
      ${items === null ? (problem ? nothing : skeleton(3)) : items.length === 0 ? html`<p class="muted">${t('schedules.sent_none')}</p>` : sentTable(items, title, at)}
      <div class="button-row"><button type="button" class="button" @click=${leave}>${t('schedules.back')}</button></div>`
  }
}

/** @param {ReportSchedule} schedule @returns {Draft} */
function draftOf({ every, weekday, month_day, hour, days, file, compare, state, people, outside }) {
  return { every, weekday, month_day, hour, days, file, compare, state, people: people.map(({ id }) => id), addresses: outside.map(({ address }) => address).join('\n') }
}
