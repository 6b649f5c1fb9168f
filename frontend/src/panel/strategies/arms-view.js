// @ts-check

/** The A/B test of a strategy: its arms, and what became of it. */

/** @import { Api } from '../../core/api.js' */
/** @import { Form } from '../../core/form.js' */
/** @import { Drafts } from '../drafts.js' */
/** @import { Content, Experiment, Interval, Strategy } from './contract.js' */

import { formatNumber, t, tn } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { checkField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'

const MOST_ARMS = 6
/** @type {{ strategy: string, result: Experiment | null }} */
const known = { strategy: '', result: null }

/**
 * @param {object} facts
 * @param {Form<Content>} facts.form
 * @param {Drafts} facts.drafts
 * @param {string} facts.locale
 * @param {boolean} facts.disabled
 * @param {Api} facts.api
 * @param {string} facts.path
 * @param {Strategy} facts.shown
 * @param {() => void} facts.paint
 */
export function armsSection({ form, drafts, locale, disabled, api, path, shown, paint }) {
  const { arms } = form.values
  const add = () => form.change(({ arms: all }) => {
    if (all.length === 0) all.push({ code: 'a', weight: 1, holdout: false })
    all.push({ code: String.fromCharCode(97 + all.length), weight: 1, holdout: false })
  })
  const ask = async () => {
    try {
      /** @type {string | null} */
      let cursor = null
      do {
        known.result = await api.get(`${path}/experiment`, { query: { version: shown.version, cursor } })
        known.strategy = `${shown.strategy_id}@${shown.version}`
        paint()
        cursor = known.result?.cursor ?? null
      } while (cursor !== null)
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
    paint()
  }
  const result = known.strategy === `${shown.strategy_id}@${shown.version}` ? known.result : null
  return card({
    id: 'arms', title: t('strategies.test.title'), lead: t('strategies.test.lead'),
    body: html`${arms.map((arm, i) => html`<div class="arm-row">
        ${textField({ name: `arms.${i}.code`, label: t('strategies.test.code'), value: arm.code, maxlength: 40, required: true, disabled, onInput: (code) => form.change(({ arms: all }) => { all[i].code = code.trim() }) })}
        ${drafts.field({ name: `arms.${i}.weight`, label: t('strategies.test.weight'), value: arm.weight, locale, min: 1, max: 1000, disabled, onInput: (weight) => form.change(({ arms: all }) => { all[i].weight = weight ?? 1 }) })}
        ${checkField({ name: `arms.${i}.holdout`, label: t('strategies.test.holdout'), checked: arm.holdout, disabled, onInput: (holdout) => form.change(({ arms: all }) => { all[i].holdout = holdout }) })}
        ${disabled ? nothing : html`<button type="button" class="icon-button" aria-label=${t('strategies.test.remove', { name: arm.code })} @click=${() => { drafts.clear(); form.change((values) => { values.arms = values.arms.length <= 2 ? [] : values.arms.filter((_, n) => n !== i) }) }}>${icon('trash')}</button>`}
      </div>`)}
      <div class="button-row">
        ${disabled || arms.length >= MOST_ARMS ? nothing : html`<button type="button" class="button button-small" @click=${add}>${icon('plus')}${t(arms.length === 0 ? 'strategies.test.start' : 'strategies.test.add')}</button>`}
        ${shown.arms.length > 0 ? html`<button type="button" class="button button-small" @click=${() => void ask()}>${t('strategies.test.ask')}</button>` : nothing}</div>
      ${result === null ? nothing : results(result)}`,
  })
}

/** @param {Experiment} result */
function results({ arms, base, cursor }) {
  return html`<ul class="arm-results">${arms.map((arm) => html`<li>
      <div class="row row-between"><strong>${arm.code}</strong>${arm.holdout ? badge(t('strategies.test.holdout')) : nothing}</div>
      <p>${tn('strategies.test.paid', arm.cases, { paid: formatNumber(arm.paid), rate: arm.rate ? span(arm.rate) : '–' })}</p>
      ${arm.against ? html`<p>${t('strategies.test.against', { base, value: span(arm.against) })} ${verdict(arm.against)}</p>` : nothing}</li>`)}</ul>
    <p class="hint">${t('strategies.test.method')}${cursor === null ? '' : ` ${t('strategies.test.counting')}`}</p>`
}

/** @param {Interval} against */
function verdict({ low, high }) {
  if (low > 0) return badge(t('strategies.test.better'), 'good')
  return high < 0 ? badge(t('strategies.test.worse'), 'bad') : badge(t('strategies.test.unsure'))
}

/** @param {Interval} interval */
function span({ value, low, high }) {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`
}

/** @param {number} share */
const percent = (share) => formatNumber(share, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
