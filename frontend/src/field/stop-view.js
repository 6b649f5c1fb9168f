// @ts-check

/** One stop: what to know before knocking. */

import { formatDate } from '../core/dates.js'
import { lang, localeFor, t, tOr } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { icon } from '../core/ui/icons.js'
import { banner, emptyState, facts } from '../core/ui/pieces.js'
import { html, nothing } from '../core/view.js'
import { entriesOf, stopKey, windowAt } from './day.js'
import { agreementDone } from './visit-agreement-view.js'
import { amountWords, codeWords, distanceWords, momentWords, resultWords, verdictWords } from './words.js'

/** @import { App } from './app.js' */
/** @import { FieldPortfolio, Stop, Visit } from './types' */

/** @param {App} app */
export function stopView(app) {
  const entry = app.day === null ? undefined : entriesOf(app.day, app.visits, app.places.latest).find(({ stop }) => stopKey(stop) === app.screen.id)
  if (entry === undefined) return emptyState({ icon: 'pin', title: t('field.gone_title'), body: t('field.gone_body'), actions: html`<a class="button" href="#/">${t('field.to_day')}</a>` })
  const { stop, state, visit, metres } = entry
  const portfolio = app.day?.portfolios[stop.portfolio_id]
  const { address } = stop
  return html`<a class="back-link" href="#/">${icon('back')}${t('field.to_day')}</a>
    <div><h1>${stop.name}</h1><p class="muted">${portfolio?.creditor ?? ''}${portfolio?.agency ? ` · ${portfolio.agency}` : ''}</p></div>
    ${state === 'withdrawn' ? banner({ tone: 'warn', title: codeWords('field.dropped', stop.withdrawn ?? 'other'), body: t('field.withdrawn_body') }) : windowView(stop, portfolio)}
    ${visit !== null && visit.state !== 'open' ? visitDone(visit, portfolio) : nothing}
    ${visit?.agreement && visit.state !== 'open' && portfolio?.dispositions.find(({ code }) => code === visit.disposition)?.wants.includes('agreement') ? agreementDone(app, visit) : nothing}
    <section class="card" aria-labelledby="where"><h2 id="where">${t('field.where')}</h2>
      ${address === null ? html`<p>${t('field.no_address')}</p>` : html`<p class="address">${address.lines}<br>${address.city}</p>
        <p class="muted">${[distanceWords(metres), t(`field.quality.${address.quality}`)].filter(Boolean).join(' · ')}</p>
        ${address.lat === null ? nothing : html`<a class="button button-large button-block" href="geo:${address.lat},${address.lng}?q=${address.lat},${address.lng}(${encodeURIComponent(t('field.destination'))})">${icon('pin')}${t('field.navigate')}</a>`}`}
    </section>
    <section class="card" aria-labelledby="what"><h2 id="what">${t('field.know')}</h2>
      ${facts([
        [t('field.amount'), amountWords(stop, portfolio)],
        [t('field.dpd'), stop.dpd === null ? '' : t('field.dpd_days', { n: stop.dpd })],
        [t('field.debts'), stop.debts > 1 ? String(stop.debts) : ''],
        [t('field.promise'), stop.promise === null ? '' : promiseWords(stop, portfolio)],
        [t('field.why'), stop.why === null ? '' : tOr(`field.why_code.${stop.why}`, '')],
      ])}
      ${stop.last_results.length > 0 ? html`<h3>${t('field.before')}</h3><ul class="plain-list">${stop.last_results.map((one) => html`<li>
        ${momentWords(one.at, portfolio?.time_zone)} · ${tOr(`field.channel.${one.channel}`, one.channel)}: ${resultWords(one.disposition, portfolio, one.label)}</li>`)}</ul>` : nothing}
      ${stop.notes.length > 0 ? html`<h3>${t('field.notes')}</h3><ul class="plain-list">${stop.notes.map((note) => html`<li>${typeof note === 'string' ? note : note.text}</li>`)}</ul>` : nothing}
    </section>
    ${state === 'planned' || state === 'open' ? html`<div class="thumb-bar">
      <button type="button" class="button button-primary button-large button-block" @click=${() => void app.beginVisit(stop)}>${icon('forward')}${state === 'open' ? t('field.go_on') : t('field.start_visit')}</button></div>` : nothing}`
}

/** What the law says of knocking now; a visit is recorded all the same. @param {Stop} stop @param {FieldPortfolio | undefined} portfolio */
export function windowView(stop, portfolio) {
  const { allowed, until, reason_code: reason } = windowAt(stop.window, Date.now())
  const zone = portfolio?.time_zone
  if (allowed) {
    return banner({ tone: 'good', title: until === null ? t('field.may_visit') : t('field.may_visit_until', { time: momentWords(until, zone) }), body: stop.window?.law ?? nothing })
  }
  return banner({
    tone: 'bad',
    title: until === null ? t('field.may_not_visit') : t('field.may_visit_from', { time: momentWords(until, zone) }),
    body: [tOr(`field.window_reason.${reason}`, null) ?? tOr(`contact.why.${reason}`, null) ?? t('field.window_reason.other'), stop.window?.law].filter(Boolean).join(' · '),
  })
}

/** @param {Stop} stop @param {FieldPortfolio | undefined} portfolio */
function promiseWords({ promise }, portfolio) {
  if (promise === null) return ''
  if (promise.amount_minor === null) return formatDate(promise.due_on, lang())
  const amount = formatMoney({ minor: promise.amount_minor, currency: portfolio?.currency ?? '' }, localeFor(portfolio?.country))
  return t('field.promise_words', { amount, day: formatDate(promise.due_on, lang()) })
}

/** @param {Visit} visit @param {FieldPortfolio | undefined} portfolio */
function visitDone(visit, portfolio) {
  const judged = visit.server?.verdict ?? visit.verdict
  const conflicts = visit.server?.conflicts ?? []
  return html`${banner({
    tone: visit.state === 'complete' ? 'good' : visit.state === 'refused' ? 'bad' : 'warn',
    title: t(`field.visit_state.${visit.state}`),
    body: [visit.kind === 'exception' ? t(`visit.exception.${visit.exception?.reason ?? 'closed'}`) : resultWords(visit.disposition ?? '', portfolio), judged ? verdictWords(judged) : ''].filter(Boolean).join(' · '),
  })}
  ${conflicts.map(({ code }) => banner({ tone: 'warn', title: codeWords('visit.conflict', code) }))}`
}
