// @ts-check

/** What may be agreed in a portfolio: its own limits, the rules before them, and a try of both. */

/** @import { Editor } from './portfolio-editor.js' */

import { t } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { badge } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, nothing } from '../core/view.js'
import { limitFields } from './agreements/limits.js'
import { previewOf } from './agreements/preview.js'
import { limitsText, MOST_RULES, newRule, shadowedBy, whoText } from './agreements/rules.js'

/** @param {Editor} editor */
export function agreementsSection({ form, drafts, locale, api, paint }) {
  const { policies, currency } = form.values
  const rules = policies.agreement_rules

  /** @param {number} from @param {number} to */
  const move = (from, to) => form.change(({ policies: { agreement_rules: all } }) => {
    const [rule] = all.splice(from, 1)
    all.splice(to, 0, rule)
  })
  /** @param {number} index */
  const remove = (index) => form.change(({ policies: { agreement_rules: all } }) => { all.splice(index, 1) })
  /** @param {number} index  Its own length: a new one. */
  async function edit(index) {
    const { ruleDialog } = await import('./agreements/rule-dialog.js')
    const rule = rules[index] ?? newRule(policies.agreements)
    const others = rules.filter((_, n) => n !== index).map(({ name }) => name)
    const kept = await ruleDialog({ rule, others, bands: policies.bands, currency, locale })
    if (kept !== undefined) form.change(({ policies: { agreement_rules: all } }) => { all[index] = kept })
  }

  return html`${limitFields({ limits: policies.agreements, prefix: 'policies.agreements', errors: form.errors, drafts, locale, currency, change: (mutate, name) => form.change((values) => mutate(values.policies.agreements), name) })}
    <h3>${t('portfolios.rule.title')}</h3><p class="hint">${t('portfolios.rule.lead')}</p>
    ${rules.length === 0 ? html`<p class="muted">${t('portfolios.rule.none')}</p>` : dataTable({
      caption: t('portfolios.rule.title'), rows: rules.map((rule, index) => ({ rule, index })), id: ({ rule, index }) => `${index}-${rule.name}`,
      columns: [
        { key: 'name', label: t('portfolios.rule.name'), head: true, cell: ({ rule, index }) => html`${index + 1}. ${rule.name}${shadow(index)}` },
        { key: 'who', label: t('portfolios.rule.for'), cell: ({ rule }) => whoText(rule, policies.bands, currency, locale) },
        { key: 'what', label: t('portfolios.rule.allows'), cell: ({ rule }) => limitsText(rule.limits, currency, locale) },
        { key: 'acts', label: t('portfolios.rule.acts'), cell: ({ rule, index }) => html`<span class="button-row">
          <button type="button" class="icon-button" ?disabled=${index === 0} aria-label=${t('portfolios.move_up', { name: rule.name })} @click=${() => move(index, index - 1)}>${icon('up')}</button>
          <button type="button" class="icon-button" ?disabled=${index === rules.length - 1} aria-label=${t('portfolios.move_down', { name: rule.name })} @click=${() => move(index, index + 1)}>${icon('down')}</button>
          <button type="button" class="link-button small" @click=${() => edit(index)}>${t('portfolios.rule.change')}<span class="visually-hidden"> ${rule.name}</span></button>
          <button type="button" class="icon-button" aria-label=${t('portfolios.rule.remove', { name: rule.name })} @click=${() => remove(index)}>${icon('trash')}</button></span>` },
      ],
    })}
    ${rules.length < MOST_RULES ? html`<div class="button-row"><button type="button" class="button button-small" @click=${() => edit(rules.length)}>${icon('plus')}${t('portfolios.rule.add')}</button></div>` : nothing}
    ${previewOf({ portfolio: form.values, api, drafts, locale, paint })}`

  /** @param {number} index */
  function shadow(index) {
    const by = shadowedBy(rules, index)
    return by === null ? nothing : html` ${badge(t('portfolios.rule.shadowed', { name: rules[by].name }), 'warn')}`
  }
}
