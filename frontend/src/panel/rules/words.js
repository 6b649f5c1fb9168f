// @ts-check

/** The law of contact in plain words: what a pack says as data, as a person would say it. */

/** @import { Cap, ChannelRule, Limits, OwnCap } from './contract.js' */

import { t, tn } from '../../core/i18n.js'

export const CHANNELS = /** @type {const} */ (['call', 'whatsapp', 'sms', 'email', 'letter', 'visit'])
export const PERIODS = /** @type {const} */ (['local_day', 'iso_week', 'rolling_7d'])

/** @typedef {{ channels: string[], rule: ChannelRule }} Group */

/**
 * Channels with the same hours under the same article are told together.
 * @param {ChannelRule[]} rules
 * @returns {Group[]}
 */
export function grouped(rules) {
  /** @type {Map<string, Group>} */
  const groups = new Map()
  for (const rule of rules) {
    const { channel, ...rest } = rule
    const key = JSON.stringify(rest)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { channels: [channel], rule })
    else known.channels.push(channel)
  }
  return [...groups.values()]
}

/** @param {string[]} channels */
export function channelNames(channels) {
  return CHANNELS.filter((name) => channels.includes(name)).map((name) => t(`contact.channel.${name}`)).join(', ')
}

/**
 * The hours of a kind of day: `07:00 – 22:00`.
 * @param {string[][]} windows
 */
export function hours(windows) {
  if (windows.length === 0) return t('rules.closed')
  if (windows.length === 1 && windows[0][0] === '00:00' && windows[0][1] === '24:00') return t('rules.all_day')
  return windows.map(([from, to]) => `${from} – ${to}`).join(', ')
}

/**
 * @param {Cap} cap
 * @returns {string}
 */
export function capWords({ kind, channels, most, period, two_way_only: answered }) {
  const days = Number(period)
  const when = Number.isNaN(days) ? t(`rules.period.${period}`) : ''
  const said = {
    count: () => tn('rules.cap.count', most, { when }),
    count_per_channel: () => tn('rules.cap.count_per_channel', most, { when }),
    distinct_channels: () => tn('rules.cap.distinct_channels', most, { when }),
    min_gap_days: () => tn('rules.cap.min_gap_days', days),
    after_conversation: () => tn('rules.cap.after_conversation', days),
  }[kind]()
  const whole = channels.length === CHANNELS.length ? said : `${said} (${channelNames(channels)})`
  return answered ? `${whole}. ${t('rules.answered_only')}` : whole
}

/** @param {OwnCap} cap */
export function ownCapWords({ channels, most, period }) {
  return capWords({ kind: 'count', channels, most, period, two_way_only: false })
}

/**
 * What the form checks before it is sent; the server has the last word.
 * @param {Limits} limits
 * @returns {Record<string, string | null>}
 */
export function checkLimits({ opens_at: opens, closes_at: closes }) {
  return { closes_at: opens !== '' && closes !== '' && closes <= opens ? t('rules.error.hours') : null }
}

/** Closed days in order, each once. @param {string[]} days @param {string} more */
export function withDay(days, more) {
  return [...new Set([...days, more])].sort()
}
