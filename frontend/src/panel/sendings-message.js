// @ts-check

/** One message: why it went, what it said, what became of it. */

/** @import { MessagePage } from './sendings/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant } from '../core/dates.js'
import { localeFor, t, tOr } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { Problem, asProblem } from '../core/problem.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { banner, card, facts, pageHead } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { actorName } from './case/events.js'
import { messageWords } from './case/messages.js'
import { lawWords } from './law-words.js'
import { channelText, costText, reasonText, stateBadge, whyText } from './sendings/words.js'
import { start } from './shell.js'
import { StrategyNames } from './step-words.js'

start(open, { roles: ['admin', 'supervisor', 'agent'] })

/** @param {Context} context */
async function open({ root, api, params, setTitle }) {
  const caseId = params.get('caso') ?? ''
  const id = params.get('id') ?? ''
  if (caseId === '' || id === '') throw new Problem({ code: 'attempt.not_found', status: 404 })
  const path = `/cases/${encodeURIComponent(caseId)}/messages/${encodeURIComponent(id)}`
  /** @type {MessagePage} */
  let shown = await api.get(path)
  const locale = localeFor()
  setTitle(t('sendings.to_whom', { name: shown.message.name }))
  const names = new StrategyNames({ api, portfolioId: shown.portfolio.id, paint: () => view.update() })
  const view = mountView(root, page)

  /**
   * @param {string} what  Names the texts of the question and its answer.
   * @param {() => Promise<MessagePage>} work
   */
  async function ask(what, work) {
    const done = await confirmDialog({
      title: t(`sendings.${what}_title`), body: t(`sendings.${what}_body`), confirm: t(`sendings.${what}`),
      work: async () => { shown = await work() },
    })
    if (!done) return
    view.update()
    toast(t(`sendings.${what}_done`))
  }

  function page() {
    const { message, can } = shown
    return html`${pageHead({
      back: { href: pathTo('sendings', { cartera: shown.portfolio.id }), label: t('common.title.sendings') },
      title: html`${t('sendings.to_whom', { name: message.name })} ${stateBadge(message)}`,
      lead: html`${channelText(message.channel)} · <a href=${pathTo('case', { id: message.case_id })}>${t('sendings.open_case')}</a>`,
      actions: html`${can.retry ? html`<button type="button" class="button button-primary" @click=${() => ask('retry', () => api.post(`${path}/retry`))}>${icon('refresh')}${t('sendings.retry')}</button>` : nothing}
        ${can.withdraw ? html`<button type="button" class="button" @click=${() => ask('withdraw', () => api.delete(path))}>${icon('trash')}${t('sendings.withdraw')}</button>` : nothing}`,
    })}
    ${can.settle ? hanging() : nothing}
    <div class="grid grid-2">
      ${card({ title: t('sendings.why_title'), body: why() })}
      ${card({ title: t('sendings.said_title'), body: said() })}
    </div>
    ${card({ title: t('sendings.became_title'), body: became() })}`
  }

  function hanging() {
    return banner({
      tone: 'warn', title: t('sendings.hangs'), body: t('sendings.hangs_body'),
      actions: html`<button type="button" class="button button-small" @click=${() => ask('went', () => api.put(`${path}/settlement`, { went: true }))}>${t('sendings.went')}</button>
        <button type="button" class="button button-small" @click=${() => ask('lost', () => api.put(`${path}/settlement`, { went: false }))}>${t('sendings.lost')}</button>`,
    })
  }

  function posting() {
    return html`<form class="toolbar" @submit=${savePosting}>
      <label class="picker"><span>${t('sendings.tracking')}</span><input name="tracking" required minlength="5" maxlength="60" autocomplete="off" .value=${shown.message.tracking}></label>
      <button class="button button-small">${t('sendings.tracking_save')}</button></form>`
  }

  /** @param {SubmitEvent} event */
  async function savePosting(event) {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target))
    try {
      shown = await api.put(`${path}/posting`, { tracking: form.get('tracking') })
      view.update()
      toast(t('sendings.tracking_saved'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  function why() {
    const { cause, ruling, message, portfolio } = shown
    const strategy = names.of(cause.strategy, cause.step)
    return html`${facts([
      [t('sendings.cause'), cause.kind === 'strategy' ? null : tOr(`messages.cause.${cause.kind}`, cause.kind)],
      [t('sendings.strategy'), strategy ? html`<a href=${strategy.href}>${strategy.name}</a>, ${t('steps.version', { n: strategy.version })}` : cause.strategy],
      [t('sendings.step'), strategy?.step ?? cause.step],
      [t('sendings.anchor'), cause.anchor ? formatDate(cause.anchor, locale) : null],
      [t('sendings.variant'), cause.variant],
      [t('sendings.by'), actorName(cause.by)],
      [t('sendings.decision'), ruling ? (ruling.allowed ? t('sendings.allowed') : t('sendings.refused', { why: reasonText(ruling.reason_code) })) : t('sendings.undecided')],
      [t('sendings.article'), ruling && lawWords(ruling.article)],
      [t('sendings.rules'), ruling ? html`<code>${ruling.rules}</code>` : null],
      [t('sendings.decided_at'), ruling ? formatInstant(ruling.at, locale, portfolio.time_zone) : null],
      [t('sendings.next_allowed'), ruling?.next_allowed_at && !ruling.allowed ? formatInstant(ruling.next_allowed_at, locale, portfolio.time_zone) : null],
      [t('sendings.not_before'), message.state === 'planned' && message.not_before ? formatInstant(message.not_before, locale, portfolio.time_zone) : null],
    ])}`
  }

  function said() {
    const { content, message } = shown
    if (content === null) return html`<p class="muted">${t('sendings.unwritten', { template: message.template_id || '–' })}</p>`
    return html`${facts([
      [t('sendings.to'), content.to],
      [t('sendings.subject'), content.subject],
      [t('sendings.template'), content.template],
    ])}<blockquote class="event-quote">${content.text}</blockquote>
    ${content.buttons.length > 0 ? html`<p class="small">${t('sendings.buttons', { list: content.buttons.join(' · ') })}</p>` : nothing}
    ${content.files.length > 0 ? html`<ul class="small">${content.files.map((file) => html`<li><a href=${file.url} download>${file.name}</a> <code class="muted">${file.sha256.slice(0, 12)}</code></li>`)}</ul>` : nothing}
    ${content.attachments.length > content.files.length ? html`<p class="small">${t('sendings.attachments', { n: content.attachments.length })}</p>` : nothing}`
  }

  function became() {
    const { message, events, portfolio } = shown
    return html`${facts([
      [t('sendings.why'), whyText(message)],
      [t('sendings.cost'), message.cost_micros ? costText(message.cost_micros, message.cost_currency, locale) : null],
      [t('sendings.provider'), message.provider],
      [t('sendings.provider_id'), message.provider_id ? html`<code>${message.provider_id}</code>` : null],
      [t('sendings.tracking'), message.tracking ? html`<code>${message.tracking}</code>` : null],
    ])}${shown.can.post ? posting() : nothing}<ol class="events">${events.map((event) => html`<li class="event"><span class="event-icon">${icon('chat')}</span>
      <div class="event-body"><p class="event-title">${messageWords(event, names).title}</p>
        <div class="event-foot"><time datetime=${event.at}>${formatInstant(event.at, locale, portfolio.time_zone)}</time><span>${actorName(event.actor)}</span></div></div></li>`)}</ol>`
  }
}
