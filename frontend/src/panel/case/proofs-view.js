// @ts-check

/** What the creditor gave as proof of the debts: what stands, whether the debtor sees it, what ended. */

/** @import { CasePage } from '../cases/contract.js' */
/** @import { Paper, PaperPage } from './papers-contract.js' */

import { formatInstant } from '../../core/dates.js'
import { t, tn } from '../../core/i18n.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card, skeleton } from '../../core/ui/pieces.js'
import { scanNote } from '../../core/ui/scan.js'
import { html, nothing, repeat } from '../../core/view.js'
import { debtNamed } from './ledger.js'

/**
 * @param {object} facts
 * @param {{ page: PaperPage | null, failed: boolean, ended: boolean }} facts.state  `ended`: those too are shown.
 * @param {CasePage} facts.page
 * @param {string} facts.locale
 * @param {() => void} facts.onAdd
 * @param {(act: 'edit' | 'replace' | 'end', paper: Paper) => void} facts.onAct
 * @param {(event: Event, paper: Paper) => void} facts.onOpen
 * @param {() => void} facts.onEnded
 * @param {() => void} facts.onRetry
 */
export function proofsCard({ state, page, locale, onAdd, onAct, onOpen, onEnded, onRetry }) {
  const { page: papers, failed } = state
  return card({
    id: 'proofs', title: t('papers.title'),
    actions: papers?.can.add ? html`<button type="button" class="button button-small" @click=${onAdd}>${icon('upload')}${t('papers.add')}</button>` : nothing,
    body: body(),
  })

  function body() {
    if (failed) return html`<p class="muted">${t('papers.failed')} <button type="button" class="link-button" @click=${onRetry}>${t('common.retry')}</button></p>`
    if (papers === null) return skeleton(2)
    if (papers.items.length === 0) return html`<p class="muted">${t('papers.none')}</p>`
    const standing = papers.items.filter((one) => one.state === 'stands')
    const shown = state.ended ? papers.items : standing
    const hidden = papers.items.length - shown.length
    return html`${shown.length === 0 ? html`<p class="muted">${t('papers.none_stands')}</p>` : html`<ul class="promises">${repeat(shown, ({ paper_id: id }) => id, line)}</ul>`}
      ${hidden > 0 ? html`<button type="button" class="link-button" @click=${onEnded}>${tn('papers.ended', hidden)}</button>` : nothing}`
  }

  /** @param {Paper} one */
  function line(one) {
    const kind = t(`papers.kind.${one.kind}`)
    const stands = one.state === 'stands'
    const named = html`${kind}<span class="visually-hidden"> ${one.name}</span>`
    return html`<li>
      <div class="row row-between">
        ${one.url === null ? html`<strong>${kind}</strong>` : html`<a href=${one.url} target="_blank" rel="noopener" @click=${(/** @type {Event} */ event) => onOpen(event, one)}>${named}</a>`}
        ${stands ? badge(t(one.shown ? 'papers.shown' : 'papers.hidden'), one.shown ? 'good' : 'neutral') : badge(t(`papers.state.${one.state}`), 'warn')}
      </div>
      ${one.name ? html`<div class="small">${one.name}</div>` : nothing}
      ${one.state === 'erased' ? nothing : scanNote(one.scan)}
      <span class="muted small">${[one.debt_id ? debtNamed(page.debts, one.debt_id) : t('papers.whole'), formatInstant(one.at, locale, page.portfolio.time_zone), one.by.name].filter(Boolean).join(' · ')}</span>
      ${one.why ? html`<div class="small">${t('papers.why', { reason: one.why })}</div>` : nothing}
      ${actions(one, stands)}
    </li>`
  }

  /** @param {Paper} one @param {boolean} stands */
  function actions(one, stands) {
    const { can } = /** @type {PaperPage} */ (papers)
    const may = /** @type {('edit' | 'replace' | 'end')[]} */ (stands && can.add ? ['edit', 'replace', 'end'] : one.state !== 'erased' && can.erase ? ['end'] : [])
    if (may.length === 0) return nothing
    return html`<span class="button-row">${may.map((act) => html`<button type="button" class="link-button small" @click=${() => onAct(act, one)}>${t(act === 'end' && !stands ? 'papers.act.erase' : `papers.act.${act}`)}<span class="visually-hidden"> ${t(`papers.kind.${one.kind}`)} ${one.name}</span></button>`)}</span>`
  }
}
