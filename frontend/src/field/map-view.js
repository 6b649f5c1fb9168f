// @ts-check

/** The day on a map, which is there without a signal once its pack has been kept. */

import { ref } from 'lit-html/directives/ref.js'
import { formatDate } from '../core/dates.js'
import { formatNumber, lang, t } from '../core/i18n.js'
import { boundsOf, contains } from '../core/map/geometry.js'
import { basemapUrl, mapWords, openMap } from '../core/map/index.js'
import { deletePack, downloadPack, openPack, packsAreSupported } from '../core/map/pack.js'
import { icon } from '../core/ui/icons.js'
import { banner, emptyState, progress } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { stopKey } from './day.js'

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
let stopFollowing = () => {}
let turn = 0
/** The same at every painting: another one would lay the map anew. @type {((place: Element | undefined) => void) | null} */
let attach = null

/** @param {App} app */
export function mapView(app) {
  const stops = placed(app)
  attach ??= (place) => void mount(app, place)
  return html`<h1>${t('fieldmap.title')}</h1>
    ${stops.length === 0 ? emptyState({ icon: 'pin', title: t('fieldmap.empty'), body: t('fieldmap.empty_body') }) : html`
      <p class="muted">${t('fieldmap.lead')}</p>
      <div class="field-map" ${ref(attach)}></div>
      ${blank ? html`<p class="muted small" role="status">${t('fieldmap.blank')}</p>` : nothing}
      ${packCard(app)}`}`
}

/** Stops of the day that have a place. @param {App} app */
function placed(app) {
  return (app.day?.stops ?? []).flatMap((stop) => {
    const { lat, lng } = stop.address ?? {}
    return stop.state !== 'withdrawn' && typeof lat === 'number' && typeof lng === 'number' ? [{ stop, lat, lng }] : []
  })
}

/** @param {App} app */
function packId(app) {
  return `day-${app.me.person_id}`
}

/** Called when the screen appears, and without a place when it goes. @param {App} app @param {Element | undefined} place */
async function mount(app, place) {
  const mine = turn += 1
  stopFollowing()
  map?.destroy()
  map = null
  blank = false
  if (!(place instanceof HTMLElement)) return
  const stops = placed(app)
  const pack = packsAreSupported() ? await openPack(packId(app)) : null
  kept = pack?.facts ?? null
  const opened = await openMap(place, {
    words: mapWords(t('fieldmap.title')), language: lang(), source: pack && (!app.online || covers(pack.facts, stops)) ? pack : basemapUrl(),
    onGround: (there) => { blank = !there; app.paint() },
    view: /** @type {any} */ (boundsOf(stops, 200)),
  })
  if (mine !== turn) return opened.destroy()
  map = opened
  map.marks('stops', stops.map(({ stop, lat, lng }) => ({
    id: stopKey(stop), lat, lng, kind: stop.state === 'done' ? 'done' : 'stop', label: stop.order ? formatNumber(stop.order) : '', title: stop.name,
  })), (id) => app.go(`#/parada/${encodeURIComponent(id)}`))
  stopFollowing = app.places.follow((here) => {
    if (here === null) return
    map?.marks('here', [{ ...here, id: 'here', kind: 'here', title: '' }])
    map?.circles([{ lat: here.lat, lng: here.lng, radius_m: here.accuracy_m, tone: 'fix' }])
  })
  app.paint()
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
    <p class="muted" role="status">${kept === null ? t('fieldmap.not_kept') : stale ? t('fieldmap.stale') : t('fieldmap.kept', { mb: size(kept.bytes), day: formatDate(kept.at.slice(0, 10), lang(), 'short') })}</p>
    ${failed ? banner({ tone: 'bad', title: t('fieldmap.failed') }) : nothing}
    ${loading ? html`${progress({ value: loading.done, max: loading.total || null, label: t('fieldmap.loading') })}<p class="small">${t('fieldmap.loading')}</p>` : html`<div class="button-row">
      <button type="button" class="button ${kept === null || stale ? 'button-primary' : ''}" ?disabled=${!app.online} @click=${() => void keep(app)}>${icon('download')}${kept === null ? t('fieldmap.keep') : t('fieldmap.renew')}</button>
      ${kept === null ? nothing : html`<button type="button" class="button" @click=${() => void forget(app)}>${icon('trash')}${t('fieldmap.forget')}</button>`}</div>`}
  </section>`
}
