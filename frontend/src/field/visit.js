// @ts-check

/** A visit from its beginning to the record that is sent: rules only, no screen and no storage. */

import { addDays, todayIn } from '../core/dates.js'
import { toDecimal } from '../core/money.js'
import { judge, RADIUS_M } from '../core/visits/verdict.js'
import { takesCash } from './cash.js'
import { newId } from './ids.js'
import { staySeconds } from './place.js'
import { waiting } from './waiting.js'

/** @import { Disposition, FieldPortfolio, Fix, Judged, Met, OutboxItem, PhotoFacts, PhotoKind, StepName, Stop, StopAddress, Visit, Want } from './types' */

export const EXCEPTIONS = /** @type {const} */ (['wrong_address', 'moved', 'unsafe', 'closed', 'no_access'])
export const WHO = /** @type {const} */ (['holder', 'codebtor', 'family', 'neighbour', 'employer', 'nobody'])
/** Who owes, and may be told of the debt. @type {Met[]} */
export const OBLIGED = ['holder', 'codebtor']
const DETAILS = /** @type {Want[]} */ (['promise', 'payment_report', 'dispute', 'contacts', 'address', 'opt_outs', 'note'])
const EXCEPTION_TEXT_LEAST = 10

/**
 * @param {Stop} stop @param {{ tracked: boolean, now: number }} facts
 * @returns {Visit}
 */
export function beginVisit(stop, { tracked, now }) {
  return {
    visit_id: newId('vis', now), assignment_id: stop.assignment_id, case_id: stop.case_id, portfolio_id: stop.portfolio_id,
    name: stop.name, address: stop.address, products: stop.products ?? [], state: 'open', step: 'arrive', started_at: new Date(now).toISOString(),
    arrived_at: null, finished_at: null, tracked, fixes: [], verdict: null, kind: 'visit', exception: null, met: null,
    disposition: null, form: null, promise: null, payment_report: null, cash: null, dispute: null, contacts: [], new_address: null, opt_outs: [],
    note: '', photos: [], server: null,
  }
}

/** @param {StopAddress | null} address */
export function radiusOf(address) {
  if (address === null || address.quality === 'none') return 0
  return address.radius_m ?? RADIUS_M[address.quality]
}

/**
 * The verdict on the fix of arrival, as things stand at a moment.
 * @param {Pick<Visit, 'address' | 'fixes' | 'met'>} visit
 * @param {{ fix: Fix, judged_at: string, stay_s: number | null }} facts
 * @returns {Judged}
 */
export function judgeFix({ address, met }, { fix, judged_at, stay_s }) {
  const age = Math.max(0, (Date.parse(judged_at) - Date.parse(fix.at)) / 1000)
  const target = address === null || address.lat === null || address.lng === null ? null : { lat: address.lat, lng: address.lng }
  const somebody = met !== null && met.who !== 'nobody'
  return judge({ point: fix, accuracy_m: fix.accuracy_m, age_s: age, stay_s, somebody_met: somebody }, target, address?.quality ?? 'none', address?.radius_m ?? null)
}

/** The verdict of the whole visit, as the server judges it again. @param {Visit} visit @param {string} at @returns {Judged | null} */
export function judgeVisit(visit, at) {
  const best = bestFix(visit.fixes)
  if (best === null || visit.arrived_at === null) return null
  const stay = staySeconds(visit.fixes, visit.address, radiusOf(visit.address), at)
  return judgeFix(visit, { fix: best, judged_at: visit.started_at, stay_s: stay })
}

/** The most accurate fix, which the server judges by too; the earlier one of two alike. @param {Fix[]} fixes */
function bestFix(fixes) {
  return fixes.reduce((best, fix) => (best === null || fix.accuracy_m < best.accuracy_m ? fix : best), /** @type {Fix | null} */ (null))
}

/** The result, with the questionnaire of what is owed there. @param {Visit} visit @param {FieldPortfolio} portfolio @returns {Disposition | undefined} */
export function dispositionOf(visit, portfolio) {
  const found = portfolio.dispositions.find(({ code }) => code === visit.disposition)
  // A visit that an older version of the app began knows no products.
  const own = (visit.products ?? []).map((product) => found?.product_forms?.[product]).find(Boolean)
  return found && own ? { ...found, form_id: own } : found
}

/**
 * What the case fills into the hidden questions of a questionnaire, by their names. What the
 * agent may not see is not among it.
 * @param {Visit} visit @param {Stop | undefined} stop
 * @returns {Record<string, string>}
 */
export function presetsOf(visit, stop) {
  const known = {
    nombre: visit.name, ciudad: visit.address?.city, tramo: stop?.band, dias_mora: stop?.dpd,
    saldo: stop?.amount && toDecimal(stop.amount), moneda: stop?.amount?.currency,
  }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== null && value !== '').map(([name, value]) => [name, String(value)]))
}

/** Who may have opened: those whom a result of the portfolio's list goes with. @param {FieldPortfolio} portfolio */
export function possibleWho({ dispositions }) {
  return WHO.filter((who) => dispositions.some(({ met }) => met.length === 0 || met.includes(who)))
}

