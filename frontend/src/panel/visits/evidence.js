// @ts-check

/** Where a visit was, on a map: the address with its radius, the fixes with their errors, the way. */

/** @import { Circle, LatLng, Mark } from '../../core/map/contract.js' */
/** @import { VisitPage } from './contract.js' */

import { lang, t } from '../../core/i18n.js'
import { boundsOf } from '../../core/map/geometry.js'
import { basemapUrl, mapWords, openMap } from '../../core/map/index.js'

const MARGIN_M = 120

/** Whether there is anything to draw. @param {VisitPage} visit */
export function isPlaced({ evidence }) {
  return evidence.address !== null || evidence.fixes.length > 0
}

/**
 * @param {HTMLElement} place
 * @param {VisitPage} visit
 */
export async function drawEvidence(place, visit) {
  const { address, fixes, radius_m: radius, trail } = visit.evidence
  /** @type {LatLng[]} */
  const points = [...(address ? [address] : []), ...fixes]
  const view = boundsOf(points, Math.max(radius, MARGIN_M))
  if (view === null) return null
  const map = await openMap(place, { words: mapWords(t('visits.map')), language: lang(), source: basemapUrl(), view })
  /** @type {Circle[]} */
  const circles = fixes.map((fix) => ({ lat: fix.lat, lng: fix.lng, radius_m: fix.accuracy_m, tone: visit.verdict === 'outside' ? 'bad' : 'fix' }))
  if (address && radius > 0) circles.unshift({ lat: address.lat, lng: address.lng, radius_m: radius, tone: 'fence' })
  map.circles(circles)
  if (trail.length > 0) map.trail({ points: trail, stops: [], visits: [] })
  /** @type {Mark[]} */
  const marks = fixes.map((fix, number) => ({ id: `fix-${number}`, lat: fix.lat, lng: fix.lng, kind: 'fix', title: t('visits.map_fix', { n: number + 1 }) }))
  if (address) marks.unshift({ id: 'address', lat: address.lat, lng: address.lng, kind: 'address', title: address.lines })
  for (const photo of visit.photos_taken) {
    if (photo.lat !== null && photo.lng !== null) {
      marks.push({ id: photo.photo_id, lat: photo.lat, lng: photo.lng, kind: 'photo', title: t(`visits.photo.${photo.kind}`) })
    }
  }
  map.marks('evidence', marks)
  return map
}
