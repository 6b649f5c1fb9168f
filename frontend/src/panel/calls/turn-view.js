// @ts-check

/** The case that comes next: why, who, how much, what is said, and which telephones may ring. */

/** @import { ContactPage, CasePage } from '../cases/contract.js' */
/** @import { CallSheet, CallTurn } from './contract.js' */

import { formatDate, formatInstant } from '../../core/dates.js'
import { t, tn, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { pathTo } from '../../core/paths.js'
import { badge, card, facts } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { contactsInOrder, formatPhone, telHref } from '../case/contacts.js'
import { reasonLines, whenWords } from '../case/forecast-words.js'
import { lawWords } from '../law-words.js'
import { reasonText, scriptLines } from './words.js'

/** @typedef {{ page: CasePage, reach: ContactPage, sheet: CallSheet, turn: CallTurn | null, locale: string }} Scene */

/** @param {Scene} scene */
export function factsCard({ page, turn, sheet, locale }) {
  const { case: one, portfolio, promises } = page
  const open = promises.find(({ state }) => state === 'open')
  return card({
    id: 'who', title: html`<a href=${pathTo('case', { id: one.case_id })}>${one.name || t('common.nameless')}</a>`,
    actions: turn?.law_until ? badge(t('queue.law_until', { when: formatInstant(turn.law_until, locale, portfolio.time_zone) }), 'good') : undefined,
    body: html`${facts([
      [t('case.total_due'), formatMoney(one.total_due, locale)],
      [t('queue.late'), one.legal_dpd > 0 ? tn('queue.days', one.legal_dpd) : t('queue.not_late')],
      [t('case.since'), one.oldest_due_on ? formatDate(one.oldest_due_on, locale) : null],
      [t('case.promise'), open ? t('queue.promised', { amount: formatMoney(open.amount, locale), day: formatDate(open.due_on, locale) }) : null],
      [t('case.last_payment'), one.last_payment_on ? formatDate(one.last_payment_on, locale) : t('common.never')],
    ])}${turn === null ? nothing : why(turn, sheet, one.legal_dpd > 0)}`,
  })
}

/** @param {CallTurn} turn @param {CallSheet} sheet @param {boolean} overdue */
function why({ reasons, score, segment_name: segment }, { forecast, no_forecast: silence }, overdue) {
  return html`<details class="why" open><summary>${t('queue.why')}</summary>
    <ul>${reasons.map((reason) => html`<li class="row row-between"><span>${reasonText(reason, segment)}</span><span class="muted">${reason.code === 'quota' ? nothing : t('queue.points', { n: reason.points })}</span></li>`)}</ul>
    <p class="muted small">${t('queue.score', { n: score })}${segment === '' ? nothing : ` · ${t('queue.segment', { name: segment })}`}</p>
    ${forecast === null ? html`<p class="muted small">${t(silence === 'no_model' || silence === 'rules' ? `queue.forecast.${silence}` : 'queue.forecast.none')}</p>` : html`<p class="small">${t('case.forecast.title')}: ${t('case.forecast.any', { n: forecast.percent, days: forecast.days })}. ${t('case.forecast.oldest', { when: whenWords(forecast.expected, overdue) })}.</p>
      ${reasonLines(forecast.reasons)}`}</details>`
}

/** @param {Scene} scene @param {string} agent */
export function scriptCard({ page, sheet, locale }, agent) {
  return card({
    id: 'script', title: t('queue.script'), lead: t(`queue.stage.${sheet.stage}`),
    body: html`<ol class="script" lang=${sheet.language}>${scriptLines(sheet, page, agent, locale).map((line) => html`<li>${line}</li>`)}</ol>`,
  })
}

/**
 * @param {Scene} scene
 * @param {{ busy: boolean, onCall: (contactId: string) => void }} acts
 */
export function phonesCard({ page, reach, sheet, locale }, { busy, onCall }) {
  const phones = contactsInOrder(page.contacts).filter(({ kind }) => kind === 'phone')
  return card({
    id: 'phones', title: t('queue.phones'),
    body: phones.length === 0 ? html`<p class="muted">${t('queue.no_phones')}</p>` : html`<ul class="ways">${phones.map((phone) => {
      const way = reach.ways.find((each) => each.contact_id === phone.contact_id && each.channel === 'call')
      const shown = formatPhone(phone.value)
      const here = sheet.open?.contact_id === phone.contact_id
      return html`<li><div class="way">
        <span><strong>${shown}</strong> ${phone.party === 'debtor' ? nothing : html`<span class="muted small">${tOr(`case.party.${phone.party}`, phone.party)}</span>`} ${badge(t(`case.quality.${phone.quality}`))}</span>
        ${here ? html`<a class="button" href=${telHref(phone.value, phone.detail)}>${t('queue.dial')}<span class="visually-hidden"> ${shown}</span></a>`
          : way?.allowed ? html`<button type="button" class="button button-primary" data-call ?disabled=${busy || sheet.open !== null} @click=${() => onCall(phone.contact_id)}>${t('queue.call')}<span class="visually-hidden"> ${shown}</span></button>`
            : way === undefined ? nothing : html`<span class="channel-not">${badge(tOr(`contact.why.${way.reason_code}`, way.reason_code), way.next_allowed_at === null ? 'bad' : 'warn')}
              ${way.next_allowed_at === null ? nothing : html`<span class="small">${t('queue.from', { when: formatInstant(way.next_allowed_at, locale, page.portfolio.time_zone) })}</span>`}
              ${way.article === '' ? nothing : html`<span class="muted small">${t('contact.article', { article: lawWords(way.article) })}</span>`}</span>`}
      </div></li>`
    })}</ul>`,
  })
}
