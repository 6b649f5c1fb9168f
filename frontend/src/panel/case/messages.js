// @ts-check

/** Messages in and out, as the timeline tells them: what was said, why, what became of it. */

/** @import { TimelineEvent } from '../cases/contract.js' */
/** @import { StrategyNames } from '../step-words.js' */

import { lang, t, tOr } from '../../core/i18n.js'
import { lawWords } from '../law-words.js'

/**
 * @param {TimelineEvent} event
 * @param {StrategyNames} names
 * @returns {{ title: string, lines: string[], quote: string | null }}
 */
export function messageWords({ kind, facts, personal, result }, names) {
  const channel = tOr(`messages.channel.${facts.channel}`, facts.channel ?? '')
  const call = facts.cause === 'call' || Boolean(result)
  const why = facts.reason_code ? tOr(`contact.why.${facts.reason_code}`, facts.reason_code) : ''
  return {
    title: call ? callTitle(kind, result) : tOr(`messages.${kind}`, t('case.event.other', { kind }), { channel, why }),
    lines: lines(kind, call ? { ...facts, cause: '', problem: '' } : facts, names),
    quote: [personal.subject, personal.text].filter(Boolean).join('\n') || null,
  }
}

/** A person's call: that it began, and what it came to. @param {string} kind @param {TimelineEvent['result']} result */
function callTitle(kind, result) {
  if (kind === 'attempt.reserved') return t('messages.call.began')
  return result ? t('messages.call.ended', { result: result[lang()] ?? result.es }) : t('messages.call.unwritten')
}

/** Whether an event is part of a conversation that can be opened. @param {TimelineEvent} event */
export function inConversation({ kind, facts }) {
  return kind === 'attempt.received' || (kind.startsWith('attempt.') && facts.cause === 'reply')
}

/** @param {string} kind @param {Record<string, any>} facts @param {StrategyNames} names */
function lines(kind, facts, names) {
  const { cause, strategy, step, outcome, rules, article, problem } = facts
  const intent = kind === 'attempt.received' && outcome ? tOr(`messages.intent.${outcome}`, '') : ''
  const named = strategy ? names.of(strategy, step ?? '') : null
  return [
    named ? t('steps.because', { strategy: named.name, n: named.version, step: named.step })
      : cause && kind !== 'attempt.received' ? tOr(`messages.cause.${cause}`, cause, { step: step ?? '' }) : '',
    intent ? t('messages.understood', { intent }) : '',
    kind === 'attempt.reserved' && rules ? t('messages.allowed', { rules: [rules, article && lawWords(article)].filter(Boolean).join(', ') }) : '',
    problem ? t('messages.problem', { problem }) : '',
  ].filter(Boolean)
}