/** Results that go with who was met. @param {Visit} visit @param {FieldPortfolio} portfolio */
export function possibleResults({ met }, portfolio) {
  return portfolio.dispositions.filter((one) => met === null || one.met.length === 0 || one.met.includes(met.who))
}

/** The steps this visit has, in order. @param {Visit} visit @param {FieldPortfolio} portfolio @returns {StepName[]} */
export function stepsOf(visit, portfolio) {
  if (visit.kind === 'exception') return ['arrive', 'exception', 'review']
  const disposition = dispositionOf(visit, portfolio)
  const wants = disposition?.wants ?? []
  /** @type {[StepName, boolean][]} */
  const all = [
    ['arrive', true],
    ['identify', true],
    ['met', true],
    ['result', true],
    ['cash', takesCash(visit, portfolio, wants)],
    ['agreement', wants.includes('agreement')],
    ['details', wants.some((want) => DETAILS.includes(want))],
    ['form', Boolean(disposition?.form_id)],
    ['photos', true],
    ['signature', wants.includes('signature')],
    ['review', true],
  ]
  return all.filter(([, has]) => has).map(([name]) => name)
}

/** @param {Visit} visit @param {FieldPortfolio} portfolio @param {1 | -1} by @returns {StepName} */
export function stepBeside(visit, portfolio, by) {
  const steps = stepsOf(visit, portfolio)
  const place = Math.max(0, steps.indexOf(visit.step))
  return steps[Math.min(Math.max(place + by, 0), steps.length - 1)]
}

/** Days on which a promise may be due. @param {FieldPortfolio} portfolio @param {number} now */
export function promiseDays({ time_zone, promise }, now) {
  const today = todayIn(new Date(now), time_zone)
  return { first: today, last: addDays(today, promise.most_days) }
}

/**
 * What keeps a step from being left, by field; values are keys of texts.
 * @param {Visit} visit @param {FieldPortfolio} portfolio @param {number} now @param {StepName} [step]
 * @returns {Record<string, string>}
 */
export function faultsOf(visit, portfolio, now, step = visit.step) {
  /** @type {Record<string, string | false>} */
  const faults = {}
  if (step === 'exception') {
    faults.reason = visit.exception === null && 'visit.need_reason'
    faults.text = (visit.exception?.text.trim().length ?? 0) < EXCEPTION_TEXT_LEAST && 'visit.need_words'
    faults.photo = !has(visit, 'door') && 'visit.need_photo'
  }
  if (step === 'met') faults.who = visit.met === null && 'visit.need_who'
  if (step === 'result') faults.disposition = dispositionOf(visit, portfolio) === undefined && 'visit.need_result'
  // A receipt is given in its step, where the amount is held to the limits.
  if (step === 'cash') faults.cash = !visit.cash && 'visit.need_receipt'
  if (step === 'agreement') faults.agreement = !visit.agreement && 'visit.need_agreement'
  if (step === 'details') Object.assign(faults, detailFaults(visit, portfolio, now))
  if (step === 'photos') {
    const wants = dispositionOf(visit, portfolio)?.wants ?? []
    faults.door = wants.includes('door_photo') && !has(visit, 'door') && 'visit.need_door_photo'
    faults.notice = wants.includes('notice_photo') && !has(visit, 'notice') && 'visit.need_notice_photo'
  }
  if (step === 'signature') faults.signature = !has(visit, 'signature') && 'visit.need_signature'
  return /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== false)))
}

/** @param {Visit} visit @param {FieldPortfolio} portfolio @param {number} now */
function detailFaults(visit, portfolio, now) {
  const wants = dispositionOf(visit, portfolio)?.wants ?? []
  const { first, last } = promiseDays(portfolio, now)
  const { promise, payment_report: paid, dispute, new_address: address } = visit
  /** @type {Record<string, string | false>} */
  const faults = {}
  if (wants.includes('promise')) {
    const amount = promise?.amount_minor ?? null
    faults.amount = amount === null || amount <= 0 ? 'visit.need_amount' : amount < portfolio.promise.least_minor && 'visit.amount_small'
    const day = promise?.due_on ?? ''
    faults.due_on = day === '' ? 'visit.need_day' : (day < first || day > last) && 'visit.day_outside'
  }
  if (wants.includes('payment_report')) {
    faults.paid_amount = (paid?.amount_minor ?? 0) <= 0 && 'visit.need_amount'
    const paidOn = paid?.paid_on ?? first
    faults.paid_on = paidOn === '' ? 'visit.need_day' : paidOn > first && 'visit.day_future'
  }
  if (wants.includes('dispute')) faults.dispute = (dispute?.kind ?? '') === '' && 'visit.need_dispute'
  if (wants.includes('contacts')) faults.contacts = visit.contacts.some(({ kind, value }) => !isContact(kind, value)) && 'visit.bad_contact'
  // Where somebody has moved to is often not known.
  if (wants.includes('address')) faults.address = hasPlace(address) && 'visit.need_address'
  if (wants.includes('opt_outs')) faults.opt_outs = (visit.opt_outs ?? []).length === 0 && 'visit.need_opt_outs'
  if (wants.includes('note')) faults.note = visit.note.trim() === '' && 'visit.need_note'
  return faults
}

