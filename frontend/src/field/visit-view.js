// @ts-check

/** A visit on screen: one step at a time, each with one thing to do, the way on under the thumb. */

import { t } from '../core/i18n.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { emptyState } from '../core/ui/pieces.js'
import { html } from '../core/view.js'
import { netView, spaceNotice } from './frame-view.js'
import { sosButton } from './sos-view.js'
import { stepsOf } from './visit.js'
import { agreementStep } from './visit-agreement-view.js'
import { cashStep } from './visit-cash-view.js'
import { detailsStep } from './visit-details-view.js'
import { formStep, leaveForm } from './visit-form-view.js'
import { arriveStep, exceptionStep } from './visit-place-view.js'
import { identifyStep, metStep, photosStep, resultStep, reviewStep, signatureStep } from './visit-steps-view.js'

/** @import { App } from './app.js' */
/** @import { VisitDesk } from './visit-desk.js' */
/** @import { FieldPortfolio, StepName, Visit } from './types' */
/** @typedef {{ app: App, desk: VisitDesk, visit: Visit, portfolio: FieldPortfolio }} Desk */

/** @type {Record<StepName, (desk: Desk) => unknown>} */
const VIEWS = {
  arrive: arriveStep, exception: exceptionStep, identify: identifyStep, met: metStep, result: resultStep,
  cash: cashStep, agreement: agreementStep, details: detailsStep, form: formStep, photos: photosStep, signature: signatureStep, review: reviewStep,
}

/** @param {App} app */
export function visitView(app) {
  const { desk } = app
  const { visit = null, portfolio = null } = desk ?? {}
  if (desk === null || visit === null || portfolio === null || visit.state !== 'open') {
    return html`<header class="field-bar"><a class="back-link" href="#/">${icon('back')}${t('field.to_day')}</a>${netView(app)}</header>
      <main class="field-main" id="main" tabindex="-1">${emptyState({ icon: 'check', title: t('visit.not_open'), body: t('visit.not_open_body') })}</main>`
  }
  const steps = stepsOf(visit, portfolio)
  const place = Math.max(0, steps.indexOf(visit.step))
  return html`<header class="field-bar">
      <a class="icon-button" href="#/" aria-label=${t('visit.pause')}>${icon('close')}</a>
      <div class="visit-who"><strong>${visit.name}</strong><small>${t('visit.step', { n: place + 1, of: steps.length })}</small></div>
      ${netView(app, { short: true })}${sosButton(app)}
      <progress class="visit-progress" aria-label=${t('visit.progress')} value=${place + 1} max=${steps.length}></progress>
    </header>
    <main class="field-main visit-main" id="main" tabindex="-1">${spaceNotice(app)}${VIEWS[visit.step]({ app, desk, visit, portfolio })}</main>
    ${footOf(desk, visit, app.places.latest !== null)}`
}

/** @param {VisitDesk} desk @param {Visit} visit @param {boolean} placed  The phone knows where it is. */
function footOf(desk, visit, placed) {
  const next = async () => {
    if (visit.step === 'form' && !leaveForm()) return
    await desk.next()
  }
  const back = visit.step === 'arrive'
    ? html`<button type="button" class="button button-large" @click=${() => void discard(desk)}>${t('visit.discard')}</button>`
    : html`<button type="button" class="button button-large" @click=${() => void desk.back()}>${icon('back')}${t('common.back')}</button>`
  const forward = visit.step === 'arrive'
    ? html`<button type="button" class="button button-primary button-large" ?disabled=${!placed} @click=${() => void desk.arrive()}>${icon('pin')}${t('visit.here')}</button>`
    : visit.step === 'review'
      ? html`<button type="button" class="button button-primary button-large" ?disabled=${desk.busy} @click=${() => void desk.finish()}>${icon('check')}${t('visit.finish')}</button>`
      : html`<button type="button" class="button button-primary button-large" ?disabled=${desk.busy} @click=${next}>${t('visit.next')}${icon('forward')}</button>`
  return html`<footer class="thumb-bar">${back}${forward}</footer>`
}

/** @param {VisitDesk} desk */
async function discard(desk) {
  const agreed = await confirmDialog({ title: t('visit.discard_title'), body: html`<p>${t('visit.discard_body')}</p>`, confirm: t('visit.discard'), danger: true })
  if (agreed) await desk.discard()
}
