// @ts-check

/** One dispute: what was said, the papers of both sides, and how it ends. */

/** @import { DisputePage } from './disputes/contract.js' */
/** @import { Context } from './shell.js' */

import { formatDate, formatInstant } from '../core/dates.js'
import { localeFor, t } from '../core/i18n.js'
import { formatMoney } from '../core/money.js'
import { pathTo } from '../core/paths.js'
import { asProblem, Problem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, facts, pageHead } from '../core/ui/pieces.js'
import { fileLink } from '../core/ui/scan.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { evidenceOf, TYPES } from './disputes/evidence.js'
import { dueBadge, kindText, stateBadge, WITH_CARE } from './disputes/words.js'
import { start } from './shell.js'

start(open, { roles: ['admin', 'supervisor', 'agent'] })

/** @param {Context} context */
async function open({ root, api, me, params, portfolios, setTitle }) {
  const caseId = params.get('caso') ?? ''
  const id = params.get('id') ?? ''
  if (caseId === '' || id === '') throw new Problem({ code: 'dispute.not_found', status: 404 })
  const path = `/disputes/${encodeURIComponent(caseId)}/${encodeURIComponent(id)}`
  /** @type {DisputePage} */
  let shown = await api.get(path)
  let busy = false
  const portfolio = (await portfolios()).find((one) => one.portfolio_id === shown.portfolio_id)
  const locale = localeFor(portfolio?.country)
  setTitle(t('disputes.of', { name: shown.case_name }))
  const view = mountView(root, page)

  /** @param {() => Promise<DisputePage | undefined>} work @param {string} said */
  async function act(work, said) {
    busy = true
    view.update()
    try {
      const fresh = await work()
      if (fresh !== undefined) {
        shown = fresh
        toast(said)
      }
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    busy = false
    view.update()
  }

  /** @param {Event} event */
  function addFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target)
    const file = input.files?.[0]
    if (!file) return
    input.value = ''
    void act(async () => api.post(`${path}/evidence`, await evidenceOf(file)), t('disputes.file_added'))
  }

  async function resolve() {
    const { resolveDialog } = await import('./disputes/resolve.js')
    await act(() => resolveDialog({ api, path, dispute: shown }), t('disputes.resolved'))
  }

  async function classify() {
    const { kindDialog } = await import('./disputes/resolve.js')
    await act(() => kindDialog({ api, path, dispute: shown }), t('disputes.classified'))
  }

  function page() {
    const { can } = shown
    return html`${pageHead({
      back: { href: pathTo('disputes', { cartera: shown.portfolio_id }), label: t('common.title.disputes') },
      title: html`${t('disputes.of', { name: shown.case_name })} ${stateBadge(shown.state)}`,
      lead: html`${kindText(shown.kind)} · <a href=${pathTo('case', { id: shown.case_id })}>${t('disputes.open_case')}</a>`,
      actions: html`
        ${can.take && shown.owner?.id !== me.person_id ? html`<button type="button" class="button" ?disabled=${busy} @click=${() => act(() => api.patch(path, { owner: me.person_id }), t('disputes.taken'))}>${t('disputes.take')}</button>` : nothing}
        ${can.give ? html`<button type="button" class="button" ?disabled=${busy} @click=${classify}>${t('disputes.classify')}</button>` : nothing}
        ${can.resolve ? html`<button type="button" class="button button-primary" ?disabled=${busy} @click=${resolve}>${t('disputes.resolve')}</button>` : nothing}`,
    })}
    ${WITH_CARE.includes(shown.kind) ? banner({ tone: 'warn', title: t(`disputes.care.${shown.kind}`), body: t('disputes.care_body') }) : nothing}
    ${answer()}
    <div class="grid grid-2">
      ${card({ title: t('disputes.said'), body: said() })}
      ${card({ title: t('disputes.papers'), lead: t('disputes.papers_lead'), body: papers() })}
    </div>`
  }

  function answer() {
    const { resolution } = shown
    if (resolution === null) {
      const late = shown.late
      return banner({ tone: late ? 'bad' : 'info', title: html`${t('disputes.answer_by', { day: formatDate(shown.due_on, locale) })} ${dueBadge(shown, locale)}`, body: t('disputes.stopped') })
    }
    return banner({
      tone: shown.state === 'accepted' ? 'good' : 'info',
      title: t('disputes.ended', { how: t(`disputes.state.${shown.state}`), who: resolution.by.name || resolution.by.id, when: when(resolution.at) }),
      body: html`<p>${resolution.reason}</p>${resolution.adjusted.minor !== 0 ? html`<p>${t('disputes.adjusted', { amount: formatMoney(resolution.adjusted, locale) })}</p>` : nothing}`,
      actions: resolution.letter ? html`<a class="button button-small" href=${resolution.letter} rel="noopener">${icon('download')}${t('disputes.letter')}</a>` : nothing,
    })
  }

  function said() {
    return html`${shown.text ? html`<blockquote class="pre-line">${shown.text}</blockquote>` : html`<p class="muted">${t('disputes.no_words')}</p>`}
      ${facts([
        [t('disputes.debts'), shown.debts.length > 0 ? String(shown.debts.length) : t('disputes.whole')],
        [t('disputes.disputed'), formatMoney(shown.disputed, locale)],
        [t('disputes.claimed'), shown.claimed ? formatMoney(shown.claimed, locale) : null],
        [t('disputes.source'), t(`disputes.source.${shown.source}`)],
        [t('disputes.opened'), when(shown.opened_at)],
        [t('disputes.owner'), shown.owner ? shown.owner.name || shown.owner.id : t('disputes.no_owner')],
      ])}`
  }

  function papers() {
    return html`${shown.files.length === 0 ? html`<p class="muted">${t('disputes.no_papers')}</p>` : html`<ul class="promises">${shown.files.map((file) => html`<li>
      <div class="row row-between"><span>${fileLink(file)}</span>${badge(t(`disputes.side.${file.side}`), file.side === 'debtor' ? 'info' : 'neutral')}</div>
      <span class="muted small">${when(file.at)}</span></li>`)}</ul>`}
      ${shown.can.evidence ? html`<label class="button button-small file-button">${icon('upload')}${t('disputes.add_file')}<input type="file" class="visually-hidden" accept=${TYPES.join(',')} ?disabled=${busy} aria-describedby="file-hint" @change=${addFile}></label>
      <p class="hint" id="file-hint">${t('disputes.file_hint')}</p>` : nothing}`
  }

  /** @param {string} at */
  function when(at) {
    return formatInstant(at, locale, portfolio?.time_zone)
  }
}
