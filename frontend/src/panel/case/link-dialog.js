// @ts-check

/** The dialog about links to the debtor's own page: make one to hand over, take them back. */

/** @import { Api } from '../../core/api.js' */
/** @import { CasePage, DebtorLink, LinksPage } from '../cases/contract.js' */

import { formatDay } from '../../core/dates.js'
import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { selectField } from '../../core/ui/fields.js'
import { banner, copyButton, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

const DAYS = ['1', '7', '30', '90']

/**
 * @param {{ api: Api, page: CasePage, locale: string }} scene
 * @returns {Promise<boolean>}  Whether anything was done.
 */
export async function linkDialog({ api, page, locale }) {
  const path = `/cases/${encodeURIComponent(page.case.case_id)}/links`
  const state = {
    /** @type {LinksPage} */ known: await api.get(path),
    url: '', days: '30', busy: false, sure: false,
    problem: /** @type {ReturnType<typeof asProblem> | null} */ (null),
  }
  let changed = false

  /** @param {import('../../core/ui/dialog.js').DialogHandle} handle @param {() => Promise<LinksPage & { url?: string }>} work */
  async function run(handle, work) {
    Object.assign(state, { busy: true, problem: null })
    handle.update()
    try {
      const { url, ...known } = await work()
      changed = true
      Object.assign(state, { known, url: url ?? '', sure: false })
    } catch (error) {
      state.problem = asProblem(error)
    } finally {
      state.busy = false
      handle.update()
    }
  }

  await openDialog({
    title: t('caseacts.link_title'),
    body: (handle) => {
      const make = (/** @type {Event} */ event) => {
        event.preventDefault()
        void run(handle, () => api.post(path, { days: Number(state.days) }))
      }
      const revoke = (/** @type {string} */ id) => void run(handle, () => api.delete(`${path}/${encodeURIComponent(id)}`))
      return html`<div class="dialog-body stack">
        ${state.problem ? problemBanner(state.problem) : nothing}
        <p class="muted">${t('caseacts.link_lead')}</p>
        ${state.url
          ? html`${banner({ tone: 'good', title: t('caseacts.link_once') })}<div class="token-once"><code>${state.url}</code>${copyButton(() => state.url)}</div>`
          : html`<form class="form" novalidate @submit=${make}>
            ${selectField({ name: 'days', label: t('caseacts.link_lasts'), value: state.days, options: DAYS.map((value) => ({ value, label: t('caseacts.link_days', { n: value }) })), onInput: (value) => { state.days = value } })}
            <button class="button button-primary" ?disabled=${state.busy}>${t('caseacts.link_make')}</button></form>`}
        ${state.known.items.length > 0 ? html`<ul class="token-list">${state.known.items.map((one) => row(one, { locale, zone: page.portfolio.time_zone }, state.busy, revoke))}</ul>` : nothing}
        ${state.sure
          ? html`${banner({ tone: 'warn', title: t('caseacts.link_all_sure') })}<button type="button" class="button button-danger" ?disabled=${state.busy} @click=${() => revoke('all')}>${t('caseacts.link_all_yes')}</button>`
          : html`<button type="button" class="button button-danger-quiet" @click=${() => { state.sure = true; handle.update() }}>${t('caseacts.link_all')}</button>`}
      </div>
      <div class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.close')}</button></div>`
    },
  })
  return changed
}

/** @param {DebtorLink} one @param {{ locale: string, zone: string }} where @param {boolean} busy @param {(id: string) => void} revoke */
function row(one, { locale, zone }, busy, revoke) {
  const made = t('caseacts.link_made', { day: formatDay(one.made_at, locale, zone), who: one.made_by.name || t('case.actor.system') })
  const until = formatDay(one.until, locale, zone)
  return html`<li><div class="grow"><strong>${made}</strong><br><small class="muted">${one.revoked_at ? t('caseacts.link_revoked') : t(one.works ? 'caseacts.link_until' : 'caseacts.link_over', { day: until })}</small></div>
    ${one.works ? html`<button type="button" class="button button-small button-danger-quiet" aria-label="${t('caseacts.link_revoke')}: ${made}" ?disabled=${busy} @click=${() => revoke(one.link_id)}>${t('caseacts.link_revoke')}</button>` : nothing}</li>`
}
