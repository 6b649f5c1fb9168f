// @ts-check

/** One agent's day: the way, the stops, the visits, and a replay of it. */

/** @import { Api } from '../../core/api.js' */
/** @import { MapView } from '../../core/map/view.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { DayTrail, TrailStop, TrailVisit } from './contract.js' */

import { formatNumber, localeFor, t, tOr, tn } from '../../core/i18n.js'
import { boundsOf } from '../../core/map/geometry.js'
import { pathTo } from '../../core/paths.js'
import { asProblem } from '../../core/problem.js'
import { icon } from '../../core/ui/icons.js'
import { facts, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { html, live, nothing } from '../../core/view.js'
import { Replay, SPEEDS } from './replay.js'

/** @type {Record<string, 'good' | 'warn' | 'bad'>} */
const TONES = { verified: 'good', unsure: 'warn', outside: 'bad' }
const FRESH_MS = 60_000

export class Day {
  #api
  #paint
  #map
  /** @type {string | null} */
  #asked = null
  #askedAt = 0
  /** @type {Problem | null} */
  #problem = null

  /** @param {{ api: Api, paint: () => void, map: () => MapView | null }} parts */
  constructor({ api, paint, map }) {
    this.#api = api
    this.#paint = paint
    this.#map = map
    /** @type {DayTrail | null} */
    this.trail = null
    /** @type {Replay | null} */
    this.replay = null
  }

  /** @param {string | null} person  Null: nobody. @param {string | null} date  Null: today where the agent works. */
  async show(person, date) {
    const asked = person && `${person} ${date ?? ''}`
    if (asked === this.#asked && (asked === null || Date.now() - this.#askedAt < FRESH_MS || date !== null || this.replay !== null)) return
    const other = asked !== this.#asked
    this.#asked = asked
    this.#askedAt = Date.now()
    if (other) this.#clear()
    if (person === null) return
    try {
      const trail = await this.#api.get(`/agents/${person}/trail`, { query: { date } })
      if (asked !== this.#asked) return
      this.trail = trail
      this.#problem = null
      this.draw(other)
    } catch (error) {
      if (asked !== this.#asked) return
      this.#problem = asProblem(error)
    }
    this.#paint()
  }

  #clear() {
    this.trail = null
    this.#problem = null
    this.stopReplay()
    this.#map()?.trail(null)
  }

  /** What is known, onto the map as it is now: a map may open after the day has come. @param {boolean} bringIntoSight */
  draw(bringIntoSight) {
    const { trail } = this
    const map = this.#map()
    if (trail === null || map === null) return
    map.trail({
      points: trail.points,
      stops: trail.stops.map((stop, index) => ({ lat: stop.lat, lng: stop.lng, label: String(index + 1), title: this.#stopText(stop) })),
      visits: trail.visits.flatMap((visit) => visit.lat === null || visit.lng === null ? [] : [{
        id: visit.visit_id, lat: visit.lat, lng: visit.lng, tone: TONES[visit.verdict] ?? 'warn', title: this.#visitText(visit),
      }]),
    })
    const bounds = boundsOf(trail.points, 100)
    if (bringIntoSight && bounds) map.show(bounds)
  }

  /** @param {string} instant */
  #clock(instant) {
    return new Intl.DateTimeFormat(localeFor(), { hour: '2-digit', minute: '2-digit', timeZone: this.trail?.time_zone }).format(new Date(instant))
  }

  /** @param {TrailStop} stop */
  #stopText(stop) {
    return t('map.stop', { from: this.#clock(stop.started_at), to: this.#clock(stop.finished_at), minutes: formatNumber(Math.round(stop.duration_s / 60)) })
  }

  /** @param {TrailVisit} visit */
  #visitText({ at, verdict }) {
    return t('map.visit', { at: this.#clock(at), verdict: tOr(`map.verdict.${verdict}`, verdict) })
  }

  startReplay() {
    if (this.trail === null || this.trail.points.length < 2) return
    this.replay = new Replay(this.trail.points, { onTick: () => this.#tick() })
    this.replay.toggle()
  }

  stopReplay() {
    this.replay?.pause()
    this.replay = null
    this.#map()?.replayAt(null)
    this.#paint()
  }

  #tick() {
    if (this.replay === null) return
    this.#map()?.replayAt(this.replay.place)
    this.#paint()
  }

  view() {
    if (this.#problem) return problemBanner(this.#problem)
    const { trail } = this
    if (trail === null) return skeleton(3)
    if (trail.points.length === 0) return html`<p class="muted">${t('map.no_trail')}</p>`
    return html`${facts([
      [t('map.way'), t('map.km', { km: formatNumber(trail.distance_m / 1000, { maximumFractionDigits: 1 }) })],
      [t('map.points'), formatNumber(trail.received)],
      [t('map.kept_until'), new Intl.DateTimeFormat(localeFor(), { dateStyle: 'medium' }).format(new Date(trail.kept_until))],
    ])}
    ${this.replay ? nothing : html`<button type="button" class="button" @click=${() => this.startReplay()}>${icon('history')}${t('map.replay')}</button>`}
    ${this.#list()}`
  }

  #list() {
    const { stops, visits } = /** @type {DayTrail} */ (this.trail)
    const moments = [
      ...stops.map((stop, index) => ({ at: stop.started_at, place: stop, line: html`<span class="map-moment map-moment-stop">${index + 1}</span><span>${this.#stopText(stop)}</span>`, href: '' })),
      ...visits.map((visit) => ({
        at: visit.at, place: visit, href: pathTo('visit', { caso: visit.case_id, id: visit.visit_id }),
        line: html`<span class="map-moment map-moment-${TONES[visit.verdict] ?? 'warn'}" aria-hidden="true">${visit.verdict === 'verified' ? '✓' : visit.verdict === 'outside' ? '✕' : '?'}</span><span>${this.#visitText(visit)}</span>`,
      })),
    ].sort((a, b) => a.at.localeCompare(b.at))
    if (moments.length === 0) return html`<p class="muted">${t('map.no_stops')}</p>`
    return html`<h3 class="map-sub">${tn('map.moments', moments.length)}</h3>
      <ol class="map-moments">${moments.map(({ line, place, at, href }) => html`<li>
        <button type="button" @click=${() => this.#lookAt(place, at)}>${line}</button>
        ${href ? html`<a class="small" href=${href}>${t('map.open_visit')}</a>` : nothing}</li>`)}</ol>`
  }

  /** @param {{ lat: number | null, lng: number | null }} place @param {string} at */
  #lookAt({ lat, lng }, at) {
    if (lat !== null && lng !== null) this.#map()?.lookAt({ lat, lng }, 16)
    this.replay?.seek(Date.parse(at))
  }

  /** The controls under the map while a replay is on. */
  player() {
    const { replay } = this
    if (replay === null) return nothing
    const now = this.#clock(new Date(replay.at).toISOString())
    return html`<div class="map-player" role="group" aria-label=${t('map.replay')}>
      <button type="button" class="button button-small" @click=${() => replay.toggle()}>${replay.playing ? t('map.pause') : t('map.play')}</button>
      <label class="map-slider"><span class="visually-hidden">${t('map.moment')}</span>
        <input type="range" min=${replay.begins} max=${replay.ends} step="1000" .value=${live(String(Math.round(replay.at)))} aria-valuetext=${now}
          @input=${(/** @type {any} */ event) => replay.seek(Number(event.target.value))}></label>
      <output>${now}</output>
      <label><span class="visually-hidden">${t('map.speed')}</span><select @change=${(/** @type {any} */ event) => { replay.speed = Number(event.target.value) }}>
        ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === replay.speed}>${t('map.times', { n: speed })}</option>`)}</select></label>
      <button type="button" class="icon-button" aria-label=${t('map.replay_close')} @click=${() => this.stopReplay()}>${icon('close')}</button>
    </div>`
  }
}
