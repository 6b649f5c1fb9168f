// @ts-check

/** Strategies in words a supervisor would use. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Rule, Segment, Step, Strategy, Value } from './contract.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */

import { localeFor, t, tOr } from '../../core/i18n.js'
import { formatMoney } from '../../core/money.js'
import { badge } from '../../core/ui/pieces.js'

/** @type {Record<Strategy['state'], Tone>} */
const TONES = { draft: 'warn', published: 'good', archived: 'neutral' }

/** @param {Strategy} strategy */
export function stateBadge({ state }) {
  return badge(t(`strategies.state.${state}`), TONES[state])
}

/** What a step does. @param {Step} step */
export function whatWords({ channels, work, call_back: back, template_id: template }) {
  const said = channels.map((channel) => t(`strategies.channel.${channel}`)).join(' → ')
  const asked = work.map((kind) => t(`strategies.work.${kind}`)).join(', ')
  const after = back === 'never' ? '' : t(`strategies.call_back.${back}`)
  return [said && `${said} · ${templateName(template)}`, asked, after].filter(Boolean).join(' + ') || t('strategies.step.nothing')
}

/** @param {string} template */
export function templateName(template) {
  return template === '' ? t('strategies.step.no_template') : tOr(`strategies.template.${template}`, template)
}

/** @param {Rule | null} rule @param {Portfolio} portfolio @returns {string} */
export function ruleWords(rule, portfolio) {
  if (rule === null) return t('strategies.rule.everybody')
  if (rule.op === 'not') return t('strategies.rule.not', { rule: rule.parts.map((part) => ruleWords(part, portfolio)).join(t('strategies.rule.or')) })
  if (rule.parts.length > 0) {
    const words = rule.parts.map((part) => (part.parts.length > 0 ? `(${ruleWords(part, portfolio)})` : ruleWords(part, portfolio)))
    return words.join(t(rule.op === 'any' ? 'strategies.rule.or' : 'strategies.rule.and'))
  }
  return `${tOr(`strategies.field.${rule.field}`, rule.field)} ${tOr(`strategies.op.${rule.op}`, rule.op)} ${valueWords(rule, portfolio)}`
}

/** @param {Rule} rule @param {Portfolio} portfolio @returns {string} */
function valueWords({ field, value }, portfolio) {
  if (field === 'balance') return formatMoney({ minor: Number(value), currency: portfolio.currency }, localeFor(portfolio.country))
  if (typeof value === 'boolean') return t(value ? 'strategies.rule.yes' : 'strategies.rule.no')
  if (field === 'channels') return tOr(`strategies.channel.${value}`, String(value))
  return /** @type {Value[]} */ ([value]).flat().join(', ')
}

/** @param {Segment[]} segments @param {string} strategyId */
export function segmentNames(segments, strategyId) {
  return segments.filter((segment) => segment.strategy_id === strategyId).map(({ name }) => name).join(', ')
}

/** A fault of a field in words. @param {string} reason */
export function faultWords(reason) {
  return tOr(`strategies.fault.${reason}`, reason)
}
