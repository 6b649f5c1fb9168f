// @ts-check

/** One visit: what was reported, where the phone was, what speaks against it, and a person's word. */

/** @import { Scan } from '../core/ui/scan.js' */
/** @import { MapView } from '../core/map/view.js' */
/** @import { VisitLine, VisitPage } from './visits/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant } from '../core/dates.js'
import { formatNumber, localeFor, t, tOr } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { Problem, asProblem } from '../core/problem.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { textArea } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, facts, pageHead, problemBanner } from '../core/ui/pieces.js'
import { scanNote } from '../core/ui/scan.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { lawWords } from './law-words.js'
import { start } from './shell.js'
import { drawEvidence, isPlaced } from './visits/evidence.js'
import { conflictText, doubtsText, judgedText, resultText, signText, standingBadge, verdictBadge } from './visits/words.js'

/** What was not looked at yet is a download, never a picture of the page. @param {{ scan: Scan }} photo */
const drawn = ({ scan }) => scan === 'off' || scan === 'clean'

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, setTitle }) {
  const caseId = params.get('caso') ?? ''
  const id = params.get('id') ?? ''
  if (caseId === '' || id === '') throw new Problem({ code: 'visit.not_found', status: 404 })
  const path = `/visits/${encodeURIComponent(caseId)}/${encodeURIComponent(id)}`
  /** @type {VisitPage} */
  let shown = await api.get(path)
  /** @type {VisitLine[]} */
  let queue = []
  /** @type {Map<string, string>}  Pictures as they came, by photo. */
  const pictures = new Map()
  const locale = localeFor()
  setTitle(t('visits.of', { name: shown.case_name }))
  /** @type {Problem | null} */
  let unmapped = null
  const view = mountView(root, page)
  /** @type {MapView | null} */
  let map = null
  window.addEventListener('pagehide', () => map?.destroy())
  document.addEventListener('keydown', onKey)
  await Promise.all([draw(), readQueue(), ...shown.photos_taken.map(readPhoto)])

  async function draw() {
    const place = root.querySelector('.visit-map')
    if (place === null) return
    try {
      map = await drawEvidence(/** @type {HTMLElement} */ (place), shown)
    } catch (error) {
      unmapped = asProblem(error) // the visit is judged without it, too
    }
    view.update()
  }

  async function readQueue() {
    const query = { portfolio: shown.portfolio_id, state: 'review', limit: 100 }
    const answer = await api.get('/visits', { query }).catch(() => ({ items: [] }))
    queue = answer.items
    view.update()
  }

  /** The picture as bytes: the content policy shows no other origin's. @param {VisitPage['photos_taken'][number]} photo */
  async function readPhoto({ photo_id: photo, url, scan }) {
    if (url === null || !drawn({ scan })) return
    const answer = await fetch(url).catch(() => null)
    if (!answer?.ok) return
    pictures.set(photo, URL.createObjectURL(await answer.blob()))
    view.update()
  }

  /** The next of the queue, or the one before. @param {1 | -1} step */
  function neighbour(step) {
    const others = queue.filter((one) => one.visit_id === id || one.standing === 'review')
    const at = others.findIndex((one) => one.visit_id === id)
    return at < 0 ? (step > 0 ? others[0] : undefined) : others[at + step]
  }

  /** @param {VisitLine} visit */
  function hrefOf(visit) {
    return pathTo('visit', { caso: visit.case_id, id: visit.visit_id })
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, dialog, .visit-map')
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    const step = { j: 1, k: -1 }[event.key]
    const to = step && neighbour(/** @type {1 | -1} */ (step))
    if (to) window.location.assign(hrefOf(to))
  }

  /** @param {boolean} accept */
  async function judge(accept) {
    let reason = ''
    const done = await confirmDialog({
      title: t(accept ? 'visits.accept_title' : 'visits.reject_title'),
      body: html`<p>${t(accept ? 'visits.accept_body' : 'visits.reject_body')}</p>
        ${textArea({ name: 'reason', label: t('visits.reason'), value: '', required: !accept, onInput: (value) => { reason = value } })}`,
      confirm: t(accept ? 'visits.accept' : 'visits.reject'), danger: !accept,
      work: async () => { shown = await api.post(`${path}/review`, { accept, reason }) },
    })
    if (!done) return
    toast(t(accept ? 'visits.accepted' : 'visits.rejected'))
    queue = queue.filter((one) => one.visit_id !== id)
    view.update()
  }

  function page() {
    const visit = shown
    const [before, after] = [neighbour(-1), neighbour(1)]
    return html`${pageHead({
      back: { href: pathTo('visits', { cartera: visit.portfolio_id }), label: t('common.title.visits') },
      title: html`${t('visits.of', { name: visit.case_name })} ${verdictBadge(visit.verdict)} ${standingBadge(visit.standing)}`,
      lead: html`${visit.person.name} · ${when(visit.at)} · <a href=${pathTo('case', { id: visit.case_id })}>${t('visits.open_case')}</a>`,
      actions: html`${before ? html`<a class="button" href=${hrefOf(before)} aria-keyshortcuts="k">${icon('back')}${t('visits.previous')}</a>` : nothing}
        ${after ? html`<a class="button" href=${hrefOf(after)} aria-keyshortcuts="j">${t('visits.next')}${icon('forward')}</a>` : nothing}`,
    })}
    ${decision()}
    <div class="grid grid-2">
      ${card({ title: t('visits.reported'), body: reported() })}
      ${card({ title: t('visits.against'), body: against() })}
    </div>
    ${card({ title: t('visits.where'), body: where() })}
    ${visit.photos_taken.length > 0 ? card({ title: t('visits.photos'), body: photos() }) : nothing}
    ${visit.form ? card({ title: t('visits.form'), body: answers(visit.form) }) : nothing}`
  }

  function decision() {
    const { review, can, doubts } = shown
    if (review) {
      return banner({
        tone: review.accepted ? 'good' : 'bad', title: t(review.accepted ? 'visits.accepted_by' : 'visits.rejected_by', { who: review.by.name, when: when(review.at) }),
        body: review.reason || (review.accepted ? '' : t('visits.reject_body')),
      })
    }
    const buttons = html`<button type="button" class="button button-small button-primary" @click=${() => judge(true)}>${icon('check')}${t('visits.accept')}</button>
      <button type="button" class="button button-small" @click=${() => judge(false)}>${icon('close')}${t('visits.reject')}</button>`
    return banner({
      tone: doubts.length > 0 ? 'warn' : 'info', title: doubts.length > 0 ? t('visits.look', { why: doubtsText(shown) }) : t('visits.no_doubt'),
      body: can.review ? t('visits.keys') : t('visits.own'), actions: can.review ? buttons : nothing,
    })
  }

  function reported() {
    const visit = shown
    const money = (/** @type {number} */ minor) => formatMoney({ minor, currency: visit.portfolio.currency }, locale)
    return html`${facts([
      [t('visits.result'), resultText(visit)],
      [t('visits.met'), visit.met ? [tOr(`visits.met.${visit.met}`, visit.met), visit.met_name].filter(Boolean).join(': ') : null],
      [t('visits.promise'), visit.promise ? t('visits.promised', { amount: money(visit.promise.amount_minor), day: formatDate(visit.promise.due_on, locale) }) : null],
      [t('visits.payment'), visit.payment_report ? t('visits.paid', { amount: money(visit.payment_report.amount_minor), day: formatDate(visit.payment_report.paid_on, locale) }) : null],
      [t('visits.cash'), visit.cash ? t('visits.cash_taken', { amount: money(visit.cash.amount_minor), number: visit.cash.number }) : null],
      [t('visits.dispute'), visit.dispute ? visit.dispute.text || visit.dispute.kind : null],
      [t('visits.contacts'), visit.contacts.map((one) => one.value).join(', ') || null],
      [t('visits.address'), visit.address_found ? [visit.address_found.lines, visit.address_found.city].filter(Boolean).join(', ') : null],
      [t('visits.note'), [visit.exception_text, visit.note].filter(Boolean).join(' · ') || null],
      [t('visits.counts'), visit.counted ? t('visits.counted') : t('visits.not_counted')],
      [t('visits.stay'), t('visits.from_to', { from: when(visit.started_at), to: when(visit.finished_at) })],
      [t('visits.received'), when(visit.received_at)],
      [t('visits.told'), visit.told_at ? when(visit.told_at) : t('visits.told_not')],
    ])}`
  }

  function against() {
    const { signs, trust, review_below: limit, ruling, conflicts } = shown
    return html`<p><strong>${t('visits.trust_of', { score: formatNumber(trust), limit: formatNumber(limit) })}</strong></p>
      ${signs.length === 0 ? html`<p class="muted">${t('visits.no_signs')}</p>` : html`<ul>${signs.map((sign) => html`<li>${signText(sign)} ${badge(`−${sign.weight}`, 'warn')}</li>`)}</ul>`}
      ${facts([
        [t('visits.law'), ruling ? (ruling.allowed ? t('visits.law_allowed') : t('visits.law_refused', { why: tOr(`sendings.reason.${ruling.reason_code}`, ruling.reason_code), law: lawWords(ruling.article) })) : null],
        [t('visits.conflicts'), conflicts.length > 0 ? html`<ul>${conflicts.map(({ code }) => html`<li>${conflictText(code)}</li>`)}</ul>` : null],
      ])}`
  }

  function where() {
    const { server_verdict: server, phone_verdict: phone, evidence } = shown
    return html`${facts([
      [t('visits.server_says'), judgedText(server)],
      [t('visits.phone_says'), judgedText(phone)],
      [t('visits.point'), t(`visits.quality.${evidence.quality}`)],
    ])}${unmapped ? problemBanner(unmapped, () => window.location.reload()) : nothing}${isPlaced(shown) ? html`<div class="visit-map"></div>` : html`<p class="muted">${t('visits.no_place')}</p>`}`
  }

  function photos() {
    return html`<div class="visit-photos">${shown.photos_taken.map((photo) => {
      const picture = pictures.get(photo.photo_id)
      const name = t(`visits.photo.${photo.kind}`)
      return html`<figure class="visit-photo">${picture
        ? html`<a href=${picture} target="_blank" rel="noopener"><img src=${picture} alt=${t('visits.photo_alt', { name, person: shown.person.name })}></a>`
        : html`<div class="visit-photo-empty muted">${photo.scan === 'infected' ? nothing : photo.url === null ? t('visits.photo_waits') : drawn(photo) ? t('visits.photo_loading') : html`<a href=${photo.url} download>${t('visits.photo_take')}</a>`}</div>`}
        <figcaption>${name} · ${when(photo.taken_at)} ${photo.url !== null || photo.scan === 'infected' ? scanNote(photo.scan) : nothing}</figcaption></figure>`
    })}</div>`
  }

  /** @param {NonNullable<VisitPage['form']>} form */
  function answers(form) {
    if (form.answers === null) return html`<p class="muted">${t('visits.form_unknown', { n: form.version })}</p>`
    if (form.answers.length === 0) return html`<p class="muted">${t('visits.form_empty')}</p>`
    return facts(form.answers.map(({ question, answer }) => [question, answer]))
  }

  /** @param {string} at */
  function when(at) {
    return formatInstant(at, locale, shown.portfolio.time_zone)
  }
}
