// @ts-check

/** The rules of commission that hold from a month on: what is collected earns by how late it was. */

/** @import { Api } from '../../core/api.js' */
/** @import { Board, CommissionRules } from './contract.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'
import { Drafts } from '../drafts.js'

/**
 * @param {{ api: Api, board: Board, locale: string }} scene
 * @returns {Promise<boolean>}  Whether they were saved.
 */
export async function commissionDialog({ api, board, locale }) {
  const path = `/portfolios/${encodeURIComponent(board.portfolio_id)}`
  const { version, policies } = await api.get(path)
  /** @type {CommissionRules[]} */
  const sets = policies.commission
  const last = sets.reduce((/** @type {CommissionRules | null} */ best, one) => (best === null || one.from_month > best.from_month ? one : best), null)
  /** @type {CommissionRules} */
  const rules = { ...structuredClone(last ?? { rates: [{ up_to_days: 30, ppm: 0 }, { up_to_days: null, ppm: 0 }], tiers: [] }), from_month: board.month }
  let busy = false
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  let paint = () => {}
  const drafts = new Drafts(() => paint())
  const done = await openDialog({
    title: t('team.rules_title'), size: 'wide',
    body: (handle) => {
      paint = handle.update
      const change = (/** @type {() => void} */ how) => { how(); drafts.clear(); handle.update() }
      const save = async (/** @type {Event} */ event) => {
        event.preventDefault()
        if (Object.keys(drafts.errors()).length > 0) return
        busy = true
        problem = null
        handle.update()
        try {
          const others = sets.filter(({ from_month: from }) => from !== rules.from_month)
          await api.patch(path, { version, policies: { commission: [...others, rules] } })
          return handle.close(true)
        } catch (error) {
          problem = asProblem(error)
        }
        busy = false
        handle.update()
      }
      return html`<form class="form" novalidate @submit=${save}>${problem ? problemBanner(problem) : ''}<p>${t('team.rules_lead')}</p>
        ${textField({ name: 'from', label: t('team.rules_from'), type: 'month', required: true, value: rules.from_month, onInput: (value) => { rules.from_month = value; handle.update() } })}
        <h3>${t('team.rules_rates')}</h3>
        ${rules.rates.map((rate, n) => html`<div class="form-grid">
          ${rate.up_to_days === null ? html`<p>${t('team.rules_beyond')}</p>` : drafts.field({ name: `days.${n}`, label: t('team.rules_up_to'), locale, max: 9999, value: rate.up_to_days, onInput: (value) => { rate.up_to_days = value ?? 0 } })}
          ${drafts.percent({ name: `ppm.${n}`, label: t('team.commission_rate'), locale, value: rate.ppm, onInput: (value) => { rate.ppm = value ?? 0 } })}</div>`)}
        <div class="button-row"><button type="button" class="button button-small" @click=${() => change(() => { rules.rates.splice(-1, 0, { up_to_days: (rules.rates.at(-2)?.up_to_days ?? 0) + 30, ppm: 0 }) })}>${t('team.rules_add')}</button>
          ${rules.rates.length > 1 ? html`<button type="button" class="button button-small" @click=${() => change(() => { rules.rates.splice(-2, 1) })}>${t('team.rules_less')}</button>` : ''}</div>
        <h3>${t('team.rules_tiers')}</h3><p class="hint">${t('team.rules_tiers_hint')}</p>
        ${rules.tiers.map((tier, n) => html`<div class="form-grid">
          ${drafts.field({ name: `reached.${n}`, label: t('team.rules_reached'), locale, min: 1, max: 1000, suffix: '%', value: tier.reached_percent, onInput: (value) => { tier.reached_percent = value ?? 100 } })}
          ${drafts.field({ name: `percent.${n}`, label: t('team.rules_counts'), locale, max: 500, suffix: '%', value: tier.percent, onInput: (value) => { tier.percent = value ?? 100 } })}</div>`)}
        <div class="button-row"><button type="button" class="button button-small" @click=${() => change(() => { rules.tiers.push({ reached_percent: (rules.tiers.at(-1)?.reached_percent ?? 80) + 20, percent: 110 }) })}>${t('team.rules_tier')}</button>
          ${rules.tiers.length > 0 ? html`<button type="button" class="button button-small" @click=${() => change(() => { rules.tiers.pop() })}>${t('team.rules_no_tier')}</button>` : ''}</div>
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${busy}>${t('common.save')}</button></footer></form>`
    },
  })
  return done === true
}
