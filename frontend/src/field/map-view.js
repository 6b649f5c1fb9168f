// @ts-check

/** The day on a map, which is there without a signal once its pack has been kept. */

import { ref } from 'lit-html/directives/ref.js'
import { formatDay } from '../core/dates.js'
import { formatNumber, lang, t } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { boundsOf, contains } from '../core/map/geometry.js'
import { basemapUrl, mapWords, openMap } from '../core/map/index.js'
import { deletePack, downloadPack, openPack, packsAreSupported } from '../core/map/pack.js'
import { icon } from '../core/ui/icons.js'
import { banner, emptyState, progress } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { entriesOf, stopKey } from './day.js'

/** @import { LatLng } from '../core/map/contract.js' */
/** @import { PackFacts } from '../core/map/pack.js' */
/** @import { MapView } from '../core/map/view.js' */
/** @import { App } from './app.js' */

const AROUND_M = 1500 // an agent strays from his route

/** @type {MapView | null} */
let map = null
/** @type {PackFacts | null} */
let kept = null
/** @type {{ done: number, total: number } | null} */
let loading = null
let failed = false
let blank = false
/** The map did not come. */
let unopened = false
/** The stops as they stand on the map. */
let drawn = ''
let stopFollowing = () => {}
const ask = latest()
/** The same at every painting: another one would lay the map anew. @type {((place: Element | undefined) => void) | null} */
let attach = null

/** @param {App} app */
export function mapView(app) {
  const stops = placed(app)
  attach ??= (place) => void mount(app, place)
  draw(app)
  return html`<h1>${t('fieldmap.title')}</h1>
    ${stops.length === 0 ? emptyState({ icon: 'pin', title: t('fieldmap.empty'), body: t('fieldmap.empty_body') }) : html`
      <p class="muted">${t('fieldmap.lead')}</p>
      <div class="field-map" ?hidden=${unopened} ${ref(attach)}></div>
      ${unopened ? banner({ tone: 'bad', title: t('fieldmap.unopened'), body: t('fieldmap.unopened_body'), actions: html`<button type="button" class="button button-small" @click=${() => window.location.reload()}>${t('common.retry')}</button>` }) : nothing}
      ${blank ? html`<p class="muted small" role="status">${t('fieldmap.blank')}</p>` : nothing}
      ${packCard(app)}`}`
}

/** Stops of the day that have a place. @param {App} app */
function placed(app) {
  if (app.day === null) return []
  return entriesOf(app.day, app.visits, null).flatMap(({ stop, state }) => {
    const { lat, lng } = stop.address ?? {}
    return state !== 'withdrawn' && typeof lat === 'number' && typeof lng === 'number' ? [{ stop, state, lat, lng }] : []
  })
}

/** @param {App} app */
function packId(app) {
  return `day-${app.me.person_id}`
}

/** Called when the screen appears, and without a place when it goes. @param {App} app @param {Element | undefined} place */
async function mount(app, place) {
  const current = ask()
  stopFollowing()
  map?.destroy()
  map = null
  blank = unopened = false
  drawn = ''
  if (!(place instanceof HTMLElement)) return
  const pack = packsAreSupported() ? await openPack(packId(app)).catch(() => null) : null
  if (!current()) return
  kept = pack?.facts ?? null
  try {
    const stops = placed(app)
    const opened = await openMap(place, {
      words: mapWords(t('fieldmap.title')), language: lang(), source: pack && (!app.online || covers(pack.facts, stops)) ? pack : basemapUrl(),
      onGround: (there) => { blank = !there; app.paint() },
      view: /** @type {any} */ (boundsOf(stops, 200)),
    })
    if (!current()) return opened.destroy()
    map = opened
  } catch {
    if (!current()) return
    unopened = true
    return app.paint()
  }
  draw(app)
  stopFollowing = app.places.follow((here) => {
    if (here === null) return
    map?.marks('here', [{ ...here, id: 'here', kind: 'here', title: '' }])
    map?.circles([{ lat: here.lat, lng: here.lng, radius_m: here.accuracy_m, tone: 'fix' }])
  })
  app.paint()
}

/**
 * The stops as the day and the visits on this phone have them now. Marks that stay the same are left
 * alone: a finger may be on one of them.
 * @param {App} app
 */
function draw(app) {
  if (map === null) return
  const marks = placed(app).map(({ stop, state, lat, lng }) => ({
    id: stopKey(stop), lat, lng, kind: state === 'done' || state === 'unsent' ? /** @type {const} */ ('done') : /** @type {const} */ ('stop'), label: stop.order ? formatNumber(stop.order) : '', title: stop.name,
  }))
  const now = JSON.stringify(marks)
  if (now === drawn) return
  drawn = now
  map.marks('stops', marks, (id) => app.go(`#/parada/${encodeURIComponent(id)}`))
}

/** @param {PackFacts} pack @param {LatLng[]} stops */
function covers({ bounds: [southWest, northEast] }, stops) {
  const box = [southWest, { lat: southWest.lat, lng: northEast.lng }, northEast, { lat: northEast.lat, lng: southWest.lng }]
  return stops.every((stop) => contains(box, stop))
}

/** @param {App} app */
async function keep(app) {
  const [source, bounds] = [basemapUrl(), boundsOf(placed(app), AROUND_M)]
  if (source === null || bounds === null) return
  failed = false
  loading = { done: 0, total: 0 }
  app.paint()
  try {
    kept = await downloadPack({ id: packId(app), source, bounds, onProgress: (done, total) => { loading = { done, total }; app.paint() } })
  } catch {
    failed = true
  }
  loading = null
  app.paint()
}

/** @param {App} app */
async function forget(app) {
  await deletePack(packId(app))
  kept = null
  app.paint()
}

/** @param {App} app */
function packCard(app) {
  if (!packsAreSupported()) return nothing
  const stale = kept !== null && !covers(kept, placed(app))
  const size = (/** @type {number} */ bytes) => formatNumber(bytes / 1_048_576, { maximumFractionDigits: 1, minimumFractionDigits: 1 })
  return html`<section class="stack-s" aria-labelledby="pack-title">
    <h2 id="pack-title">${t('fieldmap.offline')}</h2>
    <p class="muted" role="status">${kept === null ? t('fieldmap.not_kept') : stale ? t('fieldmap.stale') : t('fieldmap.kept', { mb: size(kept.bytes), day: formatDay(kept.at, lang(), undefined, 'short') })}</p>
    ${failed ? banner({ tone: 'bad', title: t('fieldmap.failed') }) : nothing}
    ${loading ? html`${progress({ value: loading.done, max: loading.total || null, label: t('fieldmap.loading') })}<p class="small">${t('fieldmap.loading')}</p>` : html`<div class="button-row">
      <button type="button" class="button ${kept === null || stale ? 'button-primary' : ''}" ?disabled=${!app.online} @click=${() => void keep(app)}>${icon('download')}${kept === null ? t('fieldmap.keep') : t('fieldmap.renew')}</button>
      ${kept === null ? nothing : html`<button type="button" class="button" @click=${() => void forget(app)}>${icon('trash')}${t('fieldmap.forget')}</button>`}</div>`}
  </section>`
}
