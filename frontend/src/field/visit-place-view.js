// @ts-check

/** Arriving: where the phone thinks it is, how sure it is, and what that allows. */

import { formatNumber, t } from '../core/i18n.js'
import { metresBetween } from '../core/visits/verdict.js'
import { radioField, textArea } from '../core/ui/fields.js'
import { banner } from '../core/ui/pieces.js'
import { html, nothing, svg } from '../core/view.js'
import { fixOf } from './place.js'
import { EXCEPTIONS, judgeFix, radiusOf } from './visit.js'
import { photoField } from './visit-photo-field.js'
import { distanceWords } from './words.js'
import { windowView } from './stop-view.js'
import { stopKey } from './day.js'

/** @import { Place } from './place.js' */
/** @import { Judged, Visit } from './types' */
/** @import { Desk } from './visit-view.js' */

/** Half the picture's width, in its own units. */
const HALF = 100
/** Doubts that only the end of the visit can settle. */
const NOT_YET = new Set(['short_stay'])

/** @param {Desk} desk */
export function arriveStep({ app, visit, portfolio }) {
  const { latest, trouble } = app.places
  const stop = app.day?.stops.find((one) => stopKey(one) === stopKey(visit))
  return html`<h1 tabindex="-1">${t('visit.arrive')}</h1>
    ${stop === undefined ? nothing : windowView(stop, portfolio)}
    ${trouble === 'denied' ? banner({ tone: 'bad', title: t('visit.place_denied'), body: t('visit.place_denied_body') }) : nothing}
    ${latest === null
      ? html`<div class="ring-wait" role="status">${ring(visit, null)}<p>${t(trouble === 'unavailable' ? 'visit.place_unavailable' : 'visit.place_wait')}</p></div>`
      : found(visit, latest)}`
}

/** @param {Visit} visit @param {Place} latest */
function found(visit, latest) {
  const judged = judgeFix(visit, { fix: fixOf(latest), judged_at: new Date().toISOString(), stay_s: null })
  const { word, doubts } = placeWords(judged)
  return html`${ring(visit, latest)}
    <div class="place-said place-${word}" role="status">
      <strong>${t(`visit.place.${word}`)}</strong>
      <p>${judged.distance_m === null ? nothing : html`${t('visit.distance', { distance: distanceWords(judged.distance_m) })} · `}${t('visit.accuracy', { m: formatNumber(Math.round(latest.accuracy_m)) })}</p>
      ${doubts.map((reason) => html`<p class="small">${t(`visit.reason.${reason}`)}</p>`)}
      ${word === 'outside' ? html`<p class="small">${t('visit.outside_hint')}</p>` : nothing}
    </div>`
}

/**
 * What the place alone says: the stay is judged when the visit ends.
 * @param {Judged} judged
 */
function placeWords({ verdict, reasons }) {
  const doubts = reasons.filter((reason) => !NOT_YET.has(reason) && reason !== 'far')
  const word = verdict === 'outside' ? 'outside' : doubts.length > 0 ? 'unsure' : 'verified'
  return { word, doubts }
}

/**
 * The door in the middle with its radius, the phone with its error; north is up.
 * @param {Visit} visit @param {Place | null} place
 */
function ring({ address }, place) {
  const radius = radiusOf(address)
  const target = address === null || address.lat === null || address.lng === null ? null : { lat: address.lat, lng: address.lng }
  if (place === null) return html`<svg class="ring" viewBox="-100 -100 200 200" aria-hidden="true">${svg`<circle class="ring-search" r="60"></circle>`}</svg>`
  const distance = target === null ? 0 : metresBetween(place, target)
  const scale = (HALF - 8) / Math.max(radius * 1.15, Math.min(distance + place.accuracy_m, radius * 6 + 400), 30)
  const [x, y] = target === null ? [0, 0] : beside(place, target, scale)
  const label = target === null
    ? t('visit.ring_no_point', { m: formatNumber(Math.round(place.accuracy_m)) })
    : t('visit.ring', { distance: distanceWords(distance), m: formatNumber(Math.round(place.accuracy_m)) })
  return html`<svg class="ring" viewBox="-100 -100 200 200" role="img" aria-label=${label}>
    ${target === null ? nothing : svg`<circle class="ring-fence" r=${(radius * scale).toFixed(1)}></circle><path class="ring-door" d="M-5 5v-8l5-4 5 4v8z"></path>`}
    ${svg`<circle class="ring-error" cx=${x} cy=${y} r=${Math.max(4, place.accuracy_m * scale).toFixed(1)}></circle><circle class="ring-me" cx=${x} cy=${y} r="5"></circle>`}
  </svg>`
}

/** @param {Place} place @param {{ lat: number, lng: number }} target @param {number} scale */
function beside(place, target, scale) {
  const north = metresBetween(target, { lat: place.lat, lng: target.lng }) * Math.sign(place.lat - target.lat)
  const east = metresBetween(target, { lat: target.lat, lng: place.lng }) * Math.sign(place.lng - target.lng)
  const far = Math.max(1, Math.hypot(east, north) * scale / (HALF - 10))
  return [((east * scale) / far).toFixed(1), ((-north * scale) / far).toFixed(1)]
}

/** @param {Desk} desk */
export function exceptionStep({ desk, visit }) {
  const { faults } = desk
  const filed = visit.exception ?? { reason: '', text: '' }
  return html`<h1 tabindex="-1">${t('visit.exception_title')}</h1>
    ${visit.verdict?.verdict === 'outside'
      ? banner({ tone: 'bad', title: t('visit.place.outside'), body: t('visit.exception_lead', { distance: distanceWords(visit.verdict.distance_m) }) })
      : html`<p>${t('visit.exception_here')}</p>`}
    ${radioField({
      name: 'reason', label: t('visit.exception_reason'), value: filed.reason, error: faults.reason && t(faults.reason), required: true,
      options: EXCEPTIONS.map((code) => ({ value: code, label: t(`visit.exception.${code}`) })),
      onInput: (reason) => void desk.change((one) => { one.exception = { ...filed, reason } }),
    })}
    ${textArea({
      name: 'exception-text', label: t('visit.exception_text'), hint: t('visit.exception_text_hint'), value: filed.text, required: true, maxlength: 500,
      error: faults.text && t(faults.text),
      onInput: (text) => void desk.change((one) => { one.exception = { reason: one.exception?.reason ?? '', text } }),
    })}
    ${photoField(desk, visit, { kind: 'door', label: t('visit.exception_photo'), error: faults.photo && t(faults.photo), required: true })}
    ${visit.verdict?.verdict === 'outside' ? nothing : html`<button type="button" class="link-button" @click=${() => void desk.unfileException()}>${t('visit.no_exception')}</button>`}`
}
