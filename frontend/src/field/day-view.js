// @ts-check

/** The day in route order. */

import { formatAgo, formatDate } from '../core/dates.js'
import { formatNumber, lang, t, tn } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, emptyState, problemBanner } from '../core/ui/pieces.js'
import { html, live, nothing, repeat } from '../core/view.js'
import { entriesOf, search, stopKey, windowAt } from './day.js'
import { shiftCard } from './shift-view.js'
import { amountWords, codeWords, distanceWords, momentWords, resultWords } from './words.js'

/** @import { App } from './app.js' */
/** @import { Entry } from './day.js' */

/** @param {App} app */
export function dayView(app) {
  const { day } = app
  if (day === null) return nothingYet(app)
  const entries = entriesOf(day, app.visits, app.places.latest)
  const left = entries.filter(({ state }) => state === 'planned' || state === 'open').length
  const shown = search(entries, app.query)
  return html`
    <div class="day-head"><div><h1>${t('field.day_title')}</h1>
      <p class="muted">${formatDate(day.date, lang(), 'long')} · ${tn('field.left', left)}</p></div>
      <a class="icon-button" href="#/mapa" aria-label=${t('field.map_title')}>${icon('pin')}</a>
      <button type="button" class="icon-button" aria-label=${t('field.sync')} ?disabled=${app.syncing || !app.online} @click=${() => void app.sync({ force: true })}>${icon('refresh')}</button>
    </div>
    ${app.problem ? problemBanner(app.problem) : nothing}
    ${droppedView(app)}
    ${app.shift.on ? nothing : shiftCard(app)}
    ${entries.length === 0
      ? emptyState({ icon: 'check', title: t('field.empty_title'), body: t('field.empty_body') })
      : html`<div class="search-field">${icon('search')}<input type="search" id="search" aria-label=${t('field.search')} placeholder=${t('field.search')} .value=${live(app.query)}
          @input=${(/** @type {any} */ event) => { app.query = event.target.value; app.paint() }}></div>
        <ol class="stops">${repeat(shown, ({ stop }) => stopKey(stop), (entry) => stopCard(app, entry))}</ol>
        ${shown.length === 0 ? html`<p class="muted" role="status">${t('field.none_found')}</p>` : nothing}`}
    <p class="muted small">${t('field.synced', { ago: formatAgo(new Date(app.syncedAt).toISOString(), new Date(), lang()) })}</p>`
}

/** @param {App} app @param {Entry} entry */
export function stopCard(app, { stop, state, metres }) {
  const portfolio = app.day?.portfolios[stop.portfolio_id]
  const last = stop.last_results[0]
  return html`<li><a class="stop stop-${state}" href="#/parada/${encodeURIComponent(stopKey(stop))}">
    <span class="stop-order" aria-hidden="true">${state === 'done' || state === 'unsent' ? icon('check') : formatNumber(stop.order)}</span>
    <span class="stop-words">
      <strong class="stop-name">${stop.name}</strong>
      <span class="stop-address">${stop.address === null ? t('field.no_address') : `${stop.address.lines}, ${stop.address.city}`}</span>
      <span class="stop-facts">${stateBadge(state)}${state === 'planned' || state === 'open' ? windowBadge(stop, portfolio?.time_zone) : nothing}
        ${stop.promise ? badge(t('field.has_promise'), 'info') : nothing}
        <span>${distanceWords(metres)}</span><span>${amountWords(stop, portfolio)}</span></span>
      ${state === 'withdrawn' ? html`<span class="small">${codeWords('field.dropped', stop.withdrawn ?? 'other')}</span>`
        : last && state === 'planned' ? html`<span class="muted small">${t('field.last_result', { result: resultWords(last.disposition, portfolio, last.label), when: momentWords(last.at, portfolio?.time_zone) })}</span>` : nothing}
    </span></a></li>`
}

/** @param {Entry['state']} state */
function stateBadge(state) {
  if (state === 'planned') return nothing
  const tone = /** @type {const} */ ({ open: 'brand', unsent: 'warn', done: 'good', withdrawn: 'neutral' })[state]
  return badge(t(`field.state.${state}`), tone)
}

/** @param {Entry['stop']} stop @param {string} [zone] */
export function windowBadge(stop, zone) {
  const { allowed, until } = windowAt(stop.window, Date.now())
  if (allowed) return badge(until === null ? t('field.may_visit') : t('field.may_visit_until', { time: momentWords(until, zone) }), 'good')
  return badge(until === null ? t('field.may_not_visit') : t('field.may_visit_from', { time: momentWords(until, zone) }), 'bad')
}

/** Stops that left the route since the last time they were told. @param {App} app */
function droppedView(app) {
  const dropped = (app.day?.dropped ?? []).filter(({ assignment_id: id }) => !app.seenDropped.includes(id))
  if (dropped.length === 0) return nothing
  const names = new Map(app.day?.stops.map((stop) => [stop.assignment_id, stop.name]))
  return banner({
    tone: 'info', title: tn('field.dropped', dropped.length),
    body: html`<ul>${dropped.map(({ assignment_id: id, code, name }) => html`<li>${[name ?? names.get(id), codeWords('field.dropped', code)].filter(Boolean).join(': ')}</li>`)}</ul>`,
    actions: html`<button type="button" class="button" @click=${() => void app.seen(dropped.map(({ assignment_id: id }) => id))}>${t('field.understood')}</button>`,
  })
}

/** @param {App} app */
function nothingYet(app) {
  if (app.syncing) {
    return html`<h1>${t('field.day_title')}</h1><div class="skeleton" aria-busy="true"><span class="visually-hidden">${t('common.loading')}</span><div class="skeleton-line"></div><div class="skeleton-line"></div><div class="skeleton-line"></div></div>`
  }
  return html`<h1>${t('field.day_title')}</h1>
    ${app.problem ? problemBanner(app.problem, () => void app.sync({ force: true })) : nothing}
    ${emptyState({
      icon: 'download', title: t('field.no_day_title'), body: t('field.no_day_body'),
      actions: html`<button type="button" class="button button-primary button-large" ?disabled=${!app.online} @click=${() => void app.sync({ force: true })}>${t('field.sync')}</button>`,
    })}`
}