/** A place without words for it. @param {Visit['new_address']} address */
function hasPlace(address) {
  return address !== null && address.lines.trim() === '' && address.lat !== null
}

/** @param {'phone' | 'email'} kind @param {string} value */
function isContact(kind, value) {
  return kind === 'email' ? /^\S+@\S+\.\S+$/.test(value.trim()) : value.replace(/\D/g, '').length >= 7
}

/** @param {Visit} visit @param {PhotoKind} kind */
function has(visit, kind) {
  return visit.photos.some((photo) => photo.kind === kind)
}

/**
 * The record as it is sent, and what goes after it.
 * @param {Visit} visit @param {FieldPortfolio} portfolio
 * @param {{ deviceId: string, appVersion: string, clockOffsetMs: number }} phone
 */
export function recordOf(visit, portfolio, { deviceId, appVersion, clockOffsetMs }) {
  const exceptional = visit.kind === 'exception'
  const wants = exceptional ? [] : (dispositionOf(visit, portfolio)?.wants ?? [])
  /** @template T @param {Want} want @param {T} value */
  const wanted = (want, value) => (wants.includes(want) ? value : null)
  return {
    visit_id: visit.visit_id, assignment_id: visit.assignment_id, case_id: visit.case_id,
    address_id: visit.address?.address_id ?? null, device_id: deviceId, app_version: appVersion,
    started_at: visit.started_at, finished_at: visit.finished_at, clock_offset_ms: clockOffsetMs, tracked: visit.tracked,
    fixes: visit.fixes,
    stay_s: staySeconds(visit.fixes, visit.address, radiusOf(visit.address), visit.finished_at ?? '') ?? 0,
    verdict: visit.verdict, kind: visit.kind,
    exception: exceptional ? visit.exception : null,
    met: exceptional ? null : visit.met,
    disposition: exceptional ? visit.exception?.reason : visit.disposition,
    form: exceptional || !dispositionOf(visit, portfolio)?.form_id ? null : visit.form,
    promise: wanted('promise', visit.promise),
    payment_report: wanted('payment_report', visit.payment_report),
    // A code that was not read back proves nothing.
    cash: exceptional || !visit.cash ? null : { ...visit.cash, code_id: visit.cash_confirmed ? visit.cash.code_id : '' },
    dispute: wanted('dispute', visit.dispute),
    contacts: wanted('contacts', visit.contacts) ?? [],
    address: wanted('address', (visit.new_address?.lines.trim() ?? '') === '' ? null : visit.new_address),
    opt_outs: wanted('opt_outs', visit.opt_outs) ?? [],
    notice_photo_id: visit.photos.find(({ kind }) => kind === 'notice')?.photo_id ?? null,
    note: visit.note,
    photos: visit.photos.map(photoFacts),
  }
}

/** @param {PhotoFacts} photo @returns {PhotoFacts} */
export function photoFacts({ photo_id, kind, sha256, bytes, width, height, taken_at, lat, lng, accuracy_m }) {
  return { photo_id, kind, sha256, bytes, width, height, taken_at, lat, lng, accuracy_m }
}

/**
 * The visit's place in the outbox: the signed record, then each photo.
 * @param {Visit} visit @param {string} text  The record as it was signed. @param {string} signature @param {number} now
 * @param {{ agreement?: boolean, clockOffsetMs?: number }} [also]  `agreement`: the result asked for one.
 * @returns {OutboxItem[]}
 */
export function itemsOf(visit, text, signature, now, { agreement = false, clockOffsetMs = 0 } = {}) {
  const { visit_id, name: title } = visit
  const photos = visit.photos.map(({ photo_id, sha256, bytes }) => waiting({
    kind: 'photo', ref: photo_id, visit_id, title, path: '/field/photos',
    text: JSON.stringify({ visit_id, photo_id, sha256, bytes, content_type: 'image/jpeg' }),
  }, now))
  return [
    waiting({ kind: 'visit', ref: visit_id, visit_id, title, path: '/field/visits', text, headers: { 'X-Recobro-Signature': signature } }, now),
    ...photos,
    ...(agreement && visit.agreement && visit.kind === 'visit' ? [signedItem(visit, visit.agreement, now, clockOffsetMs)] : []),
  ]
}

/** What the debtor signed, after the visit that proves it. @param {Visit} visit @param {NonNullable<Visit['agreement']>} agreement @param {number} now @param {number} clockOffsetMs */
function signedItem({ visit_id, case_id, name }, { kind, offer, shares }, now, clockOffsetMs) {
  const body = { case_id, visit_id, kind, offer, shares, signed_at: new Date(now - clockOffsetMs).toISOString() }
  return waiting({ kind: 'agreement', ref: `agr_${visit_id}`, visit_id, title: name, path: '/field/agreements', text: JSON.stringify(body) }, now)
}
