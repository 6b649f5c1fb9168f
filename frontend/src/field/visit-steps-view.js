// @ts-check

/** The short steps: who one is, who was met, what came of it, photos, signature, looking it over. */

import { formatDate } from '../core/dates.js'
import { lang, localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { radioField, textArea, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { banner, facts } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { credentialView } from './credential-view.js'
import { signaturePad } from './signature.js'
import { dispositionOf, judgeVisit, OBLIGED, possibleResults, possibleWho } from './visit.js'
import { signedTerms } from './visit-agreement-view.js'
import { photoField } from './visit-photo-field.js'
import { inReadersLanguage, resultWords, verdictTone, verdictWords } from './words.js'

/** @import { Met } from './types' */
/** @import { Desk } from './visit-view.js' */

/** @param {Desk} desk */
export function identifyStep({ app, desk, visit, portfolio }) {
  return html`<h1 tabindex="-1">${t('visit.identify')}</h1>
    <p>${t('visit.identify_lead', { name: app.me.name, agency: portfolio.agency || portfolio.creditor })}</p>
    ${banner({ tone: 'info', title: t('visit.identify_rule'), body: t('visit.identify_rule_body') })}
    <section class="card" aria-label=${t('field.credential')}>${credentialView(app)}</section>
    <button type="button" class="link-button" @click=${() => void desk.fileException()}>${t('visit.cannot')}</button>
    ${visit.verdict ? html`<p class="muted small">${t(`visit.place.${visit.verdict.reasons.some((reason) => reason !== 'short_stay') ? 'unsure' : 'verified'}`)}</p>` : nothing}`
}

/** @param {Desk} desk */
export function metStep({ desk, visit, portfolio }) {
  const { met } = visit
  const { faults } = desk
  const set = (/** @type {Partial<{ who: Met, name: string }>} */ part) => void desk.change((one) => {
    one.met = { who: 'nobody', name: '', ...one.met, ...part }
    if (part.who !== undefined && part.who !== met?.who) one.disposition = null
  })
  return html`<h1 tabindex="-1">${t('visit.met')}</h1>
    ${radioField({
      name: 'who', label: t('visit.met_who'), value: met?.who ?? '', error: faults.who && t(faults.who), required: true,
      options: possibleWho(portfolio).map((who) => ({ value: who, label: t(`visit.who.${who}`) })),
      onInput: (who) => set({ who: /** @type {Met} */ (who) }),
    })}
    ${met === null || met.who === 'nobody' ? nothing : textField({ name: 'met-name', label: t('visit.met_name'), value: met.name, maxlength: 120, onInput: (name) => set({ name }) })}
    ${met !== null && met.who !== 'nobody' && !OBLIGED.includes(met.who) ? banner({ tone: 'warn', title: t('visit.third_party'), body: t('visit.third_party_body') }) : nothing}`
}

/** @param {Desk} desk */
export function resultStep({ desk, visit, portfolio }) {
  const { faults } = desk
  return html`<h1 tabindex="-1">${t('visit.result_title')}</h1>
    ${radioField({
      name: 'disposition', label: t('visit.result_label'), value: visit.disposition ?? '', error: faults.disposition && t(faults.disposition), required: true,
      options: possibleResults(visit, portfolio).map(({ code, label }) => ({ value: code, label: inReadersLanguage(label) })),
      onInput: (code) => void desk.change((one) => { one.disposition = code }),
    })}`
}

/** @param {Desk} desk */
export function photosStep({ desk, visit, portfolio }) {
  const wants = dispositionOf(visit, portfolio)?.wants ?? []
  const { faults } = desk
  return html`<h1 tabindex="-1">${t('visit.photos')}</h1><p class="muted">${t('visit.photos_lead')}</p>
    ${wants.includes('notice_photo') ? photoField(desk, visit, { kind: 'notice', label: t('visit.photo_notice'), hint: t('visit.photo_notice_hint'), error: faults.notice && t(faults.notice), required: true }) : nothing}
    ${photoField(desk, visit, { kind: 'door', label: t('visit.photo_door'), hint: t('visit.photo_door_hint'), error: faults.door && t(faults.door), required: wants.includes('door_photo') })}
    ${photoField(desk, visit, { kind: 'document', label: t('visit.photo_document') })}`
}

/** @param {Desk} at */
export function signatureStep(at) {
  const { app, desk, visit, portfolio } = at
  const { faults } = desk
  const agreed = dispositionOf(visit, portfolio)?.wants.includes('agreement')
  const signed = visit.photos.find(({ kind }) => kind === 'signature')
  return html`<h1 tabindex="-1">${t('visit.signature')}</h1><p>${t('visit.signature_lead')}</p>
    ${agreed ? signedTerms(at) : nothing}
    ${signed === undefined
      ? signaturePad({ visit, fix: () => app.places.latest, onSigned: (photo) => void desk.addPhoto(photo), error: faults.signature && t(faults.signature) })
      : html`<img class="signature-done" src=${desk.pictures.get(signed.photo_id) ?? nothing} alt=${t('visit.signature_done')}>
        <button type="button" class="button button-large button-block" @click=${() => void desk.removePhoto(signed.photo_id)}>${icon('undo')}${t('visit.signature_again')}</button>`}`
}

/** @param {Desk} desk */
export function reviewStep({ app, desk, visit, portfolio }) {
  const judged = judgeVisit(visit, new Date().toISOString()) ?? visit.verdict
  const { promise, payment_report: paid, met } = visit
  const wants = dispositionOf(visit, portfolio)?.wants ?? []
  /** @param {number | null} minor */
  const money = (minor) => formatMoney({ minor: minor ?? 0, currency: portfolio.currency }, localeFor(portfolio.country))
  const exceptional = visit.kind === 'exception'
  return html`<h1 tabindex="-1">${t('visit.review')}</h1>
    ${judged === null ? nothing : banner({ tone: verdictTone(judged), title: verdictWords(judged), body: judged.reasons.includes('short_stay') ? t('visit.stay_hint') : nothing })}
    <section class="card" aria-label=${t('visit.review')}>${facts([
      [t('visit.exception_reason'), exceptional ? t(`visit.exception.${visit.exception?.reason}`) : ''],
      [t('visit.exception_text'), exceptional ? visit.exception?.text : ''],
      [t('visit.met_who'), exceptional || met === null ? '' : [t(`visit.who.${met.who}`), met.name].filter(Boolean).join(': ')],
      [t('visit.result_label'), exceptional ? '' : resultWords(visit.disposition ?? '', portfolio)],
      [t('field.promise'), !exceptional && wants.includes('promise') && promise ? t('field.promise_words', { amount: money(promise.amount_minor), day: formatDate(promise.due_on, lang()) }) : ''],
      [t('visit.payment'), !exceptional && wants.includes('payment_report') && paid ? `${money(paid.amount_minor)} · ${formatDate(paid.paid_on, lang())}` : ''],
      [t('visit.cash'), !exceptional && visit.cash ? `${money(visit.cash.amount_minor)} · ${visit.cash.number}` : ''],
      [t('visit.agreement'), !exceptional && wants.includes('agreement') && visit.agreement ? money(visit.agreement.to_pay_minor) : ''],
      [t('visit.opt_outs'), !exceptional && wants.includes('opt_outs') ? (visit.opt_outs ?? []).map((one) => t(`contact.channel.${one}`)).join(', ') : ''],
      [t('visit.photos'), visit.photos.length > 0 ? String(visit.photos.length) : ''],
    ])}</section>
    ${wants.includes('note') && !exceptional ? nothing : textArea({ name: 'note', label: t('visit.note'), hint: t('visit.note_hint'), value: visit.note, maxlength: 2000, onInput: (note) => void desk.change((one) => { one.note = note }) })}
    <p class="muted small">${t(app.online ? 'visit.sends_now' : 'visit.sends_later')}</p>`
}
