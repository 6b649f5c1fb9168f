// @ts-check

/** An agreement at the door: what may be signed today, the one that was picked, what became of it. */

import { formatDate, todayIn } from '../core/dates.js'
import { lang, localeFor, t, tn, tOr } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { icon } from '../core/ui/icons.js'
import { banner } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'

/** @import { App } from './app.js' */
/** @import { FieldOffer, FieldPortfolio, Visit } from './types' */
/** @import { Desk } from './visit-view.js' */

/** @param {Desk} at */
export function agreementStep({ app, desk, visit, portfolio }) {
  const known = app.offers?.items.find((one) => one.case_id === visit.case_id)
  // Interest and days are of the day they were worked out on: another day's would be refused.
  const today = app.offers !== null && todayIn(new Date(app.offers.as_of), portfolio.time_zone) === todayIn(new Date(), portfolio.time_zone)
  const offers = known !== undefined && today ? known.offers : []
  const { faults } = desk
  return html`<h1 tabindex="-1">${t('visit.agreement')}</h1><p>${t('visit.agreement_lead')}</p>
    ${app.online ? nothing : banner({ tone: 'info', title: t(offers.length > 0 ? 'visit.agreement_offline' : 'visit.agreement_no_offers') })}
    ${faults.agreement ? banner({ tone: 'warn', title: t(faults.agreement) }) : nothing}
    ${offers.length === 0
      ? html`${banner({ tone: 'warn', title: t(`visit.agreement_why.${known === undefined || !today ? 'unknown' : known.why || 'nothing'}`) })}
        <button type="button" class="button button-large button-block" ?disabled=${!app.online || desk.busy} @click=${() => void app.fetchOffers({ force: true })}>${icon('download')}${t('visit.agreement_fetch')}</button>`
      : offers.map((offer) => offerCard(offer, { picked: same(offer, visit.agreement), portfolio, pick: () => void desk.change((one) => { one.agreement = offer }) }))}`
}

/** @param {FieldOffer} offer @param {{ picked: boolean, portfolio: FieldPortfolio, pick: () => void }} how */
function offerCard(offer, { picked, portfolio, pick }) {
  const { length } = offer.shares
  const name = `${t(`visit.agreement_kind.${offer.kind}`)}${length > 1 ? ` · ${tn('visit.agreement_parts', length)}` : ''}`
  return html`<section class="card" aria-label=${name}><h2>${name}</h2>
    ${terms(offer, portfolio)}
    <button type="button" class="button button-large button-block ${picked ? 'button-primary' : ''}" aria-pressed=${picked} @click=${pick}>${picked ? icon('check') : nothing}${t(picked ? 'visit.agreement_picked' : 'visit.agreement_pick')}</button></section>`
}

/** What is paid, when, and what is forgiven: as the debtor sees it and signs it. @param {FieldOffer} offer @param {FieldPortfolio} portfolio */
function terms(offer, portfolio) {
  /** @param {number} minor */
  const money = (minor) => formatMoney({ minor, currency: offer.currency }, localeFor(portfolio.country))
  return html`<p><strong>${t('visit.agreement_total', { amount: money(offer.to_pay_minor) })}</strong>
      ${offer.saved_minor > 0 ? html`<br>${t('visit.agreement_saved', { amount: money(offer.saved_minor) })}` : nothing}</p>
    <ul class="plain-list">${offer.shares.map((one) => html`<li>${formatDate(one.due_on, lang())}: <strong>${money(one.amount_minor)}</strong></li>`)}</ul>`
}

/** Above the pad: what the finger signs. @param {Desk} at */
export function signedTerms({ visit, portfolio }) {
  return visit.agreement ? html`<section class="card" aria-label=${t('visit.agreement')}><p>${t('visit.agreement_sign')}</p>${terms(visit.agreement, portfolio)}</section>` : nothing
}

/** After the visit: in force with its paper, on its way, or refused and why. @param {App} app @param {Visit} visit */
export function agreementDone(app, visit) {
  const waits = app.items.find((item) => item.kind === 'agreement' && item.visit_id === visit.visit_id)
  if (waits?.state === 'refused') {
    const why = tOr(`errors.${waits.problem?.code}`, null) ?? t('errors.unknown')
    return banner({ tone: 'bad', title: t('visit.agreement_refused'), body: html`${why} ${t('visit.agreement_told')}` })
  }
  if (!visit.agreement_id) return banner({ tone: 'warn', title: t('visit.agreement_waits') })
  return html`${banner({ tone: 'good', title: t('visit.agreement_done'), body: t('visit.agreement_sent') })}
    <button type="button" class="button button-large button-block" ?disabled=${!app.online} @click=${() => void openPaper(app, visit)}>${icon('file')}${t('visit.agreement_paper')}</button>`
}

/** @param {App} app @param {Visit} visit */
async function openPaper(app, visit) {
  const { items } = await app.api.get(`/cases/${encodeURIComponent(visit.case_id)}/documents`)
  const paper = items.find((/** @type {{ document_id: string }} */ one) => one.document_id === visit.document_id)
  if (paper?.url) window.location.assign(paper.url)
}

/** @param {FieldOffer} one @param {FieldOffer | null | undefined} other */
function same(one, other) {
  return Boolean(other) && JSON.stringify(one.shares) === JSON.stringify(other?.shares) && one.kind === other?.kind
}
